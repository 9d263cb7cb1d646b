import type { JsonObject } from '../../core/index.ts';
import { isJsonObject } from '../../core/index.ts';
import { numberOf, textOf, textsOf } from './json-fields.ts';
import type { Problem } from './model.ts';
import type { NetworkSource } from './network-source.ts';
import { obscureRule } from './resolver-rules.ts';
import { wholeAnswers, wholeListing } from './whole-listing.ts';

/** What the DNS Firewall of a VPC does to questions. */
export type DnsFirewall =
  | { readonly kind: 'closed'; readonly by: string }
  | { readonly kind: 'open'; readonly why: string }
  | { readonly kind: 'unknown'; readonly problem: Problem };

const KIND = 'route53resolver.firewall';

/**
 * Route 53 Resolver guide, "How DNS Firewall works": rule groups in the order of their priority, rules in theirs, the
 * first that matches decides. It closes a resolver only where a rule blocks every name and nothing before it lets
 * names through, where it fails closed, and where no profile brings rules that are not seen here. A name that is let
 * through is asked of servers anywhere, whoever owns it: names of AWS itself too, since nobody shows where they answer.
 */
export function dnsFirewallOf(source: NetworkSource, vpc: string): DnsFirewall {
  const unknown = (code: Problem['code'], detail: string): DnsFirewall => ({
    kind: 'unknown',
    problem: { code, object: vpc, detail: `its resolver: ${detail}` },
  });
  const profiles = wholeListing(
    source,
    'route53profiles.associations',
    'route53profiles:ListProfileAssociations',
  );
  if (profiles === undefined) return unknown('NOT_COLLECTED', 'whether a profile brings rules was not read');
  const profile = profiles.find((one) => textOf(one, 'ResourceId') === vpc);
  if (profile !== undefined)
    return unknown(
      'UNSUPPORTED_CONSTRUCT',
      `profile ${textOf(profile, 'ProfileId')} brings rules of its own`,
    );
  const all = wholeListing(source, KIND, 'route53resolver:ListFirewallRuleGroupAssociations');
  if (all === undefined) return unknown('NOT_COLLECTED', 'its DNS Firewall was not read');
  const own = inOrder(all.filter((one) => textOf(one, 'VpcId') === vpc));
  if (own === undefined) return unknown('UNKNOWN_VALUE', 'rule groups of its DNS Firewall without an order');
  if (own.length === 0) return { kind: 'open', why: 'no DNS Firewall is associated' };
  const fails = failOpenOf(source, vpc);
  if (fails === undefined)
    return unknown('NOT_COLLECTED', 'whether its DNS Firewall fails open was not read');
  if (fails === 'ENABLED') return { kind: 'open', why: 'its DNS Firewall fails open' };
  if (fails !== 'DISABLED') return unknown('UNKNOWN_VALUE', `FirewallFailOpen is ${fails}`);
  const obscure = obscureRule(source, vpc);
  if (obscure === undefined) return unknown('NOT_COLLECTED', 'its resolver rules were not read');
  if (obscure !== null) return unknown('UNKNOWN_VALUE', `resolver rule ${obscure} is of an unknown type`);

  const steps: Step[] = [];
  for (const association of own) {
    const group = textOf(association, 'FirewallRuleGroupId');
    if (textOf(association, 'Status') !== 'COMPLETE')
      return unknown('UNKNOWN_VALUE', `its rule group ${group} is being changed`);
    const rules = wholeListing(source, KIND, 'route53resolver:ListFirewallRules', {
      'firewall-rule-group-id': group,
    });
    const ordered = rules === undefined ? undefined : inOrder(rules);
    if (ordered === undefined) return unknown('NOT_COLLECTED', `the rules of ${group} were not read whole`);
    steps.push(...ordered.map((rule) => stepOf(source, group, rule)));
  }
  return verdictOf(steps, unknown);
}

/** What one rule does to names that no rule before it decided. */
type Step =
  | { readonly kind: 'blocks-all'; readonly by: string }
  | { readonly kind: 'lets-through'; readonly names: string }
  /** It blocks some names, or lets none through: what comes after it decides about the rest. */
  | { readonly kind: 'passes-on' }
  /** It may block every name; its list was not read. */
  | { readonly kind: 'unread'; readonly detail: string }
  | { readonly kind: 'obscure'; readonly detail: string };

