import { describe, expect, it } from 'vitest';
import { solveBuilt, solveNetwork } from '../../../src/analysis/index.ts';
import type { JsonObject } from '../../../src/core/index.ts';
import type { RepeatedAnswer } from '../../support/network-source.ts';
import { sourceOfAnswers } from '../../support/network-source.ts';
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
  subnet,
  table,
} from '../../support/small-network.ts';

/** What can leave from an interface: by which exits, to which region or account, and what nobody can judge. */
function fate(change: Answers, repeated: readonly RepeatedAnswer[] = [], id = 'eni-private') {
  const network = networkWith(change, repeated);
  const { classes } = solveBuilt(network);
  const own = classes.find(({ interfaces }) => interfaces.some((one) => one.id === id));
  const exits = (own?.initiated ?? []).map(({ exit }) => exit);
  return {
    exits: [...new Set(exits.map((exit) => exit.id))],
    far: exits.map(({ far }) => far),
    doubts: (own?.initiated ?? []).flatMap(({ doubts }) => doubts.map(({ object }) => object)),
    unknown: [...new Set((own?.unknowns ?? []).map(({ code, object }) => `${code} ${object}`))],
    faults: network.faults.map(({ code, object }) => `${code} ${object}`),
  };
}

const SEALED = { exits: [], far: [], doubts: [], unknown: [], faults: [] };

/** The interface endpoint `vpce-1` at 10.1.1.200, of one service. */
function endpoint(more: JsonObject, face: JsonObject = {}): Answers {
  return {
    'ec2:DescribeVpcEndpoints': [
      {
        VpcEndpointId: 'vpce-1',
        VpcEndpointType: 'Interface',
        VpcId: 'vpc-1',
        State: 'available',
        SubnetIds: ['subnet-private'],
        NetworkInterfaceIds: ['eni-door'],
        ...more,
      },
    ],
    'ec2:DescribeNetworkInterfaces': [
      ...(PLAIN['ec2:DescribeNetworkInterfaces'] ?? []),
      networkInterface('eni-door', 'vpc-1', 'subnet-private', '10.1.1.200', {
        InterfaceType: 'vpc_endpoint',
        ...face,
      }),
    ],
  };
}

const ABROAD = { ServiceName: 'com.amazonaws.us-east-1.s3', ServiceRegion: 'us-east-1' };

describe('endpoints that lead elsewhere', () => {
  it('an endpoint of a service of AWS in the region is no exit', () => {
    expect(fate(endpoint({ ServiceName: 'com.amazonaws.eu-central-1.kms' }))).toEqual(SEALED);
    expect(fate(endpoint({ ServiceName: 'cn.com.amazonaws.eu-central-1.ecr.api' }))).toEqual(SEALED);
  });

  it('an endpoint of a service that somebody else offers hands data to them', () => {
    const service = 'com.amazonaws.vpce.eu-central-1.vpce-svc-0123456789abcdef0';
    const { exits, far } = fate(endpoint({ ServiceName: service, ServiceRegion: 'eu-central-1' }));
    expect(exits).toEqual(['vpce-1']);
    expect(far[0]).toEqual({ kind: 'region', region: 'eu-central-1', account: service });
  });

  it.each([
    ['the name alone says the region', { ServiceName: 'com.amazonaws.us-east-1.s3' }, 'us-east-1'],
    ['a service of no region', { ServiceName: 'com.amazonaws.iam' }, ''],
    [
      'a multi-region access point',
      { ServiceName: 'com.amazonaws.s3-global.accesspoint', ServiceRegion: 'eu-central-1' },
      '',
    ],
  ])('%s', (_name, more, region) => {
    expect(fate(endpoint(more)).far[0]).toEqual({ kind: 'region', region, account: '' });
  });

  it('an endpoint abroad of which no interface is named is unknown', () => {
    expect(fate(endpoint({ ...ABROAD, NetworkInterfaceIds: [] })).unknown).toEqual(['NOT_COLLECTED vpce-1']);
    expect(fate(endpoint({ ...ABROAD, NetworkInterfaceIds: [], State: 'rejected' }))).toEqual(SEALED);
  });

  it('an endpoint that admits only the second of two like interfaces is their way out', () => {
    const groups = [
      ...(PLAIN['ec2:DescribeSecurityGroups'] ?? []),
      { GroupId: 'sg-door', IpPermissions: [everything('10.1.1.11/32')], IpPermissionsEgress: [] },
    ];
    const door = endpoint(ABROAD, { Groups: [{ GroupId: 'sg-door' }] });
    const change = {
      ...door,
      'ec2:DescribeSecurityGroups': groups,
      'ec2:DescribeNetworkInterfaces': [
        ...(door['ec2:DescribeNetworkInterfaces'] ?? []),
        networkInterface('eni-second', 'vpc-1', 'subnet-private', '10.1.1.11'),
      ],
    };
    expect(fate(change).exits).toEqual([]);
    expect(fate(change, [], 'eni-second').exits).toEqual(['vpce-1']);
  });
});

