import { describe, expect, it } from 'vitest';
import type { Network } from '../../../src/analysis/index.ts';
import { createPathSolver, solveBuilt } from '../../../src/analysis/index.ts';
import type { JsonObject } from '../../../src/core/index.ts';
import { instruments } from '../../support/run-sample.ts';
import type { Answers } from '../../support/small-network.ts';
import {
  acl,
  everything,
  networkInterface,
  networkWith,
  PLAIN,
  privateRoutes,
  route,
  subnet,
  table,
} from '../../support/small-network.ts';

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

const faultsOf = (change: Answers): readonly string[] =>
  networkWith(change).faults.map(({ object, detail }) => `${object}: ${detail}`);

const asked = async (
  network: Network,
  to: string,
): Promise<{ disposition: string; reason: string | null }> => {
  const { locator } = await instruments();
  const { answer } = createPathSolver(network, locator);
  return answer({ from: 'eni-private', to, protocol: 'tcp', port: 443 });
};

describe('a prefix list of a thousand entries', () => {
  const cidrs = numbers(1000).map((one) => `${20 + (one >> 8)}.${one & 255}.0.0/24`);
  const toList = (entries: readonly string[] | undefined): Network =>
    networkWith(
      {
        ...privateRoutes([route('pl-1', { GatewayId: 'vgw-1' })]),
        'ec2:DescribeManagedPrefixLists': [{ PrefixListId: 'pl-1' }],
      },
      entries === undefined
        ? []
        : [
            {
              call: 'ec2:GetManagedPrefixListEntries',
              parameters: { 'prefix-list-id': 'pl-1' },
              body: { Entries: entries.map((Cidr) => ({ Cidr })) },
            },
          ],
    );

  it('leads where each of them says', async () => {
    expect(await asked(toList(cidrs), '23.231.0.9')).toMatchObject({ disposition: 'leaves-vpc' });
    expect(await asked(toList(cidrs), '23.232.0.9')).toMatchObject({ disposition: 'no-route' });
  });

  it.each([
    ['one of them malformed', [...cidrs, '300.1.0.0/24']],
    ['no entries answered', undefined],
  ])('may lead anywhere with %s', async (_, entries) => {
    const { disposition, reason } = await asked(toList(entries), '99.0.0.9');
    expect(disposition).toBe('unknown');
    expect(reason).toContain('pl-1');
  });
});

describe('everything, in every place where a block can stand', () => {
  it.each(['0.0.0.0/0', '::/0'])('%s', (all) => {
    const family = all.includes(':') ? { Ipv6CidrBlock: all } : { CidrBlock: all };
    const rule = [everything(all)];
    const solved = solveBuilt(
      networkWith({
        'ec2:DescribeVpcs': [
          { VpcId: 'vpc-1', CidrBlock: '0.0.0.0/0', CidrBlockAssociationSet: [{ CidrBlock: '0.0.0.0/0' }] },
        ],
        'ec2:DescribeSubnets': [
          subnet('subnet-public', 'vpc-1', '0.0.0.0/0', 'a', '::/0'),
          subnet('subnet-private', 'vpc-1', '0.0.0.0/0', 'a', '::/0'),
        ],
        'ec2:DescribeRouteTables': [
          table(
            'rtb-public',
            'vpc-1',
            [route(all, { GatewayId: 'igw-1' }), route(all, { VpcPeeringConnectionId: 'pcx-1' })],
            ['subnet-public', 'subnet-private'],
          ),
        ],
        'ec2:DescribeSecurityGroups': [
          { GroupId: 'sg-open', IpPermissions: rule, IpPermissionsEgress: rule },
        ],
        'ec2:DescribeNetworkAcls': [
          acl(
            'acl-1',
            ['subnet-public', 'subnet-private'],
            [{ RuleNumber: 1, Egress: true, Protocol: '-1', RuleAction: 'allow', ...family }],
          ),
        ],
        'ec2:DescribeVpcPeeringConnections': [
          {
            VpcPeeringConnectionId: 'pcx-1',
            Status: { Code: 'active' },
            RequesterVpcInfo: { VpcId: 'vpc-1', CidrBlock: '0.0.0.0/0' },
            AccepterVpcInfo: {
              VpcId: 'vpc-2',
              CidrBlock: '0.0.0.0/0',
              Ipv6CidrBlockSet: [{ Ipv6CidrBlock: '::/0' }],
            },
          },
        ],
      }),
    );
    expect(solved.classes.length).toBeGreaterThan(0);
  });
});

