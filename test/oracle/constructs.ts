import { block } from './address.ts';
import type { Document, Route, TransitGatewayAttachment, TransitGatewayRoute } from './documents.ts';
import { ROUTE_TARGETS } from './documents.ts';
import type { World } from './world.ts';

/** Whether a network has one thing that the solver must understand. */
type Construct = (world: World, documents: readonly Document[]) => boolean;

const some =
  <T>(list: (world: World) => Iterable<T>, test: (one: T, world: World) => boolean): Construct =>
  (world) =>
    [...list(world)].some((one) => test(one, world));

const routes = (world: World): readonly Route[] =>
  [...world.routeTables.values()].flatMap(({ Routes }) => Routes);
const target = (test: (route: Route, world: World) => boolean): Construct => some(routes, test);
const gateway = (prefix: string): Construct =>
  target(({ GatewayId }) => GatewayId?.startsWith(prefix) === true);
const permissions = (world: World) =>
  [...world.securityGroups.values()].flatMap((group) => [
    ...group.IpPermissions,
    ...group.IpPermissionsEgress,
  ]);
const entries = (world: World) => [...world.networkAcls.values()].flatMap(({ Entries }) => Entries);
const transit = (world: World): readonly TransitGatewayRoute[] =>
  [...world.transitRoutes.values()].flatMap((list) => list ?? []);

const attached = (test: (one: TransitGatewayAttachment, world: World) => boolean): Construct =>
  some(({ attachments }) => attachments.values(), test);

/** Two routes of one table for the very same block, of which one rule of precedence decides. */
const tie = (test: (one: Route, other: Route) => boolean): Construct =>
  some(
    ({ routeTables }) => routeTables.values(),
    ({ Routes }, world) =>
      Routes.some((one) =>
        Routes.some(
          (other) => one !== other && test(one, other) && share(blocksOf(one, world), blocksOf(other, world)),
        ),
      ),
  );

const blocksOf = (route: Route, { prefixLists }: World): readonly string[] =>
  [
    route.DestinationCidrBlock,
    route.DestinationIpv6CidrBlock,
    ...(prefixLists.get(route.DestinationPrefixListId ?? '') ?? []),
  ].filter((text) => text !== undefined);

const share = (left: readonly string[], right: readonly string[]): boolean =>
  left.some((text) => right.includes(text));

const byList = ({ DestinationPrefixListId }: Route): boolean => DestinationPrefixListId !== undefined;

/** Whether something has two claims on it that only one can have. */
const contradicted = (list: (world: World) => ReadonlyMap<string, unknown>): Construct =>
  some(
    (world) => list(world).values(),
    (claim) => claim === undefined,
  );

