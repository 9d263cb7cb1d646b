import type { AwsKind } from './evidence-kind.ts';
import type { CallSpec, KindSpec, Projection } from './kind-spec.ts';

/** A regional call whose IAM action is named after it. */
export function call(
  name: string,
  cli: string,
  member: string,
  projection: Projection,
  more: Partial<CallSpec> = {},
): CallSpec {
  return { call: name, cli, iam: [name], member, projection: { [member]: projection }, ...more };
}

/** A kind of the calls that bring it. */
export function kind(name: AwsKind, ...calls: readonly CallSpec[]): KindSpec {
  return { kind: name, source: 'aws', calls, grants: [] };
}
