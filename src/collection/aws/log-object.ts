import { isJsonObject } from '../../core/index.ts';
import type { ListedLogObject } from '../../evidence/index.ts';
import { unreadObject } from '../../scan/index.ts';
import { LARGEST_OBJECT, TEXT_LOG_NAME } from '../log-objects.ts';
import type { LogReduction } from '../log-reduction.ts';
import type { FailedCall } from './call-fault.ts';
import { CallFault } from './call-fault.ts';
import { classifySdkError } from './error-class.ts';
import type { AwsLimits } from './limits.ts';
import type { AwsSession } from './session.ts';

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
    let bytes: Uint8Array;
    try {
      const output = await session.send('s3:GetObject', {
        bucket,
        key,
        // The object that was listed, and no other that took its place since.
        ...(listed.etag === '' ? {} : { 'if-match': `"${listed.etag}"` }),
      });
      bytes = await bodyOf(output, size);
    } catch (error) {
      failed = classifySdkError(error);
      if (failed.status !== 'unreachable') break;
      continue;
    }
    await reduction.add({ key, bytes, listed });
    return undefined;
  }
  return failed;
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
