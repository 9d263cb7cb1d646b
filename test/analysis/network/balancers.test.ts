import { beforeAll, describe, expect, it } from 'vitest';
import type { PathAnswer, PathQuestion } from '../../../src/analysis/index.ts';
import { answerAll, createPathSolver, outsideGoal, solveBuilt } from '../../../src/analysis/index.ts';
import type { JsonObject } from '../../../src/core/index.ts';
import type { Locator } from '../../../src/geo/index.ts';
import type { RepeatedAnswer } from '../../support/network-source.ts';
import { instruments } from '../../support/run-sample.ts';
import type { Answers } from '../../support/small-network.ts';
import {
  acl,
  everything,
  networkInterface,
  networkWith,
  PLAIN,
  route,
  table,
} from '../../support/small-network.ts';

let locator: Locator;

beforeAll(async () => {
  ({ locator } = await instruments());
});

const PREFIX = 'arn:aws:elasticloadbalancing:eu-central-1:111111111111';
const NLB = `${PREFIX}:loadbalancer/net/ingress/0123456789abcdef`;
const ALB = `${PREFIX}:loadbalancer/app/web/fedcba9876543210`;

function balancer(id: string, type: string, name = 'ingress.elb.example'): JsonObject {
  return { LoadBalancerArn: id, DNSName: name, Type: type, VpcId: 'vpc-1', Scheme: 'internet-facing' };
}

function targetGroup(name: string, type = 'instance', balancers: readonly string[] = []): JsonObject {
  return {
    TargetGroupArn: `${PREFIX}:targetgroup/${name}`,
    TargetType: type,
    Port: 8080,
    Protocol: 'TCP',
    LoadBalancerArns: balancers,
  };
}

function listens(to: string, protocol: string, port: number, groups: readonly string[]): RepeatedAnswer {
  return {
    call: 'elasticloadbalancing:DescribeListeners',
    parameters: { 'load-balancer-arn': to },
    body: {
      Listeners: [
        {
          LoadBalancerArn: to,
          Protocol: protocol,
          Port: port,
          DefaultActions: groups.map((name) => ({
            Type: 'forward',
            TargetGroupArn: `${PREFIX}:targetgroup/${name}`,
          })),
        },
      ],
    },
  };
}

function registered(name: string, ids: readonly string[], state = 'healthy', port = 8080): RepeatedAnswer {
  return {
    call: 'elasticloadbalancing:DescribeTargetHealth',
    parameters: { 'target-group-arn': `${PREFIX}:targetgroup/${name}` },
    body: {
      TargetHealthDescriptions: ids.map((Id) => ({
        Target: { Id, Port: port },
        TargetHealth: { State: state },
      })),
    },
  };
}

function group(id: string, from: readonly JsonObject[]): JsonObject {
  return { GroupId: id, VpcId: 'vpc-1', IpPermissions: from, IpPermissionsEgress: [everything('0.0.0.0/0')] };
}

function tcp(port: number, cidr: string): JsonObject {
  return { IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: cidr }] };
}

/** A network balancer in the public subnet, and an instance behind it in the private one. */
function behindNlb(groups: readonly JsonObject[] = [tcp(8080, '0.0.0.0/0')]): Answers {
  return {
    'ec2:DescribeSecurityGroups': [
      ...(PLAIN['ec2:DescribeSecurityGroups'] ?? []),
      group('sg-app', groups),
      group('sg-web', [tcp(443, '0.0.0.0/0')]),
    ],
    'ec2:DescribeNetworkInterfaces': [
      networkInterface('eni-nlb', 'vpc-1', 'subnet-public', '10.1.0.50', {
        InterfaceType: 'network_load_balancer',
        Description: 'ELB net/ingress/0123456789abcdef',
        Association: { PublicIp: '3.120.1.50' },
        Groups: [],
        SourceDestCheck: false,
      }),
      networkInterface('eni-alb', 'vpc-1', 'subnet-public', '10.1.0.60', {
        Description: 'ELB app/web/fedcba9876543210',
        Association: { PublicIp: '3.120.1.60' },
        Groups: [{ GroupId: 'sg-web' }],
      }),
      networkInterface('eni-app', 'vpc-1', 'subnet-private', '10.1.1.20', {
        Attachment: { InstanceId: 'i-app' },
        Groups: [{ GroupId: 'sg-app' }],
      }),
    ],
    'elasticloadbalancing:DescribeLoadBalancers': [
      balancer(NLB, 'network'),
      balancer(ALB, 'application', 'web.elb.example'),
    ],
    'elasticloadbalancing:DescribeTargetGroups': [targetGroup('app'), targetGroup('web', 'instance', [ALB])],
  };
}

const LISTENER = listens(NLB, 'TCP', 443, ['app']);
const LISTENING = [LISTENER, registered('app', ['i-app'])];

function ask(
  question: Partial<PathQuestion>,
  change: Answers = behindNlb(),
  repeated: readonly RepeatedAnswer[] = LISTENING,
): PathAnswer {
  const solver = createPathSolver(networkWith(change, repeated), locator);
  return solver.answer({ from: 'internet', to: '3.120.1.50', protocol: 'tcp', port: 443, ...question });
}

