import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Signer } from '../../src/attestation/index.ts';
import { nodeVerifyCrypto } from '../../src/attestation/index.ts';
import type { Project, RunSite } from '../../src/audit/index.ts';
import {
  beginRun,
  collectSource,
  finishRun,
  joinRun,
  replayReport,
  runAudit,
} from '../../src/audit/index.ts';
import { DomicileError } from '../../src/core/index.ts';
import { openLedger, openReport } from '../../src/storage/index.ts';
import { parsePublicKey, verifyReport } from '../../src/verification/index.ts';
import {
  DEPLOYMENT,
  emptyAnswer,
  fakeSource,
  REQUEST,
  smallProject,
  smallSite,
  testSigner,
} from '../support/small-project.ts';
import { temporaryFolder } from '../support/temporary.ts';

const folder = temporaryFolder();
let project: Project;
let signer: Signer;
let sites = 0;
const NAME = `1-${DEPLOYMENT}-20261122T200000Z`;
const SOURCES = [fakeSource('one'), fakeSource('two')];

beforeAll(async () => {
  project = await smallProject(folder);
  signer = await testSigner(folder);
});

function freshSite(rest: Partial<RunSite> = {}): RunSite {
  const home = join(folder, `site-${(sites += 1)}`);
  mkdirSync(home);
  return smallSite(home, project, rest);
}

/** What a reader of the reports folder sees. */
function visible(site: RunSite): readonly string[] {
  const path = join(site.root, DEPLOYMENT);
  return existsSync(path) ? readdirSync(path).filter((name) => /^\d+-/.test(name)) : [];
}

function hidden(site: RunSite): readonly string[] {
  return readdirSync(join(site.root, DEPLOYMENT)).filter((name) => name.startsWith('.run-'));
}

describe('an audit', () => {
  it('writes one verifiable report, and leaves nothing else', async () => {
    const site = freshSite();
    const { result, folder: report } = await runAudit({ site, request: REQUEST, sources: SOURCES, signer });
    expect({ seen: visible(site), left: hidden(site) }).toEqual({ seen: [NAME], left: [] });
    const key = parsePublicKey(signer.publicKeyPem);
    const { genuine } = await verifyReport(openReport('', report), key, nodeVerifyCrypto);
    expect(genuine?.verdict).toBe(result.verdict);
    expect(result.marks).toEqual(['adhoc-policy']);
    const replayed = await replayReport(openReport('', report), project, site.toolVersion);
    expect(replayed.differences).toEqual([]);
  });

  it('gives the same result and statement for the same evidence, clock and run id', async () => {
    const [left, right] = [freshSite(), freshSite()];
    const one = await runAudit({ site: left, request: REQUEST, sources: SOURCES, signer });
    const other = await runAudit({ site: right, request: REQUEST, sources: SOURCES.toReversed(), signer });
    const files = ['result.json', 'evidence/manifest.json'];
    for (const file of files)
      expect(readFileSync(join(one.folder, file))).toEqual(readFileSync(join(other.folder, file)));
    const payload = (path: string): unknown =>
      (JSON.parse(readFileSync(join(path, 'statement.dsse.json'), 'utf8')) as { payload: unknown }).payload;
    expect(payload(one.folder)).toBe(payload(other.folder));
  });

  it('of one slot is one run, however often it is started', async () => {
    const site = freshSite();
    const first = await runAudit({ site, request: REQUEST, sources: SOURCES, signer });
    const never = fakeSource('one', () => {
      throw new Error('expected no second reading');
    });
    const again = await runAudit({ site, request: REQUEST, sources: [never], signer });
    expect(again).toEqual({ ...first, result: JSON.parse(JSON.stringify(first.result)) as unknown });
    expect(visible(site)).toEqual([NAME]);
  });

  it('beside the schedule is a report of its own, and the next window does not join it', async () => {
    const site = freshSite();
    const { slot: _slot, ...beside } = REQUEST;
    await runAudit({ site, request: beside, sources: SOURCES, signer });
    const { result } = await runAudit({ site, request: REQUEST, sources: SOURCES, signer });
    expect(result.run).toMatchObject({ sequence: 2, window: { start: '2026-11-21T18:00:00Z' } });
  });
});

