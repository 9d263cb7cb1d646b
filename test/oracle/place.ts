import { inside } from './address.ts';
import type { NetworkInterface, Subnet, Vpc } from './documents.ts';
import { aclSays } from './filters.ts';
import type { Outcome, Packet } from './packet.ts';
import { past } from './packet.ts';
import type { World } from './world.ts';
import { blocksOfVpc } from './world.ts';

/** Where a packet is while a route table decides: in a VPC, mostly in one of its subnets. */
export interface Place {
  readonly vpc: Vpc;
  /** `undefined` at a regional NAT gateway, which is in no subnet. */
  readonly subnet: Subnet | undefined;
  /** A NAT gateway translated it, and has this public address or none. */
  readonly nat?: { readonly publicIp: string | undefined };
  /** The tables that routed it, and under which source: the same twice is a loop. */
  readonly seen: readonly string[];
}

/** What a gateway hands a packet back to. An argument, so that no two files need each other. */
export interface Roads {
  readonly world: World;
  /** The table of the subnet that it is in decides. */
  readonly onFrom: (place: Place, packet: Packet) => Outcome;
  /** A given table decides. */
  readonly onBy: (tableId: string | undefined, place: Place, packet: Packet) => Outcome;
  /** Into the subnet of an interface, past its filters. */
  readonly enter: (holder: NetworkInterface, packet: Packet) => Outcome;
}

/** Out of the subnet that it is in, past its network ACL. */
export function outOfSubnet(world: World, place: Place, packet: Packet, next: () => Outcome): Outcome {
  const { subnet } = place;
  if (subnet === undefined) return next();
  return past(aclSays(world, subnet, 'out', packet), `network ACL out of ${subnet.SubnetId}`, next);
}

/** Into a subnet, past its network ACL; nothing where it is in it already. */
export function intoSubnet(
  world: World,
  place: Place,
  subnet: Subnet,
  packet: Packet,
  next: () => Outcome,
): Outcome {
  if (place.subnet?.SubnetId === subnet.SubnetId) return next();
  return outOfSubnet(world, place, packet, () =>
    past(aclSays(world, subnet, 'in', packet), `network ACL into ${subnet.SubnetId}`, next),
  );
}

/** Whether the source is an address of the VPC that the packet is in: most gateways carry nothing else. */
export function isFromHere(place: Place, packet: Packet): boolean {
  return inside(blocksOfVpc(place.vpc), packet.source);
}
