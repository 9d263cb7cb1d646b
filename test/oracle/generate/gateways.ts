import type * as Aws from '../documents.ts';
import type { Draw, NetworkDraft, PrefixListDraft, VpcDraft } from './draft.ts';
import { ON_PREMISES, OUTER_BLOCKS, OUTER_BLOCKS_V6 } from './draft.ts';
import type { Addresses } from './interfaces.ts';
import { groupsFor, interfaceOf } from './interfaces.ts';

/** What a VPC can be left by; which of it a route leads to is drawn later. */
export function addGateways(draw: Draw, addresses: Addresses, draft: VpcDraft): void {
  const { random, id } = draw;
  const { vpc, place } = draft;
  const attached = (State: string): { readonly Attachments: { State: string; VpcId: string }[] } => ({
    // A gateway that is not attached is listed without attachments.
    Attachments: random.chance(0.93) ? [{ State, VpcId: vpc.VpcId }] : [],
  });
  if (random.chance(0.8)) {
    draft.internetGateways.push({ InternetGatewayId: id('igw'), ...attached('available') });
  }
  if (random.chance(0.5)) {
    draft.egressOnlyGateways.push({ EgressOnlyInternetGatewayId: id('eigw'), ...attached('attached') });
  }
  if (random.chance(0.25)) {
    draft.vpnGateways.push({
      VpnGatewayId: id('vgw'),
      State: 'available',
      VpcAttachments: random.chance(0.9) ? [{ State: 'attached', VpcId: vpc.VpcId }] : [],
    });
  }
  const nats = random.chance(0.6) ? 1 + random.below(2) : 0;
  for (let number = 0; number < nats; number += 1) addNat(draw, addresses, draft);
  if (random.chance(0.3)) addEndpoint(draw, addresses, draft, place.region);
}

function addNat(draw: Draw, addresses: Addresses, draft: VpcDraft): void {
  const { random, id } = draw;
  const subnet = random.any(withIpv4(draft));
  if (subnet === undefined) return;
  const NatGatewayId = id('nat');
  const State = random.chance(0.92) ? 'available' : random.pick(['deleted', 'failed', 'pending']);
  if (random.chance(0.15)) {
    const RouteTableId = id('rtb');
    draft.natGateways.push({
      NatGatewayId,
      VpcId: draft.vpc.VpcId,
      State,
      ConnectivityType: 'public',
      AvailabilityMode: 'regional',
      RouteTableId,
      NatGatewayAddresses: [{ PublicIp: addresses.publicIp(), ...CURRENT }],
    });
    draft.tables.push(regionalTable(draw, RouteTableId, draft));
    return;
  }
  const kind = random.chance(0.65) ? 'public' : 'private';
  const eni = interfaceOf(draw, addresses, draft, {
    subnet,
    groups: [],
    type: 'nat_gateway',
    publicIp: kind === 'public',
    v6: false,
    forwards: true,
    instance: false,
    second: random.chance(0.2),
  });
  draft.interfaces.push(eni);
  draft.natGateways.push({
    NatGatewayId,
    SubnetId: subnet.SubnetId,
    VpcId: draft.vpc.VpcId,
    State,
    ConnectivityType: kind,
    AvailabilityMode: 'zonal',
    NatGatewayAddresses: (eni.PrivateIpAddresses ?? []).map(({ PrivateIpAddress, Association, Primary }) => ({
      NetworkInterfaceId: eni.NetworkInterfaceId,
      PrivateIp: PrivateIpAddress,
      ...(Association?.PublicIp === undefined ? {} : { PublicIp: Association.PublicIp }),
      IsPrimary: Primary === true,
      Status: 'succeeded',
    })),
  });
}

/** A service of another region, as PrivateLink offers some. */
const FAR_SERVICE = { ServiceName: 'com.amazonaws.us-east-1.kms', ServiceRegion: 'us-east-1' } as const;

function withIpv4({ subnets }: VpcDraft): readonly VpcDraft['subnets'][number][] {
  return subnets.filter(({ CidrBlock }) => CidrBlock !== undefined);
}

/** Members that AWS returns today, and older readers stumble over. */
const CURRENT = { IsPrimary: true, Status: 'succeeded' } as const;

/** The table of a regional NAT gateway: AWS makes it with everything to the internet gateway; its owner may add to it. */
function regionalTable({ random }: Draw, RouteTableId: string, draft: VpcDraft): VpcDraft['tables'][number] {
  const gateway = draft.internetGateways[0]?.InternetGatewayId;
  const local = draft.blocks.map((block) => ({
    ...(block.includes(':') ? { DestinationIpv6CidrBlock: block } : { DestinationCidrBlock: block }),
    GatewayId: 'local',
    Origin: 'CreateRouteTable',
    State: 'active',
  }));
  const out = { DestinationCidrBlock: '0.0.0.0/0', Origin: 'CreateRoute', State: 'active' };
  const stopped = {
    DestinationCidrBlock: OUTER_BLOCKS[0],
    ...(gateway === undefined ? {} : { GatewayId: gateway }),
    Origin: 'CreateRoute',
    State: 'blackhole',
  };
  return {
    RouteTableId,
    VpcId: draft.vpc.VpcId,
    Associations: [],
    PropagatingVgws: [],
    Routes: [
      ...local,
      ...(gateway === undefined ? [] : [{ ...out, GatewayId: gateway }]),
      ...(random.chance(0.4) ? [stopped] : []),
    ],
  };
}

