import { describe, expect, it } from 'vitest';
import { solveNetwork } from '../../../src/analysis/index.ts';
import type { JsonObject } from '../../../src/core/index.ts';
import { fate, SEALED } from '../../support/interface-fate.ts';
import type { RepeatedAnswer } from '../../support/network-source.ts';
import { sourceOfAnswers } from '../../support/network-source.ts';
import type { Answers } from '../../support/small-network.ts';
import { acl, NAT, PLAIN, privateRoutes, route, table } from '../../support/small-network.ts';

describe('answers that lack something', () => {
  const open = privateRoutes([route('0.0.0.0/0', { GatewayId: 'vgw-1' })]);

  it.each(['deleting', 'provisioning', ''])(
    'a peering connection in state "%s" may carry packets',
    (Code) => {
      const peering = (code: string): Answers => ({
        ...privateRoutes([route('172.31.0.0/16', { VpcPeeringConnectionId: 'pcx-1' })]),
        'ec2:DescribeVpcPeeringConnections': [
          {
            VpcPeeringConnectionId: 'pcx-1',
            Status: { Code: code },
            RequesterVpcInfo: { VpcId: 'vpc-1', Region: 'eu-central-1', OwnerId: '111111111111' },
            AccepterVpcInfo: {
              VpcId: 'vpc-9',
              Region: 'us-east-1',
              OwnerId: '999999999999',
              CidrBlock: '172.31.0.0/16',
            },
          },
        ],
      });
      expect(fate(peering(Code)).exits).toEqual(['pcx-1']);
      expect(fate(peering('rejected'))).toEqual(SEALED);
    },
  );

  it.each(['disassociating', 'associating', 'failed'])(
    'a table whose association is %s decides nothing',
    (State) => {
      const closed = {
        ...table('rtb-closed', 'vpc-1', [], []),
        Associations: [{ SubnetId: 'subnet-private', Main: false, AssociationState: { State } }],
      };
      const main = {
        ...table('rtb-main', 'vpc-1', [route('0.0.0.0/0', { GatewayId: 'vgw-1' })], []),
        Associations: [{ Main: true }],
      };
      const change = { 'ec2:DescribeRouteTables': [closed, main] };
      expect(fate(change).unknown).toEqual(['UNKNOWN_VALUE subnet-private']);
    },
  );

  it.each([
    [
      'the routes of a table',
      { 'ec2:DescribeRouteTables': [without('rtb-private', 'Routes')] },
      'rtb-private',
    ],
    ['the entries of an ACL', { ...open, 'ec2:DescribeNetworkAcls': [without('acl-1', 'Entries')] }, 'acl-1'],
    [
      'the rules of a group',
      { ...open, 'ec2:DescribeSecurityGroups': [without('sg-open', 'IpPermissionsEgress')] },
      'sg-open',
    ],
    [
      'the peers of a rule',
      {
        ...open,
        'ec2:DescribeSecurityGroups': [{ ...sealed(), IpPermissionsEgress: [{ IpProtocol: '-1' }] }],
      },
      'sg-open',
    ],
    [
      'the direction of an ACL entry',
      {
        ...open,
        'ec2:DescribeNetworkAcls': [
          {
            ...acl('acl-1', ['subnet-private']),
            Entries: [{ RuleNumber: 1, Protocol: '-1', RuleAction: 'allow', CidrBlock: '0.0.0.0/0' }],
          },
        ],
      },
      'acl-1',
    ],
    [
      'the address of an interface',
      {
        ...open,
        'ec2:DescribeNetworkInterfaces': [
          { NetworkInterfaceId: 'eni-private', VpcId: 'vpc-1', SubnetId: 'subnet-private', Groups: [] },
        ],
      },
      'eni-private',
    ],
  ])('%s missing is unknown, not "none"', (_name, change, object) => {
    const { unknown, doubts } = fate(change);
    expect([...unknown, ...doubts].join()).toContain(object);
  });

  it('a route with two destinations is unknown for both', () => {
    const both = { ...route('10.9.0.0/16', { GatewayId: 'vgw-1' }), DestinationIpv6CidrBlock: '::/0' };
    expect(fate(privateRoutes([both])).unknown).toEqual(['UNKNOWN_VALUE rtb-private']);
  });

  it('an elastic address that fits no interface says that something is not described', () => {
    const address = (more: JsonObject): Answers => ({
      'ec2:DescribeAddresses': [{ PublicIp: '3.120.1.1', NetworkInterfaceId: 'eni-public', ...more }],
    });
    expect(fate(address({ PrivateIpAddress: '10.1.0.10' })).faults).toEqual([]);
    expect(fate(address({ PrivateIpAddress: '10.1.0.99' })).faults).toEqual(['NOT_COLLECTED eni-public']);
    expect(fate(address({ NetworkInterfaceId: 'eni-gone', PrivateIpAddress: '10.1.0.10' })).faults).toEqual([
      'NOT_COLLECTED eni-gone',
    ]);
  });

  it('a prefix list that two accounts tell differently is unknown', () => {
    const entries = (cidr: string): RepeatedAnswer => ({
      call: 'ec2:GetManagedPrefixListEntries',
      parameters: { 'prefix-list-id': 'pl-1' },
      body: { Entries: [{ Cidr: cidr }] },
    });
    const answers = { ...PLAIN, ...privateRoutes([route('pl-1', { GatewayId: 'vgw-1' })]) };
    const solved = (other: string) =>
      solveNetwork([
        sourceOfAnswers(answers, [entries('8.0.0.0/8')]),
        sourceOfAnswers({}, [entries(other)], { account: '222222222222', region: 'eu-central-1' }),
      ]).network.prefixLists.has('pl-1');
    expect(solved('8.0.0.0/8')).toBe(true);
    expect(solved('10.0.0.0/8')).toBe(false);
  });

  it.each(['global_accelerator_managed', 'api_gateway_managed', 'something_new'])(
    'behind an interface of type %s stands what the network does not show',
    (InterfaceType) => {
      const [first, second] = PLAIN['ec2:DescribeNetworkInterfaces'] ?? [];
      const change = { 'ec2:DescribeNetworkInterfaces': [first, { ...second, InterfaceType }] };
      expect(fate(change as Answers).unknown).toEqual(['UNSUPPORTED_CONSTRUCT eni-private']);
    },
  );

  it('sends from every address of a delegated prefix', () => {
    const only = [
      { RuleNumber: 50, Egress: false, Protocol: '-1', RuleAction: 'allow', CidrBlock: '10.1.1.20/32' },
      { RuleNumber: 60, Egress: false, Protocol: '-1', RuleAction: 'deny', CidrBlock: '10.1.1.0/24' },
    ];
    const [first, second] = PLAIN['ec2:DescribeNetworkInterfaces'] ?? [];
    const change = (more: JsonObject): Answers => ({
      ...privateRoutes([route('0.0.0.0/0', { NatGatewayId: 'nat-1' })]),
      'ec2:DescribeNatGateways': [NAT],
      'ec2:DescribeNetworkAcls': [acl('acl-1', ['subnet-private']), acl('acl-2', ['subnet-public'], only)],
      'ec2:DescribeNetworkInterfaces': [first as JsonObject, { ...second, ...more }],
    });
    expect(fate(change({})).exits).toEqual([]);
    expect(fate(change({ Ipv4Prefixes: [{ Ipv4Prefix: '10.1.1.16/28' }] })).exits).toEqual(['igw-1']);
  });
});

function without(id: string, member: string): JsonObject {
  const all = Object.values(PLAIN).flat();
  const found = all.find((one) => Object.values(one).includes(id)) ?? {};
  return Object.fromEntries(Object.entries(found).filter(([name]) => name !== member));
}

function sealed(): JsonObject {
  return without('sg-open', 'IpPermissionsEgress');
}
