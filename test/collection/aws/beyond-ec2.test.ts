import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Behaviour } from '../../../sim/aws-endpoint/behaviour.ts';
import type { AwsEndpoint } from '../../../sim/aws-endpoint/endpoint.ts';
import { startAwsEndpoint } from '../../../sim/aws-endpoint/endpoint.ts';
import { sampleAccount } from '../../../sim/aws-endpoint/sample-account.ts';
import type { Sample } from '../../../sim/samples.ts';
import { SAMPLES } from '../../../sim/samples.ts';
import type { OtherAnswer } from '../../../sim/stack.ts';
import { AWS_LIMITS, collectAccount } from '../../../src/collection/index.ts';
import type { EvidenceDraft, EvidenceKind, EvidenceStatus } from '../../../src/evidence/index.ts';
import { accessTo, loopbackDialer, ONE_TRY, SAMPLE_CLOCK } from '../../support/live-sample.ts';
import { sampleDeployment } from '../../support/run-sample.ts';

// Services beside EC2 that say something of a network: each in its own protocol, pages and errors included.
const SAMPLE = SAMPLES[0] as Sample;
const DEPLOYMENT = sampleDeployment(SAMPLE);
const ARN = `arn:aws-cn:elasticloadbalancing:cn-north-1:${SAMPLE.site.account}`;

const BALANCERS = [1, 2, 3].map((number) => ({
  LoadBalancerArn: `${ARN}:loadbalancer/app/gateway/${number}`,
  LoadBalancerName: `gateway-${number}`,
  CreatedTime: '2026-01-10T08:00:00.000Z',
  Type: 'application',
  Scheme: 'internal',
  VpcId: 'vpc-0a',
  State: { Code: 'active' },
  SecurityGroups: ['sg-0a', 'sg-0b'],
  AvailabilityZones: [{ ZoneName: 'cn-north-1a', SubnetId: 'subnet-0a', LoadBalancerAddresses: [] }],
}));
const listener = (balancer: string, port: number) => ({
  ListenerArn: `${balancer.replace(':loadbalancer/', ':listener/')}/${port}`,
  LoadBalancerArn: balancer,
  Port: port,
  Protocol: 'HTTPS',
  DefaultActions: [
    {
      Type: 'forward',
      ForwardConfig: { TargetGroups: [{ TargetGroupArn: `${ARN}:targetgroup/api/1`, Weight: 1 }] },
    },
  ],
});

