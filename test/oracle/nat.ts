import { address, block, holds } from './address.ts';
import type { NatGateway } from './documents.ts';
import type { Outcome, Packet } from './packet.ts';
import { ended, ICMP, ICMPV6, TCP, UDP, via, worst } from './packet.ts';
import type { Place, Roads } from './place.ts';
import { intoSubnet, outOfSubnet } from './place.ts';

const NAT64 = block('64:ff9b::/96');

/** In these states a gateway forwards nothing (EC2 API, NatGateway). One that is coming or going may. */
const IDLE = new Set(['deleted', 'failed']);

/**
 * A NAT gateway: TCP, UDP and ICMP under its own address, then the table of its own subnet decides again
 * (VPC User Guide, "NAT gateway basics"). IPv6 only as NAT64.
 */
export function throughNat(roads: Roads, id: string, place: Place, packet: Packet): Outcome {
  const nat = roads.world.natGateways.get(id);
  if (nat === undefined) {
    return outOfSubnet(roads.world, place, packet, () => ended('unknown', 'the NAT gateway is not listed'));
  }
  if (IDLE.has(nat.State)) return ended('blackhole', 'the NAT gateway is not in service');
  // What continues a connection that it never saw gets a reset (VPC User Guide, "NAT gateway troubleshooting").
  if (packet.answers && packet.protocol === TCP)
    return ended('denied', 'the NAT gateway knows no such connection');
  const inner = toIpv4(packet);
  if (inner === undefined) return ended('denied', 'a NAT gateway translates TCP, UDP and ICMP to IPv4 only');
  return via(
    { kind: 'nat-gateway', id },
    nat.AvailabilityMode === 'regional'
      ? throughRegional(roads, nat, place, packet, inner)
      : throughZonal(roads, nat, place, packet, inner),
  );
}

function toIpv4(packet: Packet): Packet | undefined {
  const { destination, protocol } = packet;
  if (destination.family === 4) return [TCP, UDP, ICMP].includes(protocol) ? packet : undefined;
  if (!holds(NAT64, destination) || ![TCP, UDP, ICMPV6].includes(protocol)) return undefined;
  return {
    ...packet,
    destination: { family: 4, value: destination.value & 0xffffffffn },
    protocol: protocol === ICMPV6 ? ICMP : protocol,
  };
}

function throughZonal(roads: Roads, nat: NatGateway, place: Place, outer: Packet, inner: Packet): Outcome {
  const { world } = roads;
  const subnet = world.subnets.get(nat.SubnetId ?? '');
  const vpc = world.vpcs.get(nat.VpcId);
  if (subnet === undefined || vpc === undefined) return ended('unknown', 'its subnet or VPC is not listed');
  if (vpc.VpcId !== place.vpc.VpcId) return ended('blackhole', 'the NAT gateway is in another VPC');
  // In one subnet too the outbound rules look at what goes to the gateway, as AWS says of a transit gateway's
  // interface (Transit Gateways Guide, "Network ACLs"); of IPv4 the gateway's own packet meets the same rules.
  const inOne = place.subnet?.SubnetId === subnet.SubnetId && outer.destination.family === 6;
  const leave = (next: () => Outcome): Outcome => (inOne ? outOfSubnet(world, place, outer, next) : next());
  const onward = (): Outcome =>
    worst(
      nat.NatGatewayAddresses.map(({ PrivateIp, PublicIp }) =>
        PrivateIp === undefined
          ? ended('unknown', 'the NAT gateway has no known address')
          : roads.onFrom(
              { vpc, subnet, seen: place.seen, nat: { publicIp: publicOf(nat, PublicIp) } },
              { ...inner, source: address(PrivateIp) },
            ),
      ),
    );
  return leave(() => intoSubnet(world, place, subnet, outer, onward));
}

function publicOf(nat: NatGateway, publicIp: string | undefined): string | undefined {
  return nat.ConnectivityType === 'private' ? undefined : publicIp;
}

/** In no subnet: no network ACL of its own, and a table of its own. */
function throughRegional(roads: Roads, nat: NatGateway, place: Place, outer: Packet, inner: Packet): Outcome {
  return outOfSubnet(roads.world, place, outer, () =>
    worst(
      nat.NatGatewayAddresses.map(({ PublicIp }) =>
        PublicIp === undefined
          ? ended('unknown', 'the NAT gateway has no known address')
          : roads.onBy(
              nat.RouteTableId,
              { vpc: place.vpc, subnet: undefined, seen: place.seen, nat: { publicIp: PublicIp } },
              { ...inner, source: address(PublicIp) },
            ),
      ),
    ),
  );
}
