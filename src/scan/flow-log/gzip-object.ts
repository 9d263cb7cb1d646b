import { crc32 } from 'node:zlib';
import type { KernelExports } from './kernel.ts';

/** Where in a kernel's memory the text of an object stands. */
export interface InflatedText {
  readonly at: number;
  readonly length: number;
}

/** A member's header without optional parts, which is what log objects have (RFC 1952, 2.3). */
const HEADER = [0x1f, 0x8b, 8, 0] as const;
const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
const SMALLEST_TEXT = 64 * 1024;

/**
 * Inflates a gzip object inside a kernel's memory, where its text is then read in place.
 *
 * `undefined` for whatever is out of the ordinary: optional headers, a text larger than the trailer says or than
 * `limit`, damage of any kind. What that is, zlib says. What is returned has the checksum and the size that the
 * object itself states, so that a fault of our own decoder would be seen.
 */
export function inflateInKernel(
  kernel: KernelExports,
  bytes: Uint8Array,
  limit: number,
): InflatedText | undefined {
  if (bytes.length < HEADER_BYTES + TRAILER_BYTES) return undefined;
  const stored = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hint = stored.getUint32(bytes.length - 4, true);
  if (hint > limit) return undefined;
  kernel.reserveObject(bytes.length, Math.max(hint, SMALLEST_TEXT));
  new Uint8Array(kernel.memory.buffer).set(bytes, kernel.storedAt());
  const text = kernel.inflatedAt();
  let from = 0;
  let length = 0;
  while (from < bytes.length) {
    if (from + HEADER_BYTES + TRAILER_BYTES > bytes.length) return undefined;
    if (HEADER.some((byte, index) => bytes[from + index] !== byte)) return undefined;
    const end = kernel.inflate(bytes.length, from + HEADER_BYTES, length, limit);
    if (end < 0) return undefined;
    const trailer = kernel.inflatedUpTo();
    if (trailer + TRAILER_BYTES > bytes.length) return undefined;
    const member = new Uint8Array(kernel.memory.buffer, text + length, end - length);
    if (stored.getUint32(trailer, true) !== crc32(member)) return undefined;
    if (stored.getUint32(trailer + 4, true) !== member.length) return undefined;
    from = trailer + TRAILER_BYTES;
    length = end;
  }
  return { at: text, length };
}
