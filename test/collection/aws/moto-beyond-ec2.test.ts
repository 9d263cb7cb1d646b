import * as ec2 from '@aws-sdk/client-ec2';
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import * as lambda from '@aws-sdk/client-lambda';
import * as firewall from '@aws-sdk/client-network-firewall';
import * as lattice from '@aws-sdk/client-vpc-lattice';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AwsAccess } from '../../../src/collection/index.ts';
import { collectAccount } from '../../../src/collection/index.ts';
import type { EvidenceDraft, EvidenceKind } from '../../../src/evidence/index.ts';
import { textsAt } from '../../../src/evidence/index.ts';
import { createDialer } from '../../../src/net/index.ts';
import { ONE_TRY } from '../../support/live-sample.ts';
import type { Moto } from '../../support/moto.ts';
import { HAS_MOTO, startMoto } from '../../support/moto.ts';

// moto's own account, since its services beside EC2 know no other one.
const ACCOUNT = '123456789012';
const REGION = 'cn-north-1';
const KEYS = { accessKeyId: 'test', secretAccessKey: 'test' };
const CLOCK = { now: () => Date.now() };
/** A zip archive of nothing. */
const EMPTY_ZIP = Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)]);

let moto: Moto | undefined;

/** A call of a service that no client here can write with; the server tells services apart by the signature's scope. */
async function post(
  service: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Answer> {
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20261124/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const response = await fetch(moto?.url ?? '', {
    method: 'POST',
    headers: { ...headers, authorization },
    body,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`expected ${service} to take it, found ${response.status}: ${text}`);
  return (text.startsWith('{') ? JSON.parse(text) : {}) as Answer;
}

type Answer = Readonly<Record<string, { readonly Id: string }>>;

async function resolver(operation: string, input: object): Promise<Answer> {
  const type = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `Route53Resolver.${operation}`,
  };
  return post('route53resolver', type, JSON.stringify(input));
}

/** A balancer before two subnets, a resolver that asks elsewhere, a function with a secret in its environment. */
async function fillAccount(url: string): Promise<void> {
  const settings = { region: REGION, endpoint: url, credentials: KEYS };
  const network = new ec2.EC2Client(settings);
  const { Vpc } = await network.send(new ec2.CreateVpcCommand({ CidrBlock: '10.77.0.0/16' }));
  const vpc = Vpc?.VpcId ?? '';
  const subnets: string[] = [];
  for (const [index, zone] of ['a', 'b'].entries()) {
    const { Subnet } = await network.send(
      new ec2.CreateSubnetCommand({
        VpcId: vpc,
        CidrBlock: `10.77.${index}.0/24`,
        AvailabilityZone: `${REGION}${zone}`,
      }),
    );
    subnets.push(Subnet?.SubnetId ?? '');
  }
  const balancers = new elbv2.ElasticLoadBalancingV2Client(settings);
  const made = await balancers.send(
    new elbv2.CreateLoadBalancerCommand({
      Name: 'gateway',
      Subnets: subnets,
      Type: 'network',
      Scheme: 'internal',
    }),
  );
  const groups = await balancers.send(
    new elbv2.CreateTargetGroupCommand({
      Name: 'api',
      Protocol: 'TCP',
      Port: 4000,
      VpcId: vpc,
      TargetType: 'ip',
    }),
  );
  const group = groups.TargetGroups?.[0]?.TargetGroupArn ?? '';
  for (const Port of [80, 443, 8443])
    await balancers.send(
      new elbv2.CreateListenerCommand({
        LoadBalancerArn: made.LoadBalancers?.[0]?.LoadBalancerArn ?? '',
        Protocol: 'TCP',
        Port,
        DefaultActions: [{ Type: 'forward', TargetGroupArn: group }],
      }),
    );
  await balancers.send(
    new elbv2.RegisterTargetsCommand({ TargetGroupArn: group, Targets: [{ Id: '10.77.0.9', Port: 4000 }] }),
  );

  const { SecurityGroups } = await network.send(new ec2.DescribeSecurityGroupsCommand({}));
  const { ResolverEndpoint } = await resolver('CreateResolverEndpoint', {
    CreatorRequestId: 'endpoint',
    Name: 'out',
    Direction: 'OUTBOUND',
    SecurityGroupIds: [SecurityGroups?.[0]?.GroupId],
    IpAddresses: subnets.map((SubnetId) => ({ SubnetId })),
  });
  for (let number = 0; number < 25; number += 1) {
    const { ResolverRule } = await resolver('CreateResolverRule', {
      CreatorRequestId: `rule-${number}`,
      Name: `forward-${number}`,
      RuleType: 'FORWARD',
      DomainName: `corp-${number}.example`,
      TargetIps: [{ Ip: '10.77.0.53', Port: 53 }],
      ResolverEndpointId: ResolverEndpoint?.Id,
    });
    if (number === 0)
      await resolver('AssociateResolverRule', { ResolverRuleId: ResolverRule?.Id, VPCId: vpc });
  }

  await new firewall.NetworkFirewallClient(settings).send(
    new firewall.CreateFirewallCommand({
      FirewallName: 'wall',
      VpcId: vpc,
      FirewallPolicyArn: `arn:aws-cn:network-firewall:${REGION}:${ACCOUNT}:firewall-policy/none`,
      SubnetMappings: [{ SubnetId: subnets[0] }],
    }),
  );

  const role = new URLSearchParams({
    Action: 'CreateRole',
    Version: '2010-05-08',
    RoleName: 'functions',
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    }),
  });
  await post('iam', { 'content-type': 'application/x-www-form-urlencoded' }, role.toString());
  await new lambda.LambdaClient(settings).send(
    new lambda.CreateFunctionCommand({
      FunctionName: 'outside-of-any-network',
      Runtime: 'python3.12',
      Role: `arn:aws-cn:iam::${ACCOUNT}:role/functions`,
      Handler: 'index.handler',
      Code: { ZipFile: EMPTY_ZIP },
      Environment: { Variables: { TOKEN: 'never-to-be-seen' } },
    }),
  );
}

