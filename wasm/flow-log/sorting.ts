// Sorts the rows as their keys' texts are ordered: by interface first, then each interface's rows by merging.

import { endpointCount } from './interfaces';
import { allocate } from './memory';
import { isBefore, rankOfInterface } from './order';
import { rowAt, rowCount } from './rows';

// An entry of the order: source and destination where both are IPv4, the row's number, and whether they are.
const SORTED: usize = 16;

/** Orders the rows as their keys' texts are ordered, and gives where the entries stand in that order. */
export function sort(): usize {
  const places = allocate(4 * (<usize>endpointCount + 2));
  for (let row: u32 = 0; row < rowCount; row++) {
    const at = places + ((<usize>rankOfInterface(row) + 1) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  for (let rank: u32 = 0; rank < endpointCount; rank++) {
    const at = places + ((<usize>rank) << 2);
    store<u32>(at, load<u32>(at) + load<u32>(at, 4), 4);
  }
  const entries = allocate(SORTED * (<usize>rowCount + 1));
  for (let row: u32 = 0; row < rowCount; row++) {
    const placeAt = places + ((<usize>rankOfInterface(row)) << 2);
    const place = load<u32>(placeAt);
    store<u32>(placeAt, place + 1);
    const entry = entries + <usize>place * SORTED;
    const at = rowAt(row);
    store<u64>(entry, (<u64>load<u32>(at, 8) << 32) | load<u32>(at, 12));
    store<u32>(entry, row, 8);
    store<u32>(entry, ((load<u32>(at, 4) >> 14) & 15) === 5 ? 1 : 0, 12);
  }
  const other = allocate(SORTED * (<usize>rowCount + 1));
  let low: u32 = 0;
  for (let rank: u32 = 0; rank < endpointCount; rank++) {
    // Each place has moved on to where its interface's rows end.
    const high = load<u32>(places + ((<usize>rank) << 2));
    sortRun(entries, other, low, high);
    low = high;
  }
  return entries;
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
    memory.copy(entries + <usize>low * SORTED, from + <usize>low * SORTED, <usize>(high - low) * SORTED);
  }
}

function mergeRuns(from: usize, to: usize, low: u32, middle: u32, high: u32): void {
  let left = low;
  let right = middle;
  for (let at = low; at < high; at++) {
    const a = from + <usize>left * SORTED;
    const b = from + <usize>right * SORTED;
    const takeLeft = right >= high || (left < middle && isEntryBefore(a, b));
    const taken = takeLeft ? a : b;
    v128.store(to + <usize>at * SORTED, v128.load(taken));
    if (takeLeft) left++;
    else right++;
  }
}

function isEntryBefore(a: usize, b: usize): bool {
  const left = load<u64>(a);
  const right = load<u64>(b);
  if (left !== right && (load<u32>(a, 12) & load<u32>(b, 12)) !== 0) return left < right;
  return isBefore(rowAt(load<u32>(a, 8)), rowAt(load<u32>(b, 8)));
}
