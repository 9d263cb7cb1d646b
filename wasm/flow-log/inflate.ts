// Deflate (RFC 1951). The caller holds the result against the object's checksum and size, and asks zlib about
// whatever fails.

import { block } from './block';
import { fixedCodes, readCodes } from './code-lengths';
import { closeStream, isOverrun, openStream, refill, storedBlock, take } from './stream';

/**
 * Inflates one stream that starts `from` bytes into the stored object, which has `stored` of them, to `to` bytes
 * into the text and at most up to `limit`. Gives where the text then ends, or -1 for whatever went wrong.
 */
export function inflate(stored: u32, from: u32, to: u32, limit: u32): i32 {
  openStream(stored, from, to, limit);
  let last: u32 = 0;
  while (last === 0) {
    if (isOverrun()) return -1;
    refill();
    last = take(1);
    const kind = take(2);
    if (kind === 0) {
      if (!storedBlock()) return -1;
      continue;
    }
    if (kind === 3 || !(kind === 1 ? fixedCodes() : readCodes()) || !block()) return -1;
  }
  return closeStream();
}
