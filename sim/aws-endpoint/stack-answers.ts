import { parseCommand } from '../../src/collection/files/command-line.ts';
import type { JsonObject } from '../../src/core/index.ts';
import { isJsonArray } from '../../src/core/index.ts';
import type { CallSpec, FanOut } from '../../src/evidence/index.ts';
import { KINDS, textsAt } from '../../src/evidence/index.ts';
import { hasLattice } from '../bypass-answers.ts';
import { exportFiles } from '../export-folder.ts';
import type { Stack } from '../stack.ts';
import { ApiError } from './api-error.ts';
import type { ApiRequest } from './read-request.ts';

/** Answers the calls of the project's table for one account in one region. */
export type StackAnswers = (call: string, input: ApiRequest['input']) => JsonObject | undefined;

interface Known {
  readonly options: ReadonlyMap<string, string>;
  readonly body: JsonObject;
}

const SPECS: ReadonlyMap<string, CallSpec> = new Map(
  [...KINDS.values()].flatMap(({ calls }) => calls.map((spec) => [spec.call, spec] as const)),
);

/**
 * A stack as the API tells it. The answers are those of the export folder, so that both ways show the same
 * account: a kind that is added there is answered here.
 */
export function stackAnswers(stack: Stack): StackAnswers {
  const files = exportFiles(stack).flatMap(({ command, body }) => {
    const parsed = parseCommand(command);
    return parsed === undefined ? [] : [{ ...parsed, body }];
  });
  const byCommand = Map.groupBy(files, ({ cli }) => cli);

  return (call, input) => {
    const spec = SPECS.get(call);
    if (spec === undefined) return undefined;
    // A custom endpoint has no name that could be missing: it says what the resolver would.
    if (call.startsWith('vpc-lattice:') && !hasLattice(stack))
      throw new ApiError('NoEndpoint', 404, 'there is no such endpoint');
    const known = byCommand.get(spec.cli) ?? [];
    const [origin] = spec.forEach ?? [];
    if (origin === undefined) return known[0]?.body ?? { [spec.member]: [] };
    return origin.batch === undefined
      ? oneOf(known, spec, origin, input)
      : someOf(known, spec, origin, input);
  };
}

/** Services do not agree on what they call a thing that is not there. */
const NOT_FOUND: Readonly<Record<string, string>> = {
  s3: 'NoSuchBucket',
  ecs: 'ClientException',
  kms: 'NotFoundException',
  ec2: 'InvalidPrefixListID.NotFound',
};

function oneOf(
  known: readonly Known[],
  { call }: CallSpec,
  { parameter }: FanOut,
  input: ApiRequest['input'],
): JsonObject {
  const asked = parameterOf(input, parameter);
  const found = known.find(({ options }) => options.get(parameter) === asked);
  if (found !== undefined) return found.body;
  const code = NOT_FOUND[call.slice(0, call.indexOf(':'))] ?? 'NotFoundException';
  throw new ApiError(code, 400, `${String(asked)} does not exist`);
}

/** Of what was described, the part that was asked for; the rest is a failure, as ECS tells it. */
function someOf(
  known: readonly Known[],
  { member }: CallSpec,
  { parameter, answered, carries }: FanOut,
  input: ApiRequest['input'],
): JsonObject {
  const asked = parameterOf(input, parameter);
  const ids = isJsonArray(asked) ? asked.map(String) : [];
  const scope = carries === undefined ? undefined : parameterOf(input, carries);
  const entries = known
    .filter(({ options }) => scope === undefined || options.get(carries ?? '') === scope)
    .flatMap(({ body }) => {
      const list = body[member];
      return isJsonArray(list) ? list : [];
    })
    .filter((entry) => textsAt({ [member]: [entry] }, answered ?? '').some((id) => ids.includes(id)));
  const found = new Set(entries.flatMap((entry) => textsAt({ [member]: [entry] }, answered ?? '')));
  const failures = ids.filter((id) => !found.has(id)).map((arn) => ({ arn, reason: 'MISSING' }));
  return { [member]: entries, failures };
}

/** By the command-line name of a parameter. */
function parameterOf(input: ApiRequest['input'], parameter: string): unknown {
  const name = parameter.replaceAll('-', '').toLowerCase();
  return Object.entries(input).find(([member]) => member.toLowerCase() === name)?.[1];
}
