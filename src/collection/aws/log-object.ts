import { DomicileError, isJsonObject } from '../../core/index.ts';
import type { ListedLogObject } from '../../evidence/index.ts';
import { unreadObject } from '../../scan/index.ts';
import { LARGEST_OBJECT, TEXT_LOG_NAME } from '../log-objects.ts';
import type { LogReduction } from '../log-reduction.ts';
import type { FailedCall } from './call-fault.ts';
import { CallFault } from './call-fault.ts';
import { classifySdkError } from './error-class.ts';
import type { AwsLimits } from './limits.ts';
import type { AwsSession } from './session.ts';

/** Larger objects are reduced as they come, in this thread; smaller ones whole, in any. */
const STREAMED_FROM = 16 * 1024 * 1024;
const PIECES = 2 * 1024 * 1024;
const REDUCTION_CODES: ReadonlySet<string> = new Set(['TOO_LARGE', 'BAD_INPUT', 'INTERNAL']);

/** A body that breaks off is fetched again: the SDK retries only until the headers are there. */
const BODY_ATTEMPTS = 3;

/** Fetches one log object and reduces it; says why where it could not be fetched. Its bytes are gone when this returns. */
export async function readLogObject(
  {
    session,
    bucket,
    limits,
  }: { readonly session: AwsSession; readonly bucket: string; readonly limits: AwsLimits },
  listed: ListedLogObject,
  reduction: LogReduction,
): Promise<FailedCall | undefined> {
  const { key, size } = listed;
  if (size > LARGEST_OBJECT || !TEXT_LOG_NAME.test(key)) {
    reduction.note(unreadObject(key, size > LARGEST_OBJECT ? 'too-large' : 'unreadable', size));
    return undefined;
  }
  let failed: FailedCall = { status: 'failed', code: 'Unknown' };
  for (let attempt = 0; attempt < Math.min(BODY_ATTEMPTS, limits.attempts); attempt += 1) {
    try {
      const output = await session.send('s3:GetObject', {
        bucket,
        key,
        // The object that was listed, and no other that took its place since.
        ...(listed.etag === '' ? {} : { 'if-match': `"${listed.etag}"` }),
      });
      const body = chunksOf(output, size);
      const bytes = size >= STREAMED_FROM ? body : await collected(body);
      await reduction.add({ key, bytes, listed });
      return undefined;
    } catch (error) {
      // What the reduction cannot do, it cannot do with another try either.
      if (error instanceof DomicileError && REDUCTION_CODES.has(error.code)) throw error;
      failed = classifySdkError(error);
      if (failed.status !== 'unreachable') break;
    }
  }
  return failed;
}

/** Memory that an object takes while it is read: all of a small one, pieces of a large one. */
export function memoryOf({ size }: ListedLogObject): number {
  return size >= STREAMED_FROM ? PIECES : size;
}

/** The body, up to one byte more than was listed: then it is another object, whatever else comes. */
async function* chunksOf(output: unknown, size: number): AsyncGenerator<Uint8Array> {
  const body: unknown = isJsonObject(output) ? output['Body'] : undefined;
  if (!isChunks(body)) throw new CallFault({ status: 'unreadable', code: 'NoBody' });
  let left = size + 1;
  for await (const chunk of body) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}

async function collected(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function isChunks(value: unknown): value is AsyncIterable<Uint8Array> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