describe('networks with the same addresses', () => {
  const twins = (blocks: readonly string[]): Answers => ({
    'ec2:DescribeVpcs': blocks.map((CidrBlock, one) => ({ VpcId: `vpc-${one}`, CidrBlock })),
    'ec2:DescribeSubnets': blocks.map((_, one) => subnet(`subnet-${one}`, `vpc-${one}`, '10.0.0.0/24')),
    'ec2:DescribeRouteTables': blocks.map((_, one) =>
      table(
        `rtb-${one}`,
        `vpc-${one}`,
        // Around in a ring, each VPC to the next.
        [route('10.0.0.0/8', { VpcPeeringConnectionId: `pcx-${one}` })],
        [`subnet-${one}`],
      ),
    ),
    'ec2:DescribeNetworkAcls': [
      acl(
        'acl-1',
        blocks.map((_, one) => `subnet-${one}`),
      ),
    ],
    'ec2:DescribeNetworkInterfaces': blocks.map((_, one) =>
      networkInterface(one === 0 ? 'eni-private' : `eni-${one}`, `vpc-${one}`, `subnet-${one}`, '10.0.0.7'),
    ),
    'ec2:DescribeInternetGateways': [],
    'ec2:DescribeVpcPeeringConnections': blocks.map((_, one) => ({
      VpcPeeringConnectionId: `pcx-${one}`,
      Status: { Code: 'active' },
      RequesterVpcInfo: { VpcId: `vpc-${one}`, CidrBlock: blocks[one] ?? '' },
      AccepterVpcInfo: {
        VpcId: `vpc-${(one + 1) % blocks.length}`,
        CidrBlock: blocks[(one + 1) % blocks.length] ?? '',
      },
    })),
  });

  it('in a ring of peerings carry nothing around it', async () => {
    const ring = networkWith(twins(['10.0.0.0/16', '10.0.0.0/16', '10.0.0.0/16']));
    // A neighbour has the same address: packets to it stay at home.
    expect(await asked(ring, '10.0.0.7')).toMatchObject({ disposition: 'delivered' });
    expect(await asked(ring, '10.9.0.7')).toMatchObject({ disposition: 'denied' });
    expect(solveBuilt(ring).classes.flatMap(({ initiated }) => initiated)).toEqual([]);
  });
});

