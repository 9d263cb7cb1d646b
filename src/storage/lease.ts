import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../core/index.ts';
import { DomicileError, isJsonObject, toInstant } from '../core/index.ts';
import { storageError } from './files.ts';

/** The right to scan one deployment, until it expires or is given back. */
export interface Lease {
  /** Grows with every lease of the deployment: a writer with a lower number is too late. */
  readonly fence: number;
  readonly release: () => Promise<void>;
}

const DURATION_MS = 6 * 3600 * 1000;

/**
 * Takes the lease of a deployment, so that two runs never overlap, the command line included.
 *
 * @throws DomicileError `STORAGE` where another run holds it, naming since when and until when.
 */
export async function acquireLease(
  root: string,
  deployment: string,
  runId: string,
  clock: Clock,
): Promise<Lease> {
  const directory = join(root, deployment);
  const path = join(directory, 'lease.json');
  await mkdir(directory, { recursive: true }).catch((error: unknown) => {
    throw storageError('make a folder for', error);
  });
  const held = await readLease(path);
  if (held !== undefined && held.expires > clock.now() && isAlive(held.pid)) {
    throw new DomicileError('STORAGE', {
      message: `expected ${deployment} to be free, found run ${held.runId} on it since ${toInstant(held.since)}`,
      hint: `wait for it to end; its lease expires at ${toInstant(held.expires)}`,
    });
  }
  if (held !== undefined) await rm(path, { force: true });
  const now = clock.now();
  const fence = (held?.fence ?? 0) + 1;
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(
        `${JSON.stringify({ runId, pid: process.pid, since: now, expires: now + DURATION_MS, fence })}\n`,
      );
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw storageError('take the lease in', error);
  }
  return { fence, release: () => rm(path, { force: true }) };
}

interface HeldLease {
  readonly runId: string;
  readonly pid: number;
  readonly since: number;
  readonly expires: number;
  readonly fence: number;
}

async function readLease(path: string): Promise<HeldLease | undefined> {
  if ((await stat(path).catch(() => undefined)) === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isJsonObject(value) && typeof value['expires'] === 'number') return value as unknown as HeldLease;
  } catch {
    // A lease that was being written when its run was killed holds nobody.
  }
  return { runId: 'unknown', pid: 0, since: 0, expires: 0, fence: 0 };
}

/** Whether a process of this machine runs. A lease of a dead one is free at once, instead of at its expiry. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
