import type { Address, IpSet } from '../../core/index.ts';
import {
  allAddresses,
  containsAddress,
  EMPTY_SET,
  equalSets,
  intersect,
  isEmptySet,
  subtract,
  union,
  unionAll,
} from '../../core/index.ts';
import type { TrafficSet } from './traffic.ts';
import { ALL_TRAFFIC, containsTraffic, intersectTraffic, subtractTraffic, unionTraffic } from './traffic.ts';

/** All packets of some traffic to some addresses. Never empty on either side. */
export interface PacketBlock {
  readonly traffic: TrafficSet;
  readonly to: IpSet;
}

/**
 * An exact set of packets by protocol, port and destination: blocks with disjoint traffic and different
 * addresses. BDDs were the alternative; real rules name few ports and many addresses, and blocks of
 * intervals stay readable in a debugger and in a report.
 */
export type PacketSet = readonly PacketBlock[];

export const NO_PACKETS: PacketSet = [];
export const ALL_PACKETS: PacketSet = [{ traffic: ALL_TRAFFIC, to: allAddresses() }];

export function packetsTo(to: IpSet, traffic: TrafficSet = ALL_TRAFFIC): PacketSet {
  return isEmptySet(to) || traffic.length === 0 ? NO_PACKETS : [{ traffic, to }];
}

/** The union of many blocks, as rules give them: overlapping in any way. */
export function packetsOf(blocks: readonly PacketBlock[]): PacketSet {
  const byTraffic = Map.groupBy(
    blocks.filter(({ traffic, to }) => traffic.length > 0 && !isEmptySet(to)),
    ({ traffic }) => JSON.stringify(traffic),
  );
  return [...byTraffic.values()].reduce<PacketSet>((sum, same) => {
    const traffic = same[0]?.traffic ?? [];
    return unionPackets(sum, packetsTo(unionAll(same.map(({ to }) => to)), traffic));
  }, NO_PACKETS);
}

export function unionPackets(left: PacketSet, right: PacketSet): PacketSet {
  if (left.length === 0) return right;
  if (right.length === 0) return left;
  return combine(left, right, union);
}

export function subtractPackets(left: PacketSet, right: PacketSet): PacketSet {
  if (left.length === 0 || right.length === 0) return left;
  return combine(left, right, subtract);
}

export function intersectPackets(left: PacketSet, right: PacketSet): PacketSet {
  if (left === ALL_PACKETS) return right;
  if (right === ALL_PACKETS) return left;
  const blocks: PacketBlock[] = [];
  for (const a of left) {
    for (const b of right) {
      const traffic = intersectTraffic(a.traffic, b.traffic);
      if (traffic.length > 0) blocks.push({ traffic, to: intersect(a.to, b.to) });
    }
  }
  return merged(blocks);
}

/** The packets of a set that go to some addresses. */
export function restrictTo(packets: PacketSet, to: IpSet): PacketSet {
  return merged(packets.map((block) => ({ traffic: block.traffic, to: intersect(block.to, to) })));
}

/** The packets of a set that are of some traffic. */
export function restrictTraffic(packets: PacketSet, traffic: TrafficSet): PacketSet {
  if (traffic === ALL_TRAFFIC) return packets;
  return packets.flatMap((block) => {
    const common = intersectTraffic(block.traffic, traffic);
    return common.length === 0 ? [] : [{ traffic: common, to: block.to }];
  });
}

export function isEmptyPackets(packets: PacketSet): boolean {
  return packets.length === 0;
}

/** Every address that some packet of a set goes to. */
export function destinationsOf(packets: PacketSet): IpSet {
  return packets.length === 1 ? (packets[0]?.to ?? EMPTY_SET) : unionAll(packets.map(({ to }) => to));
}

export function trafficIn(packets: PacketSet): TrafficSet {
  return unionTraffic(packets.map(({ traffic }) => traffic));
}

export function containsPacket(packets: PacketSet, to: Address, protocol: number, port: number): boolean {
  return packets.some(
    (block) => containsTraffic(block.traffic, protocol, port) && containsAddress(block.to, to),
  );
}

/** Cuts both sets along each other's traffic and applies an operation of addresses to each piece. */
function combine(
  left: PacketSet,
  right: PacketSet,
  operation: (left: IpSet, right: IpSet) => IpSet,
): PacketSet {
  const pieces: PacketBlock[] = [];
  for (const a of left) {
    let rest = a.traffic;
    for (const b of right) {
      const traffic = intersectTraffic(a.traffic, b.traffic);
      if (traffic.length === 0) continue;
      pieces.push({ traffic, to: operation(a.to, b.to) });
      rest = subtractTraffic(rest, b.traffic);
    }
    if (rest.length > 0) pieces.push({ traffic: rest, to: operation(a.to, EMPTY_SET) });
  }
  const known = unionTraffic(left.map(({ traffic }) => traffic));
  for (const b of right) {
    const rest = subtractTraffic(b.traffic, known);
    if (rest.length > 0) pieces.push({ traffic: rest, to: operation(EMPTY_SET, b.to) });
  }
  return merged(pieces);
}

/** Drops what is empty and joins pieces that go to the same addresses. */
function merged(pieces: readonly PacketBlock[]): PacketSet {
  const filled = pieces.filter(({ traffic, to }) => traffic.length > 0 && !isEmptySet(to));
  if (filled.length < 2) return filled;
  const joined: PacketBlock[] = [];
  for (const piece of filled) {
    const at = joined.findIndex(({ to }) => to === piece.to || equalSets(to, piece.to));
    const same = joined[at];
    if (same === undefined) joined.push(piece);
    else joined[at] = { traffic: unionTraffic([same.traffic, piece.traffic]), to: same.to };
  }
  return joined;
}
