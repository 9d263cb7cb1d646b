import { beforeAll, describe, expect, it } from 'vitest';
import type { PathAnswer } from '../../../src/analysis/index.ts';
import { buildNetwork, createPathSolver } from '../../../src/analysis/index.ts';
import type { Locator } from '../../../src/geo/index.ts';
import { asking } from '../../support/ask-network.ts';
import type { RepeatedAnswer } from '../../support/network-source.ts';
import { sourceOfAnswers } from '../../support/network-source.ts';
import { instruments } from '../../support/run-sample.ts';
import type { Answers } from '../../support/small-network.ts';
import { acl, NAT, networkInterface, PLAIN, route, subnet, table } from '../../support/small-network.ts';

let locator: Locator;

beforeAll(async () => {
  ({ locator } = await instruments());
});

const ask = await asking({ to: '172.20.0.1' });

/** A spoke with an attachment in one zone, and a hub VPC attached in one zone, with interfaces in two. */
describe('zones of transit gateway attachments', () => {
  function twoVpcs(hubZone: 'a' | 'b', more: Answers = {}): Answers {
    return {
      'ec2:DescribeVpcs': [
        { VpcId: 'vpc-spoke', CidrBlock: '10.2.0.0/16' },
        { VpcId: 'vpc-1', CidrBlock: '10.1.0.0/16' },
      ],
      'ec2:DescribeSubnets': [
        subnet('subnet-spoke', 'vpc-spoke', '10.2.0.0/24', 'a'),
        subnet('subnet-lonely', 'vpc-spoke', '10.2.1.0/24', 'b'),
        subnet('subnet-public', 'vpc-1', '10.1.0.0/24', 'a'),
        subnet('subnet-private', 'vpc-1', '10.1.1.0/24', hubZone),
      ],
      'ec2:DescribeRouteTables': [
        table(
          'rtb-spoke',
          'vpc-spoke',
          [route('0.0.0.0/0', { TransitGatewayId: 'tgw-1' })],
          ['subnet-spoke', 'subnet-lonely'],
        ),
        table('rtb-public', 'vpc-1', [route('0.0.0.0/0', { GatewayId: 'igw-1' })], ['subnet-public']),
        table('rtb-private', 'vpc-1', [route('0.0.0.0/0', { NatGatewayId: 'nat-1' })], ['subnet-private']),
      ],
      'ec2:DescribeNetworkAcls': [
        acl('acl-1', ['subnet-public', 'subnet-private', 'subnet-spoke', 'subnet-lonely']),
      ],
      'ec2:DescribeNatGateways': [NAT],
      'ec2:DescribeNetworkInterfaces': [
        networkInterface('eni-spoke', 'vpc-spoke', 'subnet-spoke', '10.2.0.10'),
        networkInterface('eni-lonely', 'vpc-spoke', 'subnet-lonely', '10.2.1.10'),
        ...(PLAIN['ec2:DescribeNetworkInterfaces'] ?? []),
      ],
      'ec2:DescribeTransitGateways': [{ TransitGatewayId: 'tgw-1' }],
      'ec2:DescribeTransitGatewayRouteTables': [
        { TransitGatewayRouteTableId: 'tgw-rtb-1', TransitGatewayId: 'tgw-1' },
      ],
      'ec2:DescribeTransitGatewayVpcAttachments': (
        [
          ['spoke', 'vpc-spoke', 'subnet-spoke'],
          ['1', 'vpc-1', 'subnet-private'],
        ] as const
      ).map(([name, VpcId, SubnetId]) => ({
        TransitGatewayAttachmentId: `tgw-attach-${name}`,
        TransitGatewayId: 'tgw-1',
        VpcId,
        State: 'available',
        SubnetIds: [SubnetId],
      })),
      'ec2:DescribeTransitGatewayAttachments': ['spoke', '1'].map((name) => ({
        TransitGatewayAttachmentId: `tgw-attach-${name}`,
        TransitGatewayId: 'tgw-1',
        ResourceType: 'vpc',
        ResourceId: `vpc-${name}`,
        State: 'available',
        Association: { TransitGatewayRouteTableId: 'tgw-rtb-1', State: 'associated' },
      })),
      ...more,
    };
  }
  const routes: readonly RepeatedAnswer[] = [
    {
      call: 'ec2:SearchTransitGatewayRoutes',
      parameters: { 'transit-gateway-route-table-id': 'tgw-rtb-1' },
      body: {
        Routes: [
          ['10.2.0.0/16', 'tgw-attach-spoke'],
          ['0.0.0.0/0', 'tgw-attach-1'],
        ].map(([DestinationCidrBlock = '', TransitGatewayAttachmentId = '']) => ({
          DestinationCidrBlock,
          State: 'active',
          Type: 'static',
          TransitGatewayAttachments: [{ TransitGatewayAttachmentId, ResourceType: 'vpc' }],
        })),
      },
    },
  ];

  it('without one of the attachment nothing gets to the gateway', () => {
    expect(ask({ from: 'eni-lonely', to: 'eni-private' }, twoVpcs('a'), routes)).toMatchObject({
      disposition: 'blackhole',
      blockedBy: { id: 'tgw-attach-spoke' },
    });
    expect(ask({ from: 'eni-spoke', to: 'eni-private' }, twoVpcs('a'), routes).disposition).toBe('delivered');
  });

  it('without one of the attachment are reached from the gateway all the same', () => {
    // The attachment is in zone b, the interface and the NAT gateway in zone a.
    expect(ask({ from: 'eni-spoke', to: '10.1.0.10' }, twoVpcs('b'), routes).disposition).toBe('delivered');
    expect(ask({ from: 'eni-spoke', to: '8.8.8.8' }, twoVpcs('b'), routes)).toMatchObject({
      disposition: 'leaves-vpc',
      exit: { id: 'igw-1' },
    });
  });

  it('are told apart by their ids, since a name means another zone in another account', () => {
    // Both are called eu-central-1a; the hub's other subnet, in its own account, is the one next to the spoke.
    const described = (ids: boolean): PathAnswer => {
      const zones: Readonly<Record<string, readonly [name: string, id: string]>> = {
        'subnet-spoke': ['a', 'euc1-az1'],
        'subnet-lonely': ['b', 'euc1-az2'],
        'subnet-public': ['b', 'euc1-az1'],
        'subnet-private': ['a', 'euc1-az2'],
      };
      const plain = twoVpcs('a', {
        'ec2:DescribeVpcs': [
          { VpcId: 'vpc-spoke', CidrBlock: '10.2.0.0/16', OwnerId: '111111111111' },
          { VpcId: 'vpc-1', CidrBlock: '10.1.0.0/16', OwnerId: '222222222222' },
        ],
        'ec2:DescribeTransitGatewayVpcAttachments': (
          [
            ['spoke', 'vpc-spoke', ['subnet-spoke']],
            ['1', 'vpc-1', ['subnet-public', 'subnet-private']],
          ] as const
        ).map(([name, VpcId, SubnetIds]) => ({
          TransitGatewayAttachmentId: `tgw-attach-${name}`,
          TransitGatewayId: 'tgw-1',
          VpcId,
          State: 'available',
          SubnetIds,
        })),
        'ec2:DescribeRouteTables': [
          table(
            'rtb-spoke',
            'vpc-spoke',
            [route('0.0.0.0/0', { TransitGatewayId: 'tgw-1' })],
            ['subnet-spoke'],
          ),
          table('rtb-public', 'vpc-1', [route('0.0.0.0/0', { LocalGatewayId: 'lgw-1' })], ['subnet-public']),
          table('rtb-private', 'vpc-1', [], ['subnet-private']),
        ],
      });
      const network = buildNetwork([
        sourceOfAnswers(
          {
            ...PLAIN,
            ...plain,
            'ec2:DescribeSubnets': (plain['ec2:DescribeSubnets'] ?? []).map((one) => {
              const [name, id] = zones[String(one['SubnetId'])] ?? ['a', ''];
              return {
                ...one,
                AvailabilityZone: `eu-central-1${name}`,
                ...(ids ? { AvailabilityZoneId: id } : {}),
              };
            }),
          },
          routes,
        ),
      ]);
      return createPathSolver(network, locator).answer({ from: 'eni-spoke', to: '8.8.8.8' });
    };
    expect(described(true)).toMatchObject({ disposition: 'leaves-vpc', exit: { id: 'lgw-1' } });
    // Without ids any subnet of the attachment may be the one.
    expect(described(false)).toMatchObject({ disposition: 'leaves-vpc', exit: { id: 'lgw-1' } });
  });
});
