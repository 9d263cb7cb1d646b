import { inside, keyOf, sameAddress } from './address.ts';
import type { NetworkInterface, Route, RouteTable, Subnet, Vpc, VpcEndpoint } from './documents.ts';
import { ROUTE_TARGETS } from './documents.ts';
import { aclSays, groupsSay } from './filters.ts';
import {
  fromInternet,
  outByCarrierGateway,
  outByEgressOnlyGateway,
  outByInternetGateway,
} from './internet.ts';
import { throughNat } from './nat.ts';
import type { Outcome, Packet } from './packet.ts';
import { arrived, ended, past, via, worst } from './packet.ts';
import type { Place, Roads } from './place.ts';
import { intoSubnet, isFromHere, outOfSubnet } from './place.ts';
import { chooseRoute } from './routes.ts';
import { throughPeering, throughTransitGateway } from './transit.ts';
import type { World } from './world.ts';
import { holderOf, nameableOf, owns } from './world.ts';

/** Where a packet starts. */
export type Origin =
  | { readonly kind: 'interface'; readonly id: string }
  /** In a subnet, from no interface in particular. */
  | { readonly kind: 'subnet'; readonly id: string }
  | { readonly kind: 'internet' }
  /** On-premises, behind a VPN gateway. */
  | { readonly kind: 'vpn-gateway'; readonly id: string };

/**
 * What AWS does with one packet, as its documentation says it, over plain `Describe*` answers. It follows the
 * packet; it knows no sets, no caches and nothing of the product's solver, which it is there to check.
 */
export function simulate(world: World, origin: Origin, packet: Packet): Outcome {
  switch (origin.kind) {
    case 'interface': {
      const sender = world.interfaces.get(origin.id);
      return sender === undefined ? ended('unknown', 'no such interface') : sendFrom(world, sender, packet);
    }
    case 'subnet': {
      const subnet = world.subnets.get(origin.id);
      const vpc = world.vpcs.get(subnet?.VpcId ?? '');
      return subnet === undefined || vpc === undefined
        ? ended('unknown', 'no such subnet')
        : leaveSubnet(world, { vpc, subnet, seen: [] }, packet);
    }
    case 'internet':
      return fromInternet(roadsOf(world), packet);
    case 'vpn-gateway':
      return fromOnPremises(world, origin.id, packet);
  }
}

/** From behind a VPN gateway: to interfaces of its VPC, nowhere else. */
function fromOnPremises(world: World, id: string, packet: Packet): Outcome {
  const attached = world.vpnGateways.get(id)?.VpcAttachments?.find(({ State }) => State === 'attached');
  const vpc = world.vpcs.get(attached?.VpcId ?? '');
  if (vpc === undefined) return ended('unknown', 'the VPN gateway or its VPC is not listed');
  if (world.tableOfGateway.has(id)) {
    return routeBy(world, world.tableOfGateway.get(id), { vpc, subnet: undefined, seen: [] }, packet);
  }
  const holder = holderIn(world, vpc, packet);
  return holder === undefined
    ? ended('no-route', 'no interface holds the address')
    : enter(world, holder, packet);
}

function roadsOf(world: World): Roads {
  return {
    world,
    onFrom: (place, packet) =>
      place.subnet === undefined
        ? ended('unknown', 'in no subnet')
        : leaveSubnet(world, { ...place, subnet: place.subnet }, packet),
    onBy: (tableId, place, packet) => routeBy(world, world.routeTables.get(tableId ?? ''), place, packet),
    enter: (holder, packet) => enter(world, holder, packet),
  };
}