describe('a run that ends early', () => {
  it.for([
    ['a source that fails', new DomicileError('UNREACHABLE', 'gone'), 'UNREACHABLE'],
    ['a bug', new TypeError('secret text of an audited system'), 'INTERNAL'],
  ] as const)('by %s leaves no report, a trace, and a free deployment', async ([, error, why]) => {
    const site = freshSite();
    const failing = fakeSource('two', async function* () {
      yield emptyAnswer('two');
      await Promise.reject(error);
    });
    const sources = [fakeSource('one'), failing];
    await expect(runAudit({ site, request: REQUEST, sources, signer })).rejects.toBe(error);
    expect({ seen: visible(site), left: hidden(site) }).toEqual({ seen: [], left: [] });
    const ledger = readFileSync(join(site.root, DEPLOYMENT, 'ledger.jsonl'), 'utf8');
    expect(ledger).toContain(`"why":"${why}"`);
    expect(ledger).not.toContain('secret');

    const later = { ...REQUEST, slot: '2026-11-23T20:00:00Z' };
    const { result } = await runAudit({ site, request: later, sources: SOURCES, signer });
    expect(result.run.scans).toMatchObject({ due: 2, started: 2, aborted: 1, missed: [] });
  });

  it('by Ctrl-C is cancelled between two items', async () => {
    const interrupt = new AbortController();
    const site = freshSite({ signal: interrupt.signal });
    const source = fakeSource('one', async function* () {
      yield await Promise.resolve(emptyAnswer('one'));
      interrupt.abort();
      yield emptyAnswer('another');
    });
    await expect(runAudit({ site, request: REQUEST, sources: [source], signer })).rejects.toThrow();
    expect({ seen: visible(site), left: hidden(site) }).toEqual({ seen: [], left: [] });
  });
});

describe('a run whose process was killed', () => {
  it('after a source goes on in another process, which does not read it again', async () => {
    const site = freshSite();
    const begun = await beginRun(site, REQUEST);
    await collectSource(site, begun, fakeSource('one'));

    const joined = await joinRun(site, DEPLOYMENT, begun.runId);
    const never = fakeSource('one', () => {
      throw new Error('expected no second reading');
    });
    await collectSource(site, joined, never);
    await collectSource(site, joined, fakeSource('two'));
    await finishRun(site, joined, ['one', 'two'], signer);
    expect(visible(site)).toEqual([NAME]);
  });

  it('in the middle of a source reads that source anew', async () => {
    const site = freshSite();
    const begun = await beginRun(site, REQUEST);
    const cut = fakeSource('one', async function* () {
      yield emptyAnswer('half');
      await Promise.reject(new Error('killed'));
    });
    await expect(collectSource(site, begun, cut)).rejects.toThrow('killed');
    await collectSource(site, begun, fakeSource('one'));
    const { folder: report } = await finishRun(site, begun, ['one'], signer);
    expect(readFileSync(join(report, 'evidence', 'manifest.json'), 'utf8')).not.toContain('half');
  });

  it('cannot be finished without all of its sources', async () => {
    const site = freshSite();
    const begun = await beginRun(site, REQUEST);
    await collectSource(site, begun, fakeSource('one'));
    await expect(finishRun(site, begun, ['one', 'two'], signer)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(visible(site)).toEqual([]);
  });

  it('between the chain and the publication is published by whoever comes next', async () => {
    const site = freshSite();
    await runAudit({ site, request: REQUEST, sources: SOURCES, signer });
    // As the kill would have left it: the link is there, the report still in the run's hidden folder.
    const run = join(site.root, DEPLOYMENT, `.run-${DEPLOYMENT}-20261122T200000Z`);
    mkdirSync(run);
    renameSync(join(site.root, DEPLOYMENT, NAME), join(run, 'report'));
    expect(visible(site)).toEqual([]);

    const later = { ...REQUEST, slot: '2026-11-23T20:00:00Z' };
    const { result } = await runAudit({ site, request: later, sources: SOURCES, signer });
    expect(visible(site)).toHaveLength(2);
    expect(result.run.sequence).toBe(2);
    expect((await openLedger(site.root, DEPLOYMENT).history()).reports).toHaveLength(2);
  });

  it('leaves nothing behind once another run has begun', async () => {
    const site = freshSite();
    const begun = await beginRun(site, REQUEST);
    await collectSource(site, begun, fakeSource('one'));
    await begun.lease.release();
    await runAudit({ site, request: { ...REQUEST, slot: '2026-11-23T20:00:00Z' }, sources: SOURCES, signer });
    expect(hidden(site)).toEqual([]);
    await expect(joinRun(site, DEPLOYMENT, begun.runId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('two runs of one deployment', () => {
  it('never overlap', async () => {
    const site = freshSite();
    await beginRun(site, REQUEST);
    const later = { ...REQUEST, slot: '2026-11-23T20:00:00Z' };
    await expect(beginRun(site, later)).rejects.toMatchObject({ code: 'BUSY' });
  });

  it('make one chain: a run that was overtaken has no report', async () => {
    const site = freshSite();
    const slow = await beginRun(site, REQUEST);
    await collectSource(site, slow, fakeSource('one'));
    const lease = join(site.root, DEPLOYMENT, '.lease', '1.json');
    const record = JSON.parse(readFileSync(lease, 'utf8')) as object;
    writeFileSync(lease, JSON.stringify({ ...record, expires: 0 }));
    const later = { ...REQUEST, slot: '2026-11-23T20:00:00Z' };
    await runAudit({ site, request: later, sources: SOURCES, signer });
    await expect(finishRun(site, slow, ['one'], signer)).rejects.toThrow();
    expect(visible(site)).toHaveLength(1);
  });
});
