import { gunzipSync } from 'node:zlib';

/** What came of reading a log object's bytes. */
export type Inflated =
  | { readonly status: 'complete'; readonly bytes: Uint8Array }
  | { readonly status: 'truncated' | 'too-large' | 'unreadable' };

const GZIP_MAGIC = [0x1f, 0x8b] as const;
const SMALLEST_CHUNK = 64 * 1024;
const TRAILER = 4;

/**
 * The text of a log object, which may be gzip (also of several members) or plain.
 *
 * The size in the trailer is the last member's only, is modulo 2^32 and is chosen by whoever wrote the file,
 * so it serves as a hint for the buffer and is clamped; `limit` bounds what may come out, whatever goes in.
 */
export function inflate(bytes: Uint8Array, limit: number): Inflated {
  if (bytes[0] !== GZIP_MAGIC[0] || bytes[1] !== GZIP_MAGIC[1]) {
    return bytes.length > limit ? { status: 'too-large' } : { status: 'complete', bytes };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hint = bytes.length < 18 ? 0 : view.getUint32(bytes.length - TRAILER, true);
  try {
    const chunkSize = Math.min(Math.max(hint + 64, SMALLEST_CHUNK), limit);
    return { status: 'complete', bytes: gunzipSync(bytes, { chunkSize, maxOutputLength: limit }) };
  } catch (error) {
    return { status: statusOf(error) };
  }
}

function statusOf(error: unknown): 'truncated' | 'too-large' | 'unreadable' {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ERR_BUFFER_TOO_LARGE') return 'too-large';
  return code === 'Z_BUF_ERROR' ? 'truncated' : 'unreadable';
}