/** What an interface sends: its own addresses only, unless it forwards; past its security groups. */
function sendFrom(world: World, sender: NetworkInterface, packet: Packet): Outcome {
  const subnet = world.subnets.get(sender.SubnetId);
  const vpc = world.vpcs.get(sender.VpcId);
  if (subnet === undefined || vpc === undefined) return ended('unknown', 'the subnet or VPC is not listed');
  const carried = blocksOfSubnet(subnet).some((text) => text.includes(':') === (packet.source.family === 6));
  if (!carried) return ended('denied', 'the subnet carries no packets of this family');
  if (!owns(sender, packet.source) && sender.SourceDestCheck !== false)
    return ended('denied', 'source/destination check');
  return past(
    groupsSay(world, sender, 'out', packet),
    `security groups of ${sender.NetworkInterfaceId}`,
    () => leaveSubnet(world, { vpc, subnet, seen: [] }, packet),
  );
}

/** A packet in a subnet, wherever it came from, and the subnet's table. */
function leaveSubnet(world: World, place: Place & { readonly subnet: Subnet }, packet: Packet): Outcome {
  const { subnet, vpc } = place;
  const table = world.tableOfSubnet.has(subnet.SubnetId)
    ? world.tableOfSubnet.get(subnet.SubnetId)
    : world.mainTableOfVpc.get(vpc.VpcId);
  const here = inside(blocksOfSubnet(subnet), packet.destination);
  return via(
    { kind: 'subnet', id: subnet.SubnetId },
    // Inside a subnet nothing is routed.
    here
      ? deliver(world, place, packet)
      : aclFirst(world, place, packet, routeBy(world, table, place, packet)),
  );
}

function blocksOfSubnet({ CidrBlock, Ipv6CidrBlockAssociationSet }: Subnet): readonly string[] {
  const v6 = (Ipv6CidrBlockAssociationSet ?? []).map(({ Ipv6CidrBlock }) => Ipv6CidrBlock);
  return CidrBlock === undefined ? v6 : [CidrBlock, ...v6];
}

/** Of two things that stop a packet on its way out of a subnet, the network ACL is the one that is named. */
function aclFirst(world: World, place: Place, packet: Packet, outcome: Outcome): Outcome {
  const stopped = ['denied', 'no-route', 'blackhole'].includes(outcome.disposition);
  return stopped ? outOfSubnet(world, place, packet, () => outcome) : outcome;
}

function routeBy(world: World, table: RouteTable | undefined, place: Place, packet: Packet): Outcome {
  if (table === undefined) {
    return outOfSubnet(world, place, packet, () => ended('unknown', 'no route table is listed, or several'));
  }
  const turn = `${table.RouteTableId} ${place.subnet?.SubnetId} ${keyOf(packet.source)}`;
  if (place.seen.includes(turn)) return ended('blackhole', 'a loop');
  const next = { ...place, seen: [...place.seen, turn] };
  const { routes, doubt } = chooseRoute(world, table, place.vpc, packet.destination);
  if (doubt) {
    return outOfSubnet(world, place, packet, () => ended('unknown', 'a prefix list is not listed'));
  }
  return routes.length === 0
    ? ended('no-route', `no route in ${table.RouteTableId}`)
    : worst(routes.map((route) => follow(world, route, next, packet)));
}

function follow(world: World, route: Route, place: Place, packet: Packet): Outcome {
  const targets = ROUTE_TARGETS.filter((target) => route[target] !== undefined);
  const [target] = targets;
  if (route.State === 'blackhole') return ended('blackhole', 'the route is a blackhole');
  // Wherever it leads: the packet goes on by leaving the subnet, now or, from a NAT gateway inside it, next.
  const nobodyKnows = (reason: string): Outcome =>
    outOfSubnet(world, place, packet, () => ended('unknown', reason));
  if (target === undefined || targets.length > 1) return nobodyKnows('not exactly one known target');
  if (route.State !== 'active') return nobodyKnows('a route state that is not known');
  const id = route[target] ?? '';
  switch (target) {
    case 'GatewayId':
      return throughGateway(world, id, place, packet);
    case 'EgressOnlyInternetGatewayId':
      return outByEgressOnlyGateway(roadsOf(world), id, place, packet);
    case 'NatGatewayId':
      return throughNat(roadsOf(world), id, place, packet);
    case 'NetworkInterfaceId':
    case 'InstanceId':
      return throughAppliance(world, target, id, place, packet);
    case 'VpcPeeringConnectionId':
      return throughPeering(roadsOf(world), id, place, packet);
    case 'TransitGatewayId':
      return throughTransitGateway(roadsOf(world), id, place, packet);
    case 'LocalGatewayId':
      return outOfSubnet(world, place, packet, () =>
        arrived('leaves-vpc', { kind: 'local-gateway', id }, packet, 'to a site'),
      );
    case 'CarrierGatewayId':
      return outByCarrierGateway(roadsOf(world), id, place, packet);
    case 'CoreNetworkArn':
    case 'OdbNetworkArn':
    case 'IpAddress':
      return nobodyKnows(`a route to ${target}`);
  }
}

