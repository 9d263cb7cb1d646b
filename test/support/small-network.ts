import type { Network, NetworkSource } from '../../src/analysis/index.ts';
import { buildNetwork } from '../../src/analysis/index.ts';
import type { JsonObject } from '../../src/core/index.ts';
import type { RepeatedAnswer } from './network-source.ts';
import { sourceOfAnswers } from './network-source.ts';

/** Answers of describe calls by call; what a test does not say is as in `PLAIN`. */
export type Answers = Readonly<Record<string, readonly JsonObject[]>>;

/** A group rule for everything to or from one block. */
export function everything(cidr: string): JsonObject {
  return cidr.includes(':')
    ? { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: cidr }] }
    : { IpProtocol: '-1', IpRanges: [{ CidrIp: cidr }] };
}

export function route(destination: string, target: JsonObject, state = 'active'): JsonObject {
  const member = destination.startsWith('pl-')
    ? 'DestinationPrefixListId'
    : destination.includes(':')
      ? 'DestinationIpv6CidrBlock'
      : 'DestinationCidrBlock';
  return { [member]: destination, State: state, Origin: 'CreateRoute', ...target };
}

export function table(
  id: string,
  vpc: string,
  routes: readonly JsonObject[],
  subnets: readonly string[],
): JsonObject {
  return {
    RouteTableId: id,
    VpcId: vpc,
    Associations: subnets.map((SubnetId) => ({ SubnetId, Main: false })),
    Routes: routes,
  };
}

export function subnet(id: string, vpc: string, cidr: string, zone = 'a', v6?: string): JsonObject {
  return {
    SubnetId: id,
    VpcId: vpc,
    CidrBlock: cidr,
    AvailabilityZone: `eu-central-1${zone}`,
    Ipv6CidrBlockAssociationSet:
      v6 === undefined ? [] : [{ Ipv6CidrBlock: v6, Ipv6CidrBlockState: { State: 'associated' } }],
  };
}

export function networkInterface(
  id: string,
  vpc: string,
  subnetId: string,
  address: string,
  more: JsonObject = {},
): JsonObject {
  return {
    NetworkInterfaceId: id,
    InterfaceType: 'interface',
    VpcId: vpc,
    SubnetId: subnetId,
    PrivateIpAddress: address,
    Groups: [{ GroupId: 'sg-open' }],
    SourceDestCheck: true,
    ...more,
  };
}

export function acl(id: string, subnets: readonly string[], entries: readonly JsonObject[] = []): JsonObject {
  const open = [true, false].flatMap((Egress) =>
    ['0.0.0.0/0', '::/0'].map((cidr, index) => ({
      RuleNumber: 100 + index,
      Egress,
      Protocol: '-1',
      RuleAction: 'allow',
      ...(cidr.includes(':') ? { Ipv6CidrBlock: cidr } : { CidrBlock: cidr }),
    })),
  );
  return {
    NetworkAclId: id,
    Associations: subnets.map((SubnetId) => ({ SubnetId })),
    Entries: [...entries, ...open],
  };
}

/** One VPC with a public and a private subnet, an internet gateway, and an interface in each. */
export const PLAIN: Answers = {
  'ec2:DescribeVpcs': [
    {
      VpcId: 'vpc-1',
      CidrBlock: '10.1.0.0/16',
      Ipv6CidrBlockAssociationSet: [
        { Ipv6CidrBlock: '2a05:d014:1::/56', Ipv6CidrBlockState: { State: 'associated' } },
      ],
    },
  ],
  'ec2:DescribeSubnets': [
    subnet('subnet-public', 'vpc-1', '10.1.0.0/24', 'a', '2a05:d014:1::/64'),
    subnet('subnet-private', 'vpc-1', '10.1.1.0/24', 'a', '2a05:d014:1:1::/64'),
  ],
  'ec2:DescribeRouteTables': [
    table('rtb-public', 'vpc-1', [route('0.0.0.0/0', { GatewayId: 'igw-1' })], ['subnet-public']),
    table('rtb-private', 'vpc-1', [], ['subnet-private']),
  ],
  'ec2:DescribeInternetGateways': [
    { InternetGatewayId: 'igw-1', Attachments: [{ VpcId: 'vpc-1', State: 'available' }] },
  ],
  'ec2:DescribeNetworkAcls': [acl('acl-1', ['subnet-public', 'subnet-private'])],
  'ec2:DescribeSecurityGroups': [
    {
      GroupId: 'sg-open',
      IpPermissions: [everything('0.0.0.0/0'), everything('::/0')],
      IpPermissionsEgress: [everything('0.0.0.0/0'), everything('::/0')],
    },
  ],
  'ec2:DescribeNetworkInterfaces': [
    networkInterface('eni-public', 'vpc-1', 'subnet-public', '10.1.0.10', {
      Association: { PublicIp: '3.120.1.1' },
      Ipv6Addresses: [{ Ipv6Address: '2a05:d014:1::10' }],
    }),
    networkInterface('eni-private', 'vpc-1', 'subnet-private', '10.1.1.10', {
      Ipv6Addresses: [{ Ipv6Address: '2a05:d014:1:1::10' }],
    }),
  ],
};

/** The plain network with some calls answered otherwise. */
function sourceWith(change: Answers, repeated: readonly RepeatedAnswer[] = []): NetworkSource {
  return sourceOfAnswers({ ...PLAIN, ...change }, repeated);
}

export function networkWith(change: Answers, repeated: readonly RepeatedAnswer[] = []): Network {
  return buildNetwork([sourceWith(change, repeated)]);
}

/** The private subnet's table with these routes, and the rest as it is. */
export function privateRoutes(routes: readonly JsonObject[]): Answers {
  return {
    'ec2:DescribeRouteTables': [
      ...(PLAIN['ec2:DescribeRouteTables'] ?? []).slice(0, 1),
      table('rtb-private', 'vpc-1', routes, ['subnet-private']),
    ],
  };
}

/** A NAT gateway of the public subnet. */
export const NAT = {
  NatGatewayId: 'nat-1',
  VpcId: 'vpc-1',
  SubnetId: 'subnet-public',
  State: 'available',
  ConnectivityType: 'public',
  // As AWS answers today: with members that older readers refuse.
  NatGatewayAddresses: [
    {
      PrivateIp: '10.1.0.200',
      PublicIp: '3.120.1.9',
      IsPrimary: true,
      Status: 'succeeded',
      AssociationId: 'eipassoc-1',
    },
  ],
} as const;