/** The account's answers as the AWS CLI prints them: more of each than fit on a page of two. */
const OTHERS: readonly OtherAnswer[] = [
  { command: 'elbv2 describe-load-balancers', body: { LoadBalancers: BALANCERS } },
  ...BALANCERS.map(({ LoadBalancerArn }, index) => ({
    command: `elbv2 describe-listeners --load-balancer-arn ${LoadBalancerArn}`,
    body: {
      Listeners: [443, 8443, 9443].slice(0, index + 1).map((port) => listener(LoadBalancerArn, port)),
    },
  })),
  {
    command: 'elbv2 describe-target-groups',
    body: {
      TargetGroups: [
        {
          TargetGroupArn: `${ARN}:targetgroup/api/1`,
          Protocol: 'HTTP',
          Port: 4000,
          VpcId: 'vpc-0a',
          TargetType: 'ip',
          LoadBalancerArns: [BALANCERS[0]?.LoadBalancerArn ?? ''],
        },
      ],
    },
  },
  {
    command: `elbv2 describe-target-health --target-group-arn ${ARN}:targetgroup/api/1`,
    body: {
      TargetHealthDescriptions: [
        {
          Target: { Id: '10.20.0.11', Port: 4000, AvailabilityZone: 'cn-north-1a' },
          TargetHealth: { State: 'healthy' },
        },
      ],
    },
  },
  {
    command: 'directconnect describe-direct-connect-gateways',
    body: {
      directConnectGateways: [1, 2, 3].map((number) => ({
        directConnectGatewayId: `dxgw-${number}`,
        directConnectGatewayName: 'to the office',
        amazonSideAsn: 64_512,
        ownerAccount: SAMPLE.site.account,
        directConnectGatewayState: 'available',
      })),
    },
  },
  {
    command: 'directconnect describe-virtual-interfaces',
    body: {
      virtualInterfaces: [
        {
          virtualInterfaceId: 'dxvif-1',
          virtualInterfaceType: 'private',
          virtualInterfaceState: 'available',
          virtualGatewayId: '',
          directConnectGatewayId: 'dxgw-1',
          ownerAccount: SAMPLE.site.account,
          region: 'cn-north-1',
          location: 'SINNET1',
          siteLinkEnabled: false,
          authKey: 'never-to-be-seen',
        },
      ],
    },
  },
  ...[1, 2, 3].map((number) => ({
    command: `directconnect describe-direct-connect-gateway-associations --direct-connect-gateway-id dxgw-${number}`,
    body: {
      directConnectGatewayAssociations: [
        {
          directConnectGatewayId: `dxgw-${number}`,
          associationId: `assoc-${number}`,
          associationState: 'associated',
          directConnectGatewayOwnerAccount: SAMPLE.site.account,
          associatedGateway: {
            id: 'vgw-1',
            type: 'virtualPrivateGateway',
            ownerAccount: SAMPLE.site.account,
            region: 'cn-north-1',
          },
          allowedPrefixesToDirectConnectGateway: [{ cidr: '10.20.0.0/16' }],
        },
      ],
    },
  })),
  {
    command: 'route53resolver list-resolver-endpoints',
    body: {
      ResolverEndpoints: [1, 2, 3].map((number) => ({
        Id: `rslvr-out-${number}`,
        Name: 'never-to-be-seen',
        Direction: 'OUTBOUND',
        SecurityGroupIds: ['sg-0a'],
        HostVPCId: 'vpc-0a',
        Status: 'OPERATIONAL',
      })),
    },
  },
  ...[1, 2, 3].map((number) => ({
    command: `route53resolver list-resolver-endpoint-ip-addresses --resolver-endpoint-id rslvr-out-${number}`,
    body: {
      IpAddresses: ['10.20.0.5', '10.20.1.5', '10.20.2.5'].map((Ip, zone) => ({
        IpId: `rni-${number}${zone}`,
        SubnetId: `subnet-0${zone}`,
        Ip,
        Status: 'ATTACHED',
      })),
    },
  })),
  {
    command: 'route53resolver list-resolver-rules',
    body: {
      ResolverRules: [1, 2, 3, 4, 5].map((number) => ({
        Id: `rslvr-rr-${number}`,
        RuleType: 'FORWARD',
        TargetIps: [{ Ip: '10.20.0.2', Port: 53, Protocol: 'Do53' }],
        ResolverEndpointId: 'rslvr-out-1',
        OwnerId: SAMPLE.site.account,
        Status: 'COMPLETE',
      })),
    },
  },
  {
    command: 'lambda list-functions',
    body: {
      Functions: [1, 2, 3].map((number) => ({
        FunctionArn: `arn:aws-cn:lambda:cn-north-1:${SAMPLE.site.account}:function:f${number}`,
        FunctionName: `f${number}`,
        LastModified: '2026-01-10T08:00:00.000+0000',
        VpcConfig: { VpcId: 'vpc-0a', SubnetIds: ['subnet-0a'], SecurityGroupIds: ['sg-0a'] },
        Environment: { Variables: { TOKEN: 'never-to-be-seen' } },
      })),
    },
  },
];

const KINDS: readonly EvidenceKind[] = [
  'elbv2.load-balancers',
  'directconnect.gateways',
  'route53resolver.endpoints',
  'lambda.functions',
];

let endpoint: AwsEndpoint;
beforeAll(async () => {
  const account = sampleAccount(SAMPLE);
  endpoint = await startAwsEndpoint({
    accounts: [{ ...account, stack: { ...account.stack, others: OTHERS } }],
    clock: SAMPLE_CLOCK,
  });
});
afterEach(() => endpoint.reset());
afterAll(() => endpoint.close());

async function read(kinds: readonly EvidenceKind[], limits = ONE_TRY): Promise<readonly EvidenceDraft[]> {
  const drafts: EvidenceDraft[] = [];
  const reading = { access: accessTo(DEPLOYMENT, endpoint), kinds, phase: 'start', limits } as const;
  for await (const draft of collectAccount(reading, { dialer: loopbackDialer(), clock: SAMPLE_CLOCK }))
    drafts.push(draft);
  return drafts;
}

