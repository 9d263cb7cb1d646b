// The tables of deflate's codes (RFC 1951, 3.2.2): some bits of the stream to what they mean.

import { scratch } from './memory';

// What a table's symbols are: literals and lengths of copies, their distances, or lengths of the other two's codes.
export const LITERALS: u32 = 0;
export const DISTANCES: u32 = 1;
export const CODES: u32 = 2;

export const LITERAL_BITS: u32 = 11;
export const DISTANCE_BITS: u32 = 8;
export const CODE_BITS: u32 = 7;
// Entries of a table: LITERAL, value in bits 16 to 23, bits in 0 to 7; or a base in bits 16 to 30, bits of its code
// in 8 to 11, bits with the extra ones in 0 to 7; or SPECIAL with END, or with SUBTABLE, its place in bits 16 to 30
// and its bits in 8 to 11; or SPECIAL alone for what no code is.
export const LITERAL: u32 = 0x80000000;
export const SPECIAL: u32 = 0x8000;
export const SUBTABLE: u32 = 0x4000;
export const END_OF_BLOCK: u32 = 0x2000;
export const LITERAL_ENTRIES: u32 = 2400;
export const DISTANCE_ENTRIES: u32 = 512;

export const literals: usize = memory.data(4 * 2400, 64);
export const distances: usize = memory.data(4 * 512, 64);
export const codes: usize = memory.data(4 * 128, 64);
const longest: usize = memory.data(2048, 8);

/** The meaning of a symbol, but for the bits of its code. */
function meaning(kind: u32, symbol: u32): u32 {
  if (kind === CODES) return symbol << 16;
  if (kind === DISTANCES) {
    if (symbol > 29) return SPECIAL;
    if (symbol < 4) return (symbol + 1) << 16;
    const extra = (symbol >> 1) - 1;
    return ((((2 + (symbol & 1)) << extra) + 1) << 16) | extra;
  }
  if (symbol < 256) return LITERAL | (symbol << 16);
  if (symbol === 256) return SPECIAL | END_OF_BLOCK;
  if (symbol > 285) return SPECIAL;
  if (symbol === 285) return 258 << 16;
  if (symbol < 265) return (symbol - 254) << 16;
  const extra = (symbol - 261) >> 2;
  return ((((4 + ((symbol - 265) & 3)) << extra) + 3) << 16) | extra;
}

/** Builds the table of a canonical code from its lengths (RFC 1951, 3.2.2). False where they make no code. */
export function build(lengths: usize, symbols: u32, bits: u32, table: usize, room: u32, kind: u32): bool {
  const counts = scratch;
  memory.fill(counts, 0, 64);
  let highest: u32 = 0;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length = <u32>load<u8>(lengths + symbol);
    store<u32>(counts + ((<usize>length) << 2), load<u32>(counts + ((<usize>length) << 2)) + 1);
    if (length > highest) highest = length;
  }
  const main: u32 = 1 << bits;
  for (let at: u32 = 0; at < main; at++) store<u32>(table + ((<usize>at) << 2), SPECIAL);
  if (highest === 0) return kind === DISTANCES;
  let left: i32 = 1;
  for (let length: u32 = 1; length < 16; length++) {
    left = (left << 1) - load<i32>(counts + ((<usize>length) << 2));
    if (left < 0) return false;
  }
  // A code may be incomplete only where it has a single word, of one bit.
  if (left > 0 && (kind === CODES || highest !== 1)) return false;

  // The first word of each length; then, for words longer than the table, how long those with one beginning get.
  const next = scratch + 64;
  let word: u32 = 0;
  store<u32>(counts, 0);
  for (let length: u32 = 1; length < 16; length++) {
    word = (word + load<u32>(counts + ((<usize>(length - 1)) << 2))) << 1;
    store<u32>(next + ((<usize>length) << 2), word);
  }
  if (highest > bits) {
    memory.fill(longest, 0, main);
    let long = load<u32>(next + ((<usize>(bits + 1)) << 2));
    for (let length = bits + 1; length <= highest; length++) {
      const words = load<u32>(counts + ((<usize>length) << 2));
      long = load<u32>(next + ((<usize>length) << 2));
      for (let at: u32 = 0; at < words; at++) {
        store<u8>(longest + (reversed(long + at, length) & (main - 1)), length);
      }
    }
    let place = main;
    for (let at: u32 = 0; at < main; at++) {
      const length = <u32>load<u8>(longest + at);
      if (length === 0) continue;
      const size: u32 = 1 << (length - bits);
      if (place + size > room) return false;
      store<u32>(table + ((<usize>at) << 2), SPECIAL | SUBTABLE | (place << 16) | ((length - bits) << 8) | bits);
      for (let inner: u32 = 0; inner < size; inner++) store<u32>(table + ((<usize>(place + inner)) << 2), SPECIAL);
      place += size;
    }
  }

  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length = <u32>load<u8>(lengths + symbol);
    if (length === 0) continue;
    const nextAt = next + ((<usize>length) << 2);
    const code = reversed(load<u32>(nextAt), length);
    store<u32>(nextAt, load<u32>(nextAt) + 1);
    const said = meaning(kind, symbol);
    if (length <= bits) {
      fill(table, code, 1 << length, main, withBits(said, length));
    } else {
      const pointer = load<u32>(table + ((<usize>(code & (main - 1))) << 2));
      const inner = table + ((<usize>((pointer >> 16) & 0x7fff)) << 2);
      fill(inner, code >> bits, 1 << (length - bits), 1 << ((pointer >> 8) & 15), withBits(said, length - bits));
    }
  }
  return true;
}

function withBits(said: u32, length: u32): u32 {
  return (said & SPECIAL) !== 0 || (said & LITERAL) !== 0 ? said | length : (said + length) | (length << 8);
}

function fill(table: usize, from: u32, step: u32, size: u32, entry: u32): void {
  for (let at = from; at < size; at += step) store<u32>(table + ((<usize>at) << 2), entry);
}

function reversed(word: u32, length: u32): u32 {
  let result: u32 = 0;
  for (let bit: u32 = 0; bit < length; bit++) result |= ((word >> bit) & 1) << (length - 1 - bit);
  return result;
}
