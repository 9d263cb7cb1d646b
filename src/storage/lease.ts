import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../core/index.ts';
import { DomicileError, isJsonObject, toInstant } from '../core/index.ts';
import { storageError, writeWhole } from './files.ts';

/** How long a lease holds without being renewed. Long steps renew it; a machine that vanished blocks no longer than this. */
const DURATION_MS = 10 * 60_000;
export const LEASE_RENEWAL_MS = 60_000;

/** The right to work on one run of a deployment. */
export interface Lease {
  /** Grows whenever another run takes the lease: a writer with a lower number is too late. */
  readonly fence: number;
  /** Extends the lease. @throws DomicileError `STORAGE` where another run has taken it meanwhile. */
  readonly renew: () => Promise<void>;
  readonly release: () => Promise<void>;
}

/** What stands in `lease.json`; times in milliseconds since the epoch. */
interface LeaseRecord {
  readonly runId: string;
  readonly host: string;
  readonly pid: number;
  readonly since: number;
  readonly expires: number;
  readonly fence: number;
}

/**
 * Takes the lease of a deployment, so that two runs never overlap, the command line included. The steps of one
 * run share it: whoever names the run that holds it joins in.
 *
 * @throws DomicileError `STORAGE` where another run holds it, naming since when and until when.
 */
export async function acquireLease(
  root: string,
  deployment: string,
  runId: string,
  clock: Clock,
): Promise<Lease> {
  const path = join(root, deployment, 'lease.json');
  await mkdir(join(root, deployment), { recursive: true }).catch((error: unknown) => {
    throw storageError('make a folder for', error);
  });
  const held = await readLease(path);
  const now = clock.now();
  if (held !== undefined && held.runId !== runId && held.expires > now && mayBeAlive(held)) {
    throw new DomicileError('STORAGE', {
      message: `expected ${deployment} to be free, found run ${held.runId} on it since ${toInstant(held.since)}`,
      hint: `wait for it to end; without a sign of life its lease expires at ${toInstant(held.expires)}`,
    });
  }
  const joined = held?.runId === runId;
  const own: LeaseRecord = {
    runId,
    host: hostname(),
    pid: process.pid,
    since: joined ? held.since : now,
    expires: now + DURATION_MS,
    fence: joined ? held.fence : (held?.fence ?? 0) + 1,
  };
  await (joined ? replaceLease(path, own) : takeLease(path, held, own));
  const renew = async (expires: number): Promise<void> => {
    const current = await readLease(path);
    if (current?.runId !== runId || current.fence !== own.fence) {
      throw new DomicileError('STORAGE', {
        message: `expected run ${runId} to hold the lease of ${deployment}, found ${current?.runId ?? 'none'}`,
        hint: 'this run was too slow and another one took over; its report stands, not this one',
      });
    }
    await replaceLease(path, { ...own, expires });
  };
  return {
    fence: own.fence,
    renew: () => renew(clock.now() + DURATION_MS),
    // The file stays: the next fence must be higher than this one.
    release: () => renew(0).catch(() => undefined),
  };
}

/** Keeps a lease alive while `work` runs; a lease that was lost ends the work at the next look, by its error. */
export async function whileRenewing<T>(lease: Lease, work: () => Promise<T>): Promise<T> {
  let lost: unknown;
  const timer = setInterval(() => {
    lease.renew().catch((error: unknown) => {
      lost = error;
    });
  }, LEASE_RENEWAL_MS);
  timer.unref();
  try {
    const result = await work();
    if (lost !== undefined) throw lost instanceof Error ? lost : storageError('renew the lease in', lost);
    return result;
  } finally {
    clearInterval(timer);
  }
}

/**
 * Whoever moves the old lease away first may write the new one: `rename` and `link` are atomic, so that of two
 * that come at once exactly one wins.
 */
async function takeLease(path: string, held: LeaseRecord | undefined, own: LeaseRecord): Promise<void> {
  const mine = `${path}.${own.host}.${own.pid}`;
  try {
    if (held !== undefined) {
      await rename(path, `${mine}.old`);
      await rm(`${mine}.old`, { force: true });
    }
    const file = await open(mine, 'w');
    try {
      await file.writeFile(`${JSON.stringify(own)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(mine, path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EEXIST' && code !== 'ENOENT') throw storageError('take the lease in', error);
    throw new DomicileError('STORAGE', {
      message: 'expected the deployment to be free, found that another run took it at the same moment',
      hint: 'wait for it to end',
    });
  } finally {
    await rm(mine, { force: true });
  }
}

async function replaceLease(path: string, own: LeaseRecord): Promise<void> {
  await writeWhole(path, `${JSON.stringify(own)}\n`);
}

async function readLease(path: string): Promise<LeaseRecord | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value) && typeof value['expires'] === 'number' && typeof value['fence'] === 'number')
      return value as unknown as LeaseRecord;
  } catch {
    // A lease is written whole, so a damaged one holds nobody; its fence is lost with it.
  }
  return { runId: '', host: '', pid: 0, since: 0, expires: 0, fence: 0 };
}

/** A dead process of this machine holds nothing; of another machine's nobody here can tell. */
function mayBeAlive({ host, pid }: LeaseRecord): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