function throughGateway(world: World, id: string, place: Place, packet: Packet): Outcome {
  if (id === 'local') return deliver(world, place, packet);
  if (id.startsWith('igw-')) return outByInternetGateway(roadsOf(world), id, place, packet);
  if (id.startsWith('vgw-')) return throughVpnGateway(world, id, place, packet);
  if (id.startsWith('vpce-')) return throughEndpoint(world, id, place, packet);
  return ended('unknown', 'a gateway of an unknown kind');
}

/** On-premises by VPN or Direct Connect: what is learned there by BGP nobody can list, so it may go on. */
function throughVpnGateway(world: World, id: string, place: Place, packet: Packet): Outcome {
  const gateway = world.vpnGateways.get(id);
  const here = (gateway?.VpcAttachments ?? []).some(
    ({ VpcId, State }) => VpcId === place.vpc.VpcId && State === 'attached',
  );
  if (gateway !== undefined && !here) return ended('blackhole', 'the VPN gateway is not attached');
  if (!isFromHere(place, packet)) return ended('denied', 'a VPN gateway carries no transit');
  return outOfSubnet(world, place, packet, () =>
    gateway === undefined
      ? ended('unknown', 'the VPN gateway is not listed')
      : arrived('leaves-vpc', { kind: 'vpn-gateway', id }, packet, 'to on-premises'),
  );
}

function throughEndpoint(world: World, id: string, place: Place, packet: Packet): Outcome {
  const endpoint = world.endpoints.get(id);
  if (endpoint?.VpcEndpointType !== 'Gateway') {
    return outOfSubnet(world, place, packet, () => ended('unknown', 'an appliance behind an endpoint'));
  }
  if (endpoint.State !== undefined && endpoint.State !== 'available') {
    return ended('blackhole', 'the endpoint is not available');
  }
  if (!isFromHere(place, packet)) return ended('denied', 'a gateway endpoint serves its own VPC only');
  return outOfSubnet(world, place, packet, () =>
    arrived('leaves-vpc', { kind: 'gateway-endpoint', id }, packet, 'to an AWS service'),
  );
}

export const FORWARDING = 'a forwarding instance may pass it on';

/**
 * A forwarding instance: whether its operating system passes a packet on, and under which source, nobody can
 * tell. What stops the packet under every source, its own and the appliance's, stops it for certain.
 */
