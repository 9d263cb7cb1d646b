// The list of the separators of a stretch of text: 64 bytes at a time become a mask of spaces and newlines, and each
// bit of it a place in the list. Fields are then found without looking at a byte twice.

import { allocate } from './memory';

const WINDOW: u32 = 256 * 1024;
export const LONGEST_LINE: u32 = 8192;
/** Loads may run this far past a field, or before it. */
export const PADDING: u32 = 64;
/** A carried line and its newline stand before the window's own bytes. */
const TEXT_BYTES: u32 = WINDOW + LONGEST_LINE + 2 * PADDING;

const text: usize = allocate(TEXT_BYTES) + PADDING;
// One more in front: the separator before the first field.
const separators: usize = allocate(4 * (TEXT_BYTES + 64)) + 8;
const lines: usize = allocate(4 * (TEXT_BYTES + 64)) + 8;

export function textAt(): usize {
  return text;
}
export function windowBytes(): u32 {
  return WINDOW;
}

export let lineCount: u32 = 0;

/**
 * Lists the spaces and newlines of `length` bytes, at most those of a window, and which of them are newlines.
 * Gives how many bytes the whole lines take; the rest is for the caller to come back to.
 */
export function index(start: usize, length: u32): u32 {
  const space = i8x16.splat(32);
  const newline = i8x16.splat(10);
  let line = lines;
  let count: u32 = 0;
  for (let at: u32 = 0; at < length; at += 64) {
    const from = start + at;
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    const d = v128.load(from, 48);
    const na = i8x16.eq(a, newline);
    const nb = i8x16.eq(b, newline);
    const nc = i8x16.eq(c, newline);
    const nd = i8x16.eq(d, newline);
    let mask = together(
      v128.or(na, i8x16.eq(a, space)),
      v128.or(nb, i8x16.eq(b, space)),
      v128.or(nc, i8x16.eq(c, space)),
      v128.or(nd, i8x16.eq(d, space)),
    );
    let ends = together(na, nb, nc, nd);
    if (length - at < 64) {
      const inside = (<u64>1 << (length - at)) - 1;
      mask &= inside;
      ends &= inside;
    }
    // Twelve are written whatever there are: what is too much is overwritten, and no branch is guessed wrong.
    let out = separators + ((<usize>count) << 2);
    const found = <u32>popcnt(mask);
    store<u32>(line, count + <u32>popcnt(mask & (below(ends))));
    const newlines = <u32>popcnt(ends);
    if (newlines > 1) moreLines(line, ends, mask, count);
    line += (<usize>newlines) << 2;
    count += found;
    while (true) {
      mask = place(out, <u32>from, mask, 0);
      mask = place(out, <u32>from, mask, 4);
      mask = place(out, <u32>from, mask, 8);
      mask = place(out, <u32>from, mask, 12);
      mask = place(out, <u32>from, mask, 16);
      mask = place(out, <u32>from, mask, 20);
      mask = place(out, <u32>from, mask, 24);
      mask = place(out, <u32>from, mask, 28);
      mask = place(out, <u32>from, mask, 32);
      mask = place(out, <u32>from, mask, 36);
      mask = place(out, <u32>from, mask, 40);
      mask = place(out, <u32>from, mask, 44);
      if (mask === 0) break;
      out += 48;
    }
  }
  lineCount = <u32>((line - lines) >> 2);
  store<u32>(separators - 4, <u32>start - 1);
  if (lineCount === 0) return 0;
  return load<u32>(separators + ((<usize>load<u32>(line - 4)) << 2)) + 1 - <u32>start;
}

/** The bits below the lowest one. */
// @ts-ignore: decorator
@inline
function below(bits: u64): u64 {
  return (bits - 1) & ~bits;
}

// @ts-ignore: decorator
@inline
function place(out: usize, from: u32, mask: u64, at: usize): u64 {
  store<u32>(out + at, from + <u32>ctz(mask));
  return mask & (mask - 1);
}

function moreLines(line: usize, ends: u64, mask: u64, count: u32): void {
  let rest = ends;
  for (let at = line; rest !== 0; at += 4) {
    store<u32>(at, count + <u32>popcnt(mask & below(rest)));
    rest &= rest - 1;
  }
}

// @ts-ignore: decorator
@inline
function together(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(a)) |
    (<u64>(<u32>i8x16.bitmask(b)) << 16) |
    (<u64>(<u32>i8x16.bitmask(c)) << 32) |
    (<u64>(<u32>i8x16.bitmask(d)) << 48)
  );
}

/** Where the entry of a separator stands in the list. */
// @ts-ignore: decorator
@inline
export function separatorAt(separator: u32): usize {
  return separators + ((<usize>separator) << 2);
}

/** The separator that ends a line. */
// @ts-ignore: decorator
@inline
export function endOfLine(line: u32): u32 {
  return load<u32>(lines + ((<usize>line) << 2));
}
