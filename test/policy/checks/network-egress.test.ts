import { describe, expect, it } from 'vitest';
import type { AwsObject, Stack } from '../../../sim/stack.ts';
import { replaceObject } from '../../../sim/stack.ts';
import type { JsonObject } from '../../../src/core/index.ts';
import { isJsonObject } from '../../../src/core/index.ts';
import type { EvidenceDraft } from '../../../src/evidence/index.ts';
import { networkEgress } from '../../../src/policy/checks/network-egress.ts';
import { accountDrafts, CLEAN, DEPLOYMENT, judged } from '../../support/check-case.ts';

const POLICY = { initiated: 'fail', reply: 'disclose', resolver: 'disclose' };
const { names } = CLEAN;

async function network(
  change: (stack: Stack) => Stack = (stack) => stack,
  given: JsonObject = POLICY,
  alter: (drafts: readonly EvidenceDraft[]) => readonly EvidenceDraft[] = (drafts) => drafts,
) {
  const drafts = alter(await accountDrafts(change, CLEAN.logs, DEPLOYMENT));
  return judged({ check: 'network.egress', with: given, deployment: DEPLOYMENT, drafts });
}

/** The tasks' group lets out one more block. */
const letsOut =
  (CidrIp: string) =>
  (stack: Stack): Stack => ({
    ...stack,
    securityGroups: replaceObject(stack.securityGroups, 'GroupId', names.appGroup, (group) => ({
      ...group,
      IpPermissionsEgress: [
        ...(group['IpPermissionsEgress'] as readonly AwsObject[]),
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp }] },
      ],
    })),
  });

/** VPC Block Public Access is the only thing that keeps the tasks inside. */
const blockedOnly = (stack: Stack): Stack => {
  const open = letsOut('0.0.0.0/0')(stack);
  const states = { BlockPublicAccessStates: { InternetGatewayBlockMode: 'block-bidirectional' } };
  return {
    ...open,
    vpcs: open.vpcs.map((one) => ({ ...one, ...states })),
    subnets: open.subnets.map((one) => ({ ...one, ...states })),
  };
};

const EXCLUSIONS = 'ec2:DescribeVpcBlockPublicAccessExclusions';

/** The tasks' way out is a transit gateway. */
const byTransitGateway = (stack: Stack): Stack => ({
  ...stack,
  routeTables: replaceObject(stack.routeTables, 'RouteTableId', names.privateTable, (table) => ({
    ...table,
    Routes: [{ DestinationCidrBlock: '0.0.0.0/0', TransitGatewayId: 'tgw-1', State: 'active' }],
  })),
});

/** The same network, read once more when the run ended. */
function againAtEnd(
  drafts: readonly EvidenceDraft[],
  change: (body: JsonObject) => JsonObject,
): readonly EvidenceDraft[] {
  const again = drafts
    .filter(({ key }) => /^(?:ec2|lambda|vpc-lattice)\./.test(key.kind))
    .map(
      (draft): EvidenceDraft => ({
        ...draft,
        key: { ...draft.key, phase: 'end' },
        body: isJsonObject(draft.body) ? change(draft.body) : draft.body,
      }),
    );
  return [...drafts, ...again];
}

describe('network.egress where VPC Block Public Access is the cut', () => {
  it('passes if nothing is excluded from it', async () => {
    const { verdict, findings, reasons } = await network(blockedOnly);
    expect({ verdict, findings, reasons }).toEqual({ verdict: 'pass', findings: [], reasons: [] });
  });

  it('is undetermined if nobody says what is', async () => {
    const { verdict, reasons } = await network(blockedOnly, POLICY, (drafts) =>
      drafts.filter(({ key }) => key.call !== EXCLUSIONS),
    );
    expect(verdict).toBe('inconclusive');
    expect(reasons.map(({ scope }) => scope).join(' ')).toContain(EXCLUSIONS);
  });

  it('fails if the subnet of the way out is', async () => {
    const { verdict, findings } = await network(blockedOnly, POLICY, (drafts) =>
      drafts.map((draft) =>
        draft.key.call === EXCLUSIONS
          ? {
              ...draft,
              body: {
                VpcBlockPublicAccessExclusions: [
                  {
                    ExclusionId: 'vpcbpa-exclude-1',
                    ResourceArn: `arn:aws:ec2:eu-central-1:1:vpc/${names.vpc}`,
                    InternetGatewayExclusionMode: 'allow-egress',
                    State: 'create-complete',
                  },
                ],
              },
            }
          : draft,
      ),
    );
    expect(verdict).toBe('fail');
    expect(findings.map((one) => one.class)).toContain('CAN_LEAVE_INITIATED');
  });
});

