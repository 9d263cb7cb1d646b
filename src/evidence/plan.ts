import { byCodeUnit } from '../core/index.ts';
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

/** Derives the plan from the needs, by the one table of kinds. */
export function planOf(needs: readonly Need[]): CollectionPlan {
  const distinct = [...new Map(needs.map((need) => [needName(need), need])).values()];
  const calls = new Map<string, PlannedCall>();
  const actions = new Set<string>();
  const grants = new Map<string, { readonly target: string; readonly grant: string }>();
  for (const need of distinct) {
    const spec = KINDS.get(need.kind);
    for (const { call, cli, iam, forEach, fixed } of spec?.calls ?? []) {
      const perId = (forEach ?? []).map(({ from, ids, parameter }) => `--${parameter} from ${from} ${ids}`);
      calls.set(`${need.account}/${need.region}/${call}`, {
        call,
        cli: fixed === undefined ? cli : `${cli} ${fixed.cli}`,
        account: need.account,
        region: need.region,
        perId,
      });
      for (const action of iam) actions.add(action);
    }
    for (const grant of spec?.grants ?? []) {
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

/** The least-privilege IAM policy of a plan: read-only actions, and nothing else. */
export function iamPolicyOf(plan: CollectionPlan): unknown {
  return {
    Version: '2012-10-17',
    Statement: [{ Sid: 'DomicileReadOnly', Effect: 'Allow', Action: plan.iamActions, Resource: '*' }],
  };
}