function ids({ hops }: PathAnswer): readonly string[] {
  return hops.map(({ id }) => id);
}

describe('a network load balancer', () => {
  it('passes what a listener takes on to a target, and the answer comes back', () => {
    const answer = ask({});
    expect(answer).toMatchObject({
      disposition: 'delivered',
      packet: '8.8.8.8 → 10.1.0.50, tcp 443',
      returnPath: 'open',
    });
    expect(ids(answer).filter((id) => ['igw-1', NLB, 'subnet-private', 'i-app'].includes(id))).toEqual([
      'igw-1',
      NLB,
      'subnet-private',
      'i-app',
    ]);
  });

  it('drops what no listener takes', () => {
    expect(ask({ port: 80 })).toMatchObject({
      disposition: 'denied',
      blockedBy: { kind: 'load-balancer', id: NLB },
    });
    expect(ask({ protocol: 'udp' }).disposition).toBe('denied');
  });

  it.each([NLB, 'INGRESS.elb.example', 'i-app', 'eni-app'])('leads there when %s is asked for', (to) => {
    const answer = ask({ to });
    expect(answer.disposition).toBe('delivered');
    expect(ids(answer)).toContain(NLB);
  });

  it('is the only way in to an instance without a public address', () => {
    const alone = { ...behindNlb(), 'elasticloadbalancing:DescribeLoadBalancers': [] };
    expect(ask({ to: 'i-app' }, alone).disposition).toBe('no-route');
  });

  it.each([
    ["the client's address", '8.8.8.8/32', 'delivered'],
    ["the balancer's address", '10.1.0.50/32', 'delivered'],
    ['another address', '10.1.0.51/32', 'denied'],
  ])('reaches a target that admits %s', (_who, cidr, disposition) => {
    expect(ask({}, behindNlb([tcp(8080, cidr)])).disposition).toBe(disposition);
  });

  it("uses the target's port, not the listener's", () => {
    expect(ask({}, behindNlb([tcp(443, '0.0.0.0/0')]))).toMatchObject({
      disposition: 'denied',
      blockedBy: { kind: 'security-group', id: 'sg-app' },
    });
  });

  it('has no target where none is registered, or where the only one is not used', () => {
    for (const health of [registered('app', []), registered('app', ['i-app'], 'unused')]) {
      expect(ask({}, behindNlb(), [LISTENER, health])).toMatchObject({
        disposition: 'denied',
        blockedBy: { kind: 'load-balancer', id: NLB },
      });
    }
  });

  it('tries targets that are not healthy too, after those that are', () => {
    const health = registered('app', ['i-app'], 'unhealthy');
    expect(ask({}, behindNlb(), [LISTENER, health]).disposition).toBe('delivered');
  });

  it('leads nobody knows where if its targets were not listed', () => {
    expect(ask({}, behindNlb(), [LISTENER])).toMatchObject({
      disposition: 'unknown',
      reason: expect.stringContaining('NOT_COLLECTED') as string,
    });
  });

  it('is an interface like any other if its listeners were not listed', () => {
    const answer = ask({}, behindNlb(), []);
    expect(answer.disposition).toBe('delivered');
    expect(ids(answer)).not.toContain('i-app');
  });

  it('sends to addresses beyond the VPC by its own routes', () => {
    const change: Answers = {
      ...behindNlb(),
      'elasticloadbalancing:DescribeTargetGroups': [targetGroup('app', 'ip')],
      'ec2:DescribeVpcPeeringConnections': [
        {
          VpcPeeringConnectionId: 'pcx-1',
          Status: { Code: 'active' },
          RequesterVpcInfo: { VpcId: 'vpc-1', OwnerId: '111111111111', Region: 'eu-central-1' },
          AccepterVpcInfo: {
            VpcId: 'vpc-9',
            OwnerId: '222222222222',
            Region: 'us-east-1',
            CidrBlock: '10.9.0.0/16',
          },
        },
      ],
      'ec2:DescribeRouteTables': [
        table(
          'rtb-public',
          'vpc-1',
          [
            route('0.0.0.0/0', { GatewayId: 'igw-1' }),
            route('10.9.0.0/16', { VpcPeeringConnectionId: 'pcx-1' }),
          ],
          ['subnet-public'],
        ),
        table('rtb-private', 'vpc-1', [], ['subnet-private']),
      ],
    };
    const there = [LISTENER, registered('app', ['10.9.0.7'])];
    const answer = ask({}, change, there);
    expect(answer).toMatchObject({ disposition: 'leaves-vpc', exit: { kind: 'peering', id: 'pcx-1' } });
    expect(ids(answer)).toContain(NLB);
  });

  it('has its answers stopped by a stateless ACL before the target', () => {
    const change: Answers = {
      ...behindNlb(),
      'ec2:DescribeNetworkAcls': [
        acl('acl-1', ['subnet-public']),
        acl(
          'acl-2',
          ['subnet-private'],
          [{ RuleNumber: 1, Egress: true, Protocol: '-1', RuleAction: 'deny', CidrBlock: '0.0.0.0/0' }],
        ),
      ],
    };
    expect(ask({}, change)).toMatchObject({ disposition: 'delivered', returnPath: 'blocked' });
  });

  it('found by the addresses that it lists, where AWS describes its interfaces otherwise', () => {
    const change = behindNlb();
    const renamed: Answers = {
      ...change,
      'ec2:DescribeNetworkInterfaces': (change['ec2:DescribeNetworkInterfaces'] ?? []).map((one) => ({
        ...one,
        Description: '',
      })),
      'elasticloadbalancing:DescribeLoadBalancers': [
        {
          ...balancer(NLB, 'network'),
          AvailabilityZones: [
            {
              SubnetId: 'subnet-public',
              LoadBalancerAddresses: [{ PrivateIPv4Address: '10.1.0.50', IpAddress: '3.120.1.50' }],
            },
          ],
        },
      ],
    };
    expect(ids(ask({}, renamed))).toContain(NLB);
  });
});