/** Two VPCs joined by a transit gateway; the far one is where a test puts its door. */
function joined(attachments: readonly JsonObject[], more: Answers = {}): Answers {
  return {
    'ec2:DescribeVpcs': [...(PLAIN['ec2:DescribeVpcs'] ?? []), { VpcId: 'vpc-2', CidrBlock: '10.2.0.0/16' }],
    'ec2:DescribeSubnets': [
      ...(PLAIN['ec2:DescribeSubnets'] ?? []),
      subnet('subnet-2', 'vpc-2', '10.2.0.0/24'),
    ],
    'ec2:DescribeRouteTables': [
      table('rtb-private', 'vpc-1', [route('0.0.0.0/0', { TransitGatewayId: 'tgw-1' })], ['subnet-private']),
      table('rtb-public', 'vpc-1', [], ['subnet-public']),
      table('rtb-2', 'vpc-2', [route('10.1.0.0/16', { TransitGatewayId: 'tgw-1' })], ['subnet-2']),
    ],
    'ec2:DescribeNetworkAcls': [acl('acl-1', ['subnet-public', 'subnet-private', 'subnet-2'])],
    'ec2:DescribeTransitGateways': [{ TransitGatewayId: 'tgw-1' }],
    'ec2:DescribeTransitGatewayRouteTables': [
      { TransitGatewayRouteTableId: 'tgw-rtb-1', TransitGatewayId: 'tgw-1' },
      { TransitGatewayRouteTableId: 'tgw-rtb-0', TransitGatewayId: 'tgw-1' },
    ],
    'ec2:DescribeTransitGatewayAttachments': attachments,
    'ec2:DescribeTransitGatewayVpcAttachments': attachments
      .filter(({ ResourceType }) => ResourceType === 'vpc')
      .map((one) => ({
        TransitGatewayAttachmentId: one['TransitGatewayAttachmentId'] ?? '',
        TransitGatewayId: 'tgw-1',
        VpcId: one['ResourceId'] ?? '',
        State: one['State'] ?? '',
        SubnetIds: [one['ResourceId'] === 'vpc-2' ? 'subnet-2' : 'subnet-private'],
      })),
    ...more,
  };
}

function attachment(id: string, resource: string, more: JsonObject = {}): JsonObject {
  return {
    TransitGatewayAttachmentId: id,
    TransitGatewayId: 'tgw-1',
    ResourceType: resource.startsWith('vpc-') ? 'vpc' : 'vpn',
    ResourceId: resource,
    State: 'available',
    Association: { TransitGatewayRouteTableId: 'tgw-rtb-1', State: 'associated' },
    ...more,
  };
}

function transitRoutes(id: string, routes: readonly JsonObject[]): RepeatedAnswer {
  const parameters = { 'transit-gateway-route-table-id': id };
  return { call: 'ec2:SearchTransitGatewayRoutes', parameters, body: { Routes: [...routes] } };
}

const toAttachment = (DestinationCidrBlock: string, id: string): JsonObject => ({
  DestinationCidrBlock,
  State: 'active',
  Type: 'static',
  TransitGatewayAttachments: [{ TransitGatewayAttachmentId: id, ResourceType: 'vpc' }],
});

