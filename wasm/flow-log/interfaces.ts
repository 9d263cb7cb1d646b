// Interfaces: what was counted of each, and the time for which there are records of it.

import { keepSpan } from './host';
import { allocate } from './memory';

// An interface: ok, nodata, skipdata, state, start and end of the current lost span, then the first second of its
// map of observed seconds, and the map: a bit for each of the seconds from there. Records come in no order of time,
// so a current span would change all the time; setting bits is the union.
const ENDPOINT: usize = 288;
const LOST: u32 = 16;
const MAP_BASE: u32 = 24;
const MAP: u32 = 32;
const MAP_SECONDS: u32 = 2048;
const MAP_WORDS: u32 = 32;
/** What a map leaves before the record that begins it, since earlier ones of the same object may follow. */
const SECONDS_BEFORE: u32 = 704;
const HAS_MAP: u32 = 1;
const HAS_LOST: u32 = 2;
/** An account has some thousands; hostile names must not fill the memory. */
export const MOST_ENDPOINTS: u32 = 100_000;
let endpoints: usize = allocate(ENDPOINT * 256 + 8);
let endpointRoom: u32 = 256;
export let endpointCount: u32 = 0;

/** Makes room for interfaces up to `count`. */
export function reserveEndpoints(count: u32): void {
  if (count > endpointRoom) {
    const larger = allocate(ENDPOINT * <usize>count * 2 + 8);
    memory.copy(larger, endpoints, ENDPOINT * <usize>endpointRoom);
    endpoints = larger;
    endpointRoom = count * 2;
  }
  if (count > endpointCount) endpointCount = count;
}

export function endpointsAt(): usize {
  return endpoints;
}

// @ts-ignore: decorator
@inline
export function countersOf(own: u32): usize {
  return endpoints + <usize>own * ENDPOINT;
}

/** Counts a record of one of the three sorts, which are named by where they are counted. */
// @ts-ignore: decorator
@inline
export function countRecord(counters: usize, sort: usize): void {
  store<u32>(counters + sort, load<u32>(counters + sort) + 1);
}
export const OK: usize = 0;
export const NODATA: usize = 4;
export const SKIPDATA: usize = 8;

/** Adds an observed span to an interface's time. */
// @ts-ignore: decorator
@inline
export function observe(counters: usize, own: u32, start: u32, end: u32): void {
  const base = load<u32>(counters, MAP_BASE);
  const hasMap = (load<u32>(counters, 12) & HAS_MAP) !== 0;
  // Unsigned: a start before the base is far beyond the map.
  if (hasMap && start - base < MAP_SECONDS && end - base < MAP_SECONDS) mark(counters, start - base, end - base);
  else beginMap(counters, own, start, end);
}

/** Sets bits. Usually they are less than 64, in one word or in two, without a branch on which. */
// @ts-ignore: decorator
@inline
function mark(counters: usize, first: u32, last: u32): void {
  const length = last - first;
  if (length > 63) {
    markMany(counters, first, last);
    return;
  }
  const at = counters + MAP + ((<usize>(first >> 6)) << 3);
  const bits = <u64>-1 >> (63 - <u64>length);
  const shift = <u64>first & 63;
  store<u64>(at, load<u64>(at) | (bits << shift));
  // Beyond the last word there is the next interface: nothing is set there, since the span ends in the map.
  store<u64>(at, load<u64>(at, 8) | ((bits >> 1) >> (63 - shift)), 8);
}

function markMany(counters: usize, first: u32, last: u32): void {
  const map = counters + MAP;
  let at = map + ((<usize>(first >> 6)) << 3);
  const lastAt = map + ((<usize>(last >> 6)) << 3);
  let mask = <u64>-1 << (<u64>first & 63);
  while (at < lastAt) {
    store<u64>(at, load<u64>(at) | mask);
    mask = -1;
    at += 8;
  }
  mask &= <u64>-1 >> (63 - (<u64>last & 63));
  store<u64>(at, load<u64>(at) | mask);
}

function beginMap(counters: usize, own: u32, start: u32, end: u32): void {
  flushMap(counters, own);
  if (end - start >= MAP_SECONDS - SECONDS_BEFORE - 64) {
    keepSpan(own, 0, start, end);
    return;
  }
  const from = start > SECONDS_BEFORE ? (start - SECONDS_BEFORE) & ~63 : 0;
  store<u32>(counters, from, MAP_BASE);
  store<u32>(counters, load<u32>(counters, 12) | HAS_MAP, 12);
  mark(counters, start - from, end - from);
}

/** Gives the runs of an interface's map away, and clears it. */
function flushMap(counters: usize, own: u32): void {
  const state = load<u32>(counters, 12);
  if ((state & HAS_MAP) === 0) return;
  store<u32>(counters, state & ~HAS_MAP, 12);
  const base = load<u32>(counters, MAP_BASE);
  let runs = false;
  let runStart: u32 = 0;
  for (let word: u32 = 0; word < MAP_WORDS; word++) {
    const at = counters + MAP + ((<usize>word) << 3);
    let bits = load<u64>(at);
    store<u64>(at, 0);
    const first = base + (word << 6);
    // A run ends where a bit is not set; one that reaches the next word goes on there.
    let offset: u32 = 0;
    while (offset < 64) {
      if (runs) {
        const length = <u32>ctz(~bits);
        if (length + offset >= 64) break;
        offset += length;
        bits >>= <u64>length;
        keepSpan(own, 0, runStart, first + offset - 1);
        runs = false;
      } else {
        if (bits === 0) break;
        const gap = <u32>ctz(bits);
        offset += gap;
        bits >>= <u64>gap;
        runStart = first + offset;
        runs = true;
      }
    }
  }
  if (runs) keepSpan(own, 0, runStart, base + MAP_SECONDS - 1);
}

/** Gives all spans away that are still here. */
export function flushSpans(): void {
  for (let own: u32 = 0; own < endpointCount; own++) {
    const counters = countersOf(own);
    flushMap(counters, own);
    const state = load<u32>(counters, 12);
    if ((state & HAS_LOST) === 0) continue;
    store<u32>(counters, state & ~HAS_LOST, 12);
    keepSpan(own, 1, load<u32>(counters, LOST), load<u32>(counters, LOST + 4));
  }
}

/** Adds a span in which AWS lost records. They are few. */
export function lose(counters: usize, own: u32, start: u32, end: u32): void {
  const at = counters + LOST;
  const state = load<u32>(counters, 12);
  if ((state & HAS_LOST) !== 0) {
    const knownStart = load<u32>(at);
    const knownEnd = load<u32>(at, 4);
    if (<u64>start <= <u64>knownEnd + 1 && <u64>end + 1 >= <u64>knownStart) {
      store<u32>(at, min(start, knownStart));
      store<u32>(at, max(end, knownEnd), 4);
      return;
    }
    keepSpan(own, 1, knownStart, knownEnd);
  } else {
    store<u32>(counters, state | HAS_LOST, 12);
  }
  store<u32>(at, start);
  store<u32>(at, end, 4);
}
