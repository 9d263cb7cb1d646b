import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acquireLease, whileRenewing } from '../../src/storage/index.ts';
import { temporaryFolder } from '../support/temporary.ts';

const folder = temporaryFolder();
let time = Date.parse('2026-11-22T20:00:00Z');
const clock = { now: () => time };
let deployments = 0;
const fresh = (): string => `deployment-${(deployments += 1)}`;

/** Makes a lease look as if a process of another machine held it: of that nobody here can tell whether it lives. */
function heldElsewhere(deployment: string): void {
  const path = join(folder, deployment, 'lease.json');
  const record = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...record, host: `not-${hostname()}` }));
}

describe('the lease of a deployment', () => {
  it('keeps a second run out until it is released', async () => {
    const deployment = fresh();
    const first = await acquireLease(folder, deployment, 'run-a', clock);
    await expect(acquireLease(folder, deployment, 'run-b', clock)).rejects.toMatchObject({ code: 'STORAGE' });
    await first.release();
    const second = await acquireLease(folder, deployment, 'run-b', clock);
    expect(second.fence).toBe(first.fence + 1);
  });

  it('is shared by the steps of one run', async () => {
    const deployment = fresh();
    const first = await acquireLease(folder, deployment, 'run-a', clock);
    expect((await acquireLease(folder, deployment, 'run-a', clock)).fence).toBe(first.fence);
  });

  it('of a process that died is free at once', async () => {
    const deployment = fresh();
    await acquireLease(folder, deployment, 'run-a', clock);
    const path = join(folder, deployment, 'lease.json');
    const record = JSON.parse(readFileSync(path, 'utf8')) as object;
    // No process has the largest number that Linux gives out on any machine of this size.
    writeFileSync(path, JSON.stringify({ ...record, pid: 4_194_303 }));
    await expect(acquireLease(folder, deployment, 'run-b', clock)).resolves.toMatchObject({ fence: 2 });
  });

  it('of a machine that vanished is free when it expires, and the old run cannot go on', async () => {
    const deployment = fresh();
    const old = await acquireLease(folder, deployment, 'run-a', clock);
    heldElsewhere(deployment);
    await expect(acquireLease(folder, deployment, 'run-b', clock)).rejects.toMatchObject({ code: 'STORAGE' });
    time += 11 * 60_000;
    await acquireLease(folder, deployment, 'run-b', clock);
    await expect(old.renew()).rejects.toMatchObject({ code: 'STORAGE' });
    await old.release();
    await expect(acquireLease(folder, deployment, 'run-c', clock)).rejects.toThrow(/run-b/);
  });

  it('goes to exactly one of many that come at once', async () => {
    const deployment = fresh();
    const runs = Array.from({ length: 12 }, (_, index) => `run-${index}`);
    const taken = await Promise.allSettled(runs.map((run) => acquireLease(folder, deployment, run, clock)));
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('gives back what the work gave, and fails where it was lost meanwhile', async () => {
    const lease = await acquireLease(folder, fresh(), 'run-a', clock);
    await expect(whileRenewing(lease, async () => 7)).resolves.toBe(7);
  });
});