const HUB = [attachment('att-1', 'vpc-1'), attachment('att-2', 'vpc-2'), attachment('att-v', 'vpn-1')];
const TO_VPC_2 = [transitRoutes('tgw-rtb-1', [toAttachment('10.2.0.0/16', 'att-2')])];
const TO_SITE = [transitRoutes('tgw-rtb-1', [toAttachment('0.0.0.0/0', 'att-v')])];

describe('transit gateways', () => {
  it('lead to an endpoint abroad in the VPC of another attachment', () => {
    expect(fate(joined(HUB), TO_VPC_2)).toEqual(SEALED);
    const shared = {
      'ec2:DescribeVpcEndpoints': [
        {
          VpcEndpointId: 'vpce-2',
          VpcEndpointType: 'Interface',
          VpcId: 'vpc-2',
          NetworkInterfaceIds: ['eni-door'],
          ...ABROAD,
        },
      ],
      'ec2:DescribeNetworkInterfaces': [
        ...(PLAIN['ec2:DescribeNetworkInterfaces'] ?? []),
        networkInterface('eni-door', 'vpc-2', 'subnet-2', '10.2.0.200', { InterfaceType: 'vpc_endpoint' }),
      ],
    };
    expect(fate(joined(HUB, shared), TO_VPC_2).exits).toEqual(['vpce-2']);
  });

  it('lead to what a route within the far VPC meets', () => {
    const inspected = table(
      'rtb-2',
      'vpc-2',
      [route('10.2.0.0/24', { GatewayId: 'vpce-gwlb' })],
      ['subnet-2'],
    );
    const tables = (joined(HUB)['ec2:DescribeRouteTables'] ?? []).slice(0, 2);
    const change = joined(HUB, {
      'ec2:DescribeRouteTables': [...tables, inspected],
      'ec2:DescribeSubnets': [
        ...(PLAIN['ec2:DescribeSubnets'] ?? []),
        subnet('subnet-2', 'vpc-2', '10.2.1.0/24'),
      ],
    });
    expect(fate(change, TO_VPC_2).unknown).toEqual(['NOT_COLLECTED vpce-gwlb']);
  });

  it.each([[['before', 'after']], [['after', 'before']]])(
    'an attachment that was deleted hides none that is there (%j)',
    (order) => {
      const dead = attachment('att-0', 'vpc-1', { State: 'deleted' });
      const all = order[0] === 'before' ? [dead, ...HUB] : [...HUB, dead];
      expect(fate(joined(all), TO_SITE).exits).toEqual(['vpn-1']);
      expect(fate(joined([dead, ...HUB.slice(1)]), TO_SITE)).toEqual(SEALED);
    },
  );

  it('of two tables that list an attachment none decides', () => {
    const [own, ...others] = HUB;
    const listed = (id: string, state: string): RepeatedAnswer => ({
      call: 'ec2:GetTransitGatewayRouteTableAssociations',
      parameters: { 'transit-gateway-route-table-id': id },
      body: { Associations: [{ TransitGatewayAttachmentId: 'att-1', State: state }] },
    });
    const { Association: _gone, ...unnamed } = own as JsonObject;
    const change = joined([unnamed, ...others]);
    const both = [listed('tgw-rtb-1', 'associated'), listed('tgw-rtb-0', 'disassociating')];
    const empty = transitRoutes('tgw-rtb-0', []);
    expect(fate(change, [...both, ...TO_SITE, empty]).unknown).toEqual(['NOT_COLLECTED att-1']);
    const after = [listed('tgw-rtb-1', 'associated'), listed('tgw-rtb-0', 'disassociated')];
    expect(fate(change, [...after, ...TO_SITE, empty]).exits).toEqual(['vpn-1']);
  });

  it('a route in force that names no attachment is unknown, no blackhole', () => {
    const nowhere = { DestinationCidrBlock: '0.0.0.0/0', State: 'active', Type: 'static' };
    expect(fate(joined(HUB), [transitRoutes('tgw-rtb-1', [nowhere])]).unknown).toEqual([
      'UNKNOWN_VALUE tgw-rtb-1',
    ]);
    const blackhole = { ...nowhere, State: 'blackhole' };
    expect(fate(joined(HUB), [transitRoutes('tgw-rtb-1', [blackhole])])).toEqual(SEALED);
  });
});

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
