import type { Route, RouteTarget } from '../documents.ts';
import type { Draw, NetworkDraft, RouteTableDraft, VpcDraft } from './draft.ts';
import { NAT64, ON_PREMISES, OUTER_BLOCKS, OUTER_BLOCKS_V6 } from './draft.ts';
import { FOREIGN_VPC } from './transit.ts';

type Target = Partial<Record<RouteTarget, string>>;

/** Routes of one table: mostly a default one, some to other networks, now and then one that nobody can read. */
export function addRoutes(draw: Draw, network: NetworkDraft, draft: VpcDraft, table: RouteTableDraft): void {
  const { random } = draw;
  const taken = new Set<string>();
  for (const destination of destinations(draw, network, draft)) {
    if (taken.has(destination)) continue;
    taken.add(destination);
    const target = targetFor(draw, network, draft, destination);
    if (target === undefined) continue;
    table.Routes.push({
      ...destinationOf(destination),
      ...target,
      Origin: 'CreateRoute',
      State: random.chance(0.1) ? 'blackhole' : 'active',
    });
  }
  const gateway = random.any(draft.vpnGateways);
  if (gateway !== undefined && random.chance(0.6)) propagate(draw, table, gateway.VpnGatewayId);
}

function destinations({ random }: Draw, network: NetworkDraft, draft: VpcDraft): readonly string[] {
  const others = network.vpcs.filter((one) => one !== draft).map(({ blocks }) => blocks[0] ?? '');
  const others6 = network.vpcs
    .filter((one) => one !== draft)
    .flatMap(({ blocks }) => blocks.filter((block) => block.includes(':')));
  const lists = network.lists
    .filter(({ place, owner }) => owner !== 'AWS' && place.region === draft.place.region)
    .map(({ id }) => id);
  return [
    ...(random.chance(0.8) ? ['0.0.0.0/0'] : []),
    ...(random.chance(0.65) ? ['::/0'] : []),
    ...others.filter(() => random.chance(0.8)),
    ...others6.filter(() => random.chance(0.6)),
    ...lists.filter(() => random.chance(0.65)),
    ...[...OUTER_BLOCKS, ...OUTER_BLOCKS_V6].filter(() => random.chance(0.15)),
    ...(random.chance(0.35) ? [NAT64] : []),
    ...(random.chance(0.15) ? ['10.0.0.0/8'] : []),
    ...(random.chance(0.2) ? [ON_PREMISES] : []),
    ...(network.peerings.length > 0 && random.chance(0.7) ? [FOREIGN_VPC] : []),
  ];
}

function destinationOf(destination: string): Partial<Route> {
  if (destination.startsWith('pl-')) return { DestinationPrefixListId: destination };
  return destination.includes(':')
    ? { DestinationIpv6CidrBlock: destination }
    : { DestinationCidrBlock: destination };
}

function targetFor(
  draw: Draw,
  network: NetworkDraft,
  draft: VpcDraft,
  destination: string,
): Target | undefined {
  const { random } = draw;
  if (!draw.ordinary && random.chance(0.04)) return strangeTarget(draw, draft);
  if (destination === NAT64) return nat(draw, draft);
  const v6 = destination.includes(':');
  const choices: readonly (() => Target | undefined)[] = [
    () => gatewayId(random.any(draft.internetGateways)?.InternetGatewayId),
    () => (v6 ? egressOnly(draw, draft) : nat(draw, draft)),
    () => (v6 ? egressOnly(draw, draft) : nat(draw, draft)),
    () => transit(draw, draft, network),
    () => peering(draw, draft, network),
    () => gatewayId(random.any(draft.vpnGateways)?.VpnGatewayId),
    () => (draw.ordinary ? undefined : appliance(draw, draft)),
  ];
  if (!v6 && random.chance(0.06)) return edgeOfAws(draw);
  if (destination === FOREIGN_VPC && random.chance(0.8)) return foreignPeering(network, draft);
  if (isOtherVpc(network, draft, destination) && random.chance(0.85)) {
    const way = [peering, transit, nat, nat, peering, transit][random.below(v6 ? 2 : 6)] ?? transit;
    return way(draw, draft, network) ?? transit(draw, draft, network) ?? peering(draw, draft, network);
  }
  const near = destination.endsWith('/0') ? choices.slice(0, 4) : choices;
  return random.any(near)?.() ?? random.any(choices)?.() ?? transit(draw, draft, network);
}

