import { describe, expect, it } from 'vitest';
import type { OtherAnswer, Stack } from '../../../sim/stack.ts';
import type { JsonObject } from '../../../src/core/index.ts';
import type { EvidenceDraft } from '../../../src/evidence/index.ts';
import { accountDrafts, CLEAN, DEPLOYMENT, evidenceOf, judged, judgedBy } from '../../support/check-case.ts';
import { degradedItems } from '../../support/degrade.ts';

// Ways that no route shows, as the check judges them: a stack in China, where VPC Lattice does not exist.
const TELLS = { initiated: 'fail', reply: 'disclose', resolver: 'disclose' };
const STRICT = { ...TELLS, resolver: 'fail' };
const { vpc } = CLEAN.names;

const GROUP = 'rslvr-frg-1';
const LIST = 'rslvr-fdl-1';

/** A DNS Firewall that blocks every name, but what `rules` say before it. */
function firewall(change: { readonly failOpen?: string; readonly names?: readonly string[] } = {}) {
  const names = change.names ?? ['*'];
  return [
    {
      command: 'route53resolver list-firewall-rule-group-associations',
      body: {
        FirewallRuleGroupAssociations: [
          {
            Id: 'rslvr-frgassoc-1',
            FirewallRuleGroupId: GROUP,
            VpcId: vpc,
            Priority: 101,
            Status: 'COMPLETE',
          },
        ],
      },
    },
    {
      command: 'route53resolver list-firewall-configs',
      body: {
        FirewallConfigs: [
          { Id: 'rslvr-fc-1', ResourceId: vpc, FirewallFailOpen: change.failOpen ?? 'DISABLED' },
        ],
      },
    },
    {
      command: `route53resolver list-firewall-rules --firewall-rule-group-id ${GROUP}`,
      body: {
        FirewallRules: [
          {
            FirewallRuleGroupId: GROUP,
            FirewallDomainListId: LIST,
            Priority: 1,
            Action: 'BLOCK',
            BlockResponse: 'NXDOMAIN',
          },
        ],
      },
    },
    {
      command: `route53resolver get-firewall-domain-list --firewall-domain-list-id ${LIST}`,
      body: { FirewallDomainList: { Id: LIST, Status: 'COMPLETE', DomainCount: names.length } },
    },
    {
      command: `route53resolver list-firewall-domains --firewall-domain-list-id ${LIST}`,
      body: { Domains: names },
    },
  ] as const satisfies readonly OtherAnswer[];
}

async function network(
  others: readonly OtherAnswer[] = [],
  given: JsonObject = TELLS,
  alter: (drafts: readonly EvidenceDraft[]) => readonly EvidenceDraft[] = (drafts) => drafts,
) {
  const drafts = await accountDrafts((stack: Stack) => ({ ...stack, others }), CLEAN.logs, DEPLOYMENT);
  return judged({ check: 'network.egress', with: given, deployment: DEPLOYMENT, drafts: alter(drafts) });
}

const withoutCall =
  (call: string) =>
  (drafts: readonly EvidenceDraft[]): readonly EvidenceDraft[] =>
    drafts.filter(({ key }) => key.call !== call);

