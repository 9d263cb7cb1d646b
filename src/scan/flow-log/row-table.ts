import { DomicileError } from '../../core/index.ts';

/** Columns of one row's measures. */
const FLOWS = 0;
const PACKETS = 1;
const BYTES = 2;
const WITHOUT_BYTES = 3;
const FIRST = 4;
const LAST = 5;
const MEASURES = 6;

/** One row as it leaves the table: its key's text and its measures. */
export interface TableRow {
  readonly key: string;
  readonly flows: number;
  readonly packets: number;
  readonly bytes: number;
  readonly withoutBytes: number;
  readonly first: number;
  readonly last: number;
}

/** What one record adds to its row. `bytes` is -1 where the record has none. */
export interface Measures {
  packets: number;
  bytes: number;
  start: number;
  end: number;
}

/**
 * Rows by the bytes of their key: an open-addressing table over one byte arena, so that a record costs a
 * hash and a comparison and no object. Keys are compared in full; a hash never decides.
 */
export interface RowTable {
  /** Adds a record and gives the number of its row. */
  readonly add: (key: Uint8Array, length: number, hash: number, measures: Measures) => number;
  readonly rows: () => readonly TableRow[];
}

/** @param limit rows after which the table refuses: memory is bounded whatever the input. */
export function createRowTable(limit: number): RowTable {
  let slots = new Int32Array(1 << 12).fill(-1);
  let hashes = new Int32Array(1 << 11);
  let offsets = new Uint32Array((1 << 11) + 1);
  let measures = new Float64Array((1 << 11) * MEASURES);
  let arena = new Uint8Array(1 << 17);
  let count = 0;

  const grow = (): void => {
    if (count >= limit)
      throw new DomicileError('TOO_LARGE', `expected at most ${limit} distinct flows, found more`);
    if (count === hashes.length) {
      hashes = copied(new Int32Array(count * 2), hashes);
      offsets = copied(new Uint32Array(count * 2 + 1), offsets);
      measures = copied(new Float64Array(count * 2 * MEASURES), measures);
    }
    if (count * 2 >= slots.length) {
      slots = new Int32Array(slots.length * 2).fill(-1);
      for (let row = 0; row < count; row += 1) slots[freeSlot(hashes[row] ?? 0)] = row;
    }
  };
  const freeSlot = (hash: number): number => {
    const mask = slots.length - 1;
    let slot = hash & mask;
    while (slots[slot] !== -1) slot = (slot + 1) & mask;
    return slot;
  };
  const sameKey = (row: number, key: Uint8Array, length: number): boolean => {
    const from = offsets[row] ?? 0;
    if ((offsets[row + 1] ?? 0) - from !== length) return false;
    for (let index = 0; index < length; index += 1) if (arena[from + index] !== key[index]) return false;
    return true;
  };
  const insert = (key: Uint8Array, length: number, hash: number): number => {
    grow();
    const from = offsets[count] ?? 0;
    while (from + length > arena.length) arena = copied(new Uint8Array(arena.length * 2), arena);
    arena.set(key.subarray(0, length), from);
    offsets[count + 1] = from + length;
    hashes[count] = hash;
    slots[freeSlot(hash)] = count;
    const at = count * MEASURES;
    measures[at + FIRST] = Number.POSITIVE_INFINITY;
    measures[at + LAST] = Number.NEGATIVE_INFINITY;
    count += 1;
    return count - 1;
  };
  const find = (key: Uint8Array, length: number, hash: number): number => {
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = slots[slot] ?? -1;
      if (row === -1) return insert(key, length, hash);
      if (hashes[row] === hash && sameKey(row, key, length)) return row;
    }
  };

  return {
    add: (key, length, hash, added) => {
      const row = find(key, length, hash);
      const at = row * MEASURES;
      measures[at + FLOWS] = (measures[at + FLOWS] ?? 0) + 1;
      measures[at + PACKETS] = (measures[at + PACKETS] ?? 0) + added.packets;
      if (added.bytes < 0) measures[at + WITHOUT_BYTES] = (measures[at + WITHOUT_BYTES] ?? 0) + 1;
      else measures[at + BYTES] = (measures[at + BYTES] ?? 0) + added.bytes;
      if (added.start < (measures[at + FIRST] ?? 0)) measures[at + FIRST] = added.start;
      if (added.end > (measures[at + LAST] ?? 0)) measures[at + LAST] = added.end;
      return row;
    },
    rows: () => {
      const decoder = new TextDecoder('latin1');
      return Array.from({ length: count }, (_, row) => {
        const measure = (column: number): number => exact(measures[row * MEASURES + column] ?? 0);
        return {
          key: decoder.decode(arena.subarray(offsets[row], offsets[row + 1])),
          flows: measure(FLOWS),
          packets: measure(PACKETS),
          bytes: measure(BYTES),
          withoutBytes: measure(WITHOUT_BYTES),
          first: measure(FIRST),
          last: measure(LAST),
        };
      });
    },
  };
}

function copied<T extends Int32Array | Uint32Array | Float64Array | Uint8Array>(target: T, source: T): T {
  target.set(source);
  return target;
}

/** Sums of doubles are exact up to 2^53: past that a total is an error, not an estimate. */
function exact(value: number): number {
  if (!Number.isSafeInteger(value))
    throw new DomicileError('TOO_LARGE', 'expected totals below 2^53, found a larger one');
  return value;
}