function throughAppliance(
  world: World,
  target: 'NetworkInterfaceId' | 'InstanceId',
  id: string,
  place: Place,
  packet: Packet,
): Outcome {
  const appliance =
    target === 'NetworkInterfaceId'
      ? world.interfaces.get(id)
      : [...world.interfaces.values()].find(({ Attachment }) => Attachment?.InstanceId === id);
  const subnet = world.subnets.get(appliance?.SubnetId ?? '');
  const vpc = world.vpcs.get(appliance?.VpcId ?? '');
  if (appliance === undefined || subnet === undefined || vpc === undefined) {
    return outOfSubnet(world, place, packet, () => ended('unknown', 'the appliance is not listed'));
  }
  // What it answers, the appliance's own groups have never seen.
  const fresh = { ...packet, answers: false };
  return intoSubnet(world, place, subnet, packet, () =>
    past(groupsSay(world, appliance, 'in', fresh), `security groups of ${id}`, () => {
      if (appliance.SourceDestCheck !== false)
        return ended('denied', 'source/destination check of the appliance');
      const sources = [packet.source, ...nameableOf(appliance)].filter(
        ({ family }) => family === packet.destination.family,
      );
      // Under its own source the first sender still knows the answer for one.
      return mayPassOn(
        sources.map((source) =>
          onwards({ ...packet, source, answers: packet.answers && sameAddress(source, packet.source) }),
        ),
      );
    }),
  );

  function onwards(sent: Packet): Outcome {
    if (appliance === undefined || subnet === undefined || vpc === undefined) return ended('unknown', '');
    return past(
      groupsSay(world, appliance, 'out', { ...sent, answers: false }),
      `security groups of ${id}`,
      () => leaveSubnet(world, { vpc, subnet, seen: place.seen }, sent),
    );
  }
}

function mayPassOn(outcomes: readonly Outcome[]): Outcome {
  const outcome = worst(outcomes);
  return ['delivered', 'leaves-vpc', 'unknown'].includes(outcome.disposition)
    ? { ...outcome, disposition: 'unknown', reason: FORWARDING, doubt: true }
    : outcome;
}

/** To the interface that holds the destination, past the filters between the two. */
function deliver(world: World, place: Place, packet: Packet): Outcome {
  const holder = holderIn(world, place.vpc, packet);
  if (holder === undefined) return ended('no-route', 'no interface holds the address');
  if (holder.SubnetId === place.subnet?.SubnetId) return receive(world, holder, packet);
  return outOfSubnet(world, place, packet, () => enter(world, holder, packet));
}

/** Into the subnet of an interface, and to it. */
function enter(world: World, holder: NetworkInterface, packet: Packet): Outcome {
  const subnet = world.subnets.get(holder.SubnetId);
  if (subnet === undefined) return ended('unknown', 'the subnet is not listed');
  return via(
    { kind: 'vpc', id: holder.VpcId },
    via(
      { kind: 'subnet', id: holder.SubnetId },
      past(aclSays(world, subnet, 'in', packet), `network ACL into ${subnet.SubnetId}`, () =>
        receive(world, holder, packet),
      ),
    ),
  );
}

function receive(world: World, holder: NetworkInterface, packet: Packet): Outcome {
  const id = holder.NetworkInterfaceId;
  if (holder.InterfaceType === 'nat_gateway' || isNatInterface(world, id))
    return ended('denied', 'a NAT gateway is no destination');
  const endpoint = [...world.endpoints.values()].find((one) => one.NetworkInterfaceIds?.includes(id));
  return past(groupsSay(world, holder, 'in', packet), `security groups of ${id}`, () => ({
    ...arrived('delivered', { kind: 'interface', id }, packet, 'arrived'),
    outside: endpoint !== undefined && isDoor(endpoint),
  }));
}

/**
 * Behind an endpoint to a service of another region, or of somebody else, a packet is out of the network. All
 * networks are drawn in regions of China, where the name of a service begins in either of two ways.
 */
function isDoor({ VpcEndpointType, ServiceName = '' }: VpcEndpoint): boolean {
  return VpcEndpointType === 'Interface' && !/^com\.amazonaws\.cn-[a-z]+-1\.(?!vpce)/.test(ServiceName);
}

function isNatInterface(world: World, id: string): boolean {
  return [...world.natGateways.values()].some(({ NatGatewayAddresses }) =>
    NatGatewayAddresses.some(({ NetworkInterfaceId }) => NetworkInterfaceId === id),
  );
}

function holderIn(world: World, vpc: Vpc, packet: Packet): NetworkInterface | undefined {
  return holderOf(world, vpc.VpcId, packet.destination);
}