/** Out of a Wavelength Zone or an Outpost. */
function edgeOfAws({ random, id }: Draw): Target {
  return random.chance(0.5) ? { CarrierGatewayId: id('cagw') } : { LocalGatewayId: id('lgw') };
}

function isOtherVpc({ vpcs }: NetworkDraft, draft: VpcDraft, destination: string): boolean {
  return vpcs.some((other) => other !== draft && other.blocks.includes(destination));
}

/** The peering with the VPC that nobody listed. */
function foreignPeering({ peerings, vpcs }: NetworkDraft, draft: VpcDraft): Target | undefined {
  const one = peerings.find(
    ({ AccepterVpcInfo, RequesterVpcInfo }) =>
      RequesterVpcInfo.VpcId === draft.vpc.VpcId &&
      !vpcs.some(({ vpc }) => vpc.VpcId === AccepterVpcInfo.VpcId),
  );
  return one === undefined ? undefined : { VpcPeeringConnectionId: one.VpcPeeringConnectionId };
}

function gatewayId(id: string | undefined): Target | undefined {
  return id === undefined ? undefined : { GatewayId: id };
}

function egressOnly({ random }: Draw, draft: VpcDraft): Target | undefined {
  const id = random.any(draft.egressOnlyGateways)?.EgressOnlyInternetGatewayId;
  return id === undefined ? undefined : { EgressOnlyInternetGatewayId: id };
}

function nat({ random }: Draw, draft: VpcDraft): Target | undefined {
  const id = random.any(draft.natGateways)?.NatGatewayId;
  return id === undefined ? undefined : { NatGatewayId: id };
}

function transit({ random }: Draw, draft: VpcDraft, network: NetworkDraft): Target | undefined {
  const near = network.transit.filter(({ vpcAttachments }) =>
    vpcAttachments.some(({ VpcId }) => VpcId === draft.vpc.VpcId),
  );
  const id = random.any(near)?.id;
  return id === undefined ? undefined : { TransitGatewayId: id };
}

function peering({ random }: Draw, draft: VpcDraft, network: NetworkDraft): Target | undefined {
  const own = network.peerings.filter(({ AccepterVpcInfo, RequesterVpcInfo }) =>
    [AccepterVpcInfo.VpcId, RequesterVpcInfo.VpcId].includes(draft.vpc.VpcId),
  );
  const id = random.any(own)?.VpcPeeringConnectionId;
  return id === undefined ? undefined : { VpcPeeringConnectionId: id };
}

function appliance({ random }: Draw, draft: VpcDraft): Target | undefined {
  const balanced = draft.endpoints.filter(({ VpcEndpointType }) => VpcEndpointType === 'GatewayLoadBalancer');
  if (balanced.length > 0 && random.chance(0.5)) return gatewayId(random.any(balanced)?.VpcEndpointId);
  const running = draft.interfaces.filter(({ Attachment }) => Attachment?.InstanceId !== undefined);
  const one = random.any(running);
  return one === undefined ? undefined : { NetworkInterfaceId: one.NetworkInterfaceId };
}

