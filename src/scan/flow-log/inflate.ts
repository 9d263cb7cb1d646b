import type { Gunzip } from 'node:zlib';
import { createGunzip, gunzipSync } from 'node:zlib';

/** Why the text of a log object is not there. */
export type InflateFailure = 'truncated' | 'too-large' | 'unreadable';

/** What came of inflating an object whole. */
export type Inflated =
  | { readonly status: 'complete'; readonly bytes: Uint8Array }
  | { readonly status: InflateFailure };

const GZIP_MAGIC = [0x1f, 0x8b] as const;
const SMALLEST_CHUNK = 64 * 1024;
const WINDOW = 1024 * 1024;
const TRAILER = 4;

/** Log objects are gzip, or plain text where somebody unpacked them. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === GZIP_MAGIC[0] && bytes[1] === GZIP_MAGIC[1];
}

/**
 * The text of a gzip object, which may have several members, at once.
 *
 * The size in the trailer is the last member's only, is modulo 2^32 and is chosen by whoever wrote the file,
 * so it serves as a hint for the buffer and is clamped; `limit` bounds what may come out, whatever goes in.
 */
export function inflateWhole(bytes: Uint8Array, limit: number): Inflated {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hint = bytes.length < 18 ? 0 : view.getUint32(bytes.length - TRAILER, true);
  if (hint > limit) return { status: 'too-large' };
  try {
    const chunkSize = Math.min(Math.max(hint + 64, SMALLEST_CHUNK), limit + 64);
    return { status: 'complete', bytes: gunzipSync(bytes, { chunkSize, maxOutputLength: limit }) };
  } catch (error) {
    return { status: failureOf(error) ?? 'unreadable' };
  }
}

/** The same in pieces of at most a megabyte, which `take` gets one after the other: memory is bounded whatever comes out. */
export async function inflateInPieces(
  stored: AsyncIterable<Uint8Array>,
  limit: number,
  take: (text: Uint8Array) => void,
): Promise<'complete' | InflateFailure> {
  const gunzip = createGunzip({ chunkSize: WINDOW });
  let inflated = 0;
  try {
    void feed(stored, gunzip);
    for await (const piece of gunzip) {
      const text = piece as Buffer;
      inflated += text.length;
      if (inflated > limit) return 'too-large';
      take(text);
    }
    return 'complete';
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    return failure;
  } finally {
    gunzip.destroy();
  }
}

/** Never rejects: what goes wrong with the source ends the stream that is being read. */
async function feed(stored: AsyncIterable<Uint8Array>, gunzip: Gunzip): Promise<void> {
  try {
    for await (const chunk of stored) {
      if (gunzip.destroyed) return;
      if (gunzip.write(chunk)) continue;
      await room(gunzip);
    }
    gunzip.end();
  } catch (error) {
    gunzip.destroy(error instanceof Error ? error : new Error('the source failed'));
  }
}

/** Waits until more can be written, or nothing any more. */
function room(gunzip: Gunzip): Promise<void> {
  return new Promise((done) => {
    const go = (): void => {
      gunzip.off('drain', go).off('close', go);
      done();
    };
    gunzip.on('drain', go).on('close', go);
  });
}

function failureOf(error: unknown): InflateFailure | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ERR_BUFFER_TOO_LARGE') return 'too-large';
  if (code === 'Z_BUF_ERROR') return 'truncated';
  return code.startsWith('Z_') ? 'unreadable' : undefined;
}
