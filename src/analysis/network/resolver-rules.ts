import { addressOf, objectsOf, textOf } from './json-fields.ts';
import type { Forwarding } from './model.ts';
import type { NetworkSource } from './network-source.ts';
import { wholeListing } from './whole-listing.ts';

/** Rules by which questions of a VPC are handed on (Route 53 Resolver API, ResolverRule). */
export function forwardingsOf(source: NetworkSource, vpc: string): readonly Forwarding[] {
  const kind = 'route53resolver.endpoints';
  const rules = new Map(
    source.list(kind, 'route53resolver:ListResolverRules').map((rule) => [textOf(rule, 'Id'), rule] as const),
  );
  return source
    .list(kind, 'route53resolver:ListResolverRuleAssociations')
    .filter((one) => textOf(one, 'VPCId') === vpc)
    .map((one) => rules.get(textOf(one, 'ResolverRuleId')))
    .filter((rule) => rule !== undefined)
    .filter((rule) => textOf(rule, 'RuleType') === 'FORWARD')
    .map((rule) => ({
      rule: textOf(rule, 'Id'),
      domain: textOf(rule, 'DomainName'),
      targets: objectsOf(rule, 'TargetIps').flatMap((target) =>
        [addressOf(target, 'Ip'), addressOf(target, 'Ipv6')].filter((address) => address !== null),
      ),
    }));
}

const RULE_TYPES: ReadonlySet<string> = new Set(['FORWARD', 'SYSTEM', 'RECURSIVE', 'DELEGATE']);

/** A rule of a VPC whose type this version does not know; `undefined` where the rules were not read whole. */
export function obscureRule(source: NetworkSource, vpc: string): string | null | undefined {
  const kind = 'route53resolver.endpoints';
  const rules = wholeListing(source, kind, 'route53resolver:ListResolverRules');
  const associations = wholeListing(source, kind, 'route53resolver:ListResolverRuleAssociations');
  if (rules === undefined || associations === undefined) return undefined;
  const types = new Map(rules.map((rule) => [textOf(rule, 'Id'), textOf(rule, 'RuleType')] as const));
  const own = associations
    .filter((one) => textOf(one, 'VPCId') === vpc)
    .map((one) => textOf(one, 'ResolverRuleId'));
  return own.find((id) => !RULE_TYPES.has(types.get(id) ?? '')) ?? null;
}

/** An endpoint in a VPC that takes questions for the resolver; `null`: there is none, `undefined`: nobody knows. */
export function inboundEndpoint(source: NetworkSource, vpc: string): string | null | undefined {
  const endpoints = wholeListing(
    source,
    'route53resolver.endpoints',
    'route53resolver:ListResolverEndpoints',
  );
  const own = endpoints?.filter((one) => textOf(one, 'HostVPCId') === vpc);
  // Only what is known to ask, and not to be asked, is none.
  const asked = own?.find((one) => textOf(one, 'Direction') !== 'OUTBOUND');
  return own === undefined ? undefined : asked === undefined ? null : textOf(asked, 'Id');
}
