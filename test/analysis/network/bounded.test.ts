import { describe, expect, it } from 'vitest';
import { createPathSolver, solveBuilt } from '../../../src/analysis/index.ts';
import type { JsonObject } from '../../../src/core/index.ts';
import type { RepeatedAnswer } from '../../support/network-source.ts';
import { instruments } from '../../support/run-sample.ts';
import type { Answers } from '../../support/small-network.ts';
import { acl, everything, networkInterface, networkWith, route } from '../../support/small-network.ts';

/** Networks with more ways through them than anybody can walk: each place must be left once, not once a way. */
const MOST_SECONDS = 20;

const within = async <T>(work: () => T | Promise<T>): Promise<T> => {
  const start = performance.now();
  const made = await work();
  expect((performance.now() - start) / 1000).toBeLessThan(MOST_SECONDS);
  return made;
};

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

const OPEN: readonly JsonObject[] = [
  {
    GroupId: 'sg-open',
    IpPermissions: [everything('0.0.0.0/0')],
    IpPermissionsEgress: [everything('0.0.0.0/0')],
  },
];

/** Forwarders, one a subnet, each of which hands blocks to others; the last one leads out as well. */
const forwarders = (
  count: number,
  nextOf: (from: number, block: number) => number,
  blocks = count,
): Answers => ({
  'ec2:DescribeVpcs': [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/8' }],
  'ec2:DescribeSubnets': numbers(count).map((one) => ({
    SubnetId: `subnet-${one}`,
    VpcId: 'vpc-1',
    CidrBlock: `10.${one}.0.0/24`,
    AvailabilityZone: 'eu-central-1a',
  })),
  'ec2:DescribeInternetGateways': [
    { InternetGatewayId: 'igw-1', Attachments: [{ VpcId: 'vpc-1', State: 'available' }] },
  ],
  'ec2:DescribeNetworkAcls': [
    acl(
      'acl-1',
      numbers(count).map((one) => `subnet-${one}`),
    ),
    // Rules that tell every sender from every other, in a subnet that nobody is in.
    {
      NetworkAclId: 'acl-2',
      Associations: [],
      Entries: numbers(count).map((one) => ({
        RuleNumber: one + 1,
        Egress: false,
        Protocol: '-1',
        RuleAction: 'allow',
        CidrBlock: `10.${one}.0.0/24`,
      })),
    },
  ],
  'ec2:DescribeSecurityGroups': OPEN,
  'ec2:DescribeNetworkInterfaces': numbers(count).map((one) =>
    networkInterface(`eni-${one}`, 'vpc-1', `subnet-${one}`, `10.${one}.0.10`, {
      SourceDestCheck: false,
      Association: { PublicIp: `3.120.1.${one}` },
    }),
  ),
  'ec2:DescribeRouteTables': numbers(count).map((from) => ({
    RouteTableId: `rtb-${from}`,
    VpcId: 'vpc-1',
    Associations: [{ SubnetId: `subnet-${from}`, Main: false }],
    Routes: [
      ...(from === count - 1 ? [route('0.0.0.0/0', { GatewayId: 'igw-1' })] : []),
      ...numbers(blocks)
        .filter((block) => nextOf(from, block) !== from)
        .map((block) =>
          route(`${100 + block}.0.0.0/8`, { NetworkInterfaceId: `eni-${nextOf(from, block)}` }),
        ),
    ],
  })),
});

const certainExits = (answers: Answers, repeated: readonly RepeatedAnswer[] = []): ReadonlySet<string> =>
  new Set(
    solveBuilt(networkWith(answers, repeated)).classes.flatMap(({ initiated }) =>
      initiated.filter(({ doubts }) => doubts.length === 0).map(({ exit }) => exit.id),
    ),
  );

describe('a chain of forwarders', () => {
  it('is walked once, not once for each choice of a source on the way', async () => {
    const chain = forwarders(40, (from) => Math.min(from + 1, 39), 2);
    const solved = await within(() => solveBuilt(networkWith(chain)));
    expect(solved.classes.length).toBe(40);
    expect(solved.classes.every(({ initiated }) => initiated.some(({ exit }) => exit.id === 'igw-1'))).toBe(
      true,
    );
    const { locator } = await instruments();
    const { answer } = createPathSolver(networkWith(chain), locator);
    const asked = await within(() => answer({ from: 'eni-0', to: '101.2.3.4', protocol: 'tcp', port: 443 }));
    expect(asked.disposition).toBe('leaves-vpc');
  });
});

describe('a complete graph of forwarders', () => {
  it('is walked in bounded time, loops and all', async () => {
    const graph = forwarders(24, (from, block) => (from * 7 + block * 5 + 1) % 24);
    expect(await within(() => certainExits(graph))).toContain('igw-1');
  });
});

/** Transit gateways each peered with each other; every table sends a block to all of its peers, who may pick any. */
const mesh = (count: number): { readonly answers: Answers; readonly repeated: readonly RepeatedAnswer[] } => {
  const pairs = numbers(count).flatMap((one) =>
    numbers(count)
      .filter((other) => other > one)
      .map((other) => ({ one, other, id: `tgw-attach-${one}-${other}` })),
  );
  const info = (gateway: number): JsonObject => ({
    TransitGatewayId: `tgw-${gateway}`,
    OwnerId: '111111111111',
    Region: 'eu-central-1',
  });
  const general = (gateway: number, id: string, type: string, resource: string): JsonObject => ({
    TransitGatewayAttachmentId: id,
    TransitGatewayId: `tgw-${gateway}`,
    ResourceType: type,
    ResourceId: resource,
    State: 'available',
    Association: { TransitGatewayRouteTableId: `tgw-rtb-${gateway}`, State: 'associated' },
  });
  const peers = (gateway: number): readonly JsonObject[] =>
    pairs
      .filter(({ one, other }) => one === gateway || other === gateway)
      .map(({ id }) => ({ TransitGatewayAttachmentId: id, ResourceType: 'peering', ResourceId: 'tgw' }));
  const last = count - 1;
  return {
    answers: {
      'ec2:DescribeVpcs': [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }],
      'ec2:DescribeSubnets': [
        { SubnetId: 'subnet-1', VpcId: 'vpc-1', CidrBlock: '10.0.0.0/24', AvailabilityZone: 'eu-central-1a' },
      ],
      'ec2:DescribeNetworkAcls': [acl('acl-1', ['subnet-1'])],
      'ec2:DescribeSecurityGroups': OPEN,
      'ec2:DescribeNetworkInterfaces': [networkInterface('eni-1', 'vpc-1', 'subnet-1', '10.0.0.10')],
      'ec2:DescribeRouteTables': [
        {
          RouteTableId: 'rtb-1',
          VpcId: 'vpc-1',
          Associations: [{ Main: true }],
          Routes: [route('0.0.0.0/0', { TransitGatewayId: 'tgw-0' })],
        },
      ],
      'ec2:DescribeTransitGateways': numbers(count).map((one) => ({ TransitGatewayId: `tgw-${one}` })),
      'ec2:DescribeTransitGatewayAttachments': [
        general(0, 'tgw-attach-vpc', 'vpc', 'vpc-1'),
        general(last, 'tgw-attach-vpn', 'vpn', 'vpn-1'),
        ...pairs.flatMap(({ one, other, id }) => [
          general(one, id, 'peering', `tgw-${other}`),
          general(other, id, 'peering', `tgw-${one}`),
        ]),
      ],
      'ec2:DescribeTransitGatewayVpcAttachments': [
        {
          TransitGatewayAttachmentId: 'tgw-attach-vpc',
          TransitGatewayId: 'tgw-0',
          VpcId: 'vpc-1',
          State: 'available',
          SubnetIds: ['subnet-1'],
          Options: { ApplianceModeSupport: 'disable', Ipv6Support: 'disable' },
        },
      ],
      'ec2:DescribeTransitGatewayPeeringAttachments': pairs.map(({ one, other, id }) => ({
        TransitGatewayAttachmentId: id,
        RequesterTgwInfo: info(one),
        AccepterTgwInfo: info(other),
        State: 'available',
      })),
      'ec2:DescribeTransitGatewayRouteTables': numbers(count).map((one) => ({
        TransitGatewayRouteTableId: `tgw-rtb-${one}`,
        TransitGatewayId: `tgw-${one}`,
      })),
    },
    repeated: numbers(count).map((one) => ({
      call: 'ec2:SearchTransitGatewayRoutes',
      parameters: { 'transit-gateway-route-table-id': `tgw-rtb-${one}` },
      body: {
        Routes: [
          {
            DestinationCidrBlock: '0.0.0.0/0',
            Type: 'static',
            State: 'active',
            TransitGatewayAttachments: [
              ...peers(one),
              ...(one === last
                ? [{ TransitGatewayAttachmentId: 'tgw-attach-vpn', ResourceType: 'vpn' }]
                : []),
            ],
          },
        ],
        AdditionalRoutesAvailable: false,
      },
    })),
  };
};

describe('a mesh of thirty transit gateways', () => {
  it('is walked in bounded time, and the one way out of it is found', async () => {
    const { answers, repeated } = mesh(30);
    expect([...(await within(() => certainExits(answers, repeated)))]).toEqual(['vpn-1']);
  });
});

describe('a thousand routes that overlap', () => {
  it('are decided by the longest prefix, in bounded time', async () => {
    const nested = numbers(1000).map((one) =>
      route(`${1 + (one % 9)}.${one % 256}.${one >> 2}.0/${8 + (one % 17)}`, {
        GatewayId: one % 3 === 0 ? 'igw-1' : 'vgw-1',
      }),
    );
    const answers = {
      ...forwarders(1, () => 0),
      'ec2:DescribeRouteTables': [
        { RouteTableId: 'rtb-1', VpcId: 'vpc-1', Associations: [{ Main: true }], Routes: nested },
      ],
    };
    expect(await within(() => certainExits(answers))).toEqual(new Set(['igw-1', 'vgw-1']));
  });
});
