import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LeaseRequest } from '../../src/storage/index.ts';
import { acquireLease, currentLease, whileRenewing } from '../../src/storage/index.ts';
import { temporaryFolder } from '../support/temporary.ts';

const folder = temporaryFolder();
let sites = 0;
const ALONE = { shared: false } as const;
const run = (runId: string, shared = false): LeaseRequest => ({ runId, shared });

function site(): { root: string; time: { now: number }; clock: { now: () => number } } {
  const time = { now: Date.parse('2026-11-24T00:00:00Z') };
  return { root: join(folder, `site-${(sites += 1)}`), time, clock: { now: () => time.now } };
}

const busy = { code: 'BUSY' };

test('a second run waits until the first one lets go', async () => {
  const { root, clock } = site();
  const first = await acquireLease(root, 'a', run('one'), clock);
  await expect(acquireLease(root, 'a', run('two'), clock)).rejects.toMatchObject(busy);
  await first.release();
  expect((await acquireLease(root, 'a', run('two'), clock)).fence).toBe(first.fence + 1);
});

test('another deployment is free meanwhile', async () => {
  const { root, clock } = site();
  await acquireLease(root, 'a', run('one'), clock);
  expect((await acquireLease(root, 'b', run('two'), clock)).fence).toBe(1);
});

test('a step of the same run joins in, under the same fence', async () => {
  const { root, clock } = site();
  const first = await acquireLease(root, 'a', run('one'), clock);
  const second = await acquireLease(root, 'a', run('one'), clock);
  expect(second.fence).toBe(first.fence);
  await first.renew();
});

test('of many that come at once exactly one gets it', async () => {
  const { root, clock } = site();
  const tries = Array.from({ length: 20 }, (_, index) => acquireLease(root, 'a', run(`run-${index}`), clock));
  const won = (await Promise.allSettled(tries)).filter(({ status }) => status === 'fulfilled');
  expect(won).toHaveLength(1);
});

test('of many that find an expired one exactly one gets it, and the old holder is told', async () => {
  const { root, time, clock } = site();
  const old = await acquireLease(root, 'a', run('old'), clock);
  time.now += 11 * 60_000;
  const tries = Array.from({ length: 20 }, (_, index) => acquireLease(root, 'a', run(`run-${index}`), clock));
  const won = (await Promise.allSettled(tries)).filter(({ status }) => status === 'fulfilled');
  expect(won).toHaveLength(1);
  await expect(old.renew()).rejects.toMatchObject(busy);
  await old.release();
  await expect(acquireLease(root, 'a', run('late'), clock)).rejects.toMatchObject(busy);
});

test('a killed process holds nothing, but the share of workers is held until it expires', async () => {
  const { root, time, clock } = site();
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  for (const shared of [false, true]) {
    const lease = await acquireLease(root, 'a', run(`dead-${shared}`, shared), clock);
    const path = join(root, 'a', '.lease', `${lease.fence}.json`);
    const record = JSON.parse(readFileSync(path, 'utf8')) as object;
    writeFileSync(path, JSON.stringify({ ...record, pid: dead }));
    const next = acquireLease(root, 'a', run('next'), clock);
    if (shared) await expect(next).rejects.toMatchObject(busy);
    else await (await next).release();
  }
  time.now += 11 * 60_000;
  await acquireLease(root, 'a', run('next'), clock);
});

test('old lease files go, a damaged one holds nobody, and numbers only grow', async () => {
  const { root, clock } = site();
  for (const runId of ['one', 'two', 'three'])
    await (await acquireLease(root, 'a', run(runId), clock)).release();
  expect(readdirSync(join(root, 'a', '.lease'))).toEqual(['3.json']);
  writeFileSync(join(root, 'a', '.lease', '3.json'), '{"fence"');
  expect(await currentLease(root, 'a', clock)).toBeUndefined();
  expect((await acquireLease(root, 'a', { runId: 'four', ...ALONE }, clock)).fence).toBe(4);
  expect((await currentLease(root, 'a', clock))?.runId).toBe('four');
});

test('of a machine that vanished it is free when it expires', async () => {
  const { root, time, clock } = site();
  await acquireLease(root, 'a', run('one'), clock);
  const path = join(root, 'a', '.lease', '1.json');
  const record = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...record, host: `not-${hostname()}`, pid: 0 }));
  await expect(acquireLease(root, 'a', run('two'), clock)).rejects.toMatchObject(busy);
  time.now += 11 * 60_000;
  expect((await acquireLease(root, 'a', run('two'), clock)).fence).toBe(2);
});

test('work under a lease gives back what it gave', async () => {
  const { root, clock } = site();
  const lease = await acquireLease(root, 'a', run('one'), clock);
  await expect(whileRenewing(lease, async () => 7)).resolves.toBe(7);
});
