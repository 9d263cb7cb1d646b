import { describe, expect, it } from 'vitest';
import { buildNetwork, offPathProblems, solveBuilt } from '../../../src/analysis/index.ts';
import type { JsonObject } from '../../../src/core/index.ts';
import type { RepeatedAnswer } from '../../support/network-source.ts';
import type { Answers } from '../../support/small-network.ts';
import {
  networkInterface,
  networkWith,
  PLAIN,
  privateRoutes,
  route,
  table,
} from '../../support/small-network.ts';

function solved(change: Answers, repeated: readonly RepeatedAnswer[] = []) {
  return solveBuilt(networkWith(change, repeated));
}

/** What can leave from an interface, and what nobody can judge of it. */
function fate(change: Answers, repeated: readonly RepeatedAnswer[] = [], id = 'eni-private') {
  const own = solved(change, repeated).classes.find(({ interfaces }) =>
    interfaces.some((one) => one.id === id),
  );
  return {
    initiated: [...new Set((own?.initiated ?? []).map(({ exit }) => `${exit.kind} ${exit.id}`))],
    replies: [...new Set((own?.replies ?? []).map(({ exit }) => `${exit.kind} ${exit.id}`))],
    doubts: (own?.initiated ?? []).flatMap(({ doubts }) => doubts.map(({ object }) => object)),
    unknown: [...new Set((own?.unknowns ?? []).map(({ code, object }) => `${code} ${object}`))],
  };
}

const SEALED = { initiated: [], replies: [], doubts: [], unknown: [] };

const LATTICE = 'arn:aws:vpc-lattice:eu-central-1';
const NETWORK = `${LATTICE}:111111111111:servicenetwork/sn-1`;
const SERVICE = `${LATTICE}:111111111111:service/svc-1`;
const RESOURCE = `${LATTICE}:111111111111:resourceconfiguration/rcfg-1`;
const GROUP = `${LATTICE}:111111111111:targetgroup/tg-1`;

interface Joined {
  readonly service?: string;
  readonly resource?: string;
  readonly group?: JsonObject;
  readonly targets?: readonly string[];
  readonly lists?: Answers;
}

/** vpc-1 in a service network with one service, and one resource where a test asks for it. */
function joined({ service = SERVICE, resource, group = {}, targets, lists = {} }: Joined = {}) {
  const asked = { 'service-network-identifier': NETWORK };
  const repeated: readonly RepeatedAnswer[] = [
    {
      call: 'vpc-lattice:ListServiceNetworkVpcAssociations',
      parameters: { 'vpc-identifier': 'vpc-1' },
      body: { items: [{ vpcId: 'vpc-1', id: 'snva-1', serviceNetworkArn: NETWORK, status: 'ACTIVE' }] },
    },
    {
      call: 'vpc-lattice:ListServiceNetworkServiceAssociations',
      parameters: asked,
      body: { items: [{ serviceArn: service, id: 'snsa-1' }] },
    },
    {
      call: 'vpc-lattice:ListServiceNetworkResourceAssociations',
      parameters: asked,
      body: { items: resource === undefined ? [] : [{ resourceConfigurationArn: resource, id: 'snra-1' }] },
    },
    ...(targets === undefined
      ? []
      : [
          {
            call: 'vpc-lattice:ListTargets',
            parameters: { 'target-group-identifier': GROUP },
            body: { items: targets.map((id) => ({ id })) },
          },
        ]),
  ];
  const answers: Answers = {
    'vpc-lattice:ListTargetGroups': [
      { arn: GROUP, type: 'INSTANCE', vpcIdentifier: 'vpc-1', serviceArns: [SERVICE], ...group },
    ],
    'vpc-lattice:ListResourceConfigurations': [{ arn: RESOURCE, type: 'SINGLE', resourceGatewayId: 'rgw-1' }],
    'vpc-lattice:ListResourceGateways': [{ arn: 'rgw-arn', id: 'rgw-1', vpcIdentifier: 'vpc-1' }],
    ...lists,
  };
  return fate(listedOf(answers, repeated), repeated);
}

/** A fan-out is listed by its entries as well: both ways tell the same. */
function listedOf(answers: Answers, repeated: readonly RepeatedAnswer[]): Answers {
  const associations = repeated
    .filter(({ call }) => call === 'vpc-lattice:ListServiceNetworkVpcAssociations')
    .flatMap(({ body }) => (body['items'] ?? []) as readonly JsonObject[]);
  return { ...answers, 'vpc-lattice:ListServiceNetworkVpcAssociations': associations };
}

