// Texts that were met before: names of interfaces, and addresses that are no dotted quads.

import { IPV4, IPV6, NONE } from './families';
import { refuseMore } from './fullness';
import { hashOf, same } from './hashing';
import { newAddress, newEndpoint } from './host';
import { MOST_ENDPOINTS, reserveEndpoints } from './interfaces';
import { allocate } from './memory';
import { ranked } from './octets';

// A text that was met: hash, kind and length, where it is kept, its number, its family, unused.
const ENTRY: usize = 24;
const LONGEST_TEXT: u32 = 64;
/** Kinds of texts: which of the host's questions a new one is. */
export const INTERFACE_TEXT: u32 = 0;
export const ADDRESS_TEXT: u32 = 1;
let entries: usize = allocate(ENTRY * 1024);
let entryMask: u32 = 1023;
let entryCount: u32 = 0;
let textLimit: u32 = 0;

export function limitTexts(texts: u32): void {
  textLimit = texts;
}

/** The entry of a text of one kind, or 0 where it is none. */
export function findText(from: usize, length: u32, kind: u32): usize {
  if (length > LONGEST_TEXT) return 0;
  const hash = hashOf(from, length, kind);
  const mark = (kind << 16) | length;
  let slot = hash & entryMask;
  while (true) {
    const entry = entries + <usize>slot * ENTRY;
    const kept = load<u32>(entry, 8);
    if (kept === 0) return insert(from, length, kind, hash);
    if (load<u32>(entry) === hash && load<u32>(entry, 4) === mark && same(kept, from, length)) return entry;
    slot = (slot + 1) & entryMask;
  }
}

// @ts-ignore: decorator
@inline
export function numberOf(entry: usize): u32 {
  return load<u32>(entry, 12);
}
// @ts-ignore: decorator
@inline
export function familyOf(entry: usize): u32 {
  return load<u32>(entry, 16);
}

function insert(from: usize, length: u32, kind: u32, hash: u32): usize {
  let number: u32 = 0;
  let numberFamily: u32 = NONE;
  if (kind === INTERFACE_TEXT) {
    const given = newEndpoint(from, length);
    if (given < 0) return 0;
    if (<u32>given >= MOST_ENDPOINTS) {
      refuseMore();
      return 0;
    }
    number = given;
    reserveEndpoints(number + 1);
  } else {
    const given = newAddress(from, length);
    if (given === -1) return 0;
    number = <u32>(given < 0 ? -2 - given : given);
    numberFamily = given < 0 ? IPV4 : IPV6;
    if (given < 0) number = ranked(number);
  }
  if (entryCount >= textLimit) {
    refuseMore();
    return 0;
  }
  if (entryCount * 2 > entryMask) growEntries();
  entryCount++;
  const kept = allocate(<usize>((length + 7) & ~7));
  memory.copy(kept, from, length);
  let slot = hash & entryMask;
  while (load<u32>(entries + <usize>slot * ENTRY, 8) !== 0) slot = (slot + 1) & entryMask;
  const entry = entries + <usize>slot * ENTRY;
  store<u32>(entry, hash);
  store<u32>(entry, (kind << 16) | length, 4);
  store<u32>(entry, <u32>kept, 8);
  store<u32>(entry, number, 12);
  store<u32>(entry, numberFamily, 16);
  return entry;
}

function growEntries(): void {
  const old = entries;
  const oldMask = entryMask;
  entryMask = oldMask * 2 + 1;
  entries = allocate(ENTRY * (<usize>entryMask + 1));
  for (let slot: u32 = 0; slot <= oldMask; slot++) {
    const from = old + <usize>slot * ENTRY;
    if (load<u32>(from, 8) === 0) continue;
    let to = load<u32>(from) & entryMask;
    while (load<u32>(entries + <usize>to * ENTRY, 8) !== 0) to = (to + 1) & entryMask;
    memory.copy(entries + <usize>to * ENTRY, from, ENTRY);
  }
}
