// Sorts the rows as their keys' texts are ordered: by interface, source and destination, which are numbers that order as
// their texts do, digit by digit; then rows that have all three in common, by merging.

import { endpointCount } from './interfaces';
import { allocate } from './memory';
import { ADDRESS_BITS, isBefore, orderOfAddress, rankOfInterface } from './order';
import { rowAt, rowCount } from './rows';

// An entry: the order of the source below the rank of the interface; the row's number below the order of the destination.
const ENTRY: usize = 16;
const OWNER_AND_SOURCE: usize = 0;
const DESTINATION: usize = 8;
const ROW_BITS: u64 = 64 - ADDRESS_BITS;
const ROW_MASK: u64 = (1 << ROW_BITS) - 1;

const DIGIT_BITS: u64 = 12;
const DIGITS: u32 = 1 << 12;
const places: usize = memory.data(4 << 12, 64);

/** Gives where the numbers of the rows stand, in the order of their keys' texts. */
export function sort(): usize {
  let entries = allocate(ENTRY * (<usize>rowCount + 1));
  let other = allocate(ENTRY * (<usize>rowCount + 1));
  fillEntries(entries);
  // From the last digit to the first: each pass keeps the order that those before it made.
  let part = DESTINATION;
  let shift = ROW_BITS;
  while (true) {
    if (sortByDigit(entries, other, part, shift)) {
      const sorted = other;
      other = entries;
      entries = sorted;
    }
    shift += DIGIT_BITS;
    if (part === DESTINATION && shift >= 64) {
      part = OWNER_AND_SOURCE;
      shift = 0;
    } else if (part === OWNER_AND_SOURCE && shift >= ADDRESS_BITS + 32 - <u64>clz(endpointCount)) break;
  }
  sortEquals(entries, other);
  return numbersOf(entries, other);
}

function fillEntries(entries: usize): void {
  for (let row: u32 = 0; row < rowCount; row++) {
    const at = rowAt(row);
    const families = load<u32>(at, 4) >> 14;
    const source = orderOfAddress(load<u32>(at, 8), families & 3);
    const destination = orderOfAddress(load<u32>(at, 12), (families >> 2) & 3);
    const entry = entries + <usize>row * ENTRY;
    store<u64>(entry, (<u64>rankOfInterface(at) << ADDRESS_BITS) | source, OWNER_AND_SOURCE);
    store<u64>(entry, (destination << ROW_BITS) | row, DESTINATION);
  }
}

/** Orders the entries in `from` by one digit, into `to`. False where all have the same: they stay where they are. */
function sortByDigit(from: usize, to: usize, part: usize, shift: u64): bool {
  memory.fill(places, 0, 4 * DIGITS);
  const end = from + <usize>rowCount * ENTRY;
  for (let entry = from; entry < end; entry += ENTRY) {
    const at = placeOf(entry, part, shift);
    store<u32>(at, load<u32>(at) + 1);
  }
  let place: u32 = 0;
  for (let digit: u32 = 0; digit < DIGITS; digit++) {
    const at = places + ((<usize>digit) << 2);
    const count = load<u32>(at);
    if (count === rowCount) return false;
    store<u32>(at, place);
    place += count;
  }
  for (let entry = from; entry < end; entry += ENTRY) {
    const at = placeOf(entry, part, shift);
    const free = load<u32>(at);
    store<u32>(at, free + 1);
    v128.store(to + <usize>free * ENTRY, v128.load(entry));
  }
  return true;
}

// @ts-ignore: decorator
@inline
function placeOf(entry: usize, part: usize, shift: u64): usize {
  return places + (<usize>((load<u64>(entry + part) >> shift) & (DIGITS - 1)) << 2);
}

/** Orders what the numbers leave equal. */
function sortEquals(entries: usize, other: usize): void {
  let low: u32 = 0;
  for (let high: u32 = 1; high <= rowCount; high++) {
    const first = entries + <usize>low * ENTRY;
    const entry = entries + <usize>high * ENTRY;
    if (
      high < rowCount &&
      load<u64>(first, OWNER_AND_SOURCE) === load<u64>(entry, OWNER_AND_SOURCE) &&
      (load<u64>(first, DESTINATION) ^ load<u64>(entry, DESTINATION)) <= ROW_MASK
    ) {
      continue;
    }
    if (high - low > 1) sortRun(entries, other, low, high);
    low = high;
  }
}

/** Merge sort: what order the input has changes nothing about the time. The result is in `entries`. */
function sortRun(entries: usize, other: usize, low: u32, high: u32): void {
  let from = entries;
  let to = other;
  for (let width: u32 = 1; width < high - low; width *= 2) {
    for (let start = low; start < high; start += width * 2) {
      mergeRuns(from, to, start, min(start + width, high), min(start + width * 2, high));
    }
    const swapped = from;
    from = to;
    to = swapped;
  }
  if (from !== entries) {
    memory.copy(entries + <usize>low * ENTRY, from + <usize>low * ENTRY, <usize>(high - low) * ENTRY);
  }
}

function mergeRuns(from: usize, to: usize, low: u32, middle: u32, high: u32): void {
  let left = low;
  let right = middle;
  for (let at = low; at < high; at++) {
    const a = from + <usize>left * ENTRY;
    const b = from + <usize>right * ENTRY;
    const takeLeft = right >= high || (left < middle && isBefore(rowAt(rowOf(a)), rowAt(rowOf(b))));
    v128.store(to + <usize>at * ENTRY, v128.load(takeLeft ? a : b));
    if (takeLeft) left++;
    else right++;
  }
}

// @ts-ignore: decorator
@inline
function rowOf(entry: usize): u32 {
  return <u32>(load<u64>(entry, DESTINATION) & ROW_MASK);
}

function numbersOf(entries: usize, numbers: usize): usize {
  for (let index: u32 = 0; index < rowCount; index++) {
    store<u32>(numbers + ((<usize>index) << 2), rowOf(entries + <usize>index * ENTRY));
  }
  return numbers;
}