describe('a service network', () => {
  it('whose targets are all in VPCs of the model leads nowhere else', () => {
    expect(joined()).toEqual(SEALED);
    expect(joined({ group: { type: 'IP' }, targets: ['10.1.1.10'] })).toEqual(SEALED);
    expect(joined({ resource: RESOURCE })).toEqual(SEALED);
    const lists = { 'lambda:ListFunctions': [{ FunctionArn: 'arn:aws:lambda:eu-central-1:1:function:f' }] };
    const lambda = { type: 'LAMBDA', vpcIdentifier: '' };
    const targets = ['arn:aws:lambda:eu-central-1:1:function:f:live'];
    expect(joined({ group: lambda, targets, lists })).toEqual(SEALED);
  });

  it.each<[string, string, Joined]>([
    [
      'of somebody else',
      'OUT_OF_SCOPE_ACCOUNT',
      { service: SERVICE.replace('111111111111', '222222222222') },
    ],
    ['with instances of another VPC', 'UNSUPPORTED_CONSTRUCT', { group: { vpcIdentifier: 'vpc-9' } }],
    ['with addresses outside', 'UNSUPPORTED_CONSTRUCT', { group: { type: 'IP' }, targets: ['10.9.0.1'] }],
    ['with targets that were not read', 'UNSUPPORTED_CONSTRUCT', { group: { type: 'IP' } }],
    [
      'with targets of an unknown type',
      'UNSUPPORTED_CONSTRUCT',
      { group: { type: 'CONTAINER' }, targets: [] },
    ],
    [
      'with a function that is not listed',
      'UNSUPPORTED_CONSTRUCT',
      { group: { type: 'LAMBDA' }, targets: ['arn:aws:lambda:eu-central-1:1:function:g'] },
    ],
    [
      'with a resource of somebody else',
      'OUT_OF_SCOPE_ACCOUNT',
      { resource: RESOURCE.replace('111111111111', '222222222222') },
    ],
    [
      'with a resource behind a gateway elsewhere',
      'UNSUPPORTED_CONSTRUCT',
      {
        resource: RESOURCE,
        lists: { 'vpc-lattice:ListResourceGateways': [{ arn: 'r', id: 'rgw-1', vpcIdentifier: 'vpc-9' }] },
      },
    ],
    [
      'with a resource that stands for others',
      'UNSUPPORTED_CONSTRUCT',
      {
        resource: RESOURCE,
        lists: { 'vpc-lattice:ListResourceConfigurations': [{ arn: RESOURCE, type: 'GROUP' }] },
      },
    ],
  ])('%s may lead elsewhere', (_name, code, change) => {
    expect(joined(change).unknown).toEqual([`${code} ${NETWORK}`]);
  });

  it('matters to interfaces only whose groups let them reach it', () => {
    const change: Joined = { service: SERVICE.replace('111111111111', '222222222222') };
    const inside = { IpProtocol: '-1', IpRanges: [{ CidrIp: '10.1.0.0/16' }] };
    const groups = [{ GroupId: 'sg-open', IpPermissions: [], IpPermissionsEgress: [inside] }];
    expect(joined({ ...change, lists: { 'ec2:DescribeSecurityGroups': groups } })).toEqual(SEALED);
  });

  it('to which a route leads, and which is not described, is unknown', () => {
    const routes = privateRoutes([route('169.254.171.0/24', { GatewayId: 'VpcLattice' })]);
    expect(fate(routes).unknown).toEqual(['NOT_COLLECTED vpc-1']);
  });
});

