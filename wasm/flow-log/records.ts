// Records: the fields of a line, each checked, to one entry of the batch that is added to the rows.

import { address, family, isSameText, metNoAddress, packetAddress } from './addresses';
import { DASH, SPACE } from './characters';
import {
  ACCOUNT,
  ACTION,
  BYTES,
  column,
  DESTINATION,
  DESTINATION_PORT,
  DIRECTION,
  END,
  endOf,
  FLAGS,
  INTERFACE,
  PACKET_DESTINATION,
  PACKET_SOURCE,
  PACKETS,
  PROTOCOL,
  RESOURCE,
  SOURCE,
  SOURCE_PORT,
  START,
  startOf,
  STATUS,
} from './columns';
import { NONE } from './families';
import { countersOf, countRecord, lose, NODATA, observe, OK, SKIPDATA } from './interfaces';
import { ADDRESS, NOTHING_WRONG, NUMBER, VALUE } from './malformed';
import { scratch } from './memory';
import { NO_PORT, number, port, seconds } from './numbers';
import { nextEntry, takeEntry } from './rows';
import { findText, INTERFACE_TEXT, numberOf } from './texts';

/** Two bits for each handshake: 0 unknown, 1 other, 2 SYN, 3 SYN-ACK. Neither flag and ACK alone are other. */
const ROLES: u32 = 1 | (2 << 2) | (1 << 4) | (3 << 6);

/** The number of the interface that a record is of, or -1. */
// @ts-ignore: decorator
@inline
function endpoint(here: usize): i32 {
  const account = column(ACCOUNT);
  let own = column(INTERFACE);
  const resource = column(RESOURCE);
  if (resource >= 0 && load<u8>(startOf(here, own)) === DASH) own = resource;
  let entry: usize = 0;
  if (account >= 0 && own === account + 4) {
    const from = startOf(here, account);
    entry = findText(from, <u32>(endOf(here, own) - from), INTERFACE_TEXT);
  } else {
    let at = scratch;
    if (account < 0) {
      store<u8>(at++, DASH);
    } else {
      const from = startOf(here, account);
      const length = endOf(here, account) - from;
      if (length > 32) return -1;
      memory.copy(at, from, length);
      at += length;
    }
    store<u8>(at++, SPACE);
    const from = startOf(here, own);
    const length = endOf(here, own) - from;
    if (length > 64) return -1;
    memory.copy(at, from, length);
    at += length;
    entry = findText(scratch, <u32>(at - scratch), INTERFACE_TEXT);
  }
  return entry === 0 ? -1 : <i32>numberOf(entry);
}

