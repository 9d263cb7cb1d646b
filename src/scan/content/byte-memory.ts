/** Longer values are not remembered: they hardly repeat, and cost as much to look up as to examine. */
export const LONGEST_REMEMBERED = 80;
const MOST_VALUES = 1024;
const SLOTS = 4096;
/** So many repeats in a thousand look-ups keep a full memory; a column of ever new values starts over. */
const FEW_REPEATS = 100;
/** So many times started over, a column is one of ever new values, and nothing is remembered of it any more. */
const MOST_STARTS = 16;

/**
 * Short values that were examined and found clean, by their bytes. Whole values are compared, so that no
 * collision makes a value clean; memory is bounded, and forgetting costs time only.
 */
export interface ByteMemory {
  readonly has: (bytes: Uint8Array, from: number, to: number) => boolean;
  readonly add: (bytes: Uint8Array, from: number, to: number) => void;
}

export function createByteMemory(): ByteMemory {
  // Most columns of most tables remember nothing.
  let arena = new Uint8Array();
  /** The number of a value, from 1. */
  const slots = new Uint16Array(SLOTS);
  const hashes = new Int32Array(MOST_VALUES);
  const lengths = new Uint8Array(MOST_VALUES);
  let count = 0;
  let repeats = 0;
  let starts = 0;

  const isAt = (value: number, bytes: Uint8Array, from: number, length: number): boolean => {
    if (lengths[value] !== length) return false;
    const start = value * LONGEST_REMEMBERED;
    for (let at = 0; at < length; at++) if (arena[start + at] !== bytes[from + at]) return false;
    return true;
  };

  /** The slot where a value is, or belongs. */
  const slotOf = (bytes: Uint8Array, from: number, to: number, hash: number): number => {
    let slot = hash & (SLOTS - 1);
    for (;;) {
      const value = (slots[slot] ?? 0) - 1;
      if (value < 0) return slot;
      if (hashes[value] === hash && isAt(value, bytes, from, to - from)) return slot;
      slot = (slot + 1) & (SLOTS - 1);
    }
  };

  return {
    has: (bytes, from, to) => {
      if (count === 0 || to - from > LONGEST_REMEMBERED) return false;
      const known = slots[slotOf(bytes, from, to, hashOf(bytes, from, to))] !== 0;
      if (known) repeats++;
      return known;
    },
    add: (bytes, from, to) => {
      if (to - from > LONGEST_REMEMBERED || starts > MOST_STARTS) return;
      if (count === MOST_VALUES) {
        if (repeats >= FEW_REPEATS) return;
        slots.fill(0);
        count = 0;
        starts++;
      }
      const hash = hashOf(bytes, from, to);
      const slot = slotOf(bytes, from, to, hash);
      if (slots[slot] !== 0) return;
      if (arena.length === 0) arena = new Uint8Array(MOST_VALUES * LONGEST_REMEMBERED);
      arena.set(bytes.subarray(from, to), count * LONGEST_REMEMBERED);
      hashes[count] = hash;
      lengths[count] = to - from;
      count++;
      slots[slot] = count;
    },
  };
}

/** FNV-1a, with a last mix: the low bits choose the slot. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return hash ^ (hash >>> 15);
}
