import { byCodeUnit } from '../core/index.ts';
import { sharedCalls, withOrigins } from './calls.ts';
import type { EvidenceKind } from './evidence-kind.ts';
import { KINDS } from './kinds.ts';
import type { Need } from './need.ts';
import { needName } from './need.ts';

/** One call of a collection plan. `perId` says that it repeats for what another call lists. */
export interface PlannedCall {
  readonly call: string;
  readonly cli: string;
  readonly account: string;
  readonly region: string;
  readonly perId: readonly string[];
}

/** What a run would read, before it reads anything, and what it must be granted for that. */
export interface CollectionPlan {
  readonly needs: readonly Need[];
  readonly calls: readonly PlannedCall[];
  readonly iamActions: readonly string[];
  readonly grants: readonly { readonly target: string; readonly grant: string }[];
}

/** Asked before anything else, so that the evidence is of the account whose name it bears. It needs no grant. */
export const IDENTITY_CALL = { call: 'sts:GetCallerIdentity', cli: 'sts get-caller-identity' } as const;

/** Derives the plan from the needs, by the one table of kinds. */
export function planOf(needs: readonly Need[]): CollectionPlan {
  const distinct = [...new Map(needs.map((need) => [needName(need), need])).values()];
  const calls = new Map<string, PlannedCall>();
  const actions = new Set<string>();
  const grants = new Map<string, { readonly target: string; readonly grant: string }>();
  for (const { account, region, kinds } of accountsOf(distinct)) {
    const place = { account, region };
    calls.set(`${account}/${region}/`, { ...IDENTITY_CALL, ...place, perId: [] });
    actions.add(IDENTITY_CALL.call);
    for (const { call, cli, uses, forEach } of sharedCalls(withOrigins(kinds))) {
      const fixed = uses[0]?.spec.fixed?.cli;
      calls.set(`${account}/${region}/${call}`, {
        call,
        cli: fixed === undefined ? cli : `${cli} ${fixed}`,
        ...place,
        perId: forEach.map(({ from, ids, parameter }) => `--${parameter} from ${from} ${ids}`),
      });
      for (const { spec } of uses) for (const action of spec.iam) actions.add(action);
    }
  }
  for (const need of distinct) {
    for (const grant of KINDS.get(need.kind)?.grants ?? []) {
      if (grant.includes(':')) actions.add(grant);
      grants.set(`${need.target}/${grant}`, { target: need.target, grant });
    }
  }
  return {
    needs: distinct,
    calls: [...calls].sort(([left], [right]) => byCodeUnit(left, right)).map(([, call]) => call),
    iamActions: [...actions].sort(byCodeUnit),
    grants: [...grants].sort(([left], [right]) => byCodeUnit(left, right)).map(([, grant]) => grant),
  };
}

/** What is asked of one account in one region. */
export interface AccountKinds {
  readonly account: string;
  readonly region: string;
  readonly kinds: readonly EvidenceKind[];
}

/** AWS needs by where they are asked, whenever in the run. */
export function accountsOf(needs: readonly Need[]): readonly AccountKinds[] {
  const ofAws = needs.filter(({ kind }) => KINDS.get(kind)?.source === 'aws');
  return [...Map.groupBy(ofAws, ({ account, region }) => `${account}/${region}`)]
    .sort(([left], [right]) => byCodeUnit(left, right))
    .flatMap(([, own]) => {
      const { account = '', region = '' } = own[0] ?? {};
      return [{ account, region, kinds: [...new Set(own.map(({ kind }) => kind))] }];
    });
}
