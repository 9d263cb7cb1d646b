import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/index.ts';
import { fate, SEALED } from '../../support/interface-fate.ts';
import type { RepeatedAnswer } from '../../support/network-source.ts';
import type { Answers } from '../../support/small-network.ts';
import {
  acl,
  everything,
  networkInterface,
  PLAIN,
  route,
  subnet,
  table,
} from '../../support/small-network.ts';

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
