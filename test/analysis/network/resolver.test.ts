import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/index.ts';
import type { RepeatedAnswer } from '../../support/network-source.ts';
import type { Answers } from '../../support/small-network.ts';
import { networkWith } from '../../support/small-network.ts';

/** What is read of a resolver; a test takes parts of it away, or says them otherwise. */
interface Told {
  readonly support?: boolean | null;
  readonly lists?: Answers;
  readonly rules?: readonly JsonObject[];
  readonly domains?: Readonly<Record<string, readonly string[]>>;
  readonly more?: readonly RepeatedAnswer[];
}

const GROUP = 'rslvr-frg-1';

const BLOCK_ALL = {
  FirewallRuleGroupId: GROUP,
  FirewallDomainListId: 'list-all',
  Priority: 100,
  Action: 'BLOCK',
  BlockResponse: 'NXDOMAIN',
};

const ASSOCIATION = {
  Id: 'rslvr-frgassoc-1',
  FirewallRuleGroupId: GROUP,
  VpcId: 'vpc-1',
  Priority: 101,
  Status: 'COMPLETE',
};

const FIREWALLED: Answers = {
  'route53profiles:ListProfileAssociations': [],
  'route53resolver:ListFirewallRuleGroupAssociations': [ASSOCIATION],
  'route53resolver:ListFirewallConfigs': [{ ResourceId: 'vpc-1', FirewallFailOpen: 'DISABLED' }],
  'route53resolver:ListResolverRules': [
    { Id: 'rslvr-autodefined-rr-internet-resolver', RuleType: 'RECURSIVE' },
  ],
  'route53resolver:ListResolverRuleAssociations': [],
};

function repeated({ support = true, rules = [BLOCK_ALL], domains = { 'list-all': ['*'] } }: Told) {
  const attribute: RepeatedAnswer = {
    call: 'ec2:DescribeVpcAttribute',
    parameters: { 'vpc-id': 'vpc-1' },
    body: { VpcId: 'vpc-1', EnableDnsSupport: { Value: support } },
  };
  return [
    ...(support === null ? [] : [attribute]),
    {
      call: 'route53resolver:ListFirewallRules',
      parameters: { 'firewall-rule-group-id': GROUP },
      body: { FirewallRules: rules },
    },
    ...Object.entries(domains).flatMap(([id, names]): readonly RepeatedAnswer[] => [
      {
        call: 'route53resolver:GetFirewallDomainList',
        parameters: { 'firewall-domain-list-id': id },
        body: { FirewallDomainList: { Id: id, Status: 'COMPLETE', DomainCount: names.length } },
      },
      {
        call: 'route53resolver:ListFirewallDomains',
        parameters: { 'firewall-domain-list-id': id },
        body: { Domains: names },
      },
    ]),
  ];
}

function resolver(told: Told = {}) {
  const lists = { ...FIREWALLED, ...told.lists };
  return networkWith(lists, [...repeated(told), ...(told.more ?? [])]).resolvers.get('vpc-1');
}

function without(call: string): Answers {
  return { [call]: undefined } as unknown as Answers;
}

const rule = (more: JsonObject): JsonObject => ({ ...BLOCK_ALL, ...more });