/** What a route may be sent to that nobody models, or that contradicts itself. */
function strangeTarget({ random, id }: Draw, draft: VpcDraft): Target {
  const gateway = draft.internetGateways[0]?.InternetGatewayId ?? id('igw');
  return random.pick<Target>([
    {},
    { CoreNetworkArn: 'arn:aws-cn:networkmanager::111111111111:core-network/core-network-1' },
    { IpAddress: '10.0.1.10' },
    { LocalGatewayId: id('lgw') },
    { GatewayId: gateway, NatGatewayId: id('nat') },
    { NatGatewayId: id('nat') },
    { GatewayId: id('igw') },
    { VpcPeeringConnectionId: id('pcx') },
  ]);
}

/** What a VPN gateway learned; it may say the same as a static route, which then wins. */
function propagate({ random }: Draw, table: RouteTableDraft, gateway: string): void {
  table.PropagatingVgws.push({ GatewayId: gateway });
  for (const block of [ON_PREMISES, '0.0.0.0/0', OUTER_BLOCKS[0]]) {
    if (!random.chance(0.5)) continue;
    table.Routes.push({
      DestinationCidrBlock: block,
      GatewayId: gateway,
      Origin: 'EnableVgwRoutePropagation',
      State: 'active',
    });
  }
}

/**
 * What is more specific than `local`: a route to a whole subnet by a NAT gateway or an appliance, and an edge
 * table that leads into one, or to an inspection.
 */
export function addInnerRoutes(draw: Draw, draft: VpcDraft): void {
  const { random } = draw;
  const subnet = random.any(draft.subnets.filter(({ CidrBlock }) => CidrBlock !== undefined));
  if (subnet === undefined) return;
  const toSubnet = { DestinationCidrBlock: subnet.CidrBlock ?? '', Origin: 'CreateRoute', State: 'active' };
  const zonal = random.any(draft.natGateways.filter(({ SubnetId }) => SubnetId !== undefined));
  if (zonal !== undefined && random.chance(0.6)) {
    const used = draft.tables.filter(({ Associations }) => (Associations ?? []).length > 0);
    for (const { Routes } of used.filter(() => random.chance(0.7))) {
      Routes.push({ ...toSubnet, NatGatewayId: zonal.NatGatewayId });
    }
    return;
  }
  const forwarder = random.any(
    draft.interfaces.filter(
      ({ SourceDestCheck, InterfaceType }) => SourceDestCheck === false && InterfaceType === 'interface',
    ),
  );
  const balanced = random.any(
    draft.endpoints.filter(({ VpcEndpointType }) => VpcEndpointType === 'GatewayLoadBalancer'),
  );
  const targets = [
    ...(forwarder === undefined ? [] : [{ NetworkInterfaceId: forwarder.NetworkInterfaceId }]),
    ...(balanced === undefined || draw.ordinary ? [] : [{ GatewayId: balanced.VpcEndpointId }]),
  ];
  const target = random.any(targets);
  if (target === undefined) return;
  const detour: Route = { ...toSubnet, ...target };
  if (random.chance(0.4)) random.any(draft.tables)?.Routes.push(detour);
  const gateways = [draft.internetGateways[0]?.InternetGatewayId, draft.vpnGateways[0]?.VpnGatewayId];
  for (const gateway of gateways) {
    if (gateway !== undefined && random.chance(0.7))
      draft.tables.push(edgeTable(draw, draft, gateway, detour));
  }
}

/** A table for what comes in by a gateway: to one subnet by a detour, to all others as ever. */
function edgeTable({ id }: Draw, draft: VpcDraft, gateway: string, detour: Route): RouteTableDraft {
  const RouteTableId = id('rtb');
  return {
    RouteTableId,
    VpcId: draft.vpc.VpcId,
    Associations: [
      {
        GatewayId: gateway,
        RouteTableAssociationId: id('rtbassoc'),
        RouteTableId,
        AssociationState: { State: 'associated' },
      },
    ],
    PropagatingVgws: [],
    Routes: [
      ...draft.blocks.map((block) => ({
        ...destinationOf(block),
        GatewayId: 'local',
        Origin: 'CreateRouteTable',
        State: 'active',
      })),
      detour,
    ],
  };
}
