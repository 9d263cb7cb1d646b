// The order of two rows: that of their keys' texts (compareRows in src/evidence/flow-merge.ts).

import { IPV4, NONE } from './families';
import { allocate } from './memory';
import { EPHEMERAL, NO_PORT } from './numbers';
import { rankOf } from './octets';

let endpointRanks: usize = 0;
let addressRanks: usize = 0;

/** Room for what order the texts have: a rank for each interface, a rank and a threshold for each IPv6 address. */
export function reserveRanks(endpointsHere: u32, addressesHere: u32): void {
  endpointRanks = allocate(4 * <usize>endpointsHere + 8);
  addressRanks = allocate(8 * <usize>addressesHere + 8);
}
export function endpointRanksAt(): usize {
  return endpointRanks;
}
export function addressRanksAt(): usize {
  return addressRanks;
}

/** The place of a row's interface among all of them. */
// @ts-ignore: decorator
@inline
export function rankOfInterface(row: usize): u32 {
  return load<u32>(endpointRanks + ((<usize>load<u32>(row)) << 2));
}

/** Bits that the order of an address has. */
export const ADDRESS_BITS: u64 = 34;

/**
 * A number that orders addresses as their texts are ordered. IPv6 addresses stand between the quads of two first octets,
 * after all whose text is before theirs, in their own order: there are less than 2^24 of them.
 */
// @ts-ignore: decorator
@inline
export function orderOfAddress(value: u32, family: u32): u64 {
  if (family === IPV4) return (<u64>((value >> 24) * 2 + 1) << 24) | (value & 0xffffff);
  if (family === NONE) return 0;
  const rank = addressRanks + ((<usize>value) << 3);
  return (<u64>(load<u32>(rank, 4) * 2) << 24) | load<u32>(rank);
}

/** Whether the row at `a` comes before the one at `b`, which is of the same interface, source and destination. */
export function isBefore(a: usize, b: usize): bool {
  const flagsA = load<u32>(a, 4);
  const flagsB = load<u32>(b, 4);
  const familiesA = flagsA >> 14;
  const familiesB = flagsB >> 14;
  for (let field: u32 = 2; field < 4; field++) {
    const va = load<u32>(a + 8 + ((<usize>field) << 2));
    const vb = load<u32>(b + 8 + ((<usize>field) << 2));
    const fa = (familiesA >> (field << 1)) & 3;
    const fb = (familiesB >> (field << 1)) & 3;
    if (va === vb && fa === fb) continue;
    // None is before every address.
    if (fa === NONE || fb === NONE) return fa === NONE;
    return orderOfAddress(va, fa) < orderOfAddress(vb, fb);
  }
  const protocolA = protocolOrder(flagsA & 511);
  const protocolB = protocolOrder(flagsB & 511);
  if (protocolA !== protocolB) return protocolA < protocolB;
  const portsA = load<u32>(a, 24);
  const portsB = load<u32>(b, 24);
  const sourceA = portOrder(portsA & 0xffff);
  const sourceB = portOrder(portsB & 0xffff);
  if (sourceA !== sourceB) return sourceA < sourceB;
  const destinationA = portOrder(portsA >> 16);
  const destinationB = portOrder(portsB >> 16);
  if (destinationA !== destinationB) return destinationA < destinationB;
  const acceptedA = (flagsA >> 9) & 1;
  const acceptedB = (flagsB >> 9) & 1;
  if (acceptedA !== acceptedB) return acceptedA > acceptedB;
  const roleA = roleOrder((flagsA >> 10) & 3);
  const roleB = roleOrder((flagsB >> 10) & 3);
  if (roleA !== roleB) return roleA < roleB;
  return directionOrder((flagsA >> 12) & 3) < directionOrder((flagsB >> 12) & 3);
}

/** `-`, then numbers as texts. */
function protocolOrder(stored: u32): u32 {
  return stored === 0 ? 0 : rankOf(stored - 1) + 1;
}

/** `-`, then numbers as texts, then `ephemeral`. */
function portOrder(value: u32): u32 {
  if (value === NO_PORT) return 0;
  if (value === EPHEMERAL) return 0xffffffff;
  // Digits left-aligned in five places of eleven: a missing digit is before every digit.
  let digits: u32 = 1;
  for (let power: u32 = 10; power <= value; power *= 10) digits++;
  let order: u32 = 0;
  let rest = value;
  let place: u32 = 1;
  for (let gap = digits; gap < 5; gap++) place *= 11;
  for (let digit: u32 = 0; digit < digits; digit++) {
    order += (rest % 10 + 1) * place;
    rest /= 10;
    place *= 11;
  }
  return order + 1;
}

/** other, syn, syn-ack, unknown. */
function roleOrder(role: u32): u32 {
  return role === 0 ? 3 : role - 1;
}

/** `-`, egress, ingress. */
function directionOrder(direction: u32): u32 {
  return direction === 0 ? 0 : 3 - direction;
}