describe('the resolver of a VPC', () => {
  it('passes where a DNS Firewall blocks every name, and the pass says what closes it', async () => {
    const { verdict, reasons, positive } = await network(firewall(), STRICT);
    expect({ verdict, reasons }).toEqual({ verdict: 'pass', reasons: [] });
    const told = positive.find(({ text }) => text.en.startsWith('The resolver'));
    expect(told?.witness).toEqual([{ label: vpc, value: expect.stringContaining(GROUP) as string }]);
  });

  it('fails where nothing closes it, and says why', async () => {
    const { verdict, findings } = await network([], STRICT);
    expect(verdict).toBe('fail');
    expect(findings.map(({ class: what, resource }) => [what, resource])).toEqual([
      ['CAN_LEAVE_RESOLVER', vpc],
    ]);
    expect(findings[0]?.witness).toContainEqual({
      label: 'resolver',
      value: 'no DNS Firewall is associated',
    });
    expect((await network(firewall({ failOpen: 'ENABLED' }), STRICT)).verdict).toBe('fail');
    expect((await network(firewall({ names: ['bad.example.'] }), STRICT)).verdict).toBe('fail');
  });

  it.each([
    'ec2:DescribeVpcAttribute',
    'route53profiles:ListProfileAssociations',
    'route53resolver:ListFirewallRuleGroupAssociations',
  ])('that fails by what is known is undetermined without %s', async (call) => {
    const { verdict, findings, reasons } = await network([], STRICT, withoutCall(call));
    expect({ verdict, findings }).toEqual({ verdict: 'inconclusive', findings: [] });
    expect(reasons.map(({ scope }) => scope)).toEqual(expect.arrayContaining([vpc]));
  });

  it.each([
    'route53profiles:ListProfileAssociations',
    'route53resolver:ListFirewallConfigs',
    'route53resolver:ListFirewallRuleGroupAssociations',
    'route53resolver:ListFirewallRules',
    'route53resolver:GetFirewallDomainList',
    'route53resolver:ListFirewallDomains',
    'route53resolver:ListResolverRules',
    'route53resolver:ListResolverRuleAssociations',
  ])('that is closed is not shown to be without %s', async (call) => {
    expect((await network(firewall(), STRICT, withoutCall(call))).verdict).not.toBe('pass');
  });

  it('is told as open, without asking further, where the policy only tells', async () => {
    const { verdict, disclosed } = await network([], TELLS, withoutCall('ec2:DescribeVpcAttribute'));
    expect(verdict).toBe('pass');
    const told = disclosed.find((one) => one.class === 'CAN_LEAVE_RESOLVER');
    expect(told?.witness.find(({ label }) => label === 'resolver')?.value).toContain(
      'not shown to be closed',
    );
  });

  it('that hands questions on abroad is told with the server and its place', async () => {
    const rules = (Ip: string): readonly OtherAnswer[] => [
      {
        command: 'route53resolver list-resolver-rules',
        body: {
          ResolverRules: [
            {
              Id: 'rslvr-rr-1',
              DomainName: 'corp.example.',
              RuleType: 'FORWARD',
              TargetIps: [{ Ip, Port: 53 }],
            },
          ],
        },
      },
      {
        command: 'route53resolver list-resolver-rule-associations',
        body: { ResolverRuleAssociations: [{ Id: 'a', ResolverRuleId: 'rslvr-rr-1', VPCId: vpc }] },
      },
    ];
    const abroad = await network(rules('18.136.0.1'), STRICT);
    expect(abroad.findings.map(({ class: what, resource }) => `${what} ${resource}`)).toContain(
      `CAN_LEAVE_FORWARDED ${vpc} → rslvr-rr-1`,
    );
    const inside = await network(rules('52.80.0.1'), STRICT);
    expect(inside.findings.map((one) => one.class)).toEqual(['CAN_LEAVE_RESOLVER']);
  });
});

describe('a function', () => {
  const listed = (VpcConfig: JsonObject): readonly OtherAnswer[] => [
    {
      command: 'lambda list-functions',
      body: { Functions: [{ FunctionArn: 'arn:aws-cn:lambda:cn-north-1:1:function:report', VpcConfig }] },
    },
  ];

  it('outside every VPC is a finding of its own; inside one it is not', async () => {
    const { verdict, findings } = await network(listed({ VpcId: '', SubnetIds: [] }));
    expect(verdict).toBe('fail');
    expect(findings.map(({ class: what, resource }) => [what, resource])).toEqual([
      ['CAN_LEAVE_FUNCTION', 'arn:aws-cn:lambda:cn-north-1:1:function:report'],
    ]);
    expect((await network(listed({ VpcId: vpc, SubnetIds: [] }))).verdict).toBe('pass');
  });

  it('nobody listed is a reason', async () => {
    const { verdict, reasons } = await network([], TELLS, withoutCall('lambda:ListFunctions'));
    expect(verdict).toBe('inconclusive');
    expect(reasons.map(({ code, scope }) => `${code} ${scope}`).join()).toContain(
      'NOT_COLLECTED lambda:ListFunctions',
    );
  });
});