describe('two transit gateways that send everything to each other', () => {
  it('lead nowhere, and are told as a loop', async () => {
    const sides = ['tgw-1', 'tgw-2'] as const;
    const network = networkWith(
      {
        ...privateRoutes([route('0.0.0.0/0', { TransitGatewayId: 'tgw-1' })]),
        'ec2:DescribeTransitGatewayAttachments': [
          ...sides.map((gateway, one) => ({
            TransitGatewayAttachmentId: 'tgw-attach-peer',
            TransitGatewayId: gateway,
            ResourceType: 'peering',
            ResourceId: sides[1 - one] ?? '',
            State: 'available',
            Association: { TransitGatewayRouteTableId: `tgw-rtb-${gateway}`, State: 'associated' },
          })),
          {
            TransitGatewayAttachmentId: 'tgw-attach-vpc',
            TransitGatewayId: 'tgw-1',
            ResourceType: 'vpc',
            ResourceId: 'vpc-1',
            State: 'available',
            Association: { TransitGatewayRouteTableId: 'tgw-rtb-tgw-1', State: 'associated' },
          },
        ],
        'ec2:DescribeTransitGatewayVpcAttachments': [
          {
            TransitGatewayAttachmentId: 'tgw-attach-vpc',
            TransitGatewayId: 'tgw-1',
            VpcId: 'vpc-1',
            State: 'available',
            SubnetIds: ['subnet-private'],
          },
        ],
        'ec2:DescribeTransitGatewayPeeringAttachments': [
          {
            TransitGatewayAttachmentId: 'tgw-attach-peer',
            RequesterTgwInfo: { TransitGatewayId: 'tgw-1' },
            AccepterTgwInfo: { TransitGatewayId: 'tgw-2' },
          },
        ],
        'ec2:DescribeTransitGatewayRouteTables': sides.map((gateway) => ({
          TransitGatewayRouteTableId: `tgw-rtb-${gateway}`,
          TransitGatewayId: gateway,
        })),
      },
      sides.map((gateway) => ({
        call: 'ec2:SearchTransitGatewayRoutes',
        parameters: { 'transit-gateway-route-table-id': `tgw-rtb-${gateway}` },
        body: {
          Routes: [
            {
              DestinationCidrBlock: '0.0.0.0/0',
              Type: 'static',
              State: 'active',
              TransitGatewayAttachments: [{ TransitGatewayAttachmentId: 'tgw-attach-peer' }],
            },
          ],
        },
      })),
    );
    expect(await asked(network, '8.8.8.8')).toMatchObject({
      disposition: 'denied',
      blockedBy: { rule: 'the path is a loop' },
    });
  });
});

describe('what is not as the API answers', () => {
  const changed = (call: string, change: (object: JsonObject) => JsonObject): Answers => ({
    [call]: (PLAIN[call] ?? []).map((object, index) => (index === 0 ? change(object) : object)),
  });

  it.each<readonly [what: string, change: Answers, told: string]>([
    [
      'a malformed block of a VPC',
      changed('ec2:DescribeVpcs', (one) => ({ ...one, CidrBlock: '10.1.0.0/33' })),
      'vpc-1: CidrBlock is no CIDR',
    ],
    [
      'a public address that is a number',
      changed('ec2:DescribeNetworkInterfaces', (one) => ({ ...one, Association: { PublicIp: 51_380_481 } })),
      'eni-public: Association.PublicIp is no address',
    ],
    [
      'an id with a NUL and a mark of direction',
      changed('ec2:DescribeSubnets', (one) => ({ ...one, VpcId: 'vpc-1\u0000\u202e' })),
      'subnet-public: VpcId is no text',
    ],
    [
      'an interface in another VPC than its subnet',
      changed('ec2:DescribeNetworkInterfaces', (one) => ({ ...one, VpcId: 'vpc-2' })),
      'eni-public: its subnet is in another VPC than it says',
    ],
    [
      'an association with nothing',
      changed('ec2:DescribeRouteTables', (one) => ({ ...one, Associations: [{ Main: false }] })),
      'rtb-public: an association with nothing that is named',
    ],
    [
      'an association that does not say which address it is',
      changed('ec2:DescribeNetworkInterfaces', (one) => ({ ...one, Association: { IpOwnerId: 'amazon' } })),
      'eni-public: an address outside that is not told',
    ],
  ])('is told: %s', (_, change, told) => {
    expect(faultsOf(change)).toContain(told);
    expect(faultsOf({})).toEqual([]);
  });

  it('takes null for what does not apply, as some SDKs write it', () => {
    const none = { Association: null, Ipv6Addresses: null, Ipv4Prefixes: null, DenyAllIgwTraffic: null };
    expect(faultsOf(changed('ec2:DescribeNetworkInterfaces', (one) => ({ ...one, ...none })))).toEqual([]);
  });

  it('is told by its first cases where all of it is', () => {
    const many = {
      'ec2:DescribeSubnets': numbers(5000).map((one) => ({ SubnetId: `subnet-${one}`, VpcId: one })),
    };
    expect(faultsOf(many).length).toBeLessThan(300);
  });
});