describe('services beside EC2', () => {
  it('are read whole, over all their pages, with a call for each id that a listing named', async () => {
    const drafts = await read(KINDS);
    expect(drafts.filter(({ status }) => status !== 'complete')).toEqual([]);
    for (const { command, body } of OTHERS) {
      const [member = '', entries] = Object.entries(body)[0] ?? [];
      const id = /--\S+ (\S+)$/.exec(command)?.[1];
      const [own, ...more] = drafts.filter(
        ({ key, body: told }) =>
          Object.hasOwn(told as object, member) &&
          (id === undefined || Object.values(key.parameters).includes(id)),
      );
      expect(more, command).toEqual([]);
      expect(((own?.body ?? {}) as Record<string, unknown[]>)[member], command).toHaveLength(
        (entries as unknown[]).length,
      );
    }
    expect(drafts.find(({ key }) => key.parameters['direct-connect-gateway-id'] === 'dxgw-3')?.body).toEqual(
      OTHERS.find(({ command }) => command.endsWith('dxgw-3'))?.body,
    );
  });

  it('are not asked for more than is kept: no key of a virtual interface, no variable of a function', async () => {
    const text = JSON.stringify(await read(KINDS));
    expect(text).not.toContain('never-to-be-seen');
    expect(text).toContain('Functions[].Environment');
  });

  it('get through throttling that ends', async () => {
    for (const call of [
      'elasticloadbalancing:DescribeListeners',
      'lambda:ListFunctions',
      'route53resolver:ListResolverRules',
    ])
      endpoint.behave({ call, behaviour: { kind: 'throttle', times: 1 } });
    const drafts = await read(KINDS, AWS_LIMITS);
    expect(new Set(drafts.map(({ status }) => status))).toEqual(new Set(['complete']));
  });
});

/** One call of each service: query, JSON 1.1 and 1.0 over RPC, JSON over REST. */
const CALLS = [
  ['elasticloadbalancing:DescribeListeners', 'elbv2.load-balancers'],
  ['directconnect:DescribeDirectConnectGateways', 'directconnect.gateways'],
  ['route53resolver:ListResolverRules', 'route53resolver.endpoints'],
  ['lambda:ListFunctions', 'lambda.functions'],
] as const;

const BREAKS = [
  [{ kind: 'deny' }, 'denied', /AccessDenied/],
  [{ kind: 'deny-by-scp' }, 'denied-by-scp', /AccessDenied/],
  [{ kind: 'throttle' }, 'throttled', /Thrott|TooManyRequests/],
  [{ kind: 'expired-token' }, 'denied', /ExpiredToken/],
  [{ kind: 'skewed-clock' }, 'denied', /Signature/],
  [{ kind: 'unsupported' }, 'unsupported', /UnsupportedOperation/],
  [{ kind: 'error', code: 'InternalFailure', status: 500 }, 'failed', /InternalFailure/],
  [{ kind: 'cut' }, 'unreadable', /CutAnswer/],
  [{ kind: 'empty' }, 'unreadable', /./],
  [{ kind: 'html', status: 200 }, 'unreadable', /NotAws/],
  [{ kind: 'html', status: 403 }, 'unreadable', /NotAws/],
  [{ kind: 'reset' }, 'unreachable', /ECONNRESET/],
  [{ kind: 'reset-in-body' }, 'unreachable', /ECONNRESET/],
  [{ kind: 'hang' }, 'timeout', /Timeout/],
  [{ kind: 'hang-in-body' }, 'timeout', /Timeout/],
] as const satisfies readonly (readonly [Behaviour, EvidenceStatus, RegExp])[];

describe.each(CALLS)('%s', (call, kind) => {
  it.each(BREAKS)('that meets %j is %s', async (behaviour, status, reason) => {
    endpoint.behave({ call, behaviour });
    const touched = (await read([kind], { ...ONE_TRY, attemptTime: 1500, callTime: 1500 })).filter(
      ({ key }) => key.call === call,
    );
    expect(touched.length).toBeGreaterThan(0);
    for (const draft of touched) {
      expect(draft.status).toBe(status);
      expect(draft.reason).toMatch(reason);
    }
  });

  it('whose pages go round in a circle, or whose second one is refused, is not whole', async () => {
    endpoint.behave({ call, page: 'later', behaviour: { kind: 'deny' } });
    const refused = (await read([kind])).filter(({ key }) => key.call === call);
    expect(refused.map(({ status }) => status)).toContain('denied');
    endpoint.reset();
    endpoint.behave({ call, behaviour: { kind: 'endless' } });
    const endless = (await read([kind])).filter(({ key }) => key.call === call);
    expect(endless.map(({ reason }) => reason)).toContain('the same page again');
  });
});
