import type { Address } from './address.ts';
import { address, block, holds, keyOf } from './address.ts';
import type { NetworkInterface } from './documents.ts';
import { ROUTE_TARGETS } from './documents.ts';
import type { Outcome, Packet } from './packet.ts';
import { arrived, ended, past, via, viaInternet } from './packet.ts';
import type { Place, Roads } from './place.ts';
import { outOfSubnet } from './place.ts';
import type { World } from './world.ts';
import { holderOf, publicHolderOf } from './world.ts';

const GLOBAL_UNICAST = block('2000::/3');

interface Gateway {
  readonly Attachments?: readonly { readonly VpcId: string; readonly State?: string }[];
}

/** Internet gateways say `available` where other attachments say `attached`. */
const UP = new Set(['available', 'attached']);

function isAttached(gateway: Gateway, vpc: string): boolean {
  return (gateway.Attachments ?? []).some(({ VpcId, State }) => VpcId === vpc && UP.has(State ?? ''));
}

/**
 * Out by an internet gateway: IPv4 under the public address of the sending interface, IPv6 as it is; without
 * a public address nothing leaves (VPC User Guide, "Internet gateways").
 */
export function outByInternetGateway(roads: Roads, id: string, place: Place, packet: Packet): Outcome {
  const { world } = roads;
  const gateway = world.internetGateways.get(id);
  if (gateway !== undefined && !isAttached(gateway, place.vpc.VpcId)) {
    return ended('blackhole', 'the gateway is not attached here');
  }
  if (blockModeOf(place) === 'block-bidirectional') return ended('denied', 'public access is blocked');
  const source = publicSource(world, place, packet);
  if (source === undefined) {
    return ended('denied', `the source has no ${packet.source.family === 4 ? 'public' : 'global'} address`);
  }
  return past(gateway === undefined ? 'unsure' : 'allow', 'the internet gateway is not listed', () =>
    outOfSubnet(world, place, packet, () =>
      viaInternet({ kind: 'internet-gateway', id }, intoInternet(roads, { ...packet, source }, id)),
    ),
  );
}

function publicSource(world: World, place: Place, packet: Packet): Address | undefined {
  if (place.nat !== undefined) {
    return place.nat.publicIp === undefined ? undefined : address(place.nat.publicIp);
  }
  const sender = holderOf(world, place.vpc.VpcId, packet.source);
  if (sender === undefined || sender.DenyAllIgwTraffic === true) return undefined;
  if (packet.source.family === 6) return holds(GLOBAL_UNICAST, packet.source) ? packet.source : undefined;
  const pair = (sender.PrivateIpAddresses ?? []).find(
    ({ PrivateIpAddress }) => keyOf(address(PrivateIpAddress)) === keyOf(packet.source),
  );
  return pair?.Association?.PublicIp === undefined ? undefined : address(pair.Association.PublicIp);
}

/** Block Public Access as it is in effect: the subnet's own state, exclusions applied, or else the VPC's. */
function blockModeOf(place: Place): string {
  const states = place.subnet?.BlockPublicAccessStates ?? place.vpc.BlockPublicAccessStates;
  return states?.InternetGatewayBlockMode ?? 'off';
}

/** Outside, a known public address leads back in; any other is out of the model. */
function intoInternet(roads: Roads, packet: Packet, gateway: string): Outcome {
  if (publicHolderOf(roads.world, packet.destination) !== undefined) return fromInternet(roads, packet);
  return arrived('leaves-vpc', { kind: 'internet-gateway', id: gateway }, packet, 'to the internet');
}

