import { describe, expect, it } from 'vitest';
import { solveBuilt } from '../../../src/analysis/index.ts';
import type { JsonObject } from '../../../src/core/index.ts';
import { asking } from '../../support/ask-network.ts';
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
  table,
} from '../../support/small-network.ts';

const ask = await asking({});

/** Where other public models say "no path" or nothing at all, an exit is named, or what nobody can judge. */
describe('what other models of AWS networks are silent about', () => {
  it('IPv6 leaves by an internet gateway without a public IPv4 address', () => {
    const answer = ask({ to: '2a00:1450::1' }, privateRoutes([route('::/0', { GatewayId: 'igw-1' })]));
    expect(answer).toMatchObject({
      disposition: 'leaves-vpc',
      exit: { kind: 'internet-gateway', id: 'igw-1' },
    });
  });

  it('IPv6 leaves by an egress-only gateway', () => {
    const change = privateRoutes([route('::/0', { EgressOnlyInternetGatewayId: 'eigw-1' })]);
    expect(ask({ to: '2a00:1450::1' }, change)).toMatchObject({
      disposition: 'leaves-vpc',
      exit: { kind: 'egress-only-gateway', id: 'eigw-1' },
    });
  });

  it.each([
    [
      'a core network',
      { CoreNetworkArn: 'arn:aws:networkmanager::1:core-network/c' },
      'UNSUPPORTED_CONSTRUCT',
    ],
    ['an ODB network', { OdbNetworkArn: 'arn:aws:odb:::n' }, 'UNSUPPORTED_CONSTRUCT'],
    ['no target that is known', {}, 'UNSUPPORTED_CONSTRUCT'],
    ['two targets', { GatewayId: 'igw-1', NatGatewayId: 'nat-1' }, 'UNSUPPORTED_CONSTRUCT'],
    ['a gateway of unknown kind', { GatewayId: 'xgw-1' }, 'UNSUPPORTED_CONSTRUCT'],
    ['a transit gateway that is not described', { TransitGatewayId: 'tgw-1' }, 'NOT_COLLECTED'],
    ['a NAT gateway that is not described', { NatGatewayId: 'nat-9' }, 'NOT_COLLECTED'],
    ['an interface that is not described', { NetworkInterfaceId: 'eni-9' }, 'NOT_COLLECTED'],
    ['an endpoint that is not described', { GatewayId: 'vpce-9' }, 'NOT_COLLECTED'],
  ])('a route to %s is unknown, never "no path"', (_name, target, code) => {
    const answer = ask({}, privateRoutes([route('0.0.0.0/0', target)]));
    expect(answer.disposition).toBe('unknown');
    expect(answer.reason).toContain(code);
  });

  it('a dropped route does not fall through to a shorter one', () => {
    const change = privateRoutes([
      route('0.0.0.0/0', { GatewayId: 'vgw-1' }),
      route('8.0.0.0/8', { SomethingNew: 'x-1' }),
    ]);
    expect(ask({}, change).disposition).toBe('unknown');
  });

  it('a blackhole does not fall through either', () => {
    const change = privateRoutes([
      route('0.0.0.0/0', { GatewayId: 'vgw-1' }),
      route('8.0.0.0/8', { TransitGatewayId: 'tgw-1' }, 'blackhole'),
    ]);
    expect(ask({}, change)).toMatchObject({ disposition: 'blackhole', blockedBy: { id: 'rtb-private' } });
  });

  it.each([
    ['a carrier gateway', { CarrierGatewayId: 'cagw-1' }, 'denied'],
    ['a local gateway', { LocalGatewayId: 'lgw-1' }, 'leaves-vpc'],
    ['a VPN gateway', { GatewayId: 'vgw-1' }, 'leaves-vpc'],
  ])('a route to %s is followed', (_name, target, disposition) => {
    expect(ask({}, privateRoutes([route('0.0.0.0/0', target)])).disposition).toBe(disposition);
  });

  it('an instance that forwards lets out what it can let out itself', () => {
    const change = {
      ...privateRoutes([route('0.0.0.0/0', { NetworkInterfaceId: 'eni-forwarder', InstanceId: 'i-1' })]),
      'ec2:DescribeNetworkInterfaces': [
        ...(PLAIN['ec2:DescribeNetworkInterfaces'] ?? []),
        networkInterface('eni-forwarder', 'vpc-1', 'subnet-public', '10.1.0.50', {
          SourceDestCheck: false,
          Association: { PublicIp: '3.120.1.5' },
        }),
      ],
    };
    expect(ask({}, change)).toMatchObject({ disposition: 'leaves-vpc', exit: { id: 'igw-1' } });
  });

  it('an instance that checks destinations drops what it is sent for others', () => {
    const change = privateRoutes([route('0.0.0.0/0', { NetworkInterfaceId: 'eni-public' })]);
    expect(ask({}, change)).toMatchObject({ disposition: 'denied', blockedBy: { id: 'eni-public' } });
  });

  it('an interface without an IPv4 address reaches IPv4 by the NAT64 prefix, and only where a gateway translates', () => {
    const ipv6Only = (target: JsonObject): Answers => ({
      'ec2:DescribeNatGateways': [NAT],
      ...privateRoutes([route('64:ff9b::/96', target)]),
      'ec2:DescribeNetworkInterfaces': [
        ...(PLAIN['ec2:DescribeNetworkInterfaces'] ?? []),
        networkInterface('eni-6', 'vpc-1', 'subnet-private', '', {
          Ipv6Addresses: [{ Ipv6Address: '2a05:d014:1:1::66' }],
        }),
      ],
    });
    expect(ask({ from: 'eni-6' }, ipv6Only({ NatGatewayId: 'nat-1' }))).toMatchObject({
      disposition: 'leaves-vpc',
      exit: { kind: 'internet-gateway', id: 'igw-1' },
      packet: '2a05:d014:1:1::66 → 64:ff9b::808:808, tcp 443',
    });
    expect(ask({ from: 'eni-6', to: 'country:US' }, ipv6Only({ NatGatewayId: 'nat-1' }))).toMatchObject({
      disposition: 'leaves-vpc',
    });
    expect(ask({ from: 'eni-6', to: 'eni-public' }, ipv6Only({ NatGatewayId: 'nat-1' }))).toMatchObject({
      disposition: 'delivered',
    });
    const untranslated = ask({ from: 'eni-6' }, ipv6Only({ EgressOnlyInternetGatewayId: 'eigw-1' }));
    expect(untranslated.disposition).toBe('no-route');
  });

  it('a way to another region is a way out of a country, whatever the addresses there are', () => {
    const peering = {
      VpcPeeringConnectionId: 'pcx-1',
      Status: { Code: 'active' },
      RequesterVpcInfo: {
        VpcId: 'vpc-1',
        Region: 'eu-central-1',
        CidrBlockSet: [{ CidrBlock: '10.1.0.0/16' }],
      },
      AccepterVpcInfo: { VpcId: 'vpc-9', Region: 'us-east-1', CidrBlockSet: [{ CidrBlock: '10.9.0.0/16' }] },
    };
    const change = {
      ...privateRoutes([route('10.9.0.0/16', { VpcPeeringConnectionId: 'pcx-1' })]),
      'ec2:DescribeVpcPeeringConnections': [peering],
    };
    expect(ask({ to: 'country:US' }, change)).toMatchObject({
      disposition: 'leaves-vpc',
      exit: { kind: 'peering', id: 'pcx-1' },
    });
    expect(ask({ to: 'outside:DE' }, change).disposition).toBe('leaves-vpc');
    expect(ask({ to: 'country:JP' }, change).disposition).toBe('no-route');
  });

  it("today's NAT gateways translate", () => {
    const change = {
      ...privateRoutes([route('0.0.0.0/0', { NatGatewayId: 'nat-1' })]),
      'ec2:DescribeNatGateways': [NAT],
    };
    const answer = ask({}, change);
    expect(answer).toMatchObject({ disposition: 'leaves-vpc', exit: { id: 'igw-1' } });
    expect(answer.hops.map(({ id }) => id)).toContain('nat-1');
  });

  it('a regional NAT gateway has a table of its own and no subnet', () => {
    const change = {
      'ec2:DescribeRouteTables': [
        ...(privateRoutes([route('0.0.0.0/0', { NatGatewayId: 'nat-1' })])['ec2:DescribeRouteTables'] ?? []),
        table('rtb-nat', 'vpc-1', [route('0.0.0.0/0', { GatewayId: 'igw-1' })], []),
      ],
      'ec2:DescribeNatGateways': [
        {
          ...NAT,
          SubnetId: '',
          AvailabilityMode: 'regional',
          RouteTableId: 'rtb-nat',
          NatGatewayAddresses: [{ PublicIp: '3.120.1.9' }],
        },
      ],
    };
    expect(ask({}, change)).toMatchObject({ disposition: 'leaves-vpc', exit: { id: 'igw-1' } });
  });

  it("another customer's address behind an internet gateway is reached", () => {
    const answer = ask({ from: 'eni-public', to: '18.184.100.10' }, {});
    expect(answer).toMatchObject({ disposition: 'leaves-vpc', exit: { id: 'igw-1' } });
  });

  it.each([
    ['security group', { 'ec2:DescribeSecurityGroups': [] }],
    ['network ACL', { 'ec2:DescribeNetworkAcls': [acl('acl-2', ['subnet-private'])] }],
    ['route table', { 'ec2:DescribeRouteTables': [] }],
    ['subnet', { 'ec2:DescribeSubnets': [] }],
  ] as const)('a missing %s is unknown', (_name, change) => {
    expect(ask({ from: 'eni-public' }, change).disposition).toBe('unknown');
  });

  it('where no network ACL was listed at all, a path is answered as if they were open, and says so', () => {
    const change = { 'ec2:DescribeNetworkAcls': [] };
    expect(ask({ from: 'eni-public' }, change)).toMatchObject({
      disposition: 'leaves-vpc',
      reason: expect.stringContaining('NOT_COLLECTED subnet-public: no network ACL was listed') as string,
    });
    // No verdict rests on that: it is undetermined.
    const { classes } = solveBuilt(networkWith(change));
    const leaving = classes.flatMap(({ initiated }) => initiated);
    expect(leaving.length).toBeGreaterThan(0);
    expect(leaving.every(({ doubts }) => doubts.length > 0)).toBe(true);
    expect(
      solveBuilt(networkWith({})).classes.some(({ initiated }) =>
        initiated.some(({ doubts }) => doubts.length === 0),
      ),
    ).toBe(true);
  });

  it('the Internet calls in by a gateway that only a route names, where gateways were not listed', () => {
    const unlisted = { 'ec2:DescribeInternetGateways': [] };
    const answer = ask({ from: 'internet', to: 'eni-public' }, unlisted);
    expect(answer.disposition).toBe('delivered');
    expect(answer.hops.map(({ id }) => id)).toContain('igw-1');
    const dead = {
      ...unlisted,
      'ec2:DescribeRouteTables': [
        table(
          'rtb-public',
          'vpc-1',
          [route('0.0.0.0/0', { GatewayId: 'igw-1' }, 'blackhole')],
          ['subnet-public'],
        ),
        table('rtb-private', 'vpc-1', [], ['subnet-private']),
      ],
    };
    expect(ask({ from: 'internet', to: 'eni-public' }, dead).disposition).toBe('no-route');
  });

  it('a missing prefix list in a rule is unknown', () => {
    const change = {
      'ec2:DescribeSecurityGroups': [
        {
          GroupId: 'sg-open',
          IpPermissions: [],
          IpPermissionsEgress: [{ IpProtocol: '-1', PrefixListIds: [{ PrefixListId: 'pl-1' }] }],
        },
      ],
    };
    expect(ask({ from: 'eni-public' }, change)).toMatchObject({ disposition: 'unknown' });
  });

  it('two main tables are told, not chosen from', () => {
    const main = (id: string, gateway: string) => ({
      ...table(id, 'vpc-1', [route('0.0.0.0/0', { GatewayId: gateway })], []),
      Associations: [{ Main: true }],
    });
    const answer = ask({}, { 'ec2:DescribeRouteTables': [main('rtb-a', 'igw-1'), main('rtb-b', 'vgw-1')] });
    expect(answer.disposition).toBe('unknown');
    expect(answer.reason).toContain('more than one main route table');
  });

  it.each(['lambda', 'network_load_balancer', 'efa', 'api_gateway_managed'])(
    'an interface of type %s is a source like any other, attached or not',
    (type) => {
      const change = {
        'ec2:DescribeNetworkInterfaces': [
          networkInterface('eni-x', 'vpc-1', 'subnet-public', '10.1.0.77', {
            InterfaceType: type,
            Status: 'available',
            Association: { PublicIp: '3.120.1.77' },
          }),
        ],
      };
      expect(ask({ from: 'eni-x' }, change).disposition).toBe('leaves-vpc');
    },
  );
});

