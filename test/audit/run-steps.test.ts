import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Signer } from '../../src/attestation/index.ts';
import type { Project, RunSite } from '../../src/audit/index.ts';
import {
  abortRun,
  beginRun,
  collectSource,
  endRun,
  finishRun,
  joinRun,
  keepRun,
  runAudit,
} from '../../src/audit/index.ts';
import { sha256Hex } from '../../src/core/index.ts';
import { openLedger, openRunFolder } from '../../src/storage/index.ts';
import { temporaryFolder } from '../support/temporary.ts';
import type { TinyFolder } from '../support/tiny-site.ts';
import {
  tinyFolder,
  tinyProject,
  tinyRequest,
  tinySigner,
  tinySite,
  tinySource,
} from '../support/tiny-site.ts';

const SLOT = '2026-11-23T20:00:00Z';
const NEXT_SLOT = '2026-11-24T20:00:00Z';
const SOURCES = [tinySource('one'), tinySource('two')];
const IDS = SOURCES.map(({ id }) => id);

const temporary = temporaryFolder();
let folder: TinyFolder;
let project: Project;
let signer: Signer;
let used = 0;

beforeAll(async () => {
  folder = await tinyFolder(temporary, 12);
  project = await tinyProject(folder);
  signer = await tinySigner(folder);
});

/** A deployment that no other test uses. */
function fresh(): string {
  used += 1;
  return `tiny-${used}`;
}

function site(time: string, change: Partial<RunSite> = {}): RunSite {
  return tinySite(folder, project, { now: () => Date.parse(time) }, { shared: true, ...change });
}

const reportsOf = (deployment: string): readonly string[] =>
  readdirSync(join(folder.root, deployment)).filter((name) => /^\d+-/.test(name));
const historyOf = (deployment: string): ReturnType<ReturnType<typeof openLedger>['history']> =>
  openLedger(folder.root, deployment).history();

test('one process or several give the same result and the same statement, byte for byte', async () => {
  const deployment = fresh();
  const clock = { now: () => Date.parse('2026-11-23T20:05:00Z') };
  const alone = tinySite({ ...folder, root: `${folder.root}-alone` }, project, clock);
  const here = tinySite(folder, project, clock, { shared: true });
  const one = await runAudit({
    site: alone,
    request: tinyRequest(deployment, SLOT),
    sources: SOURCES,
    signer,
  });

  const { runId } = await beginRun(here, tinyRequest(deployment, SLOT));
  for (const source of SOURCES) await collectSource(here, await joinRun(here, deployment, runId), source);
  const several = await finishRun(here, await joinRun(here, deployment, runId), IDS, signer);

  for (const [file, of] of [
    ['result.json', (bytes: Buffer) => bytes.toString()],
    ['statement.dsse.json', unsigned],
  ] as const)
    expect(sha256Hex(of(readFileSync(join(several.folder, file))))).toBe(
      sha256Hex(of(readFileSync(join(one.folder, file)))),
    );
});

function unsigned(envelope: Buffer): string {
  return (JSON.parse(envelope.toString()) as { readonly payload: string }).payload;
}

test('workers that take every step twice, at once, leave one report', async () => {
  const deployment = fresh();
  const here = site('2026-11-23T20:05:00Z');
  const begun = await Promise.all([1, 2, 3].map(() => beginRun(here, tinyRequest(deployment, SLOT))));
  const runId = String(begun[0]?.runId);
  await Promise.all(
    [...SOURCES, ...SOURCES].map(async (source) =>
      collectSource(here, await joinRun(here, deployment, runId), source),
    ),
  );
  const ends = await Promise.allSettled(
    [1, 2, 3].map(async () => finishRun(here, await joinRun(here, deployment, runId), IDS, signer)),
  );
  expect(ends.some(({ status }) => status === 'fulfilled')).toBe(true);
  expect(reportsOf(deployment)).toEqual([`1-${runId}`]);
  expect((await historyOf(deployment)).reports).toHaveLength(1);
  expect((await joinRun(here, deployment, runId)).finished?.result.run.id).toBe(runId);
});

test('another version or inventory refuses the step, and nothing is lost', async () => {
  const deployment = fresh();
  const { runId } = await beginRun(site('2026-11-23T20:05:00Z'), tinyRequest(deployment, SLOT));
  const other = site('2026-11-23T20:06:00Z', { toolVersion: '2.0.0' });
  const refused = { code: 'OTHER_INPUTS' };
  await expect(joinRun(other, deployment, runId)).rejects.toMatchObject(refused);
  await expect(beginRun(other, tinyRequest(deployment, SLOT))).rejects.toMatchObject(refused);
  const waivers = site('2026-11-23T20:06:00Z', { project: { ...project, dataSets: [] } });
  await expect(joinRun(waivers, deployment, runId)).rejects.toMatchObject(refused);
  expect((await joinRun(site('2026-11-23T20:07:00Z'), deployment, runId)).finished).toBeUndefined();
});

