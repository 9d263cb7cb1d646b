import { createHash, hash } from 'node:crypto';
import type { ListedLogObject, LogObjectRead } from '../../evidence/index.ts';
import type { FlowReducer } from './flow-reducer.ts';
import { createFlowReducer } from './flow-reducer.ts';
import { inflateInPieces, inflateWhole, isGzip } from './inflate.ts';

/** Names what reduced the logs. Evidence reduced by another kernel is not comparable and counts as not collected. */
export const FLOW_KERNEL = 'flow-log/2';

/** Bounds of a reduction. */
export interface FlowLogLimits {
  /** What may come out of one object, in bytes. */
  readonly inflatedBytes: number;
  /** Distinct rows of all objects together: 64 bytes each in a reducer, some 300 as values of the aggregate. At most 2,000,000. */
  readonly rows: number;
}

export const FLOW_LOG_LIMITS: FlowLogLimits = { inflatedBytes: 4 * 1024 ** 3, rows: 2_000_000 };

/** A log object as it is stored, and its entry in the bucket's listing where there is one. */
export interface StoredLogObject {
  readonly key: string;
  readonly bytes: Uint8Array | AsyncIterable<Uint8Array>;
  readonly listed?: ListedLogObject | undefined;
}

/** An object of up to this many inflated bytes is inflated at once, which is faster; a larger one in pieces. */
const AT_ONCE = 32 * 1024 * 1024;
const PIECE = 256 * 1024;
const SINGLE_PART_ETAG = /^[0-9a-f]{32}$/;
const NO_DIGEST = '0'.repeat(64);

/**
 * Reads one object into a reducer: all of it, or, where it is truncated, not the one that was listed, or else not
 * readable, nothing but the word of that. A line that cannot be read is counted with its reason.
 *
 * @throws DomicileError `TOO_LARGE` as the reducer does; whatever a stream of bytes throws.
 */
export async function readLogObject(
  object: StoredLogObject,
  reducer: FlowReducer,
  limits: FlowLogLimits,
): Promise<void> {
  if (object.bytes instanceof Uint8Array)
    await readBytes({ ...object, bytes: object.bytes }, reducer, limits);
  else await readStream({ ...object, bytes: object.bytes }, reducer, limits);
}

/** The entry of an object that could not be read. */
export function unreadObject(
  key: string,
  status: Exclude<LogObjectRead['status'], 'complete'>,
  size: number,
  sha256 = NO_DIGEST,
): LogObjectRead {
  return { key, size, sha256, status, records: 0, malformed: {}, formats: [] };
}

async function readBytes(
  object: StoredLogObject & { readonly bytes: Uint8Array },
  reducer: FlowReducer,
  limits: FlowLogLimits,
): Promise<void> {
  const { key, bytes } = object;
  const sha256 = hash('sha256', bytes, 'hex');
  if (!isListed(object.listed, bytes.length, () => hash('md5', bytes, 'hex')))
    return reducer.addObject(unreadObject(key, 'mismatch', bytes.length, sha256));
  const small = Math.min(AT_ONCE, limits.inflatedBytes);
  const lines = isGzip(bytes) ? reducer.readGzip(bytes, small) : undefined;
  if (lines !== undefined) {
    return reducer.addObject({ key, size: bytes.length, sha256, status: 'complete', ...lines });
  }
  const inflated = isGzip(bytes) ? inflateWhole(bytes, small) : plain(bytes, small);
  if (inflated.status === 'too-large' && small < limits.inflatedBytes) {
    return readStream({ ...object, bytes: piecesOf(bytes) }, reducer, limits);
  }
  if (inflated.status !== 'complete') {
    return reducer.addObject(unreadObject(key, inflated.status, bytes.length, sha256));
  }
  const text = reducer.beginText();
  text.push(inflated.bytes);
  reducer.addObject({ key, size: bytes.length, sha256, status: 'complete', ...text.end() });
}

function plain(bytes: Uint8Array, limit: number): ReturnType<typeof inflateWhole> {
  return bytes.length > limit ? { status: 'too-large' } : { status: 'complete', bytes };
}

/** Only at its end does an object turn out to be whole and the one that was listed: till then a reducer of its own has it. */
async function readStream(
  { key, bytes, listed }: StoredLogObject & { readonly bytes: AsyncIterable<Uint8Array> },
  reducer: FlowReducer,
  limits: FlowLogLimits,
): Promise<void> {
  const own = createFlowReducer(limits.rows);
  const text = own.beginText();
  const digests = createDigests(listed);
  const stored = digested(bytes, digests.take);
  const status = await inflateStream(stored, limits.inflatedBytes, text.push);
  // An object that failed early is still read to its end, so that its digest says which object failed.
  for await (const _ of stored) continue;
  const { size, sha256, listed: isThatOne } = digests.end();
  if (!isThatOne) return reducer.addObject(unreadObject(key, 'mismatch', size, sha256));
  if (status !== 'complete') return reducer.addObject(unreadObject(key, status, size, sha256));
  own.addObject({ key, size, sha256, status, ...text.end() });
  reducer.absorb(own.part());
}

async function inflateStream(
  stored: AsyncIterable<Uint8Array>,
  limit: number,
  take: (text: Uint8Array) => void,
): Promise<LogObjectRead['status']> {
  let head: Uint8Array = new Uint8Array();
  for await (const chunk of stored) {
    head = Buffer.concat([head, chunk]);
    if (head.length >= 2) break;
  }
  if (isGzip(head)) return inflateInPieces(joined(head, stored), limit, take);
  let size = 0;
  for await (const chunk of joined(head, stored)) {
    size += chunk.length;
    if (size > limit) return 'too-large';
    take(chunk);
  }
  return 'complete';
}

/** Passes bytes on and takes their digests. One who stops reading leaves the rest for the next reader. */
function digested(
  source: AsyncIterable<Uint8Array>,
  take: (bytes: Uint8Array) => void,
): AsyncIterable<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    const result = await iterator.next();
    if (result.done !== true) take(result.value);
    return result;
  };
  return { [Symbol.asyncIterator]: () => ({ next }) };
}

async function* joined(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  yield* rest;
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

/** Whether the size, and the MD5 that S3 gives single-part uploads as ETag, are those of the listing. */
function isListed(listed: ListedLogObject | undefined, size: number, md5: () => string | undefined): boolean {
  return listed === undefined || (size === listed.size && (!hasDigest(listed) || md5() === listed.etag));
}

function hasDigest(listed: ListedLogObject | undefined): boolean {
  return listed !== undefined && SINGLE_PART_ETAG.test(listed.etag);
}

interface Digests {
  readonly take: (bytes: Uint8Array) => void;
  readonly end: () => { readonly size: number; readonly sha256: string; readonly listed: boolean };
}

function createDigests(listed: ListedLogObject | undefined): Digests {
  const sha256 = createHash('sha256');
  const md5 = hasDigest(listed) ? createHash('md5') : undefined;
  let size = 0;
  return {
    take: (bytes) => {
      size += bytes.length;
      sha256.update(bytes);
      md5?.update(bytes);
    },
    end: () => ({
      size,
      sha256: sha256.digest('hex'),
      listed: isListed(listed, size, () => md5?.digest('hex')),
    }),
  };
}
