// Rows: exact totals by key, in an open-addressing table.

import { refuseMore } from './fullness';
import { mix } from './hashing';
import { allocate, allocateAligned } from './memory';

/** Sums stop here, far above what a total may be (2^53): they never wrap round to something small. */
const LARGEST_SUM: i64 = 1 << 62;

// A row: interface, flags, source, destination, packet source, packet destination, ports (28 bytes of key);
// flows, packets (8), bytes (8), first, last, records without bytes, hash.
export const ROW: usize = 64;
const SEGMENT_ROWS: u32 = 32_768;
const segments: usize = memory.data(4 * 64, 8);
let slots: usize = allocate(4 * 4096);
let slotMask: u32 = 4095;
export let rowCount: u32 = 0;
let rowLimit: u32 = 0;

export function limitRows(rows: u32): void {
  rowLimit = rows;
}

export function rows(): u32 {
  return rowCount;
}

export function segmentsAt(): usize {
  return segments;
}

// @ts-ignore: decorator
@inline
export function rowAt(row: u32): usize {
  return <usize>load<u32>(segments + ((<usize>(row / SEGMENT_ROWS)) << 2)) + <usize>(row % SEGMENT_ROWS) * ROW;
}

// A batch of rows that are to be added. Rows lie far apart in memory: looking many up at once lets the processor
// wait for many of them at the same time.
const BATCH_ROWS: u32 = 512;
export const batch: usize = memory.data(64 * (512 + 1), 64);
let batched: u32 = 0;
/** What the looking ahead read: kept, so that the compiler keeps the reads. */
let seen: u32 = 0;

export function batchAt(): usize {
  return batch;
}
export function batchRows(): u32 {
  return BATCH_ROWS;
}

/** Where the next entry is to be written: a row with the measures of one record. */
// @ts-ignore: decorator
@inline
export function nextEntry(): usize {
  return batch + <usize>batched * ROW;
}

/** Takes the entry that was written. */
// @ts-ignore: decorator
@inline
export function takeEntry(): void {
  batched++;
  if (batched === BATCH_ROWS) finishBatch();
}

/** Adds what is in the batch. */
export function finishBatch(): void {
  addBatch(batched);
  batched = 0;
}

/** Adds the first `count` entries. */
export function addBatch(count: u32): void {
  const end = batch + <usize>count * ROW;
  let ahead: u32 = 0;
  for (let entry = batch; entry < end; entry += ROW) {
    const hash = keyHash(entry);
    store<u32>(entry, hash, 60);
    ahead += load<u32>(slots + ((<usize>(hash & slotMask)) << 2));
  }
  if (rowCount > 0) {
    for (let entry = batch; entry < end; entry += ROW) {
      const found = load<u32>(slots + ((<usize>(load<u32>(entry, 60) & slotMask)) << 2)) & ROW_BITS;
      ahead += load<u32>(rowAt(found === 0 ? 0 : found - 1));
    }
  }
  seen = ahead;
  for (let entry = batch; entry < end; entry += ROW) {
    const row = findRow(entry);
    if (row === 0) return;
    store<u32>(row, load<u32>(row, 28) + load<u32>(entry, 28), 28);
    store<i64>(row, sum(load<i64>(row, 32), load<i64>(entry, 32)), 32);
    store<i64>(row, sum(load<i64>(row, 40), load<i64>(entry, 40)), 40);
    store<u32>(row, min(load<u32>(row, 48), load<u32>(entry, 48)), 48);
    store<u32>(row, max(load<u32>(row, 52), load<u32>(entry, 52)), 52);
    store<u32>(row, load<u32>(row, 56) + load<u32>(entry, 56), 56);
  }
}

// @ts-ignore: decorator
@inline
function keyHash(entry: usize): u32 {
  let hash = load<u64>(entry) * 0x9e3779b97f4a7c15;
  hash = rotl(hash, 23) + load<u64>(entry, 8) * 0xc2b2ae3d27d4eb4f;
  hash = rotl(hash, 23) + load<u64>(entry, 16) * 0x165667b19e3779f9;
  hash = rotl(hash, 23) + <u64>load<u32>(entry, 24) * 0x27d4eb2f165667c5;
  const mixed = mix(hash);
  return <u32>(mixed ^ (mixed >> 32));
}

// A slot: the number of a row, from 1, and the highest bits of its hash.
const ROW_BITS: u32 = (1 << 21) - 1;

/** The row with an entry's key, made where there is none; 0 where the table is full. */
function findRow(entry: usize): usize {
  const hash = load<u32>(entry, 60);
  let slot = hash & slotMask;
  while (true) {
    const found = load<u32>(slots + ((<usize>slot) << 2));
    if (found === 0) return addRow(entry, hash, slot);
    if (((found ^ hash) & ~ROW_BITS) === 0) {
      const row = rowAt((found & ROW_BITS) - 1);
      if (isSameKey(row, entry)) return row;
    }
    slot = (slot + 1) & slotMask;
  }
}

// @ts-ignore: decorator
@inline
function isSameKey(row: usize, entry: usize): bool {
  return (
    ((load<u64>(row) ^ load<u64>(entry)) |
      (load<u64>(row, 8) ^ load<u64>(entry, 8)) |
      (load<u64>(row, 16) ^ load<u64>(entry, 16)) |
      (<u64>load<u32>(row, 24) ^ <u64>load<u32>(entry, 24))) ===
    0
  );
}

function addRow(entry: usize, hash: u32, slot: u32): usize {
  if (rowCount >= rowLimit) {
    refuseMore();
    return 0;
  }
  if (rowCount % SEGMENT_ROWS === 0) {
    store<u32>(segments + ((<usize>(rowCount / SEGMENT_ROWS)) << 2), <u32>allocateAligned(ROW * SEGMENT_ROWS));
  }
  const row = rowAt(rowCount);
  rowCount++;
  store<u32>(slots + ((<usize>slot) << 2), (hash & ~ROW_BITS) | rowCount);
  memory.copy(row, entry, 28);
  store<u32>(row, 0xffffffff, 48);
  store<u32>(row, hash, 60);
  if (rowCount * 4 > slotMask * 3) growSlots();
  return row;
}

function growSlots(): void {
  slotMask = slotMask * 2 + 1;
  // The old slots, and those before them, lie unused: together less than the new ones.
  slots = allocate(4 * (<usize>slotMask + 1));
  for (let row: u32 = 0; row < rowCount; row++) {
    const hash = load<u32>(rowAt(row), 60);
    let slot = hash & slotMask;
    while (load<u32>(slots + ((<usize>slot) << 2)) !== 0) slot = (slot + 1) & slotMask;
    store<u32>(slots + ((<usize>slot) << 2), (hash & ~ROW_BITS) | (row + 1));
  }
}

// @ts-ignore: decorator
@inline
function sum(left: i64, right: i64): i64 {
  const total = left + right;
  return total > LARGEST_SUM ? LARGEST_SUM : total;
}
