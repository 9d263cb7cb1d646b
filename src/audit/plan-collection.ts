import type { Need } from '../evidence/index.ts';
import type { CheckRegistry } from '../policy/index.ts';
import type { DeploymentScope } from './project.ts';

/** What the checks of a deployment's policies must be shown. */
export function needsOf({ deployment, policies }: DeploymentScope, checks: CheckRegistry): readonly Need[] {
  return policies.flatMap(({ controls }) =>
    controls.flatMap(({ check, parameters }) => checks.get(check)?.needs(parameters, deployment) ?? []),
  );
}