describe('network.egress', () => {
  it('passes where groups let out only what lies inside, and says what stops the rest', async () => {
    const { verdict, findings, reasons, disclosed, positive, canaries } = await network();
    expect({ verdict, findings, reasons }).toEqual({ verdict: 'pass', findings: [], reasons: [] });
    expect(new Set(disclosed.map((one) => one.class))).toEqual(
      new Set(['CAN_LEAVE_REPLY', 'CAN_LEAVE_RESOLVER']),
    );
    expect(positive[0]?.witness.some(({ value }) => value.includes('lets out only'))).toBe(true);
    expect(canaries.every(({ caught }) => caught)).toBe(true);
  });

  it('fails by a group that lets more out, once, with a packet and its way', async () => {
    const { verdict, findings } = await network(letsOut('8.0.0.0/8'));
    expect(verdict).toBe('fail');
    expect(findings.map(({ resource }) => resource)).toEqual([
      `${names.appGroup} → ${names.internetGateway}`,
    ]);
    expect(findings[0]?.witness.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['packet', 'security-group', 'route-table', 'nat-gateway', 'internet-gateway']),
    );
  });

  it('judges each class as the policy says', async () => {
    const strict = await network(undefined, { initiated: 'fail', reply: 'fail', resolver: 'fail' });
    expect(new Set(strict.findings.map((one) => one.class))).toEqual(
      new Set(['CAN_LEAVE_REPLY', 'CAN_LEAVE_RESOLVER']),
    );
  });

  it('lets a policy allow prefixes and regions of its own, and says so', async () => {
    const allowed = await network(letsOut('8.8.8.0/24'), { ...POLICY, prefixes: ['8.8.8.0/24'] });
    expect(allowed.verdict).toBe('pass');
    expect(allowed.limitations.some(({ en }) => en.includes('8.8.8.0/24'))).toBe(true);
    const region = await network(letsOut('18.180.0.0/24'), { ...POLICY, regions: ['ap-northeast-1'] });
    expect(region.verdict).toBe('pass');
    expect((await network(letsOut('18.180.0.0/24'))).verdict).toBe('fail');
  });

  it('is inconclusive where a path meets what is not described', async () => {
    const { verdict, reasons } = await network(byTransitGateway);
    expect(verdict).toBe('inconclusive');
    expect(reasons).toContainEqual(expect.objectContaining({ code: 'NOT_COLLECTED', scope: 'tgw-1' }));
  });

  it('asks for the transit gateways only where a route refers to one', async () => {
    const without = (drafts: readonly EvidenceDraft[]): readonly EvidenceDraft[] =>
      drafts.filter(({ key }) => key.kind !== 'ec2.transit-gateways');
    expect((await network(undefined, POLICY, without)).verdict).toBe('pass');
    const { reasons } = await network(byTransitGateway, POLICY, without);
    expect(reasons.map(({ scope }) => scope).join()).toContain('ec2:DescribeTransitGateways');
  });

  it('names what changed while the run read the network', async () => {
    const same = await network(undefined, POLICY, (drafts) => againAtEnd(drafts, (body) => body));
    expect(same.verdict).toBe('pass');
    const changed = await network(undefined, POLICY, (drafts) =>
      againAtEnd(drafts, (body) =>
        Array.isArray(body['RouteTables']) ? { ...body, RouteTables: body['RouteTables'].slice(1) } : body,
      ),
    );
    expect(changed.verdict).toBe('inconclusive');
    expect(changed.reasons).toEqual([
      expect.objectContaining({ code: 'CHANGED_DURING_SCAN', scope: names.publicTable }),
    ]);
  });

  it('needs the whole second snapshot as soon as there is any of it', async () => {
    const { verdict } = await network(undefined, POLICY, (drafts) =>
      againAtEnd(drafts, (body) => body).filter(
        ({ key }) => key.phase === 'start' || key.kind !== 'ec2.security-groups',
      ),
    );
    expect(verdict).toBe('inconclusive');
  });

  it('names a prefix list and a gateway that changed meanwhile', async () => {
    const { reasons } = await network(undefined, POLICY, (drafts) =>
      againAtEnd(drafts, (body) => {
        if (Array.isArray(body['PrefixLists']))
          return { PrefixLists: [{ PrefixListId: 'pl-new', Cidrs: [] }] };
        return Array.isArray(body['InternetGateways']) ? { InternetGateways: [] } : body;
      }),
    );
    const changed = reasons.filter(({ code }) => code === 'CHANGED_DURING_SCAN').map(({ scope }) => scope);
    expect(changed).toEqual(expect.arrayContaining([names.internetGateway, 'pl-new']));
  });

  it.each([
    ['half of the Internet', ['0.0.0.0/1'], 'hardly anything is left'],
    [
      'most of it in small parts',
      Array.from({ length: 40 }, (_, part) => `${part + 40}.0.0.0/8`),
      'hardly anything',
    ],
    ['all of IPv6', ['2000::/3'], 'hardly anything is left'],
    ['what is no prefix', ['8.8.8.8/99'], 'is no prefix'],
    ['a network (control)', ['8.8.8.0/24', '2a00:1450::/32'], undefined],
  ])('is refused by a policy that excepts %s', (_name, prefixes, message) => {
    const why = networkEgress.flagsNothing?.({ ...POLICY, prefixes } as Parameters<
      typeof networkEgress.needs
    >[0]);
    if (message === undefined) expect(why).toBeUndefined();
    else expect(why).toContain(message);
  });

  it('passes for no region that itself lies outside the countries', async () => {
    const drafts = await accountDrafts(undefined, CLEAN.logs, DEPLOYMENT);
    for (const check of ['network.egress', 'flows.egress'] as const) {
      const given = check === 'network.egress' ? POLICY : { reply: 'disclose' };
      const inHongKong = await judged({
        check,
        with: given,
        deployment: DEPLOYMENT,
        drafts,
        countries: ['HK'],
      });
      expect(inHongKong.reasons).toContainEqual(
        expect.objectContaining({ code: 'LOCATION_DISPUTED', scope: 'cn-north-1' }),
      );
    }
  });

  it('says nothing of an account without a single interface', async () => {
    const none = (drafts: readonly EvidenceDraft[]): readonly EvidenceDraft[] =>
      drafts.map((draft) =>
        draft.key.call === 'ec2:DescribeNetworkInterfaces'
          ? { ...draft, body: { NetworkInterfaces: [] } }
          : draft,
      );
    const { verdict, reasons } = await network(
      (stack) => ({ ...stack, addresses: [] }),
      { ...POLICY, reply: 'fail' },
      none,
    );
    expect(verdict).toBe('inconclusive');
    expect(reasons.map(({ scope }) => scope).join()).toContain('network interfaces');
  });

  it('tells of answers to a site that nobody can place, where it only tells', async () => {
    const toSite = (stack: Stack): Stack => ({
      ...stack,
      routeTables: replaceObject(stack.routeTables, 'RouteTableId', names.privateTable, (table) => ({
        ...table,
        Routes: [{ DestinationCidrBlock: '10.200.0.0/16', GatewayId: 'vgw-1', State: 'active' }],
      })),
      securityGroups: replaceObject(stack.securityGroups, 'GroupId', names.appGroup, (group) => ({
        ...group,
        IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.200.0.0/16' }] }],
      })),
    });
    const { disclosed } = await network(toSite);
    expect(disclosed.map(({ resource }) => resource)).toContain(`${names.appGroup} → vgw-1`);
    const strict = await network(toSite, { ...POLICY, reply: 'fail' });
    expect(strict.reasons).toContainEqual(expect.objectContaining({ scope: 'vgw-1' }));
  });
});
