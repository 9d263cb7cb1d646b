import type { NetworkEgress, Resolver } from '../../analysis/index.ts';
import type { Address, Reason } from '../../core/index.ts';
import { containsAddress, formatAddress } from '../../core/index.ts';
import type { Observation } from '../check.ts';
import type { Witness } from '../result.ts';
import type { EgressContext, Judged } from './network-egress-judge.ts';
import { allowedBeside, countryOf } from './network-egress-judge.ts';

/** What of the resolvers there is to tell, and what it rests on that some are closed. */
export interface JudgedResolvers extends Judged {
  /** What closes each that is closed. */
  readonly closed: Witness;
  readonly restsOn: ReadonlySet<'dns-support' | 'dns-firewall'>;
}

/**
 * The resolver of every VPC in which something could ask (VPC guide, "DNS attributes"): one that is not shown to be closed
 * is open. Where the policy lets it pass with a word, that word is said without asking further; where it fails by it,
 * what was not read is a reason, since a finding stands on what was seen.
 */
export function judgeResolvers({ classes, network }: NetworkEgress, context: EgressContext): JudgedResolvers {
  const seen: Observation[] = [];
  const reasons: Reason[] = [];
  const closed: { label: string; value: string }[] = [];
  const restsOn = new Set<'dns-support' | 'dns-firewall'>();
  const isFailed = context.parameters.resolver === 'fail';
  const asking = new Set(classes.flatMap(({ interfaces }) => interfaces.map(({ vpc }) => vpc)));
  for (const vpc of asking) {
    const resolver: Resolver = network.resolvers.get(vpc) ?? undescribed(vpc);
    if (resolver.kind === 'closed') {
      closed.push({ label: vpc, value: resolver.by });
      restsOn.add(resolver.restsOn);
      continue;
    }
    seen.push(...resolver.forwardings.flatMap((one) => forwardingAbroad(vpc, one, context)));
    if (resolver.kind === 'unknown' && isFailed) {
      const { code, object, detail } = resolver.problem;
      reasons.push({ code, scope: object, detail });
      restsOn.add('dns-firewall');
    } else {
      const why =
        resolver.kind === 'open' ? resolver.why : `not shown to be closed: ${resolver.problem.detail}`;
      seen.push({
        class: 'CAN_LEAVE_RESOLVER',
        resource: vpc,
        values: {},
        witness: [
          { label: 'vpc', value: vpc },
          { label: 'resolver', value: why },
        ],
      });
    }
  }
  return { seen, reasons, closed, restsOn };
}

function undescribed(vpc: string): Resolver {
  const problem = { code: 'NOT_COLLECTED', object: vpc, detail: 'its VPC is not described' } as const;
  return { kind: 'unknown', problem, forwardings: [] };
}

/** A rule that hands questions on to a server that lies outside for certain. */
function forwardingAbroad(
  vpc: string,
  { rule, domain, targets }: Extract<Resolver, { readonly kind: 'open' }>['forwardings'][number],
  context: EgressContext,
): readonly Observation[] {
  const target = targets.find((address) => isAbroad(address, context));
  if (target === undefined) return [];
  return [
    {
      class: 'CAN_LEAVE_FORWARDED',
      resource: `${vpc} → ${rule}`,
      values: { vpc, rule, place: countryOf(target, context.locator) },
      witness: [
        { label: 'vpc', value: vpc },
        { label: 'resolver', value: `${rule}: ${domain} to ${formatAddress(target)}` },
        { label: 'place', value: countryOf(target, context.locator) },
      ],
    },
  ];
}

function isAbroad(address: Address, context: EgressContext): boolean {
  const location = context.locator.locate(address);
  return (
    location.kind === 'located' &&
    !context.countries.includes(location.country) &&
    !containsAddress(allowedBeside(context), address)
  );
}

/** Functions outside every VPC: each is a way to anywhere that nothing in the network stops. */
export function judgeFunctions({ network }: NetworkEgress): readonly Observation[] {
  return [...network.functions.values()].map(({ arn }) => ({
    class: 'CAN_LEAVE_FUNCTION',
    resource: arn,
    values: { function: arn },
    witness: [{ label: 'lambda-service', value: `${arn}: runs in no VPC of the account` }],
  }));
}