describe('a service that the partition does not have', () => {
  const lattice = (change: Partial<EvidenceDraft>) => (drafts: readonly EvidenceDraft[]) =>
    drafts.map((draft) => (draft.key.kind === 'vpc-lattice.associations' ? { ...draft, ...change } : draft));

  it('is answered by its endpoint not being there, and by nothing else', async () => {
    const { verdict, reasons } = await network();
    expect({ verdict, reasons }).toEqual({ verdict: 'pass', reasons: [] });
    for (const status of ['unreachable', 'unsupported', 'denied', 'absent', 'timeout'] as const) {
      const other = await network([], TELLS, lattice({ status, reason: 'Test' }));
      expect(other.verdict, status).toBe('inconclusive');
    }
  });

  it('is a reason where it was not asked at all', async () => {
    const { verdict } = await network(
      [],
      TELLS,
      withoutCall('vpc-lattice:ListServiceNetworkVpcAssociations'),
    );
    expect(verdict).toBe('inconclusive');
  });

  it('is a reason where the partition has it', async () => {
    const { verdict } = await network([], TELLS, (drafts) =>
      drafts.map((draft) =>
        draft.key.kind === 'vpc-lattice.associations'
          ? { ...draft, key: { ...draft.key, partition: 'aws' } }
          : draft,
      ),
    );
    expect(verdict).toBe('inconclusive');
  });
});

describe('doors for people', () => {
  it('are judged as answers: told or undetermined, as the policy says', async () => {
    const drafts = (given: JsonObject) =>
      network([], given, (all) =>
        all.map((draft) =>
          draft.key.call === 'ec2:DescribeClientVpnEndpoints'
            ? {
                ...draft,
                body: {
                  ClientVpnEndpoints: [
                    { ClientVpnEndpointId: 'cvpn-endpoint-1', VpcId: vpc, Status: { Code: 'available' } },
                  ],
                },
              }
            : draft,
        ),
      );
    const told = await drafts(TELLS);
    expect(told.verdict).toBe('pass');
    expect(told.disclosed.some(({ resource }) => resource.endsWith('→ cvpn-endpoint-1'))).toBe(true);
    const strict = await drafts({ ...TELLS, reply: 'fail' });
    expect(strict.reasons.map(({ code, scope }) => `${code} ${scope}`)).toContain(
      'LOCATION_DISPUTED cvpn-endpoint-1',
    );
  });

  it('that nobody listed are a reason', async () => {
    for (const call of [
      'ec2:DescribeClientVpnEndpoints',
      'ec2:DescribeInstanceConnectEndpoints',
      'ec2:DescribeVerifiedAccessEndpoints',
    ]) {
      expect((await network([], TELLS, withoutCall(call))).verdict, call).toBe('inconclusive');
    }
  });
});

describe('the law of these items', () => {
  const NEW = /^(?:ec2\.(?:vpc-attributes|remote-access)|route53\w+\.|vpc-lattice\.associations|lambda\.)/;
  /** What is answered by its endpoint not being there holds nothing that could be taken. */
  const SAME = /^vpc-lattice.* (?:not-in-partition, nothing kept|without a body)$/;
  /** DNS support is on; that a region of China may not offer a door is an answer. */
  const SPARE = /^ec2\.vpc-attributes|^ec2\.remote-access.* unsupported, /;
  const base = { check: 'network.egress', with: STRICT, deployment: DEPLOYMENT } as const;

  async function passesWithout(others: readonly OtherAnswer[], ways: RegExp) {
    const drafts = await accountDrafts((stack) => ({ ...stack, others }), [], DEPLOYMENT);
    const evidence = await evidenceOf({ deployment: DEPLOYMENT, drafts });
    const tried: string[] = [];
    const passing: string[] = [];
    for (const { name, touched, evidence: rest } of degradedItems(evidence)) {
      if (!touched.some((id) => NEW.test(id)) || !ways.test(name) || SAME.test(name)) continue;
      tried.push(name);
      if ((await judgedBy(base, rest)).verdict === 'pass') passing.push(name);
    }
    return { before: (await judgedBy(base, evidence)).verdict, tried: tried.length, passing };
  }

  it('a pass does not outlive what it rests on', { timeout: 300_000 }, async () => {
    const ways =
      / removed$| (?:denied|unsupported|not-in-partition), | partial, |MISMATCH$| time$| old$| body$/;
    const { before, tried, passing } = await passesWithout(firewall(), ways);
    expect({ before, broken: passing.filter((name) => !SPARE.test(name)) }).toEqual({
      before: 'pass',
      broken: [],
    });
    expect(tried).toBeGreaterThan(80);
  });

  it('nothing that is taken away makes a pass', { timeout: 300_000 }, async () => {
    const ways = / removed$| emptied$| on another page$| denied, /;
    expect(await passesWithout([], ways)).toMatchObject({ before: 'fail', passing: [] });
  });
});
