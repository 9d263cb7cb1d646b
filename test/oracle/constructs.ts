import { block } from './address.ts';
import type { Document, Route, TransitGatewayRoute } from './documents.ts';
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
  'blackhole route': target(({ State }) => State === 'blackhole'),
  'overlapping routes': some(
    ({ routeTables }) => routeTables.values(),
    ({ Routes }) =>
      Routes.filter(({ DestinationCidrBlock: to }) => to !== undefined && block(to).length < 16).length > 1,
  ),
  'propagated route': target(({ Origin }) => Origin === 'EnableVgwRoutePropagation'),
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
  'transit propagation': some(transit, ({ Type }) => Type === 'propagated'),
  'transit static route': some(transit, ({ Type, State }) => Type === 'static' && State === 'active'),
  'transit peering': ({ peeringAttachments }) => peeringAttachments.size > 0,
  'transit VPN or Direct Connect': some(
    ({ attachments }) => attachments.values(),
    ({ ResourceType }) => ['vpn', 'direct-connect-gateway', 'connect'].includes(ResourceType),
  ),
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
  'unknown or double target': target(
    (route) => ROUTE_TARGETS.filter((member) => route[member] !== undefined).length !== 1,
  ),
  'missing object': target(
    ({ NatGatewayId, GatewayId }, { natGateways, internetGateways }) =>
      (NatGatewayId !== undefined && !natGateways.has(NatGatewayId)) ||
      (GatewayId?.startsWith('igw-') === true && !internetGateways.has(GatewayId)),
  ),
};