/** A service network with a VPC in it: VPC Lattice is in no region of China, and moto knows that too. */
async function fillLattice(url: string): Promise<void> {
  const settings = { region: 'us-east-1', endpoint: url, credentials: KEYS };
  const network = new ec2.EC2Client(settings);
  const { Vpc } = await network.send(new ec2.CreateVpcCommand({ CidrBlock: '10.78.0.0/16' }));
  const joins = new lattice.VPCLatticeClient(settings);
  const { id } = await joins.send(new lattice.CreateServiceNetworkCommand({ name: 'mesh' }));
  await joins.send(
    new lattice.CreateServiceNetworkVpcAssociationCommand({
      serviceNetworkIdentifier: id,
      vpcIdentifier: Vpc?.VpcId,
    }),
  );
}

async function read(
  kinds: readonly EvidenceKind[],
  place: Pick<AwsAccess, 'partition' | 'region'> = { partition: 'aws-cn', region: REGION },
): Promise<readonly EvidenceDraft[]> {
  const drafts: EvidenceDraft[] = [];
  const dialer = createDialer({ allowed: [{ id: 'loopback', to: { kind: 'loopback' } }], clock: CLOCK });
  const access = {
    ...place,
    account: ACCOUNT,
    base: { kind: 'keys', read: () => KEYS },
    endpoint: moto?.url ?? '',
  } as const;
  const reading = { access, kinds, phase: 'start', limits: ONE_TRY } as const;
  for await (const draft of collectAccount(reading, { dialer, clock: CLOCK })) drafts.push(draft);
  return drafts;
}

/** The texts at a path of every answer to a call. */
function seen(drafts: readonly EvidenceDraft[], call: string, path: string): readonly string[] {
  return drafts
    .filter(({ key }) => key.call === call)
    .flatMap(({ body }) => textsAt(body as never, path))
    .toSorted();
}

describe.skipIf(!HAS_MOTO)('services beside EC2 of an account that moto keeps', () => {
  beforeAll(async () => {
    moto = await startMoto();
    await fillAccount(moto.url);
    await fillLattice(moto.url);
  }, 90_000);
  afterAll(() => moto?.stop());

  it('are seen as they were made, over all their pages', async () => {
    const drafts = await read([
      'elbv2.load-balancers',
      'route53resolver.endpoints',
      'network-firewall.firewalls',
      'lambda.functions',
    ]);
    expect(
      drafts.filter(({ status }) => status !== 'complete').map(({ key, reason }) => `${key.call} ${reason}`),
    ).toEqual([]);
    const [balancer] = seen(
      drafts,
      'elasticloadbalancing:DescribeLoadBalancers',
      'LoadBalancers[].LoadBalancerArn',
    );
    expect(balancer).toMatch(
      /^arn:aws-cn:elasticloadbalancing:cn-north-1:\d{12}:loadbalancer\/\w+\/gateway\//,
    );
    expect(seen(drafts, 'elasticloadbalancing:DescribeListeners', 'Listeners[].LoadBalancerArn')).toEqual([
      balancer,
      balancer,
      balancer,
    ]);
    expect(
      seen(drafts, 'elasticloadbalancing:DescribeTargetHealth', 'TargetHealthDescriptions[].Target.Id'),
    ).toEqual(['10.77.0.9']);
    expect(seen(drafts, 'route53resolver:ListResolverEndpoints', 'ResolverEndpoints[].Direction')).toEqual([
      'OUTBOUND',
    ]);
    expect(
      new Set(seen(drafts, 'route53resolver:ListResolverRules', 'ResolverRules[].Id')).size,
    ).toBeGreaterThanOrEqual(25);
    expect(
      seen(drafts, 'route53resolver:ListResolverRuleAssociations', 'ResolverRuleAssociations[].VPCId'),
    ).toHaveLength(1);
    expect(seen(drafts, 'network-firewall:DescribeFirewall', 'Firewall.FirewallName')).toEqual(['wall']);
    expect(seen(drafts, 'lambda:ListFunctions', 'Functions[].FunctionArn')).toEqual([
      `arn:aws-cn:lambda:cn-north-1:${ACCOUNT}:function:outside-of-any-network`,
    ]);
    expect(JSON.stringify(drafts)).not.toContain('never-to-be-seen');
  });

  it('are seen by the VPCs that a service network joins', async () => {
    const drafts = await read(['vpc-lattice.associations'], { partition: 'aws', region: 'us-east-1' });
    const joined = seen(drafts, 'vpc-lattice:ListServiceNetworkVpcAssociations', 'items[].vpcId');
    expect(joined).toHaveLength(1);
    expect(seen(drafts, 'ec2:DescribeVpcs', 'Vpcs[].VpcId')).toContain(joined[0]);
  });

  it('that moto does not have are told by name, never taken for empty', async () => {
    const drafts = await read(['directconnect.gateways']);
    expect(drafts.find(({ key }) => key.call === 'directconnect:DescribeVirtualInterfaces')).toMatchObject({
      status: 'unreadable',
      reason: 'NotAws',
    });
  });
});
