import { describe, expect, it } from 'vitest';
import { asking } from '../../support/ask-network.ts';
import type { RepeatedAnswer } from '../../support/network-source.ts';
import type { Answers } from '../../support/small-network.ts';
import { acl, NAT, networkInterface, route, subnet, table } from '../../support/small-network.ts';

const ask = await asking({});

/** A spoke without a way of its own, a transit gateway, and a VPC with a NAT gateway that lets it out. */
describe('central egress by a transit gateway', () => {
  const hub: Answers = {
    'ec2:DescribeVpcs': [
      { VpcId: 'vpc-spoke', CidrBlock: '10.2.0.0/16' },
      { VpcId: 'vpc-1', CidrBlock: '10.1.0.0/16' },
    ],
    'ec2:DescribeSubnets': [
      subnet('subnet-spoke', 'vpc-spoke', '10.2.0.0/24'),
      subnet('subnet-public', 'vpc-1', '10.1.0.0/24'),
      subnet('subnet-private', 'vpc-1', '10.1.1.0/24'),
    ],
    'ec2:DescribeRouteTables': [
      table('rtb-spoke', 'vpc-spoke', [route('0.0.0.0/0', { TransitGatewayId: 'tgw-1' })], ['subnet-spoke']),
      table('rtb-public', 'vpc-1', [route('0.0.0.0/0', { GatewayId: 'igw-1' })], ['subnet-public']),
      table('rtb-private', 'vpc-1', [route('0.0.0.0/0', { NatGatewayId: 'nat-1' })], ['subnet-private']),
    ],
    'ec2:DescribeNetworkAcls': [acl('acl-1', ['subnet-public', 'subnet-private', 'subnet-spoke'])],
    'ec2:DescribeNatGateways': [NAT],
    'ec2:DescribeNetworkInterfaces': [
      networkInterface('eni-spoke', 'vpc-spoke', 'subnet-spoke', '10.2.0.10'),
    ],
    'ec2:DescribeTransitGateways': [{ TransitGatewayId: 'tgw-1' }],
    'ec2:DescribeTransitGatewayRouteTables': [
      { TransitGatewayRouteTableId: 'tgw-rtb-1', TransitGatewayId: 'tgw-1' },
    ],
    'ec2:DescribeTransitGatewayAttachments': [
      ...(['spoke', '1'] as const).map((name) => ({
        TransitGatewayAttachmentId: `tgw-attach-${name}`,
        TransitGatewayId: 'tgw-1',
        ResourceType: 'vpc',
        ResourceId: `vpc-${name}`,
        State: 'available',
        Association: { TransitGatewayRouteTableId: 'tgw-rtb-1', State: 'associated' },
      })),
      {
        TransitGatewayAttachmentId: 'tgw-attach-vpn',
        TransitGatewayId: 'tgw-1',
        ResourceType: 'vpn',
        ResourceId: 'vpn-1',
        State: 'available',
        Association: { TransitGatewayRouteTableId: 'tgw-rtb-1', State: 'associated' },
      },
    ],
    'ec2:DescribeTransitGatewayVpcAttachments': [
      {
        TransitGatewayAttachmentId: 'tgw-attach-spoke',
        TransitGatewayId: 'tgw-1',
        VpcId: 'vpc-spoke',
        State: 'available',
        SubnetIds: ['subnet-spoke'],
      },
      {
        TransitGatewayAttachmentId: 'tgw-attach-1',
        TransitGatewayId: 'tgw-1',
        VpcId: 'vpc-1',
        State: 'available',
        SubnetIds: ['subnet-private'],
      },
    ],
  };
  const routes = (
    ...all: readonly (readonly [cidr: string, to: string, state?: string])[]
  ): readonly RepeatedAnswer[] => [
    {
      call: 'ec2:SearchTransitGatewayRoutes',
      parameters: { 'transit-gateway-route-table-id': 'tgw-rtb-1' },
      body: {
        AdditionalRoutesAvailable: false,
        Routes: all.map(([cidr, to, state]) => ({
          DestinationCidrBlock: cidr,
          Type: 'static',
          State: state ?? 'active',
          TransitGatewayAttachments:
            state === 'blackhole'
              ? []
              : [{ TransitGatewayAttachmentId: to, ResourceType: 'vpc', ResourceId: to }],
        })),
      },
    },
  ];
  const spoke = { from: 'eni-spoke' };

  it('leaves by the NAT gateway of the other VPC', () => {
    const answer = ask(spoke, hub, routes(['0.0.0.0/0', 'tgw-attach-1']));
    expect(answer).toMatchObject({ disposition: 'leaves-vpc', exit: { id: 'igw-1' } });
    expect(answer.hops.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['tgw-1', 'vpc-1', 'nat-1', 'igw-1']),
    );
  });

  it('is dropped by a blackhole, and by a table without a route', () => {
    expect(ask(spoke, hub, routes(['8.0.0.0/8', '', 'blackhole'])).disposition).toBe('blackhole');
    expect(ask(spoke, hub, routes(['10.0.0.0/8', 'tgw-attach-1'])).disposition).toBe('no-route');
  });

  it('leaves by a VPN where the table says so, and a site behind it can call in', () => {
    const vpn = routes(['0.0.0.0/0', 'tgw-attach-vpn'], ['10.2.0.0/16', 'tgw-attach-spoke']);
    expect(ask(spoke, hub, vpn)).toMatchObject({
      disposition: 'leaves-vpc',
      exit: { kind: 'vpn', id: 'vpn-1' },
    });
    expect(ask({ from: 'vpn-1', fromIp: '192.168.7.7', to: '10.2.0.10' }, hub, vpn).disposition).toBe(
      'delivered',
    );
  });

  it('is unknown where the table was not read, or not to its end', () => {
    expect(ask(spoke, hub).disposition).toBe('unknown');
    const [only] = routes(['10.0.0.0/8', 'tgw-attach-1']);
    const cut =
      only === undefined ? [] : [{ ...only, body: { ...only.body, AdditionalRoutesAvailable: true } }];
    expect(ask(spoke, hub, cut).disposition).toBe('unknown');
  });

  it('does not end in a loop of two tables', () => {
    const change = {
      ...hub,
      'ec2:DescribeRouteTables': [
        table(
          'rtb-spoke',
          'vpc-spoke',
          [route('0.0.0.0/0', { TransitGatewayId: 'tgw-1' })],
          ['subnet-spoke'],
        ),
        table(
          'rtb-private',
          'vpc-1',
          [route('0.0.0.0/0', { TransitGatewayId: 'tgw-1' })],
          ['subnet-private'],
        ),
        table('rtb-public', 'vpc-1', [], ['subnet-public']),
      ],
    };
    expect(ask(spoke, change, routes(['0.0.0.0/0', 'tgw-attach-1'])).disposition).toBe('denied');
  });
});
