// Numbers, eight digits at a time.

import { ZERO, DASH } from './characters';
import { column, endOf, startOf } from './columns';

const FIRST_IN_MILLISECONDS: i64 = 100_000_000_001;
// The second after the last one must have a number too, since spans that touch are one.
const LARGEST_SECOND: i64 = 0xfffffffe;

export const EPHEMERAL: u32 = 32_768;
export const NO_PORT: u32 = 65_535;

/** A number of up to 15 digits; -1 for `-` or a column that the format lacks; -2 for anything else. */
// @ts-ignore: decorator
@inline
export function number(here: usize, which: u32): i64 {
  const at = column(which);
  if (at < 0) return -1;
  const from = startOf(here, at);
  const end = endOf(here, at);
  const length = <u32>(end - from);
  if (length < 8) {
    if (length === 0) return -2;
    const value = few(from, length);
    return value < 0 && length === 1 && load<u8>(from) === DASH ? -1 : value;
  }
  if (length > 15) return -2;
  const low = eight(load<u64>(end - 8));
  if (low < 0 || length === 8) return low;
  const high = few(from, length - 8);
  return high < 0 ? -2 : high * 100_000_000 + low;
}

/** One to seven digits. */
// @ts-ignore: decorator
@inline
function few(from: usize, length: u32): i64 {
  const bits = <u64>(length << 3);
  return eight((load<u64>(from) << (64 - bits)) | (0x3030303030303030 >> bits));
}

/** Eight digits, the first in the lowest byte; -2 where one is none. */
// @ts-ignore: decorator
@inline
function eight(digits: u64): i64 {
  const high = digits & 0xf0f0f0f0f0f0f0f0;
  const over = ((digits + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0) >> 4;
  if ((high | over) !== 0x3333333333333333) return -2;
  let value = ((digits & 0x0f0f0f0f0f0f0f0f) * 2561) >> 8;
  value = ((value & 0x00ff00ff00ff00ff) * 6_553_601) >> 16;
  return <i64>(((value & 0x0000ffff0000ffff) * 42_949_672_960_001) >> 32);
}

/** Unix seconds below 2^32, from seconds or milliseconds; negative for anything else. */
// @ts-ignore: decorator
@inline
export function seconds(here: usize, which: u32): i64 {
  const at = column(which);
  const from = startOf(here, at);
  const end = endOf(here, at);
  // From 2001 to 2286 Unix seconds have ten digits.
  if (end - from === 10) {
    const low = eight(load<u64>(from, 2));
    const high = (<u32>load<u8>(from) - ZERO) * 10 + <u32>load<u8>(from, 1) - ZERO;
    if (low < 0 || <u32>load<u8>(from, 1) - ZERO > 9 || high > 42) return -2;
    const time = <i64>high * 100_000_000 + low;
    return time > LARGEST_SECOND ? -2 : time;
  }
  const time = number(here, which);
  const inSeconds = time >= FIRST_IN_MILLISECONDS ? <i64>(<u64>time / 1000) : time;
  return inSeconds > LARGEST_SECOND ? -2 : inSeconds;
}

/** A port class: exact below 32768, else EPHEMERAL; NO_PORT for none; larger for what is no port. */
// @ts-ignore: decorator
@inline
export function port(here: usize, which: u32): u32 {
  const value = number(here, which);
  if (value === -1) return NO_PORT;
  if (value < 0 || value > 65_535) return NO_PORT + 1;
  // Half of all ports are ephemeral, in no order: no branch. From 32768 on only the highest of 16 bits is kept.
  return <u32>value & (EPHEMERAL | ((<u32>value >> 15) - 1));
}
