import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { mayBeBrotli, mayBeDeflated } from './byte-hints.ts';
import { textOf } from './byte-text.ts';

/** What became of compressed bytes: what they hold, or why that is not known. */
export type Inflated =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'unreadable' };

type Inflate = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Uint8Array;

const ZSTANDARD = [0x28, 0xb5, 0x2f, 0xfd];
/** bzip2, xz, LZ4, zip, 7z, PNG, JPEG and PDF by their first bytes. */
const CONTAINERS: readonly (readonly number[])[] = [
  [0x42, 0x5a, 0x68, 0x39],
  [0xfd, 0x37, 0x7a, 0x58],
  [0x04, 0x22, 0x4d, 0x18],
  [0x50, 0x4b, 0x03, 0x04],
  [0x37, 0x7a, 0xbc, 0xaf],
  [0x89, 0x50, 0x4e, 0x47],
  [0xff, 0xd8, 0xff],
  [0x25, 0x50, 0x44, 0x46],
];

/** Whether bytes are of a form that is known and that nothing here reads. */
export function isForeignContainer(bytes: Uint8Array): boolean {
  return bytes.length > 8 && CONTAINERS.some((head) => startsWith(bytes, head));
}

/** What bytes with the head of a compressed form hold; `undefined` for others. */
export function inflated(bytes: Uint8Array, atMost: number): Inflated | undefined {
  const inflate = inflateOf(bytes);
  return inflate === undefined ? undefined : attempted(inflate, bytes, atMost);
}

function inflateOf(bytes: Uint8Array): Inflate | undefined {
  const [first = 0, second = 0] = bytes;
  // gzip (RFC 1952), and zlib (RFC 1950), whose two-byte header is a multiple of 31.
  if (first === 0x1f && second === 0x8b) return bytes.length > 18 ? gunzipSync : undefined;
  if (first === 0x78 && (first * 256 + second) % 31 === 0) return bytes.length > 8 ? inflateSync : undefined;
  return startsWith(bytes, ZSTANDARD) ? zstdDecompressSync : undefined;
}

const MOST_HEADLESS = 1_048_576;

/**
 * The text in bytes that may be compressed without a head to tell: raw deflate (RFC 1951) and Brotli (RFC 7932).
 * Only what inflates to text counts, since many bytes inflate to something.
 */
export function textInflated(bytes: Uint8Array, atMost: number): string | undefined {
  if (bytes.length > MOST_HEADLESS) return undefined;
  return (
    (mayBeDeflated(bytes, bytes.length) ? textBy(inflateRawSync, bytes, atMost) : undefined) ??
    (mayBeBrotli(bytes, bytes.length) ? textBy(brotliDecompressSync, bytes, atMost) : undefined)
  );
}

/** Text of nearly the bytes' length at least, from all of them: a code that ends early was none. */
function textBy(inflate: InflateAll, bytes: Uint8Array, atMost: number): string | undefined {
  try {
    const { buffer, engine } = inflate(bytes, {
      maxOutputLength: atMost,
      info: true,
    }) as unknown as WithEngine;
    return engine.bytesWritten === bytes.length && buffer.length >= 0.75 * bytes.length - 4
      ? textOf(buffer)
      : undefined;
  } catch {
    return undefined;
  }
}

/** What zlib gives under `info`, which its types do not tell. */
interface WithEngine {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

type InflateAll = typeof inflateRawSync | typeof brotliDecompressSync;

function attempted(inflate: Inflate, bytes: Uint8Array, atMost: number): Inflated {
  try {
    return { kind: 'bytes', bytes: inflate(bytes, { maxOutputLength: atMost }) };
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return { kind: tooLarge ? 'too-large' : 'unreadable' };
  }
}

function startsWith(bytes: Uint8Array, head: readonly number[]): boolean {
  return head.every((byte, at) => bytes[at] === byte);
}
