import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ChainEntry, RunEntry } from '../../src/storage/index.ts';
import { openLedger } from '../../src/storage/index.ts';
import { temporaryFolder } from '../support/temporary.ts';

const folder = temporaryFolder();
let deployments = 0;
const fresh = (): string => `deployment-${(deployments += 1)}`;
const STARTED: RunEntry = { type: 'started', runId: 'a', slot: null, at: '2026-11-22T20:00:00Z' };

function link(sequence: number, previous: string | null, statement = `statement-${sequence}`): ChainEntry {
  return {
    runId: `run-${sequence}`,
    slot: null,
    at: '2026-11-22T20:00:00Z',
    sequence,
    statement,
    previous,
    verdict: 'pass',
    folder: `${sequence}-run-${sequence}`,
    windowEnd: '2026-11-22T18:00:00Z',
    validUntil: '2026-11-23T22:00:00Z',
    scheduled: true,
  };
}

describe('the run ledger', () => {
  it('keeps what was appended, in order', async () => {
    const ledger = openLedger(folder, fresh());
    expect(await ledger.history()).toEqual({ runs: [], reports: [] });
    const aborted: RunEntry = { type: 'aborted', runId: 'a', at: STARTED.at, why: 'CANCELLED' };
    await ledger.append(STARTED);
    await ledger.append(aborted);
    expect((await ledger.history()).runs).toEqual([STARTED, aborted]);
  });

  it('forgets a line that a crash cut off, and takes the next one whole', async () => {
    const deployment = fresh();
    const ledger = openLedger(folder, deployment);
    await ledger.append(STARTED);
    appendFileSync(join(folder, deployment, 'ledger.jsonl'), '{"type":"started","runId":"b');
    expect((await ledger.history()).runs).toEqual([STARTED]);
    await ledger.append({ ...STARTED, runId: 'c' });
    expect((await ledger.history()).runs).toEqual([STARTED, { ...STARTED, runId: 'c' }]);
  });

  it.for(['{"type":"finished","runId":"b","at":"x"}', 'nonsense', '{"type":"started"}'])(
    'is not begun anew where a line is damaged: %s',
    async (line) => {
      const deployment = fresh();
      const ledger = openLedger(folder, deployment);
      await ledger.append(STARTED);
      appendFileSync(join(folder, deployment, 'ledger.jsonl'), `${line}\n`);
      await ledger.append({ ...STARTED, runId: 'c' });
      await expect(ledger.history()).rejects.toMatchObject({ code: 'BAD_INPUT' });
    },
  );
});

describe('the chain of reports', () => {
  it('takes the next link and no other', async () => {
    const ledger = openLedger(folder, fresh());
    await ledger.advance(link(1, null));
    await ledger.advance(link(2, 'statement-1'));
    for (const wrong of [
      link(2, 'statement-1'),
      link(3, 'statement-1'),
      link(4, 'statement-2'),
      link(1, null),
    ])
      await expect(ledger.advance(wrong)).rejects.toMatchObject({ code: 'STORAGE' });
    expect((await ledger.history()).reports.map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it('goes to exactly one of many that come at once', async () => {
    const deployment = fresh();
    const all = Array.from({ length: 12 }, (_, index) => link(1, null, `statement-${index}`));
    const tried = await Promise.allSettled(all.map((entry) => openLedger(folder, deployment).advance(entry)));
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(readdirSync(join(folder, deployment, '.chain'))).toEqual(['1.json']);
  });

  it('with a link missing, changed or out of place is damaged, not shorter', async () => {
    const deployment = fresh();
    const chain = join(folder, deployment, '.chain');
    mkdirSync(chain, { recursive: true });
    writeFileSync(join(chain, '2.json'), JSON.stringify(link(2, 'statement-1')));
    await expect(openLedger(folder, deployment).history()).rejects.toMatchObject({ code: 'BAD_INPUT' });
    writeFileSync(join(chain, '1.json'), JSON.stringify(link(1, null, 'another')));
    await expect(openLedger(folder, deployment).history()).rejects.toMatchObject({ code: 'BAD_INPUT' });
    writeFileSync(join(chain, '1.json'), JSON.stringify(link(1, null)));
    expect((await openLedger(folder, deployment).history()).reports).toHaveLength(2);
    expect(readFileSync(join(chain, '1.json'), 'utf8')).toContain('statement-1');
  });
});
