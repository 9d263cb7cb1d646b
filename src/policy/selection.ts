import type { Fault } from '../core/index.ts';
import { byCodeUnit } from '../core/index.ts';
import type { Deployment } from '../evidence/index.ts';
import type { Policy } from './model.ts';

/** The policies that a deployment is judged by, and why that may be the wrong set. */
export interface PolicySelection {
  readonly applied: readonly Policy[];
  /** Not empty: the run must not start, since nobody could say which promises were meant. */
  readonly faults: readonly Fault[];
}

/** What `policiesFor` needs of a deployment. */
export type PolicySubject = Pick<
  Deployment,
  'id' | 'region' | 'tenancy' | 'partition' | 'jurisdiction' | 'policies'
>;

/**
 * The policies that a deployment names, in the order of their ids.
 *
 * Two lists must agree: the deployment's `policies` and what the policies say they apply to. A named policy
 * that does not exist or does not apply is a fault, so that a mistyped region cannot drop it. One that
 * applies and is not named is a fault too: applying it silently would judge a deployment by promises that
 * its owner did not list, leaving it out silently would let a forgotten line drop a promise. A policy that
 * allows countries outside the deployment's jurisdiction contradicts it, and is a fault as well.
 */
export function policiesFor(deployment: PolicySubject, policies: readonly Policy[]): PolicySelection {
  const named = new Set(deployment.policies);
  const byId = new Map(policies.map((policy) => [policy.id, policy]));
  const missing = deployment.policies.filter((id) => !byId.has(id));
  const applied = policies.filter(({ id }) => named.has(id));
  const faults = [
    ...missing.map((id) =>
      selectionFault(deployment, `expected policy ${id}, which the deployment names, found none`),
    ),
    ...applied.flatMap((policy) => mismatchFaults(deployment, policy)),
    ...policies
      .filter((policy) => !named.has(policy.id) && mismatches(deployment, policy).length === 0)
      .map((policy) => unnamedFault(deployment, policy)),
    ...applied.flatMap((policy) => countryFaults(deployment, policy)),
  ];
  return { applied: [...applied].sort((left, right) => byCodeUnit(left.id, right.id)), faults };
}

/** Members of `appliesTo` that a deployment does not match; none where the policy applies. */
function mismatches(deployment: PolicySubject, { appliesTo }: Policy): readonly string[] {
  const misses = (list: readonly string[] | undefined, value: string): boolean =>
    list !== undefined && !list.includes(value);
  return [
    misses(appliesTo.regions, deployment.region) ? `region ${deployment.region}` : '',
    misses(appliesTo.tenancies, deployment.tenancy) ? `tenancy ${deployment.tenancy}` : '',
    misses(appliesTo.partitions, deployment.partition) ? `partition ${deployment.partition}` : '',
    misses(appliesTo.deployments, deployment.id) ? `deployment ${deployment.id}` : '',
  ].filter((mismatch) => mismatch !== '');
}

function mismatchFaults(deployment: PolicySubject, policy: Policy): readonly Fault[] {
  return mismatches(deployment, policy).map((mismatch) =>
    selectionFault(
      deployment,
      `expected policy ${policy.id}, which the deployment names, to apply, found that ${policy.file} does not list ${mismatch}`,
    ),
  );
}

function unnamedFault(deployment: PolicySubject, policy: Policy): Fault {
  return {
    ...selectionFault(deployment, `expected the deployment to name policy ${policy.id}, which applies to it`),
    hint: `add ${policy.id} to its policies, or narrow appliesTo in ${policy.file}`,
  };
}

function countryFaults(deployment: PolicySubject, policy: Policy): readonly Fault[] {
  const allowed: readonly string[] = deployment.jurisdiction;
  return (policy.countries ?? [])
    .filter((country) => !allowed.includes(country))
    .map((country) =>
      selectionFault(
        deployment,
        `expected policy ${policy.id} to allow countries of the jurisdiction ${allowed.join(', ')}, found ${country}`,
      ),
    );
}

function selectionFault(deployment: PolicySubject, message: string): Fault {
  return { message: `deployment ${deployment.id}: ${message}` };
}
