import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Document, NetworkInterface, RouteTable } from './documents.ts';

/** Public snapshots and flows beside the project; see its README for where they come from. */
const PUBLIC_NETWORKS = join(import.meta.dirname, '../../../shared/data/network');

export const HAS_PUBLIC_NETWORKS = existsSync(PUBLIC_NETWORKS);

const ACCOUNT = '111111111111';
const REGION = 'us-east-1';

/** Which call answers with which list. */
const CALLS: Readonly<Record<string, string>> = {
  Vpcs: 'DescribeVpcs',
  Subnets: 'DescribeSubnets',
  RouteTables: 'DescribeRouteTables',
  NetworkInterfaces: 'DescribeNetworkInterfaces',
  SecurityGroups: 'DescribeSecurityGroups',
  NetworkAcls: 'DescribeNetworkAcls',
  InternetGateways: 'DescribeInternetGateways',
  NatGateways: 'DescribeNatGateways',
  VpcEndpoints: 'DescribeVpcEndpoints',
  VpcPeeringConnections: 'DescribeVpcPeeringConnections',
  VpnGateways: 'DescribeVpnGateways',
  PrefixLists: 'DescribePrefixLists',
};

/** One flow with what Batfish says becomes of it. */
export interface BatfishFlow {
  readonly id: string;
  readonly snapshot: string;
  readonly from: string;
  readonly srcIp: string;
  readonly dstIp: string;
  readonly protocol: string;
  readonly dstPort: number | null;
  readonly verdict: 'denied' | 'unreachable' | 'leaves-vpc' | 'reaches';
  readonly path: readonly string[];
}

export function batfishFlows(): readonly BatfishFlow[] {
  return readJson('batfish/expected.json') as readonly BatfishFlow[];
}

export function batfishSnapshot(name: string): readonly Document[] {
  const folder = join(PUBLIC_NETWORKS, 'batfish', name);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => documentsOf(readJson(join('batfish', name, file))));
}

/** What np-guard says of one pair of endpoints: the connections that are allowed, all others are not. */
export interface GuardedPair {
  readonly src: string;
  readonly dst: string;
  readonly conn: string;
}

interface GuardedConfig {
  readonly input: string;
  readonly level: 'endpoint' | 'subnet';
  readonly allowed: readonly GuardedPair[];
}

interface GuardedNetwork {
  readonly instances: readonly {
    readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
    readonly NetworkInterfaces: readonly NetworkInterface[];
  }[];
  readonly subnets: readonly {
    readonly SubnetId: string;
    readonly VpcId: string;
    readonly MapPublicIpOnLaunch: boolean;
  }[];
  readonly vpcs: readonly unknown[];
  readonly network_acls: readonly unknown[];
  readonly security_groups: readonly unknown[];
  readonly internet_gateways: readonly {
    readonly InternetGatewayId: string;
    readonly Attachments: readonly { readonly VpcId: string }[];
  }[];
}

export interface GuardedSnapshot {
  readonly name: string;
  readonly documents: readonly Document[];
  readonly allowed: readonly GuardedPair[];
  /** The interfaces by the names that the expectations use. */
  readonly endpoints: ReadonlyMap<string, NetworkInterface>;
}

/** The configurations at the level of interfaces; the subnet level says what no packet asks. */
export function guardedSnapshots(): readonly GuardedSnapshot[] {
  const configs = readJson('np-guard/expected.json') as readonly GuardedConfig[];
  return configs.filter(({ level }) => level === 'endpoint').map(guardedSnapshot);
}

function guardedSnapshot({ input, allowed }: GuardedConfig): GuardedSnapshot {
  const network = withoutNulls(readJson(`np-guard/${input}`)) as GuardedNetwork;
  const named = network.instances.flatMap((instance) =>
    instance.NetworkInterfaces.map((one) => {
      const name = instance.Tags?.find(({ Key }) => Key === 'Name')?.Value ?? '';
      return [`${name}[${one.PrivateIpAddress}]`, one] as const;
    }),
  );
  const gateways = network.internet_gateways.map((gateway, index) => ({
    ...gateway,
    InternetGatewayId: `igw-${index}`,
  }));
  return {
    name: input,
    allowed,
    endpoints: new Map(named),
    documents: documentsOf({
      Vpcs: network.vpcs,
      Subnets: network.subnets,
      NetworkAcls: network.network_acls,
      SecurityGroups: network.security_groups,
      NetworkInterfaces: named.map(([, one]) => one),
      InternetGateways: gateways,
      RouteTables: network.subnets.map((subnet) => routeTableOf(subnet, network.vpcs, gateways)),
    }),
  };
}

/** These configurations have no route tables: a subnet that maps public addresses is public. */
function routeTableOf(
  subnet: GuardedNetwork['subnets'][number],
  vpcs: readonly unknown[],
  gateways: GuardedNetwork['internet_gateways'],
): RouteTable {
  const vpc = (vpcs as readonly { readonly VpcId: string; readonly CidrBlock: string }[]).find(
    ({ VpcId }) => VpcId === subnet.VpcId,
  );
  const gateway = gateways.find(({ Attachments }) => Attachments.some(({ VpcId }) => VpcId === subnet.VpcId));
  const local = { DestinationCidrBlock: vpc?.CidrBlock ?? '', GatewayId: 'local', State: 'active' };
  const out =
    subnet.MapPublicIpOnLaunch && gateway !== undefined
      ? [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway.InternetGatewayId, State: 'active' }]
      : [];
  return {
    RouteTableId: `rtb-${subnet.SubnetId}`,
    VpcId: subnet.VpcId,
    Associations: [{ SubnetId: subnet.SubnetId, Main: false }],
    Routes: [local, ...out],
  };
}

function documentsOf(content: unknown): readonly Document[] {
  return Object.entries(content as Record<string, unknown>)
    .filter(([member]) => CALLS[member] !== undefined)
    .map(([member, list]) => ({
      account: ACCOUNT,
      region: REGION,
      call: `ec2:${CALLS[member]}`,
      parameters: {},
      answer: { [member]: list },
    }));
}

/** An SDK prints members that are absent as `null`; the API leaves them out. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [name, withoutNulls(member)]),
  );
}

function readJson(file: string): unknown {
  const path = file.startsWith('/') ? file : join(PUBLIC_NETWORKS, file);
  return JSON.parse(readFileSync(path, 'utf8')) as unknown;
}
