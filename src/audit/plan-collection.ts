import type { CollectionPlan, Need } from '../evidence/index.ts';
import { planOf } from '../evidence/index.ts';
import type { CheckRegistry } from '../policy/index.ts';
import type { DeploymentScope } from './project.ts';

/** What the checks of a deployment's policies must be shown. */
export function needsOf({ deployment, policies }: DeploymentScope, checks: CheckRegistry): readonly Need[] {
  return policies.flatMap(({ controls }) =>
    controls.flatMap(({ check, parameters }) => checks.get(check)?.needs(parameters, deployment) ?? []),
  );
}

/** Which calls, logs and tables a run would read, and what it must be granted for them. */
export function planCollection(scope: DeploymentScope, checks: CheckRegistry): CollectionPlan {
  return planOf(needsOf(scope, checks));
}