describe('network ACLs are stateless', () => {
  const noAnswers = acl(
    'acl-1',
    ['subnet-public', 'subnet-private'],
    [
      {
        RuleNumber: 10,
        Egress: false,
        Protocol: '6',
        RuleAction: 'deny',
        CidrBlock: '10.1.0.0/24',
        PortRange: { From: 1024, To: 65_535 },
      },
      {
        RuleNumber: 11,
        Egress: false,
        Protocol: '6',
        RuleAction: 'deny',
        CidrBlock: '10.1.0.0/24',
        PortRange: { From: 0, To: 1023 },
      },
    ],
  );

  it('a packet that arrives may have no way back', () => {
    const change = {
      'ec2:DescribeNetworkAcls': [
        acl('acl-0', ['subnet-public']),
        { ...noAnswers, Associations: [{ SubnetId: 'subnet-private' }] },
      ],
    };
    expect(ask({ to: 'eni-public' }, change)).toMatchObject({
      disposition: 'delivered',
      returnPath: 'blocked',
    });
  });

  it('with both ways open the answer comes back', () => {
    expect(ask({ to: 'eni-public' }, {})).toMatchObject({ disposition: 'delivered', returnPath: 'open' });
  });
});

describe('groups that name each other', () => {
  it('mean the addresses of their members', () => {
    const change = {
      'ec2:DescribeSecurityGroups': [
        {
          GroupId: 'sg-open',
          IpPermissions: [
            { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, UserIdGroupPairs: [{ GroupId: 'sg-open' }] },
          ],
          IpPermissionsEgress: [everything('0.0.0.0/0')],
        },
      ],
    };
    expect(ask({ to: 'eni-public' }, change).disposition).toBe('delivered');
    expect(ask({ to: 'eni-public', port: 80 }, change)).toMatchObject({
      disposition: 'denied',
      blockedBy: { kind: 'security-group' },
    });
  });
});
