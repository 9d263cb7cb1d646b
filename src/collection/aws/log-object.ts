import { isJsonObject } from '../../core/index.ts';
import type { FlowAggregate, ListedLogObject } from '../../evidence/index.ts';
import type { FlowLogLimits } from '../../scan/index.ts';
import { LARGEST_OBJECT, reduceLogObject, TEXT_LOG_NAME, unreadObject } from '../log-objects.ts';
import type { FailedCall } from './call-fault.ts';
import { CallFault } from './call-fault.ts';
import { classifySdkError } from './error-class.ts';
import type { AwsLimits } from './limits.ts';
import type { AwsSession } from './session.ts';

/** What became of one object: its records, or why there are none. */
export type ObjectRead = { readonly aggregate: FlowAggregate } | { readonly failed: FailedCall };

/** A body that breaks off is fetched again: the SDK retries only until the headers are there. */
const BODY_ATTEMPTS = 3;

/** Fetches one log object and reduces it. Its bytes are gone when this returns. */
export async function readLogObject(
  {
    session,
    bucket,
    limits,
  }: { readonly session: AwsSession; readonly bucket: string; readonly limits: AwsLimits },
  listed: ListedLogObject,
  logLimits: FlowLogLimits,
): Promise<ObjectRead> {
  const { key, size } = listed;
  if (size > LARGEST_OBJECT) return { aggregate: unreadObject(key, size, 'too-large') };
  if (!TEXT_LOG_NAME.test(key)) return { aggregate: unreadObject(key, size, 'unreadable') };
  let failed: FailedCall = { status: 'failed', code: 'Unknown' };
  for (let attempt = 0; attempt < Math.min(BODY_ATTEMPTS, limits.attempts); attempt += 1) {
    try {
      const output = await session.send('s3:GetObject', {
        bucket,
        key,
        // The object that was listed, and no other that took its place since.
        ...(listed.etag === '' ? {} : { 'if-match': `"${listed.etag}"` }),
      });
      const bytes = await bodyOf(output, size);
      return { aggregate: reduceLogObject({ key, bytes }, listed, logLimits) };
    } catch (error) {
      failed = classifySdkError(error);
      if (failed.status !== 'unreachable') break;
    }
  }
  return { failed };
}

async function bodyOf(output: unknown, size: number): Promise<Uint8Array> {
  const body: unknown = isJsonObject(output) ? output['Body'] : undefined;
  if (!isChunks(body)) throw new CallFault({ status: 'unreadable', code: 'NoBody' });
  const chunks: Uint8Array[] = [];
  let read = 0;
  for await (const chunk of body) {
    read += chunk.length;
    // More than the listing said: the digest would not match, and nobody knows how much more there is.
    if (read > size) return Buffer.concat([...chunks, chunk]);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function isChunks(value: unknown): value is AsyncIterable<Uint8Array> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