describe('an endpoint of VPC Lattice', () => {
  const endpoint = (more: JsonObject): Answers => ({
    'ec2:DescribeVpcEndpoints': [
      {
        VpcEndpointId: 'vpce-1',
        VpcId: 'vpc-1',
        State: 'available',
        NetworkInterfaceIds: ['eni-door'],
        ...more,
      },
    ],
    'ec2:DescribeNetworkInterfaces': [
      ...(PLAIN['ec2:DescribeNetworkInterfaces'] ?? []),
      networkInterface('eni-door', 'vpc-1', 'subnet-private', '10.1.1.200', {
        InterfaceType: 'vpc_endpoint',
      }),
    ],
    'vpc-lattice:ListResourceConfigurations': [{ arn: RESOURCE, type: 'ARN', resourceGatewayId: 'rgw-1' }],
    'vpc-lattice:ListResourceGateways': [{ arn: 'rgw-arn', id: 'rgw-1', vpcIdentifier: 'vpc-1' }],
  });

  it('to a resource behind a gateway of the model stays in it; to any other nobody can tell', () => {
    const resource = { VpcEndpointType: 'Resource', ResourceConfigurationArn: RESOURCE };
    expect(fate(endpoint(resource)).unknown).toEqual([]);
    const foreign = {
      ...resource,
      ResourceConfigurationArn: RESOURCE.replace('111111111111', '222222222222'),
    };
    expect(fate(endpoint(foreign)).unknown[0]).toMatch(/^OUT_OF_SCOPE_ACCOUNT /);
  });

  it('into a service network that was not read is unknown', () => {
    const network = { VpcEndpointType: 'ServiceNetwork', ServiceNetworkArn: NETWORK };
    expect(fate(endpoint(network)).unknown).toEqual([`NOT_COLLECTED ${NETWORK}`]);
  });
});

describe('an endpoint of a gateway load balancer', () => {
  const inspected: Answers = {
    'ec2:DescribeVpcEndpoints': [
      {
        VpcEndpointId: 'vpce-fw',
        VpcEndpointType: 'GatewayLoadBalancer',
        VpcId: 'vpc-1',
        SubnetIds: ['subnet-private'],
        State: 'available',
      },
    ],
    'ec2:DescribeRouteTables': [
      table('rtb-public', 'vpc-1', [route('0.0.0.0/0', { GatewayId: 'vpce-fw' })], ['subnet-public']),
      table('rtb-private', 'vpc-1', [route('0.0.0.0/0', { GatewayId: 'igw-1' })], ['subnet-private']),
    ],
  };
  const firewall: RepeatedAnswer = {
    call: 'network-firewall:DescribeFirewall',
    parameters: { 'firewall-arn': 'arn:fw' },
    body: {
      Firewall: { FirewallArn: 'arn:fw' },
      FirewallStatus: {
        SyncStates: {
          'eu-central-1a': { Attachment: { EndpointId: 'vpce-fw', SubnetId: 'subnet-private' } },
        },
      },
    },
  };

  it("of AWS's own firewall hands on: what can leave behind it can leave", () => {
    const { initiated, doubts, unknown } = fate(inspected, [firewall], 'eni-public');
    expect({ initiated, doubts, unknown }).toEqual({
      initiated: ['internet-gateway igw-1'],
      doubts: [],
      unknown: [],
    });
  });

  it('of anybody else is in doubt', () => {
    const { doubts, unknown } = fate(inspected, [], 'eni-public');
    expect(doubts).toContain('vpce-fw');
    expect(unknown).toEqual(['UNSUPPORTED_CONSTRUCT vpce-fw']);
  });
});

describe('doors for people', () => {
  it('let answers go to callers who may be anywhere', () => {
    const client = { ClientVpnEndpointId: 'cvpn-1', VpcId: 'vpc-1', Status: { Code: 'available' } };
    const doors = { 'ec2:DescribeClientVpnEndpoints': [client] };
    expect(fate(doors).replies).toEqual(['client-vpn cvpn-1']);
    expect(fate(doors).initiated).toEqual([]);
    const gone = { 'ec2:DescribeClientVpnEndpoints': [{ ...client, Status: { Code: 'deleted' } }] };
    expect(fate(gone)).toEqual(SEALED);
    const other = { 'ec2:DescribeClientVpnEndpoints': [{ ...client, VpcId: 'vpc-9' }] };
    expect(fate(other)).toEqual(SEALED);
  });

  it('let in nobody whom the groups of an interface do not', () => {
    const shut = {
      'ec2:DescribeClientVpnEndpoints': [
        { ClientVpnEndpointId: 'cvpn-1', VpcId: 'vpc-1', Status: { Code: 'available' } },
      ],
      'ec2:DescribeSecurityGroups': [{ GroupId: 'sg-open', IpPermissions: [], IpPermissionsEgress: [] }],
    };
    expect(fate(shut)).toEqual(SEALED);
  });

  it('are Instance Connect and Verified Access too', () => {
    const doors = {
      'ec2:DescribeInstanceConnectEndpoints': [
        {
          InstanceConnectEndpointId: 'eice-1',
          VpcId: 'vpc-1',
          State: 'create-complete',
          NetworkInterfaceIds: [],
        },
      ],
      'ec2:DescribeVerifiedAccessEndpoints': [
        {
          VerifiedAccessEndpointId: 'vae-1',
          Status: { Code: 'active' },
          LoadBalancerOptions: { SubnetIds: ['subnet-private'] },
        },
      ],
    };
    expect(fate(doors).replies).toEqual([
      'instance-connect-endpoint eice-1',
      'verified-access-endpoint vae-1',
    ]);
  });
});

