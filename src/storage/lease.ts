import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../core/index.ts';
import { DomicileError, isJsonObject, toInstant } from '../core/index.ts';
import { ownSuffix, storageError, writeWhole } from './files.ts';

/** How long a lease holds without being renewed. Long steps renew it; a machine that vanished blocks no longer than this. */
const DURATION_MS = 10 * 60_000;
const LEASE_RENEWAL_MS = 60_000;

/** The right to work on one run of a deployment. */
export interface Lease {
  /** Grows whenever another run takes the lease: a writer with a lower number is too late. */
  readonly fence: number;
  /** Whether any number of processes share the run, so that no single one's end says that the run ended. */
  readonly shared: boolean;
  /** Extends the lease. @throws DomicileError `BUSY` where another run has taken it meanwhile. */
  readonly renew: () => Promise<void>;
  readonly release: () => Promise<void>;
}

/** Who asks for a lease. */
export interface LeaseRequest {
  readonly runId: string;
  /** Workers share a run: only the lease's expiry says that all of them are gone. */
  readonly shared: boolean;
}

/** What stands in `.lease/<fence>.json`; times in milliseconds since the epoch. */
export interface LeaseRecord {
  readonly runId: string;
  readonly host: string;
  readonly pid: number;
  readonly shared: boolean;
  readonly since: number;
  readonly expires: number;
}

interface HeldLease extends LeaseRecord {
  readonly fence: number;
}

const NUMBERED = /^(\d{1,12})\.json$/;

/**
 * Takes the lease of a deployment, so that two runs never overlap, the command line included. The steps of one
 * run share it: whoever names the run that holds it joins in.
 *
 * Each taking makes the next numbered file. A file that must not exist yet is won by exactly one of two that come
 * at once; moving an old lease away instead could move a new one that came in between.
 *
 * @throws DomicileError `BUSY` where another run holds it, naming since when and until when.
 */
export async function acquireLease(
  root: string,
  deployment: string,
  { runId, shared }: LeaseRequest,
  clock: Clock,
): Promise<Lease> {
  const folder = join(root, deployment, '.lease');
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw storageError('make a folder for', error);
  });
  const held = await readLease(folder);
  const now = clock.now();
  const joined = held?.runId === runId;
  if (held !== undefined && !joined && isHeld(held, now)) throw heldByAnother(deployment, held);

  const own = leaseFor({ runId, shared }, held, now);
  if (!joined && !(await take(folder, own))) {
    const winner = await readLease(folder);
    // Another step of this run came first: then this one joins.
    if (winner?.runId === runId) return acquireLease(root, deployment, { runId, shared }, clock);
    throw winner === undefined
      ? storageError('read the lease in', undefined)
      : heldByAnother(deployment, winner);
  }
  const requireOwn = async (): Promise<HeldLease> => {
    const current = await readLease(folder);
    if (current?.fence === own.fence) return current;
    throw new DomicileError('BUSY', {
      message: `expected run ${runId} to hold the lease of ${deployment}, found ${current?.runId ?? 'none'}`,
      hint: 'this run was too slow and another one took over; its report stands, not this one',
    });
  };
  if (joined && own !== held) {
    await rewrite(folder, own);
    // Between reading and rewriting, another run may have found this one's lease run out and taken the next.
    await requireOwn();
  }
  return {
    fence: own.fence,
    shared: own.shared,
    renew: async () => {
      const current = await requireOwn();
      const time = clock.now();
      if (!isFresh(current, time)) await rewrite(folder, { ...own, expires: time + DURATION_MS });
    },
    // The file stays: the next fence must be higher than this one.
    release: async () => {
      await requireOwn()
        .then(() => rewrite(folder, { ...own, expires: 0 }))
        .catch(() => undefined);
    },
  };
}

/** What the lease is to be, of a run that joins one or takes the next. */
function leaseFor({ runId, shared }: LeaseRequest, held: HeldLease | undefined, now: number): HeldLease {
  const ours = held?.runId === runId ? held : undefined;
  // A shared lease that is fresh is joined by looking at it: steps are many, and each write waits for the disk.
  if (ours?.shared === true && isFresh(ours, now)) return ours;
  return {
    runId,
    host: hostname(),
    pid: process.pid,
    shared: shared || ours?.shared === true,
    since: ours?.since ?? now,
    expires: now + DURATION_MS,
    fence: ours?.fence ?? (held?.fence ?? 0) + 1,
  };
}

/** Whether a lease was renewed lately, so that renewing it can wait. */
function isFresh({ expires }: LeaseRecord, now: number): boolean {
  return expires > now + DURATION_MS - LEASE_RENEWAL_MS;
}

/** The lease of a deployment as it stands, where a run holds it. */
export async function currentLease(
  root: string,
  deployment: string,
  clock: Clock,
): Promise<LeaseRecord | undefined> {
  const held = await readLease(join(root, deployment, '.lease'));
  return held !== undefined && isHeld(held, clock.now()) ? held : undefined;
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

function heldByAnother(deployment: string, { runId, since, expires }: LeaseRecord): DomicileError {
  return new DomicileError('BUSY', {
    message: `expected ${deployment} to be free, found run ${runId} on it since ${toInstant(since)}`,
    hint: `wait for it to end; without a sign of life its lease expires at ${toInstant(expires)}`,
  });
}

/** Makes the next numbered lease; false where another one made it first. */
async function take(folder: string, own: HeldLease): Promise<boolean> {
  const mine = join(folder, ownSuffix());
  try {
    const file = await open(mine, 'w');
    try {
      await file.writeFile(textOf(own));
      await file.sync();
    } finally {
      await file.close();
    }
    await link(mine, pathOf(folder, own.fence));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw storageError('take the lease in', error);
  } finally {
    await rm(mine, { force: true });
  }
  for (const { name, fence } of await numbered(folder))
    if (fence < own.fence) await rm(join(folder, name), { force: true });
  return true;
}

async function rewrite(folder: string, own: HeldLease): Promise<void> {
  await writeWhole(pathOf(folder, own.fence), textOf(own));
}

function pathOf(folder: string, fence: number): string {
  return join(folder, `${fence}.json`);
}

function textOf({ fence: _, ...record }: HeldLease): string {
  return `${JSON.stringify(record)}\n`;
}

async function numbered(folder: string): Promise<readonly { name: string; fence: number }[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .map((name) => ({ name, fence: Number(NUMBERED.exec(name)?.[1] ?? Number.NaN) }))
    .filter(({ fence }) => !Number.isNaN(fence))
    .sort((left, right) => left.fence - right.fence);
}

/** The highest number counts; a slow holder may rewrite a lower one, which nobody reads any more. */
async function readLease(folder: string): Promise<HeldLease | undefined> {
  const last = (await numbered(folder)).at(-1);
  if (last === undefined) return undefined;
  const text = await readFile(join(folder, last.name), 'utf8').catch(() => '');
  return { ...(parseLease(text) ?? NOBODY), fence: last.fence };
}

/** A lease is written whole, so a damaged one holds nobody; its number still counts. */
const NOBODY: LeaseRecord = { runId: '', host: '', pid: 0, shared: false, since: 0, expires: 0 };

function parseLease(text: string): LeaseRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value) && typeof value['expires'] === 'number' && typeof value['runId'] === 'string')
      return value as unknown as LeaseRecord;
  } catch {
    return undefined;
  }
  return undefined;
}

function isHeld(record: LeaseRecord, now: number): boolean {
  return record.expires > now && (record.shared || mayBeAlive(record));
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