describe('a resolver is closed', () => {
  it('where DNS support is off, and no endpoint takes questions', () => {
    const off = (endpoints: Answers) =>
      networkWith(endpoints, [
        {
          call: 'ec2:DescribeVpcAttribute',
          parameters: { 'vpc-id': 'vpc-1' },
          body: { VpcId: 'vpc-1', EnableDnsSupport: { Value: false } },
        },
      ]).resolvers.get('vpc-1');
    const listed = (...entries: readonly JsonObject[]): Answers => ({
      'route53resolver:ListResolverEndpoints': entries,
    });
    expect(off(listed())).toMatchObject({ kind: 'closed', restsOn: 'dns-support' });
    const outbound = { Id: 'rslvr-out-1', Direction: 'OUTBOUND', HostVPCId: 'vpc-1' };
    expect(off(listed(outbound))).toMatchObject({ kind: 'closed' });
    const inbound = { Id: 'rslvr-in-1', Direction: 'INBOUND', HostVPCId: 'vpc-1' };
    expect(off(listed(inbound))).toMatchObject({ kind: 'unknown' });
    expect(off(listed({ ...inbound, HostVPCId: 'vpc-2' }))).toMatchObject({ kind: 'closed' });
    expect(off({})).toMatchObject({ kind: 'unknown' });
  });

  it('where a DNS Firewall blocks every name, and fails closed', () => {
    expect(resolver()).toMatchObject({ kind: 'closed', restsOn: 'dns-firewall' });
    expect(resolver({ support: null })).toMatchObject({ kind: 'closed' });
    expect(resolver({ rules: [rule({ BlockResponse: 'NODATA' })] })).toMatchObject({ kind: 'closed' });
    const noConfig = { 'route53resolver:ListFirewallConfigs': [] };
    expect(resolver({ lists: noConfig })).toMatchObject({ kind: 'closed' });
  });

  it('where rules before only block, or let no name through', () => {
    const first = rule({ Priority: 1, FirewallDomainListId: 'list-some' });
    const domains = { 'list-all': ['*'], 'list-some': ['bad.example.'], 'list-none': [] };
    expect(resolver({ rules: [BLOCK_ALL, first], domains })).toMatchObject({ kind: 'closed' });
    const allowed = rule({ Priority: 1, Action: 'ALLOW', FirewallDomainListId: 'list-none' });
    expect(resolver({ rules: [BLOCK_ALL, allowed], domains })).toMatchObject({ kind: 'closed' });
  });

  it('whatever servers DHCP names: closed it stays, and open it is called', () => {
    const lists = {
      'ec2:DescribeVpcs': [{ VpcId: 'vpc-1', CidrBlock: '10.1.0.0/16', DhcpOptionsId: 'dopt-1' }],
      'ec2:DescribeDhcpOptions': [
        {
          DhcpOptionsId: 'dopt-1',
          DhcpConfigurations: [{ Key: 'domain-name-servers', Values: [{ Value: '10.1.0.53' }] }],
        },
      ],
    };
    expect(resolver({ lists })).toMatchObject({ kind: 'closed' });
    const none = { ...lists, 'route53resolver:ListFirewallRuleGroupAssociations': [] };
    expect(resolver({ lists: none })).toMatchObject({
      kind: 'open',
      why: expect.stringContaining('10.1.0.53') as string,
    });
  });
});

describe('a resolver is open', () => {
  it.each<[string, Told]>([
    ['without a firewall', { lists: { 'route53resolver:ListFirewallRuleGroupAssociations': [] } }],
    [
      'with a firewall of another VPC',
      {
        lists: { 'route53resolver:ListFirewallRuleGroupAssociations': [{ ...ASSOCIATION, VpcId: 'vpc-2' }] },
      },
    ],
    [
      'where the firewall fails open',
      {
        lists: {
          'route53resolver:ListFirewallConfigs': [{ ResourceId: 'vpc-1', FirewallFailOpen: 'ENABLED' }],
        },
      },
    ],
    ['where only some names are blocked', { domains: { 'list-all': ['*.example.'] } }],
    ['where only one kind of question is blocked', { rules: [rule({ Qtype: 'TXT' })] }],
    ['where the answer is another name', { rules: [rule({ BlockResponse: 'OVERRIDE' })] }],
    ['where a rule only warns', { rules: [rule({ Action: 'ALERT' })] }],
    [
      'where only what looks like tunnelling is blocked',
      {
        rules: [
          { FirewallRuleGroupId: GROUP, FirewallThreatProtectionId: 't', Priority: 1, Action: 'BLOCK' },
        ],
      },
    ],
  ])('%s', (_name, told) => {
    expect(resolver(told)).toMatchObject({ kind: 'open' });
  });

  it('for the names that a rule before lets through, names of AWS as well, and says which', () => {
    const allowed = rule({ Priority: 1, Action: 'ALLOW', FirewallDomainListId: 'list-aws' });
    const domains = { 'list-all': ['*'], 'list-aws': ['*.amazonaws.com.cn.'] };
    expect(resolver({ rules: [BLOCK_ALL, allowed], domains })).toMatchObject({
      kind: 'open',
      why: expect.stringContaining('*.amazonaws.com.cn.') as string,
    });
    // After the rule that blocks all, nothing is let through any more.
    const late = rule({ Priority: 200, Action: 'ALLOW', FirewallDomainListId: 'list-aws' });
    expect(resolver({ rules: [BLOCK_ALL, late], domains })).toMatchObject({ kind: 'closed' });
  });

  it('and names the servers that questions are handed on to', () => {
    const lists = {
      'route53resolver:ListFirewallRuleGroupAssociations': [],
      'route53resolver:ListResolverRules': [
        {
          Id: 'rslvr-rr-1',
          DomainName: 'corp.example.',
          RuleType: 'FORWARD',
          TargetIps: [{ Ip: '8.8.8.8' }, { Ipv6: '2001:4860:4860::8888' }],
        },
        {
          Id: 'rslvr-rr-2',
          DomainName: 'other.example.',
          RuleType: 'FORWARD',
          TargetIps: [{ Ip: '9.9.9.9' }],
        },
      ],
      'route53resolver:ListResolverRuleAssociations': [
        { Id: 'a-1', ResolverRuleId: 'rslvr-rr-1', VPCId: 'vpc-1', Status: 'COMPLETE' },
        { Id: 'a-2', ResolverRuleId: 'rslvr-rr-2', VPCId: 'vpc-2', Status: 'COMPLETE' },
      ],
    };
    const found = resolver({ lists });
    expect(
      found?.kind === 'open' && found.forwardings.map(({ rule: id, targets }) => [id, targets.length]),
    ).toEqual([['rslvr-rr-1', 2]]);
  });
});