/** Every construct that the generator must draw often enough: what is not drawn is not tested. */
export const CONSTRUCTS: Readonly<Record<string, Construct>> = {
  'several VPCs': ({ vpcs }) => vpcs.size > 1,
  'several accounts': (_, documents) => new Set(documents.map(({ account }) => account)).size > 1,
  'several regions': (_, documents) => new Set(documents.map(({ region }) => region)).size > 1,
  'VPC with several blocks': some(
    ({ vpcs }) => vpcs.values(),
    ({ CidrBlockAssociationSet }) => (CidrBlockAssociationSet ?? []).length > 1,
  ),
  IPv6: some(
    ({ vpcs }) => vpcs.values(),
    ({ Ipv6CidrBlockAssociationSet }) => (Ipv6CidrBlockAssociationSet ?? []).length > 0,
  ),
  'implicit main table': some(
    ({ subnets }) => subnets.keys(),
    (subnet, { tableOfSubnet }) => !tableOfSubnet.has(subnet),
  ),
  'explicit table': some(
    ({ subnets }) => subnets.keys(),
    (subnet, { tableOfSubnet }) => tableOfSubnet.has(subnet),
  ),
  'edge table': ({ tableOfGateway }) => tableOfGateway.size > 0,
  'edge table of a VPN gateway': some(
    ({ tableOfGateway }) => tableOfGateway.keys(),
    (id) => id.startsWith('vgw-'),
  ),
  'edge table with an inspection': some(
    ({ tableOfGateway }) => tableOfGateway.values(),
    (table) => (table?.Routes ?? []).some(({ GatewayId }) => GatewayId?.startsWith('vpce-') === true),
  ),
  'blackhole route': target(({ State }) => State === 'blackhole'),
  'overlapping routes': some(
    ({ routeTables }) => routeTables.values(),
    ({ Routes }) =>
      Routes.filter(({ DestinationCidrBlock: to }) => to !== undefined && block(to).length < 16).length > 1,
  ),
  'propagated route': target(({ Origin }) => Origin === 'EnableVgwRoutePropagation'),
  'static over prefix list': tie(
    (one, other) => !byList(one) && one.Origin === 'CreateRoute' && byList(other),
  ),
  'prefix list over propagated': tie(
    (one, other) => byList(one) && other.Origin === 'EnableVgwRoutePropagation',
  ),
  'two lists of one rank': tie((one, other) => byList(one) && byList(other)),
  'two main tables': contradicted(({ mainTableOfVpc }) => mainTableOfVpc),
  'static over propagated': some(
    ({ routeTables }) => routeTables.values(),
    ({ Routes }) =>
      Routes.some(
        (one) =>
          one.Origin === 'EnableVgwRoutePropagation' &&
          Routes.some(
            (other) =>
              other.Origin === 'CreateRoute' && other.DestinationCidrBlock === one.DestinationCidrBlock,
          ),
      ),
  ),
  'route inside the VPC': some(
    ({ routeTables }) => routeTables.values(),
    ({ Routes }) =>
      Routes.some(
        (one) => one.NetworkInterfaceId !== undefined && one.DestinationCidrBlock?.endsWith('/24') === true,
      ),
  ),
  'route by prefix list': target(({ DestinationPrefixListId }) => DestinationPrefixListId !== undefined),
  'prefix list without entries': target(
    ({ DestinationPrefixListId: list }, { prefixLists }) => list !== undefined && !prefixLists.has(list),
  ),
  'internet gateway': gateway('igw-'),
  'egress-only gateway': target(
    ({ EgressOnlyInternetGatewayId }) => EgressOnlyInternetGatewayId !== undefined,
  ),
  'detached gateway': some(
    ({ internetGateways }) => internetGateways.values(),
    ({ Attachments }) => (Attachments ?? []).length === 0,
  ),
  'public NAT': some(
    ({ natGateways }) => natGateways.values(),
    ({ ConnectivityType, AvailabilityMode }) => ConnectivityType === 'public' && AvailabilityMode === 'zonal',
  ),
  'private NAT': some(
    ({ natGateways }) => natGateways.values(),
    ({ ConnectivityType }) => ConnectivityType === 'private',
  ),
  'regional NAT': some(
    ({ natGateways }) => natGateways.values(),
    ({ AvailabilityMode }) => AvailabilityMode === 'regional',
  ),
  'regional NAT whose table stops something': some(
    ({ natGateways }) => natGateways.values(),
    ({ RouteTableId = '' }, { routeTables }) =>
      (routeTables.get(RouteTableId)?.Routes ?? []).some(({ State }) => State === 'blackhole'),
  ),
  'NAT out of service': some(
    ({ natGateways }) => natGateways.values(),
    ({ State }) => State !== 'available',
  ),
  NAT64: target(({ DestinationIpv6CidrBlock }) => DestinationIpv6CidrBlock === '64:ff9b::/96'),
  peering: target(({ VpcPeeringConnectionId }) => VpcPeeringConnectionId !== undefined),
  'peering out of the model': some(
    ({ peerings }) => peerings.values(),
    ({ AccepterVpcInfo }, { vpcs }) => !vpcs.has(AccepterVpcInfo.VpcId),
  ),
  'inactive peering': some(
    ({ peerings }) => peerings.values(),
    ({ Status }) => Status.Code !== 'active',
  ),
  'transit gateway': target(({ TransitGatewayId }) => TransitGatewayId !== undefined),
  'transit blackhole': some(transit, ({ State }) => State === 'blackhole'),
  'transit static over propagated': ({ transitRoutes }) =>
    [...transitRoutes.values()].some((routes = []) =>
      routes.some(
        (one) =>
          one.Type === 'static' &&
          routes.some(
            (other) => other.Type === 'propagated' && other.DestinationCidrBlock === one.DestinationCidrBlock,
          ),
      ),
    ),
  'transit propagation': some(transit, ({ Type }) => Type === 'propagated'),
  'transit static route': some(transit, ({ Type, State }) => Type === 'static' && State === 'active'),
  'transit peering': ({ peeringAttachments }) => peeringAttachments.size > 0,
  'transit VPN': attached(({ ResourceType }) => ResourceType === 'vpn'),
  'transit Direct Connect': attached(({ ResourceType }) => ResourceType === 'direct-connect-gateway'),
  'transit Connect': attached(({ ResourceType }) => ResourceType === 'connect'),
  'VPC of somebody else behind transit': attached(
    ({ ResourceType, ResourceId = '' }, { vpcs }) => ResourceType === 'vpc' && !vpcs.has(ResourceId),
  ),
  'appliance mode': some(
    ({ vpcAttachments }) => vpcAttachments.values(),
    ({ Options }) => Options?.ApplianceModeSupport === 'enable',
  ),
  'transit prefix list': some(transit, ({ PrefixListId }) => PrefixListId !== undefined),
  'zone without transit': some(
    ({ vpcAttachments }) => vpcAttachments.values(),
    ({ SubnetIds, VpcId }, { subnets }) =>
      new Set([...subnets.values()].filter((one) => one.VpcId === VpcId).map((one) => one.AvailabilityZone))
        .size > SubnetIds.length,
  ),
  'VPN gateway': gateway('vgw-'),
  'gateway endpoint': target(
    ({ DestinationPrefixListId, GatewayId }) =>
      DestinationPrefixListId !== undefined && GatewayId?.startsWith('vpce-') === true,
  ),
  'interface endpoint': some(
    ({ endpoints }) => endpoints.values(),
    ({ VpcEndpointType }) => VpcEndpointType === 'Interface',
  ),
  'endpoint abroad or of somebody else': some(
    ({ endpoints }) => endpoints.values(),
    ({ VpcEndpointType, ServiceName = '' }) =>
      VpcEndpointType === 'Interface' && !ServiceName.startsWith('com.amazonaws.cn-'),
  ),
  'endpoint of a gateway load balancer': target(
    ({ GatewayId = '' }, { endpoints }) =>
      endpoints.get(GatewayId)?.VpcEndpointType === 'GatewayLoadBalancer',
  ),
  'carrier gateway': target(({ CarrierGatewayId }) => CarrierGatewayId !== undefined),
  'local gateway': target(({ LocalGatewayId }) => LocalGatewayId !== undefined),
  appliance: target(
    ({ NetworkInterfaceId, GatewayId }, { endpoints }) =>
      NetworkInterfaceId !== undefined ||
      endpoints.get(GatewayId ?? '')?.VpcEndpointType === 'GatewayLoadBalancer',
  ),
  'public address': ({ publicHolders }) => [...publicHolders.keys()].some((key) => key.startsWith('4/')),
  'second private address': some(
    ({ interfaces }) => interfaces.values(),
    ({ PrivateIpAddresses }) => (PrivateIpAddresses ?? []).length > 1,
  ),
  'delegated block': ({ delegates }) => delegates.length > 0,
  'delegated block of IPv6': ({ delegates }) =>
    delegates.some(({ Ipv6Prefixes }) => (Ipv6Prefixes ?? []).length > 0),
  'carrier address': some(
    ({ interfaces }) => interfaces.values(),
    ({ Association }) => Association?.CarrierIp !== undefined,
  ),
  'IPv6-only subnet': some(
    ({ subnets }) => subnets.values(),
    ({ CidrBlock }) => CidrBlock === undefined,
  ),
  'source check off': some(
    ({ interfaces }) => interfaces.values(),
    ({ SourceDestCheck, InterfaceType }) => SourceDestCheck === false && InterfaceType === 'interface',
  ),
  'group reference': some(permissions, ({ UserIdGroupPairs }) => (UserIdGroupPairs ?? []).length > 0),
  'group of a peer VPC': some(permissions, ({ UserIdGroupPairs }) =>
    (UserIdGroupPairs ?? []).some(({ VpcPeeringConnectionId }) => VpcPeeringConnectionId !== undefined),
  ),
  'prefix list in a group': some(permissions, ({ PrefixListIds }) => (PrefixListIds ?? []).length > 0),
  'several groups': some(
    ({ interfaces }) => interfaces.values(),
    ({ Groups }) => Groups.length > 1,
  ),
  'ICMP rule': some(permissions, ({ IpProtocol }) => IpProtocol.startsWith('icmp')),
  'ACL deny': some(entries, ({ RuleAction, RuleNumber }) => RuleAction === 'deny' && RuleNumber < 900),
  'ACL ports': some(entries, ({ PortRange }) => PortRange !== undefined),
  'blocked public access': some(
    ({ subnets }) => subnets.values(),
    ({ BlockPublicAccessStates }) =>
      BlockPublicAccessStates?.InternetGatewayBlockMode === 'block-bidirectional',
  ),
  'blocked inbound access': some(
    ({ subnets }) => subnets.values(),
    ({ BlockPublicAccessStates }) => BlockPublicAccessStates?.InternetGatewayBlockMode === 'block-ingress',
  ),
  'subnet excluded from the block': some(
    ({ subnets }) => subnets.values(),
    ({ VpcId, BlockPublicAccessStates }, { vpcs }) =>
      BlockPublicAccessStates?.InternetGatewayBlockMode === 'off' &&
      vpcs.get(VpcId)?.BlockPublicAccessStates?.InternetGatewayBlockMode !== 'off',
  ),
  'unknown or double target': target(
    (route) => ROUTE_TARGETS.filter((member) => route[member] !== undefined).length !== 1,
  ),
  'missing object': target(
    ({ NatGatewayId, GatewayId }, { natGateways, internetGateways }) =>
      (NatGatewayId !== undefined && !natGateways.has(NatGatewayId)) ||
      (GatewayId?.startsWith('igw-') === true && !internetGateways.has(GatewayId)),
  ),
};
