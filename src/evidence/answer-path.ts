import type { Json } from '../core/index.ts';
import { isJsonArray, isJsonObject } from '../core/index.ts';

/**
 * The texts at a path of an answer, as `Buckets[].Name` or `taskDefinition.taskDefinitionArn`. Paths come
 * from the project's own tables, never from input. What has another shape yields nothing.
 */
export function textsAt(answer: Json | undefined, path: string): readonly string[] {
  const steps = path.split('.').flatMap((step) => (step.endsWith('[]') ? [step.slice(0, -2), '[]'] : [step]));
  const found = steps.reduce<readonly Json[]>(
    (values, step) => values.flatMap((value) => stepInto(value, step)),
    answer === undefined ? [] : [answer],
  );
  return found.filter((value) => typeof value === 'string');
}

function stepInto(value: Json, step: string): readonly Json[] {
  if (step === '[]') return isJsonArray(value) ? value : [];
  if (!isJsonObject(value) || !Object.hasOwn(value, step)) return [];
  const inner = value[step];
  return inner === undefined ? [] : [inner];
}
