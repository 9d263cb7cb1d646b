import type { Address, IpSet } from '../../core/index.ts';
import {
  allAddresses,
  intersect,
  parsePrefix,
  setOfPrefixes,
  setOfRanges,
  subtract,
  union,
} from '../../core/index.ts';
import type { PacketSet } from './packet-set.ts';
import { destinationsOf, packetsOf, restrictTo, unionPackets } from './packet-set.ts';
import { ICMP, ICMPV6, intersectTraffic, TCP, trafficOf, UDP, unionTraffic } from './traffic.ts';

/** The prefix in which IPv6 hosts write IPv4 destinations for a NAT gateway (RFC 6052; VPC user guide, "DNS64 and NAT64"). */
const NAT64: IpSet = setOfPrefixes([parsePrefix('64:ff9b::/96')].filter((prefix) => prefix !== null));

const [BASE] = NAT64.v6[0] ?? [0n];

/** The IPv4 addresses that the NAT64 part of a set stands for. */
function ipv4Behind(set: IpSet): IpSet {
  return setOfRanges(
    intersect(set, NAT64).v6.map(([first, last]) => ({ family: 4, first: first - BASE, last: last - BASE })),
  );
}

/** IPv4 addresses as IPv6 hosts write them. */
export function behindNat64(set: IpSet): IpSet {
  return setOfRanges(set.v4.map(([first, last]) => ({ family: 6, first: first + BASE, last: last + BASE })));
}

/** Where packets really go: what is written in the NAT64 prefix counts as the IPv4 address that it means. */
export function realDestinations(set: IpSet): IpSet {
  const behind = ipv4Behind(set);
  return behind.v4.length === 0 ? set : union(subtract(set, NAT64), behind);
}

/** The address as it stands in the packet: the one itself, or the form that means it. */
export function writtenIn(set: IpSet, real: Address): Address {
  const written: Address = { family: 6, value: real.value + BASE };
  const isMeant =
    real.family === 4 && set.v6.some(([first, last]) => first <= written.value && written.value <= last);
  return isMeant && !set.v4.some(([first, last]) => first <= real.value && real.value <= last)
    ? written
    : real;
}

/**
 * What a NAT gateway makes of IPv6 packets: TCP, UDP and ICMP to the prefix become IPv4. ICMP types are numbered
 * anew on the way; any of one stands for any of the other, which errs towards letting through.
 */
export function toIpv4(packets: PacketSet): PacketSet {
  return packetsOf(
    packets.map(({ traffic, to }) => ({
      traffic: unionTraffic([
        intersectTraffic(traffic, unionTraffic([trafficOf(TCP), trafficOf(UDP)])),
        intersectTraffic(traffic, trafficOf(ICMPV6)).length > 0 ? trafficOf(ICMP) : [],
      ]),
      to: ipv4Behind(to),
    })),
  );
}

/** Packets as they are behind a gateway that gave them an IPv4 source: what is written in the prefix is IPv4 there. */
export function asTranslated(packets: PacketSet, family: Address['family']): PacketSet {
  return family === 4 && destinationsOf(packets).v6.length > 0
    ? unionPackets(restrictTo(packets, allAddresses(4)), toIpv4(packets))
    : packets;
}

/** The same packets as their IPv6 sender writes them. */
export function fromIpv4(packets: PacketSet): PacketSet {
  return packetsOf(
    packets.map(({ traffic, to }) => ({
      traffic: unionTraffic([
        intersectTraffic(traffic, unionTraffic([trafficOf(TCP), trafficOf(UDP)])),
        intersectTraffic(traffic, trafficOf(ICMP)).length > 0 ? trafficOf(ICMPV6) : [],
      ]),
      to: behindNat64(to),
    })),
  );
}