function verdictOf(
  steps: readonly Step[],
  unknown: (code: Problem['code'], detail: string) => DnsFirewall,
): DnsFirewall {
  const through: string[] = [];
  const unread: string[] = [];
  for (const step of steps) {
    switch (step.kind) {
      case 'obscure':
        return unknown('UNKNOWN_VALUE', step.detail);
      case 'lets-through':
        through.push(step.names);
        break;
      case 'unread':
        unread.push(step.detail);
        break;
      case 'blocks-all':
        return through.length === 0
          ? { kind: 'closed', by: step.by }
          : { kind: 'open', why: `its DNS Firewall lets through ${through.join('; ')}` };
      case 'passes-on':
        break;
    }
  }
  const [detail] = unread;
  if (detail !== undefined && through.length === 0) return unknown('NOT_COLLECTED', detail);
  return { kind: 'open', why: 'no rule of its DNS Firewall blocks every name' };
}

/** Route 53 Resolver API, FirewallRule. A kind of question (`Qtype`) narrows a rule to questions of that kind. */
function stepOf(source: NetworkSource, group: string, rule: JsonObject): Step {
  const name = `${group}, rule ${numberOf(rule, 'Priority') ?? '?'}`;
  const action = textOf(rule, 'Action');
  const list = textOf(rule, 'FirewallDomainListId');
  const domains = list === '' ? undefined : domainsOf(source, list);
  switch (action) {
    case 'BLOCK': {
      if (list === '') return { kind: 'passes-on' };
      if (domains === undefined)
        return { kind: 'unread', detail: `the names of ${list} were not read whole` };
      const response = textOf(rule, 'BlockResponse');
      const isWhole = domains.some((domain) => domain === '*' || domain === '*.');
      return isWhole && textOf(rule, 'Qtype') === '' && ['NODATA', 'NXDOMAIN'].includes(response)
        ? { kind: 'blocks-all', by: `${name} blocks every name (${response}), and it fails closed` }
        : { kind: 'passes-on' };
    }
    case 'ALLOW':
    case 'ALERT':
      if (domains?.length === 0) return { kind: 'passes-on' };
      return { kind: 'lets-through', names: `${shown(domains)} (${name}, ${action})` };
    default:
      return { kind: 'obscure', detail: `${name} has an unknown action` };
  }
}

const MOST_SHOWN = 5;

function shown(domains: readonly string[] | undefined): string {
  if (domains === undefined) return 'names that were not read';
  const more = domains.length > MOST_SHOWN ? ` and ${domains.length - MOST_SHOWN} more` : '';
  return `${domains.slice(0, MOST_SHOWN).join(', ')}${more}`;
}

/** The names of a list that is in force and was read whole: all that it says it has. */
function domainsOf(source: NetworkSource, list: string): readonly string[] | undefined {
  const asked = { 'firewall-domain-list-id': list };
  const described = wholeAnswers(source, KIND, 'route53resolver:GetFirewallDomainList', asked);
  const answered = wholeAnswers(source, KIND, 'route53resolver:ListFirewallDomains', asked);
  if (described === undefined || answered === undefined) return undefined;
  const domains = answered.flatMap(({ body }) => textsOf(body, 'Domains'));
  const isWhole = described.every(({ body }) => {
    const about = body['FirewallDomainList'];
    return (
      isJsonObject(about) &&
      textOf(about, 'Status') === 'COMPLETE' &&
      numberOf(about, 'DomainCount') === domains.length
    );
  });
  return isWhole ? domains : undefined;
}

/** `DISABLED` unless said otherwise (Route 53 Resolver guide, "DNS Firewall VPC configuration"); `undefined`: not read. */
function failOpenOf(source: NetworkSource, vpc: string): string | undefined {
  const configs = wholeListing(source, KIND, 'route53resolver:ListFirewallConfigs');
  if (configs === undefined) return undefined;
  const own = configs.find((one) => textOf(one, 'ResourceId') === vpc);
  return own === undefined ? 'DISABLED' : textOf(own, 'FirewallFailOpen');
}

/** By priority; `undefined` where one has none, or two have the same. */
function inOrder(entries: readonly JsonObject[]): readonly JsonObject[] | undefined {
  const priorities = entries.map((entry) => numberOf(entry, 'Priority'));
  if (priorities.includes(null) || new Set(priorities).size < entries.length) return undefined;
  return entries.toSorted(
    (left, right) => (numberOf(left, 'Priority') ?? 0) - (numberOf(right, 'Priority') ?? 0),
  );
}