/** IPv6 only, outward only (VPC User Guide, "Egress-only internet gateways"). */
export function outByEgressOnlyGateway(roads: Roads, id: string, place: Place, packet: Packet): Outcome {
  const { world } = roads;
  const gateway = world.egressOnlyGateways.get(id);
  if (packet.destination.family === 4) return ended('denied', 'an egress-only gateway carries IPv6 only');
  if (gateway !== undefined && !isAttached(gateway, place.vpc.VpcId)) {
    return ended('blackhole', 'the gateway is not attached here');
  }
  if (blockModeOf(place) === 'block-bidirectional') return ended('denied', 'public access is blocked');
  if (publicSource(world, place, packet) === undefined)
    return ended('denied', 'the source has no global address');
  const exit = { kind: 'egress-only-internet-gateway', id };
  return past(gateway === undefined ? 'unsure' : 'allow', 'the egress-only gateway is not listed', () =>
    outOfSubnet(world, place, packet, () =>
      publicHolderOf(world, packet.destination) !== undefined
        ? viaInternet(exit, fromInternet(roads, packet))
        : arrived('leaves-vpc', exit, packet, 'to the internet'),
    ),
  );
}

/**
 * To a mobile carrier, and by its network to the internet: IPv4 only, and under a carrier address (VPC User Guide,
 * "Carrier gateways").
 */
export function outByCarrierGateway(roads: Roads, id: string, place: Place, packet: Packet): Outcome {
  const { world } = roads;
  const sender = holderOf(world, place.vpc.VpcId, packet.source);
  const pair = (sender?.PrivateIpAddresses ?? []).find(
    ({ PrivateIpAddress, Association }) =>
      keyOf(address(PrivateIpAddress)) === keyOf(packet.source) && Association?.CarrierIp !== undefined,
  );
  const carrierIp = pair?.Association?.CarrierIp;
  if (carrierIp === undefined) return ended('denied', 'the source has no carrier address');
  const exit = { kind: 'carrier-gateway', id };
  return outOfSubnet(world, place, packet, () =>
    publicHolderOf(world, packet.destination) === undefined
      ? arrived('leaves-vpc', exit, packet, 'to a carrier')
      : viaInternet(exit, fromInternet(roads, { ...packet, source: address(carrierIp) })),
  );
}

/** A gateway that nobody lists and a live route of the VPC names: routes can be made to attached ones only. */
function routedToUnlisted(world: World, vpc: string): string | undefined {
  return [...world.routeTables.values()]
    .filter(({ VpcId }) => VpcId === vpc)
    .flatMap(({ Routes }) => Routes)
    .filter((one) => one.State === 'active' && ROUTE_TARGETS.filter((target) => one[target]).length === 1)
    .map(({ GatewayId }) => GatewayId ?? '')
    .find((id) => id.startsWith('igw-') && !world.internetGateways.has(id));
}

/** A packet from outside to a public address: what the gateway of its VPC lets in, past the edge table. */
export function fromInternet(roads: Roads, packet: Packet): Outcome {
  const { world } = roads;
  const target = publicHolderOf(world, packet.destination);
  if (target === undefined) return ended('no-route', 'nobody here has this public address');
  const { holder, privateAddress } = target;
  const vpc = world.vpcs.get(holder.VpcId);
  const subnet = world.subnets.get(holder.SubnetId);
  if (vpc === undefined || subnet === undefined) return ended('unknown', 'the VPC or subnet is not listed');
  const gateway =
    [...world.internetGateways.values()].find((one) => isAttached(one, holder.VpcId))?.InternetGatewayId ??
    routedToUnlisted(world, holder.VpcId);
  if (gateway === undefined) return ended('no-route', 'its VPC has no internet gateway');
  if (holder.DenyAllIgwTraffic === true) return ended('denied', 'the interface may not use the gateway');
  if (blockModeOf({ vpc, subnet, seen: [] }) !== 'off') return ended('denied', 'public access is blocked');
  const inner = { ...packet, destination: privateAddress };
  return via(
    { kind: 'internet-gateway', id: gateway },
    byEdgeTable(roads, gateway, holder, { vpc, subnet: undefined, seen: [] }, inner),
  );
}

function byEdgeTable(
  roads: Roads,
  gateway: string,
  holder: NetworkInterface,
  place: Place,
  packet: Packet,
): Outcome {
  const { tableOfGateway } = roads.world;
  return tableOfGateway.has(gateway)
    ? roads.onBy(tableOfGateway.get(gateway)?.RouteTableId, place, packet)
    : roads.enter(holder, packet);
}