describe('functions', () => {
  it('in no VPC are ways out, those in one are not', () => {
    const { functions } = networkWith({
      'lambda:ListFunctions': [
        { FunctionArn: 'arn:outside' },
        { FunctionArn: 'arn:empty', VpcConfig: { VpcId: '', SubnetIds: [] } },
        { FunctionArn: 'arn:inside', VpcConfig: { VpcId: 'vpc-1', SubnetIds: ['subnet-private'] } },
      ],
    });
    expect([...functions.keys()]).toEqual(['arn:outside', 'arn:empty']);
  });
});

describe('copies of packets', () => {
  const mirrored = (target: JsonObject, more: Answers = {}) =>
    networkWith({
      'ec2:DescribeTrafficMirrorSessions': [
        {
          TrafficMirrorSessionId: 'tms-1',
          TrafficMirrorTargetId: 'tmt-1',
          NetworkInterfaceId: 'eni-private',
        },
      ],
      'ec2:DescribeTrafficMirrorTargets': [{ TrafficMirrorTargetId: 'tmt-1', ...target }],
      ...more,
    }).faults.map(({ code, detail }) => `${code} ${detail}`);

  it('to an interface or a balancer of the model stay where that can be asked about', () => {
    expect(mirrored({ NetworkInterfaceId: 'eni-public' })).toEqual([]);
    const balancers = {
      'elasticloadbalancing:DescribeLoadBalancers': [{ LoadBalancerArn: 'arn:nlb', VpcId: 'vpc-1' }],
    };
    expect(mirrored({ NetworkLoadBalancerArn: 'arn:nlb' }, balancers)).toEqual([]);
  });

  it('to anything else are named', () => {
    expect(mirrored({ NetworkInterfaceId: 'eni-9' })[0]).toMatch(/^OUT_OF_SCOPE_ACCOUNT .*eni-9/);
    expect(mirrored({ NetworkLoadBalancerArn: 'arn:nlb' })[0]).toMatch(/^UNSUPPORTED_CONSTRUCT .*arn:nlb/);
    expect(mirrored({ GatewayLoadBalancerEndpointId: 'vpce-9' })[0]).toMatch(
      /^UNSUPPORTED_CONSTRUCT .*vpce-9/,
    );
  });
});

describe('what could not be read', () => {
  const main = { RouteTableId: 'rtb-main', VpcId: 'vpc-1', Associations: [{ Main: true }], Routes: [] };
  const tables = (more: readonly JsonObject[], given: Answers = PLAIN): Answers => ({
    'ec2:DescribeRouteTables': [...(given['ec2:DescribeRouteTables'] ?? []), main, ...more],
  });
  const database = route('0.0.0.0/0', { OdbNetworkArn: 'arn:odb' });

  it('and lies on no path is counted, and is no reason', () => {
    const spare = tables([
      { VpcId: 'vpc-1', RouteTableId: 'rtb-spare', Associations: [], Routes: [database] },
    ]);
    expect(fate(spare)).toEqual(SEALED);
    const { off, all } = offPathProblems(solved(spare));
    expect({ objects: off.map(({ object }) => object), all }).toEqual({ objects: ['rtb-spare'], all: 1 });
  });

  it('and lies on a path is a reason, and not counted', () => {
    const met = tables([], privateRoutes([database]));
    expect(fate(met).unknown).toEqual(['UNSUPPORTED_CONSTRUCT rtb-private']);
    expect(offPathProblems(solved(met))).toEqual({ off: [], all: 1 });
  });

  it('is nothing in a plain network', () => {
    expect(offPathProblems(solveBuilt(buildNetwork([])))).toEqual({ off: [], all: 0 });
    expect(offPathProblems(solved(tables([]))).all).toBe(0);
  });
});
