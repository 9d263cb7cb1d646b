import type { DeploymentNetwork, NetworkEgress } from '../../analysis/index.ts';
import { cutOf, networkFact, networkNeeds, offPathProblems, resolverNeeds } from '../../analysis/index.ts';
import type { Reason } from '../../core/index.ts';
import { parsePrefix, setOfPrefixes } from '../../core/index.ts';
import type { Check, Outcome, PositiveEvidence } from '../check.ts';
import { regionReasons } from '../region-country.ts';
import type { JudgedResolvers } from './network-egress-bypass.ts';
import { judgeFunctions, judgeResolvers } from './network-egress-bypass.ts';
import { networkCanary } from './network-egress-canary.ts';
import type { Judged, NetworkEgressParameters } from './network-egress-judge.ts';
import { judgeLeaving } from './network-egress-judge.ts';
import { NETWORK_EGRESS_WORDS } from './network-egress-words.ts';

/** Classes and the parameter that says what to do with them. */
const CLASSES = {
  CAN_LEAVE_INITIATED: 'initiated',
  CAN_LEAVE_REPLY: 'reply',
  CAN_LEAVE_FUNCTION: 'initiated',
  CAN_LEAVE_RESOLVER: 'resolver',
  CAN_LEAVE_FORWARDED: 'resolver',
} as const;

const MOST_CUTS = 60;

export const networkEgress: Check<NetworkEgressParameters> = {
  id: 'network.egress',
  words: NETWORK_EGRESS_WORDS,
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      initiated: { enum: ['fail', 'disclose'], default: 'fail' },
      reply: { enum: ['fail', 'disclose'], default: 'fail' },
      resolver: { enum: ['fail', 'disclose'], default: 'fail' },
      regions: {
        type: 'array',
        items: { type: 'string', pattern: '^[a-z]{2}(?:-[a-z]+)+-[0-9]{1,2}$' },
        default: [],
      },
      prefixes: {
        type: 'array',
        items: { type: 'string', pattern: '^[0-9a-f.:]+/[0-9]{1,3}$' },
        default: [],
      },
    },
  },
  flagsNothing: ({ initiated, reply, resolver, prefixes }) =>
    initiated === 'disclose' && reply === 'disclose' && resolver === 'disclose'
      ? 'all three classes are only disclosed, so nothing could fail'
      : exceptionFault(prefixes ?? []),
  needs: (_parameters, deployment) => networkNeeds(deployment),
  evaluate: (view, context) => {
    const egress = view.fact(networkFact);
    const { regions, prefixes } = context.parameters;
    const judged = judgeLeaving(egress, context);
    const resolvers = judgeResolvers(egress, context);
    const seen = [...judged.seen, ...judgeFunctions(egress), ...resolvers.seen];
    const ruled = (rule: 'fail' | 'disclose'): typeof seen =>
      seen.filter((one) => context.parameters[CLASSES[one.class as keyof typeof CLASSES]] === rule);
    const solved = egress.network.interfaces.size;
    return {
      findings: ruled('fail'),
      disclosed: ruled('disclose'),
      reasons: [
        ...regionReasons(context),
        ...judged.reasons,
        ...resolvers.reasons,
        ...unknownReasons(egress),
        ...problemReasons(egress),
      ],
      referred: [
        ...egress.referred,
        ...[...resolvers.restsOn].flatMap((what) => resolverNeeds(view.deployment, what)),
      ],
      limitations: [...(regions ?? []), ...(prefixes ?? [])].length > 0 ? ['exceptions'] : [],
      coverage: [{ what: 'INTERFACES', examined: solved, expected: solved }, ...offPathCoverage(egress)],
      positive: [
        cutEvidence(egress, judged, context.countries),
        ...closedResolvers(resolvers),
        ...offPathEvidence(egress),
      ],
    };
  },
  canary: networkCanary,
};

/** Of IPv4 a sixteenth, of IPv6 a /20: exceptions beyond are no exceptions any more. */
const MOST_EXCEPTED = { v4: 2n ** 28n, v6: 2n ** 108n } as const;

/** Why prefixes make no sense as exceptions; `undefined` where they do. */
function exceptionFault(prefixes: readonly string[]): string | undefined {
  const parsed = prefixes.map(parsePrefix);
  const malformed = prefixes.find((_, index) => parsed[index] === null);
  if (malformed !== undefined) return `the exception ${malformed} is no prefix, and would allow nothing`;
  const { v4, v6 } = setOfPrefixes(parsed.filter((prefix) => prefix !== null));
  const size = (spans: typeof v4): bigint =>
    spans.reduce((sum, [first, last]) => sum + last - first + 1n, 0n);
  return size(v4) > MOST_EXCEPTED.v4 || size(v6) > MOST_EXCEPTED.v6
    ? 'its prefixes are so many addresses that hardly anything is left to flag'
    : undefined;
}

/** What packets of the deployment would meet and nobody can judge. */
function unknownReasons({ classes }: NetworkEgress): readonly Reason[] {
  return classes
    .flatMap(({ unknowns }) => unknowns)
    .map(({ code, object, detail }) => ({ code, scope: object, detail }));
}

function problemReasons({ network, changes, empty }: DeploymentNetwork): readonly Reason[] {
  const told = [...network.faults, ...changes].map(({ code, object, detail }) => ({
    code,
    scope: object,
    detail,
  }));
  return [...told, ...empty];
}

/** What speaks for a pass: for equal interfaces, which rules, routes and missing addresses keep them inside. */
function cutEvidence(
  { walk, classes }: NetworkEgress,
  { seen }: Judged,
  countries: readonly string[],
): PositiveEvidence {
  const open = new Set(
    seen.filter((one) => one.class === 'CAN_LEAVE_INITIATED').map(({ values }) => String(values['by'])),
  );
  const closed = classes.filter(
    ({ interfaces }) =>
      !interfaces.some(({ id, groups }) => open.has(id) || groups.some((group) => open.has(group))),
  );
  const lines = closed.map((one) => {
    const [first] = one.interfaces;
    const more = one.interfaces.length > 1 ? ` and ${one.interfaces.length - 1} more` : '';
    return { label: `${first?.id ?? ''}${more}`, value: cutOf(walk, one).join('; ') || 'no way out' };
  });
  const interfaces = closed.reduce((sum, one) => sum + one.interfaces.length, 0);
  return {
    text: 'CUT',
    values: { interfaces, countries: countries.join(', ') },
    witness: lines.slice(0, MOST_CUTS),
  };
}

/** What closes the resolvers that are closed. */
function closedResolvers({ closed }: JudgedResolvers): readonly PositiveEvidence[] {
  if (closed.length === 0) return [];
  return [{ text: 'RESOLVERS', values: { vpcs: closed.length }, witness: closed.slice(0, MOST_CUTS) }];
}

/** Unknown, and off every path: counted, since nothing depends on it. */
function offPathCoverage(egress: NetworkEgress): Outcome['coverage'] {
  const { off, all } = offPathProblems(egress);
  return all === 0 ? [] : [{ what: 'OFF_PATH', examined: off.length, expected: all }];
}

function offPathEvidence(egress: NetworkEgress): readonly PositiveEvidence[] {
  const { off } = offPathProblems(egress);
  if (off.length === 0) return [];
  const witness = off.slice(0, MOST_CUTS).map(({ object, detail }) => ({ label: object, value: detail }));
  return [{ text: 'OFF_PATH', values: { objects: off.length }, witness }];
}
