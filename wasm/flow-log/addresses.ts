// Addresses: dotted quads without a branch on what they are, and everything else by its text.

import { DASH } from './characters';
import { endOf, startOf } from './columns';
import { rankOf } from './octets';
import { IPV4, NONE } from './families';
import { ADDRESS_TEXT, familyOf, findText, numberOf } from './texts';

/**
 * The ranks of a dotted quad's octets, first octet highest, or -1. The dots say how long each octet is; a shuffle
 * by these lengths brings hundreds, tens and ones together. No branch depends on the address.
 */
// @ts-ignore: decorator
@inline
function quad(from: usize, end: usize): i64 {
  const length = <u32>(end - from);
  if (length > 15) return -1;
  const inside = (<u32>1 << length) - 1;
  const bytes = v128.load(from);
  const dots = <u32>i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(46))) & inside;
  const digits = i8x16.sub(bytes, i8x16.splat(48));
  const others = <u32>i8x16.bitmask(i8x16.gt_u(digits, i8x16.splat(9))) & inside;
  const second = dots & (dots - 1);
  const third = second & (second - 1);
  const a = <u32>ctz(dots);
  const b = <u32>ctz(second) - a - 1;
  const c = <u32>ctz(third) - a - b - 2;
  const d = length - a - b - c - 3;
  const pattern = patterns + ((<usize>((a & 3) | ((b & 3) << 2) | ((c & 3) << 4) | ((d & 3) << 6))) << 5);
  const placed = v128.swizzle(digits, v128.load(pattern));
  const weighed = i16x8.extmul_low_i8x16_u(placed, v128.load(patterns));
  const ones = i16x8.extend_high_i8x16_u(placed);
  const sums =
    i64x2.extract_lane(weighed, 0) + i64x2.extract_lane(weighed, 1) + i64x2.extract_lane(ones, 0);
  // An octet of two or three digits is at least 10 or 100: no leading zeros.
  const shortfall = ((sums | 0x4000400040004000) - load<i64>(pattern, 16)) & 0x4000400040004000;
  const isQuad =
    (third & (third - 1)) === 0 &&
    third !== 0 &&
    others === dots &&
    (a | b | c | d) <= 3 &&
    load<u32>(pattern, 24) !== 0 &&
    (sums & 0x3f00ff00ff00ff00) === 0 &&
    shortfall === 0x4000400040004000;
  if (!isQuad) return -1;
  return <i64>(
    ((rankOf(<u32>(sums & 255)) << 24) |
      (rankOf(<u32>((sums >> 16) & 255)) << 16) |
      (rankOf(<u32>((sums >> 32) & 255)) << 8) |
      rankOf(<u32>((sums >> 48) & 255)))
  );
}

const patterns: usize = memory.data(32 * 256, 64);

/**
 * For each four lengths of octets, at 32 bytes each: where hundreds (4), tens (4) and ones (4) stand in the text,
 * the least that the octets may be (8), and whether all lengths are 1 to 3. Place 0, of no quad, holds the weights.
 */
export function listPatterns(): void {
  for (let lengths: u32 = 0; lengths < 256; lengths++) {
    const at = patterns + ((<usize>lengths) << 5);
    let from: u32 = 0;
    let valid: u32 = 1;
    for (let octet: u32 = 0; octet < 4; octet++) {
      const length = (lengths >> (octet << 1)) & 3;
      if (length === 0) valid = 0;
      // 255 shuffles in a zero.
      store<u8>(at + octet, length > 2 ? from + length - 3 : 255);
      store<u8>(at + octet, length > 1 ? from + length - 2 : 255, 4);
      store<u8>(at + octet, length > 0 ? from + length - 1 : 255, 8);
      store<u16>(at + ((<usize>octet) << 1), length > 2 ? 100 : length > 1 ? 10 : 0, 16);
      from += length + 1;
    }
    store<u32>(at + 12, 0xffffffff);
    store<u32>(at, valid, 24);
  }
  for (let octet: u32 = 0; octet < 4; octet++) {
    store<u8>(patterns + octet, 100);
    store<u8>(patterns + octet, 10, 4);
  }
}

export let family: u32 = NONE;

/** The number of an address, and its family in `family`: NONE where it is no address. */
// @ts-ignore: decorator
@inline
export function address(here: usize, at: i32): u32 {
  const from = startOf(here, at);
  const end = endOf(here, at);
  const value = quad(from, end);
  if (value >= 0) {
    family = IPV4;
    return <u32>value;
  }
  const entry = findText(from, <u32>(end - from), ADDRESS_TEXT);
  if (entry === 0) {
    family = NONE;
    return 0;
  }
  family = familyOf(entry);
  return numberOf(entry);
}

let noAddress: bool = false;

/** Whether packetAddress() met what is no address since this was last asked. */
// @ts-ignore: decorator
@inline
export function metNoAddress(): bool {
  const met = noAddress;
  noAddress = false;
  return met;
}

/** As address(), but a column that says `-` is fine. */
export function packetAddress(here: usize, at: i32): u32 {
  family = NONE;
  const from = startOf(here, at);
  if (endOf(here, at) - from === 1 && load<u8>(from) === DASH) return 0;
  const value = address(here, at);
  if (family === NONE) noAddress = true;
  return value;
}

/**
 * Whether two columns hold the same text of up to 16 bytes: an address of a packet mostly is the address of its
 * interface, which was read already.
 */
// @ts-ignore: decorator
@inline
export function isSameText(here: usize, a: i32, b: i32): bool {
  const fromA = startOf(here, a);
  const fromB = startOf(here, b);
  const length = <u32>(endOf(here, a) - fromA);
  if (length !== <u32>(endOf(here, b) - fromB) || length > 15) return false;
  const equal = <u32>i8x16.bitmask(i8x16.eq(v128.load(fromA), v128.load(fromB)));
  return (~equal & ((<u32>1 << length) - 1)) === 0;
}