describe('an application load balancer', () => {
  const listening = [listens(ALB, 'HTTPS', 443, []), registered('web', ['i-app'])];

  it('reaches its targets under its own address, by the groups that name it', () => {
    const answer = ask({ to: '3.120.1.60' }, behindNlb([tcp(8080, '10.1.0.60/32')]), listening);
    expect(answer.disposition).toBe('delivered');
    expect(ids(answer)).toContain('i-app');
  });

  it('answers itself where no target can be reached', () => {
    const answer = ask({ to: '3.120.1.60' }, behindNlb([tcp(8080, '8.8.8.8/32')]), listening);
    expect(answer.disposition).toBe('delivered');
    expect(ids(answer)).toContain(ALB);
    expect(ids(answer)).not.toContain('i-app');
    // But a question about the target is answered with what stops it.
    expect(ask({ to: 'i-app' }, behindNlb([tcp(8080, '8.8.8.8/32')]), listening).disposition).toBe('denied');
  });

  it('is protected by its own groups', () => {
    expect(ask({ to: '3.120.1.60', port: 80 }, behindNlb(), listening)).toMatchObject({
      disposition: 'denied',
      blockedBy: { kind: 'security-group', id: 'sg-web' },
    });
  });

  it('may stand behind a network load balancer', () => {
    const change: Answers = {
      ...behindNlb(),
      'elasticloadbalancing:DescribeTargetGroups': [
        targetGroup('app', 'alb'),
        targetGroup('web', 'instance', [ALB]),
      ],
    };
    const chained = [
      listens(NLB, 'TCP', 443, ['app']),
      registered('app', [ALB], 'healthy', 443),
      ...listening,
    ];
    const answer = ask({}, change, chained);
    expect(answer.disposition).toBe('delivered');
    expect(ids(answer).filter((id) => [NLB, ALB, 'i-app'].includes(id))).toEqual([NLB, ALB, 'i-app']);
    expect(ids(ask({ to: 'i-app' }, change, chained))).toContain(ALB);
  });

  it('that leads back to itself leads nowhere', () => {
    const change: Answers = {
      ...behindNlb(),
      'elasticloadbalancing:DescribeTargetGroups': [targetGroup('app', 'ip')],
    };
    const loop = [LISTENER, registered('app', ['10.1.0.50'], 'healthy', 443)];
    expect(ask({}, change, loop)).toMatchObject({
      disposition: 'denied',
      blockedBy: { rule: 'the path is a loop' },
    });
  });

  it('may call a function, and where that is nobody says', () => {
    const change: Answers = {
      ...behindNlb(),
      'elasticloadbalancing:DescribeTargetGroups': [targetGroup('app', 'lambda')],
    };
    const called = [LISTENER, registered('app', ['arn:aws:lambda:function:f'])];
    expect(ask({}, change, called)).toMatchObject({
      disposition: 'unknown',
      reason: expect.stringContaining('UNSUPPORTED_CONSTRUCT') as string,
    });
  });
});

describe('what leaves as an answer of a target', () => {
  const all = (change: Answers): ReturnType<typeof answerAll> => {
    const network = networkWith(change, LISTENING);
    return answerAll(solveBuilt(network), outsideGoal(network, 'internet', locator));
  };

  it('leaves by the balancer', () => {
    const app = all(behindNlb()).find((one) => one.interface === 'eni-app');
    expect(app).toMatchObject({ initiated: 'cannot', reply: 'can' });
    expect(app?.exits).toContainEqual({ kind: 'load-balancer', id: NLB });
  });

  it('does not, where the target admits nothing at its port, or there is no balancer', () => {
    const closed = all(behindNlb([tcp(22, '0.0.0.0/0')]));
    const alone = all({ ...behindNlb(), 'elasticloadbalancing:DescribeLoadBalancers': [] });
    for (const answers of [closed, alone]) {
      expect(answers.find((one) => one.interface === 'eni-app')).toMatchObject({ reply: 'cannot' });
    }
  });
});