describe('nobody can tell of a resolver', () => {
  it.each<[string, Told]>([
    ['whose firewall was not read', { lists: without('route53resolver:ListFirewallRuleGroupAssociations') }],
    ['whose profiles were not read', { lists: without('route53profiles:ListProfileAssociations') }],
    ['whose failing was not read', { lists: without('route53resolver:ListFirewallConfigs') }],
    ['whose rules were not read', { lists: without('route53resolver:ListResolverRules') }],
    [
      'into which a profile brings rules',
      {
        lists: {
          'route53profiles:ListProfileAssociations': [{ Id: 'p', ProfileId: 'rp-1', ResourceId: 'vpc-1' }],
        },
      },
    ],
    [
      'whose firewall is being changed',
      {
        lists: {
          'route53resolver:ListFirewallRuleGroupAssociations': [{ ...ASSOCIATION, Status: 'UPDATING' }],
        },
      },
    ],
    [
      'whose failing is of an unknown kind',
      {
        lists: {
          'route53resolver:ListFirewallConfigs': [{ ResourceId: 'vpc-1', FirewallFailOpen: 'SOMETIMES' }],
        },
      },
    ],
    ['with a rule of an unknown action', { rules: [rule({ Priority: 1, Action: 'ROUTE' }), BLOCK_ALL] }],
    ['with two rules of one priority', { rules: [BLOCK_ALL, rule({ FirewallDomainListId: 'list-2' })] }],
    ['with a list that was not read', { domains: {} }],
    [
      'with a resolver rule of an unknown type',
      {
        lists: {
          'route53resolver:ListResolverRules': [{ Id: 'rslvr-rr-1', RuleType: 'ELSEWHERE' }],
          'route53resolver:ListResolverRuleAssociations': [
            { Id: 'a-1', ResolverRuleId: 'rslvr-rr-1', VPCId: 'vpc-1' },
          ],
        },
      },
    ],
    [
      'of which only the rest is known',
      { support: null, lists: { 'route53resolver:ListFirewallRuleGroupAssociations': [] } },
    ],
  ])('%s', (_name, told) => {
    expect(resolver(told)).toMatchObject({ kind: 'unknown' });
  });

  it('whose list holds fewer names than it says, or is being changed', () => {
    const listed = (more: JsonObject): readonly RepeatedAnswer[] =>
      repeated({ domains: {} }).concat(
        {
          call: 'route53resolver:GetFirewallDomainList',
          parameters: { 'firewall-domain-list-id': 'list-all' },
          body: { FirewallDomainList: { Id: 'list-all', Status: 'COMPLETE', DomainCount: 1, ...more } },
        },
        {
          call: 'route53resolver:ListFirewallDomains',
          parameters: { 'firewall-domain-list-id': 'list-all' },
          body: { Domains: ['*'] },
        },
      );
    const judged = (more: JsonObject) => networkWith(FIREWALLED, listed(more)).resolvers.get('vpc-1')?.kind;
    expect(judged({})).toBe('closed');
    expect(judged({ DomainCount: 2 })).toBe('unknown');
    expect(judged({ Status: 'IMPORTING' })).toBe('unknown');
  });
});