// @ts-ignore: decorator
@inline
export function record(here: usize): u32 {
  const first = seconds(here, START);
  const last = seconds(here, END);
  if (first < 0 || last < first) return NUMBER;

  const actionAt = column(ACTION);
  const actionFrom = startOf(here, actionAt);
  const statusAt = column(STATUS);
  const statusFrom = startOf(here, statusAt);
  const statusEnd = endOf(here, statusAt);
  const status = load<u64>(statusFrom);
  let accepted = true;
  // "ACCEPT OK", as it stands in the usual formats.
  if (
    statusEnd - actionFrom !== 9 ||
    load<u64>(actionFrom) !== 0x4f20545045434341 ||
    (status & 0xffff) !== 0x4b4f
  ) {
    const statusLength = <u32>(statusEnd - statusFrom);
    if (statusLength !== 2 || (status & 0xffff) !== 0x4b4f) {
      const nodata = statusLength === 6 && (status & 0xffffffffffff) === 0x415441444f4e;
      const skipdata = statusLength === 8 && status === 0x41544144_50494b53;
      return nodata || skipdata ? noData(here, skipdata, <u32>first, <u32>last) : VALUE;
    }
    if (endOf(here, actionAt) - actionFrom !== 6) return VALUE;
    const action = load<u64>(actionFrom) & 0xffffffffffff;
    accepted = action === 0x545045434341;
    if (!accepted && action !== 0x5443454a4552) return VALUE;
  }

  const own = endpoint(here);
  if (own < 0) return ADDRESS;
  const source = address(here, column(SOURCE));
  let families = family;
  if (family === NONE) return ADDRESS;
  const destination = address(here, column(DESTINATION));
  families |= family << 2;
  if (family === NONE) return ADDRESS;
  let packetSource: u32 = 0;
  const packetSourceAt = column(PACKET_SOURCE);
  if (packetSourceAt >= 0) {
    if (isSameText(here, packetSourceAt, column(SOURCE))) {
      packetSource = source;
      families |= (families & 3) << 4;
    } else {
      packetSource = packetAddress(here, packetSourceAt);
      families |= family << 4;
    }
  }
  let packetDestination: u32 = 0;
  const packetDestinationAt = column(PACKET_DESTINATION);
  if (packetDestinationAt >= 0) {
    if (isSameText(here, packetDestinationAt, column(DESTINATION))) {
      packetDestination = destination;
      families |= (families & 12) << 4;
    } else {
      packetDestination = packetAddress(here, packetDestinationAt);
      families |= family << 6;
    }
  }
  if (metNoAddress()) return ADDRESS;

  const protocol = number(here, PROTOCOL);
  const sourcePort = port(here, SOURCE_PORT);
  const destinationPort = port(here, DESTINATION_PORT);
  const flags = number(here, FLAGS);
  const packets = number(here, PACKETS);
  const bytes = number(here, BYTES);
  if (
    protocol === -2 ||
    protocol > 255 ||
    sourcePort > NO_PORT ||
    destinationPort > NO_PORT ||
    flags === -2 ||
    packets === -2 ||
    bytes === -2
  ) {
    return NUMBER;
  }
  const direction = directionOf(here);
  if (direction > 2) return VALUE;

  // Bit 2 is SYN, bit 16 comes only with SYN-ACK.
  const handshake = <u32>flags & 18;
  const role: u32 = flags < 0 ? 0 : (ROLES >> ((handshake | (handshake >> 2)) & 6)) & 3;
  const entry = nextEntry();
  store<u32>(entry, <u32>own);
  store<u32>(
    entry,
    <u32>(protocol + 1) | (<u32>accepted << 9) | (role << 10) | (direction << 12) | (families << 14),
    4,
  );
  store<u32>(entry, source, 8);
  store<u32>(entry, destination, 12);
  store<u32>(entry, packetSource, 16);
  store<u32>(entry, packetDestination, 20);
  store<u32>(entry, sourcePort | (destinationPort << 16), 24);
  store<u32>(entry, 1, 28);
  store<i64>(entry, packets < 0 ? 0 : packets, 32);
  store<i64>(entry, bytes < 0 ? 0 : bytes, 40);
  store<u32>(entry, <u32>first, 48);
  store<u32>(entry, <u32>last, 52);
  store<u32>(entry, bytes < 0 ? 1 : 0, 56);
  takeEntry();
  const counters = countersOf(own);
  countRecord(counters, OK);
  observe(counters, <u32>own, <u32>first, <u32>last);
  return NOTHING_WRONG;
}

/** Whether a column is not there, or says `-`. */
function isEmpty(here: usize, name: u32): bool {
  const at = column(name);
  if (at < 0) return true;
  const from = startOf(here, at);
  return endOf(here, at) - from === 1 && load<u8>(from) === DASH;
}

/** A record that says that there were no packets, or that AWS lost them: one that names who sent some contradicts itself. */
function noData(here: usize, lost: bool, first: u32, last: u32): u32 {
  const own = endpoint(here);
  if (own < 0) return ADDRESS;
  if (
    !isEmpty(here, SOURCE) ||
    !isEmpty(here, DESTINATION) ||
    !isEmpty(here, PACKET_SOURCE) ||
    !isEmpty(here, PACKET_DESTINATION)
  ) {
    return VALUE;
  }
  const counters = countersOf(own);
  if (lost) {
    countRecord(counters, SKIPDATA);
    lose(counters, own, first, last);
  } else {
    countRecord(counters, NODATA);
    observe(counters, own, first, last);
  }
  return NOTHING_WRONG;
}

// @ts-ignore: decorator
@inline
function directionOf(here: usize): u32 {
  const at = column(DIRECTION);
  if (at < 0) return 0;
  const from = startOf(here, at);
  const length = <u32>(endOf(here, at) - from);
  const word = load<u64>(from);
  // Both are as frequent, in no order: no branch.
  const ingress = <u32>(length === 7) & <u32>((word & 0xffffffffffffff) === 0x73736572676e69);
  const egress = <u32>(length === 6) & <u32>((word & 0xffffffffffff) === 0x737365726765);
  const direction = ingress | (egress << 1);
  if (direction !== 0) return direction;
  return length === 1 && (word & 0xff) === DASH ? 0 : 3;
}
