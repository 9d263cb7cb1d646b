// The deflate stream that is being read, and the text that comes of it: both stand in this memory, since what zlib
// inflates has to be copied here, and leaves buffers of the size of an object behind.

import { allocate } from './memory';
import { PADDING } from './separators';

let storedFrom: usize = 0;
let storedRoom: u32 = 0;
let inflatedFrom: usize = 0;
let inflatedRoom: u32 = 0;
/** Loads and copies may run this far past the end. */
const SLACK: u32 = 512;

/** Makes room for a stored object and its text, and for somewhat larger ones: objects of one log are of like size. */
export function reserveObject(stored: u32, inflated: u32): void {
  if (stored > storedRoom) {
    storedRoom = stored + stored / 4;
    storedFrom = allocate(storedRoom + SLACK);
  }
  if (inflated > inflatedRoom) {
    inflatedRoom = inflated + inflated / 4;
    inflatedFrom = allocate(PADDING + inflatedRoom + SLACK) + PADDING;
  }
}
export function storedAt(): usize {
  return storedFrom;
}
export function inflatedAt(): usize {
  return inflatedFrom;
}

// Bits that were read and not yet taken, the first in the lowest place; where the rest of the stream and of the text stand.
export let bitBuffer: u64 = 0;
export let bitCount: u32 = 0;
export let inAt: usize = 0;
export let inEnd: usize = 0;
export let outAt: usize = 0;
export let outStart: usize = 0;
export let outEnd: usize = 0;

/** Opens the stream that starts `from` bytes into the stored object of `stored` bytes; its text goes to `to`, up to `limit`. */
export function openStream(stored: u32, from: u32, to: u32, limit: u32): void {
  bitBuffer = 0;
  bitCount = 0;
  inAt = storedFrom + from;
  inEnd = storedFrom + stored;
  outStart = inflatedFrom + to;
  outAt = outStart;
  outEnd = inflatedFrom + min(limit, inflatedRoom);
}

/** Gives whole bytes that were not taken back, and says where the text ends, or -1 where more was read than there is. */
export function closeStream(): i32 {
  inAt -= <usize>(bitCount >> 3);
  return inAt > inEnd ? -1 : <i32>(outAt - inflatedFrom);
}

/** Goes on from what block() had in its own variables. */
// @ts-ignore: decorator
@inline
export function goOn(bits: u64, count: u32, at: usize, out: usize): void {
  bitBuffer = bits;
  bitCount = count;
  inAt = at;
  outAt = out;
}

/** Whether more was read than a stream can need at its end. */
export function isOverrun(): bool {
  return inAt > inEnd + 8;
}

/** Makes at least 56 bits be there; past the stream's end they mean nothing. */
// @ts-ignore: decorator
@inline
export function refill(): void {
  bitBuffer |= load<u64>(inAt) << <u64>bitCount;
  inAt += <usize>((63 - bitCount) >> 3);
  bitCount |= 56;
}

export function take(bits: u32): u32 {
  const value = <u32>(bitBuffer & ((<u64>1 << <u64>bits) - 1));
  bitBuffer >>= <u64>bits;
  bitCount -= bits;
  return value;
}

/** Where in the stored object the stream ended. */
export function inflatedUpTo(): u32 {
  return <u32>(inAt - storedFrom);
}

/** Copies a block that is stored as it is. */
export function storedBlock(): bool {
  take(bitCount & 7);
  inAt -= <usize>(bitCount >> 3);
  bitBuffer = 0;
  bitCount = 0;
  if (inAt + 4 > inEnd) return false;
  const length = <u32>load<u16>(inAt);
  if ((length ^ <u32>load<u16>(inAt, 2)) !== 0xffff) return false;
  inAt += 4;
  if (inAt + length > inEnd || outAt + length > outEnd) return false;
  memory.copy(outAt, inAt, length);
  inAt += length;
  outAt += length;
  return true;
}