test('alone, a run of another version is ended and begun anew, and the ledger shows both', async () => {
  const deployment = fresh();
  const alone = { shared: false };
  const old = await beginRun(site('2026-11-23T20:05:00Z', alone), tinyRequest(deployment, SLOT));
  await old.lease.release();
  await beginRun(
    site('2026-11-23T20:06:00Z', { ...alone, toolVersion: '2.0.0' }),
    tinyRequest(deployment, SLOT),
  );
  const { runs } = await historyOf(deployment);
  expect(runs.map((entry) => (entry.type === 'aborted' ? entry.why : entry.type))).toEqual([
    'started',
    'OTHER_INPUTS',
    'started',
  ]);
});

test('a run that was left behind is said to be interrupted, and the next report counts it', async () => {
  const deployment = fresh();
  const left = await beginRun(site('2026-11-23T20:05:00Z'), tinyRequest(deployment, SLOT));
  await left.lease.release();
  const { result } = await runAudit({
    site: site('2026-11-24T20:05:00Z'),
    request: tinyRequest(deployment, NEXT_SLOT),
    sources: SOURCES,
    signer,
  });
  expect(result.run.scans).toMatchObject({ started: 2, finished: 0, aborted: 1 });
  const { runs } = await historyOf(deployment);
  expect(runs).toContainEqual({
    type: 'aborted',
    runId: left.runId,
    at: '2026-11-24T20:05:00Z',
    why: 'INTERRUPTED',
  });
});

test('killed between the link of the chain and the publication, the report is published by the next run', async () => {
  const deployment = fresh();
  const here = site('2026-11-23T20:05:00Z');
  const run = await beginRun(here, tinyRequest(deployment, SLOT));
  for (const source of SOURCES) await collectSource(here, run, source);
  const stop = new Error('killed');
  const killed: Signer = { ...signer };
  const dying = { ...run, lease: { ...run.lease, renew: () => Promise.reject(stop) } };
  await expect(finishRun(here, dying, IDS, killed)).rejects.toBe(stop);
  expect(reportsOf(deployment)).toEqual([]);
  expect(await openRunFolder(folder.root, deployment, run.runId).hasReport()).toBe(true);
  await finishRun(here, await joinRun(here, deployment, run.runId), IDS, signer);
  expect(reportsOf(deployment)).toHaveLength(1);
});

test('a run is kept while it lasts, and not a moment longer', async () => {
  const deployment = fresh();
  const here = site('2026-11-23T20:05:00Z');
  const run = await beginRun(here, tinyRequest(deployment, SLOT));
  expect(await keepRun(here, deployment, run.runId)).toBe(true);
  // Nobody else may begin meanwhile, and after its end anybody may.
  const other = {
    ...tinyRequest(deployment),
    window: { start: '2026-11-22T00:00:00Z', end: '2026-11-23T00:00:00Z' },
  };
  await expect(beginRun(here, other)).rejects.toMatchObject({ code: 'BUSY' });
  await endRun(here, { deployment, runId: run.runId }, 'CANCELLED');
  expect(await keepRun(here, deployment, run.runId)).toBe(false);
  await (await beginRun(here, other)).lease.release();
});

test('a finished run cannot be aborted any more', async () => {
  const deployment = fresh();
  const here = site('2026-11-23T20:05:00Z');
  await runAudit({ site: here, request: tinyRequest(deployment, SLOT), sources: SOURCES, signer });
  await abortRun(here, { deployment, runId: `${deployment}-20261123T200000Z` }, new Error('late'));
  expect((await historyOf(deployment)).runs.map(({ type }) => type)).toEqual(['started']);
});

test('a line that a crash cut off is no entry, and the next one stands', async () => {
  const deployment = fresh();
  const here = site('2026-11-23T20:05:00Z');
  await runAudit({ site: here, request: tinyRequest(deployment, SLOT), sources: SOURCES, signer });
  appendFileSync(join(folder.root, deployment, 'ledger.jsonl'), '{"type":"star');
  await runAudit({
    site: site('2026-11-24T20:05:00Z'),
    request: tinyRequest(deployment, NEXT_SLOT),
    sources: SOURCES,
    signer,
  });
  expect(reportsOf(deployment)).toHaveLength(2);
});