/** An interface endpoint has interfaces in the VPC, a Gateway Load Balancer's is a route target. */
function addEndpoint(draw: Draw, addresses: Addresses, draft: VpcDraft, region: string): void {
  const { random, id } = draw;
  const subnet = random.any(withIpv4(draft));
  if (subnet === undefined) return;
  const balanced = random.chance(0.4);
  const foreign = random.chance(0.35);
  const eni = interfaceOf(draw, addresses, draft, {
    subnet,
    groups: balanced ? [] : groupsFor(draw, draft),
    type: balanced ? 'gateway_load_balancer_endpoint' : 'vpc_endpoint',
    publicIp: false,
    v6: false,
    forwards: balanced,
    instance: false,
    second: false,
  });
  draft.interfaces.push(eni);
  draft.endpoints.push({
    VpcEndpointId: id('vpce'),
    VpcEndpointType: balanced ? 'GatewayLoadBalancer' : 'Interface',
    VpcId: draft.vpc.VpcId,
    ...(balanced
      ? { ServiceName: `com.amazonaws.vpce.${region}.vpce-svc-1` }
      : foreign
        ? random.pick<Pick<Aws.VpcEndpoint, 'ServiceName' | 'ServiceRegion'>>([
            FAR_SERVICE,
            { ServiceName: `com.amazonaws.vpce.${region}.vpce-svc-2` },
          ])
        : { ServiceName: `com.amazonaws.${region}.kms` }),
    State: 'available',
    NetworkInterfaceIds: [eni.NetworkInterfaceId],
    SubnetIds: [subnet.SubnetId],
    RouteTableIds: [],
    OwnerId: draft.place.account,
  });
}

/** The services that gateway endpoints lead to, by the prefix list that a route names. */
const SERVICE_BLOCKS = ['52.216.0.0/15', '3.5.0.0/20'] as const;

/** A gateway endpoint for S3: a route by prefix list in some of the tables. */
export function addGatewayEndpoint({ random, id }: Draw, network: NetworkDraft, draft: VpcDraft): void {
  const list = network.lists.find(
    ({ place, name }) => name.endsWith('.s3') && place.region === draft.place.region,
  );
  if (list === undefined) return;
  const endpoint = id('vpce');
  const tables = draft.tables.filter(() => random.chance(0.7));
  draft.endpoints.push({
    VpcEndpointId: endpoint,
    VpcEndpointType: 'Gateway',
    VpcId: draft.vpc.VpcId,
    ServiceName: list.name,
    State: 'available',
    NetworkInterfaceIds: [],
    RouteTableIds: tables.map(({ RouteTableId }) => RouteTableId),
    SubnetIds: [],
    OwnerId: draft.place.account,
  });
  for (const table of tables) {
    table.Routes.push({
      DestinationPrefixListId: list.id,
      GatewayId: endpoint,
      Origin: 'CreateRoute',
      State: 'active',
    });
  }
}

/** The lists that rules and routes name: AWS's own for S3 in each region, and the customer's. */
export function prefixLists(
  { random, id, ordinary }: Draw,
  vpcs: readonly VpcDraft[],
): readonly PrefixListDraft[] {
  const regions = [...new Set(vpcs.map(({ place }) => place.region))];
  const services = regions.flatMap((region): readonly PrefixListDraft[] => {
    const place = vpcs.find((one) => one.place.region === region)?.place;
    if (place === undefined || !random.chance(0.6)) return [];
    const name = `com.amazonaws.${region}.s3`;
    return [{ place, id: id('pl'), name, owner: 'AWS', cidrs: SERVICE_BLOCKS }];
  });
  const own = vpcs.flatMap(({ place, vpc }): readonly PrefixListDraft[] => {
    if (!random.chance(0.55)) return [];
    // Blocks that other lists, static and propagated routes have as well: one rule of precedence decides.
    const learned = random.chance(0.7) ? [ON_PREMISES] : [];
    const cidrs = [random.pick(OUTER_BLOCKS), vpc.CidrBlock, '203.0.113.64/26', ...learned];
    const v6 = random.chance(0.2);
    return [
      {
        place,
        id: id('pl'),
        name: v6 ? 'partners-v6' : 'partners',
        owner: place.account,
        cidrs: !ordinary && random.chance(0.12) ? undefined : v6 ? OUTER_BLOCKS_V6 : [...new Set(cidrs)],
      },
    ];
  });
  return [...services, ...own];
}
