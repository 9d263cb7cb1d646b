import { describe, expect, it } from 'vitest';
import type { InterfaceEgress } from '../../../src/analysis/index.ts';
import { createPathSolver, destinationsIn, solveBuilt } from '../../../src/analysis/index.ts';
import type { JsonObject } from '../../../src/core/index.ts';
import { isEmptySet } from '../../../src/core/index.ts';
import { instruments } from '../../support/run-sample.ts';
import type { Answers } from '../../support/small-network.ts';
import {
  acl,
  everything,
  NAT,
  networkInterface,
  networkWith,
  PLAIN,
  privateRoutes,
  route,
} from '../../support/small-network.ts';

const egressOf = (change: Answers, id: string): InterfaceEgress => {
  const found = solveBuilt(networkWith(change)).classes.find(({ interfaces }) =>
    interfaces.some((one) => one.id === id),
  );
  if (found === undefined) throw new Error(`expected ${id} in the network`);
  return found;
};

const exitsOf = (change: Answers, id: string): readonly string[] => [
  ...new Set(
    egressOf(change, id)
      .initiated.filter((leaving) => !isEmptySet(destinationsIn(leaving)))
      .map(({ exit }) => exit.id),
  ),
];

/** Only one block of senders may enter the subnet of the NAT gateway. */
const guarded = (senders: string): Answers => ({
  ...privateRoutes([route('0.0.0.0/0', { NatGatewayId: 'nat-1' })]),
  'ec2:DescribeNatGateways': [NAT],
  'ec2:DescribeNetworkAcls': [
    acl('acl-1', ['subnet-private']),
    {
      NetworkAclId: 'acl-2',
      Associations: [{ SubnetId: 'subnet-public' }],
      Entries: [
        { RuleNumber: 1, Egress: true, Protocol: '-1', RuleAction: 'allow', CidrBlock: '0.0.0.0/0' },
        { RuleNumber: 1, Egress: false, Protocol: '-1', RuleAction: 'allow', CidrBlock: senders },
      ],
    },
  ],
});

const privateOnly = (more: JsonObject): Answers => ({
  'ec2:DescribeNetworkInterfaces': [networkInterface('eni', 'vpc-1', 'subnet-private', '10.1.1.10', more)],
});

describe('an interface with a delegated block', () => {
  const delegated = privateOnly({ Ipv4Prefixes: [{ Ipv4Prefix: '10.1.1.16/28' }] });

  it('sends from every part of it, whatever the rules tell apart', () => {
    expect(exitsOf({ ...guarded('10.1.1.24/29'), ...delegated }, 'eni')).toEqual(['igw-1']);
    expect(exitsOf({ ...guarded('10.1.1.31/32'), ...delegated }, 'eni')).toEqual(['igw-1']);
  });

  it('sends from no other address', () => {
    expect(exitsOf({ ...guarded('10.1.1.32/29'), ...delegated }, 'eni')).toEqual([]);
    expect(exitsOf({ ...guarded('10.1.1.24/29'), ...privateOnly({}) }, 'eni')).toEqual([]);
  });

  it('is asked about by any address of the block', async () => {
    const { locator } = await instruments();
    const { answer } = createPathSolver(networkWith({ ...guarded('10.1.1.24/29'), ...delegated }), locator);
    const to = { to: '8.8.8.8', protocol: 'udp', port: 53 };
    expect(answer({ from: 'eni', fromIp: '10.1.1.27', ...to }).disposition).toBe('leaves-vpc');
    expect(answer({ from: 'eni', fromIp: '10.1.1.20', ...to }).disposition).toBe('denied');
    expect(answer({ from: 'eni', fromIp: '10.1.1.40', ...to }).blockedBy?.rule).toContain('check');
  });
});

describe('an interface that checks no source', () => {
  it('sends under the source that a network ACL lets in', () => {
    const unchecked = privateOnly({ SourceDestCheck: false });
    expect(exitsOf({ ...guarded('192.168.7.0/24'), ...unchecked }, 'eni')).toEqual(['igw-1']);
    expect(exitsOf({ ...guarded('192.168.7.0/24'), ...privateOnly({}) }, 'eni')).toEqual([]);
  });

  it('sends by the internet gateway as a neighbour that has a public address', () => {
    const toGateway = privateRoutes([route('0.0.0.0/0', { GatewayId: 'igw-1' })]);
    const beside = (more: JsonObject): Answers => ({
      ...toGateway,
      'ec2:DescribeNetworkInterfaces': [
        ...(PLAIN['ec2:DescribeNetworkInterfaces'] ?? []).slice(0, 1),
        networkInterface('eni', 'vpc-1', 'subnet-private', '10.1.1.10', more),
      ],
    });
    expect(exitsOf(beside({ SourceDestCheck: false }), 'eni')).toEqual(['igw-1']);
    expect(exitsOf(beside({}), 'eni')).toEqual([]);
  });
});

describe('neighbours of one subnet before the door of an endpoint', () => {
  it('are told apart by its groups', () => {
    const network: Answers = {
      'ec2:DescribeNetworkInterfaces': [
        networkInterface('eni-first', 'vpc-1', 'subnet-private', '10.1.1.10'),
        networkInterface('eni-second', 'vpc-1', 'subnet-private', '10.1.1.11'),
        networkInterface('eni-door', 'vpc-1', 'subnet-private', '10.1.1.200', {
          InterfaceType: 'vpc_endpoint',
          Groups: [{ GroupId: 'sg-door' }],
        }),
      ],
      'ec2:DescribeSecurityGroups': [
        ...(PLAIN['ec2:DescribeSecurityGroups'] ?? []),
        { GroupId: 'sg-door', IpPermissions: [everything('10.1.1.11/32')], IpPermissionsEgress: [] },
      ],
      'ec2:DescribeVpcEndpoints': [
        {
          VpcEndpointId: 'vpce-1',
          VpcEndpointType: 'Interface',
          VpcId: 'vpc-1',
          ServiceName: 'com.amazonaws.us-east-1.kms',
          ServiceRegion: 'us-east-1',
          NetworkInterfaceIds: ['eni-door'],
        },
      ],
    };
    expect(exitsOf(network, 'eni-first')).toEqual([]);
    expect(exitsOf(network, 'eni-second')).toEqual(['vpce-1']);
  });
});

describe('a VPN gateway that only propagates', () => {
  const answering = (propagating: readonly JsonObject[]): Answers => ({
    'ec2:DescribeRouteTables': [
      {
        RouteTableId: 'rtb-1',
        VpcId: 'vpc-1',
        Associations: [{ Main: true }],
        PropagatingVgws: propagating,
        Routes: [route('0.0.0.0/0', { NatGatewayId: 'nat-1' })],
      },
      {
        RouteTableId: 'rtb-2',
        VpcId: 'vpc-1',
        Associations: [{ SubnetId: 'subnet-public' }],
        Routes: [route('0.0.0.0/0', { GatewayId: 'igw-1' })],
      },
    ],
    'ec2:DescribeNatGateways': [NAT],
    // No IPv6 address, by which the internet could call it.
    ...privateOnly({}),
    'ec2:DescribeSecurityGroups': [
      { GroupId: 'sg-open', IpPermissions: [everything('0.0.0.0/0')], IpPermissionsEgress: [] },
    ],
  });

  it('is a way in, even where nobody describes it', () => {
    expect(egressOf(answering([{ GatewayId: 'vgw-1' }]), 'eni').replies).not.toEqual([]);
    expect(egressOf(answering([]), 'eni').replies).toEqual([]);
  });
});
