import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { CheckedValue, DocumentPath, Json, JsonObject, SchemaProblem } from '../core/index.ts';
import { isJsonArray, isJsonObject } from '../core/index.ts';
import { describeError } from './schema-words.ts';

/** Which member a fault is about, where it is about a member's name. */
const NAMED_BY = {
  additionalProperties: 'additionalProperty',
  unevaluatedProperties: 'unevaluatedProperty',
} as const;

const compiler = new Ajv2020.default({
  allErrors: true,
  strict: true,
  verbose: true,
  useDefaults: true,
  // Two schemas may carry the same `$id` (a project's and a test's copy): none may stand in for the other.
  addUsedSchema: false,
});
addFormats.default(compiler);

const compiled = new WeakMap<JsonObject, ValidateFunction>();

/**
 * Checks a value against a JSON Schema (2020-12) and fills in defaults, on a copy. All problems, each as
 * what was expected and what was found; values are shown only where they are short and cannot be secret.
 *
 * Fulfils `ValidateSchema` of core.
 */
export function validateJson(schema: JsonObject, value: Json): CheckedValue {
  const validate = compiled.get(schema) ?? compiler.compile(schema);
  compiled.set(schema, validate);
  const copy: Json = structuredClone(value);
  if (validate(copy)) return { value: copy, problems: [] };
  return { value: copy, problems: telling(validate.errors ?? []).map((error) => toProblem(copy, error)) };
}

/**
 * Without the noise of `oneOf`: where a value's tag picks one branch, the faults of that branch; elsewhere
 * the one fault that no branch fits. Each error is held only against the unions around it: a hostile file of
 * 60 kB has thousands of both.
 */
function telling(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const unions = errors.filter(({ keyword }) => keyword === 'oneOf');
  const branches = new Map(unions.map((union) => [placeOf(union), { union, branch: taggedBranch(union) }]));
  return errors.filter((error) =>
    placesAround(error).every((place) => {
      const around = branches.get(place);
      if (around === undefined) return true;
      const { union, branch } = around;
      if (error === union) return branch === undefined;
      return branch !== undefined && isBelow(error.schemaPath, `${union.schemaPath}/${branch}`);
    }),
  );
}

/** One text for a rule applied to a value. */
function placeOf({ schemaPath, instancePath }: Pick<ErrorObject, 'schemaPath' | 'instancePath'>): string {
  return `${schemaPath}\n${instancePath}`;
}

/** The places of every union that an error can lie within, its own included. */
function placesAround({ schemaPath, instancePath }: ErrorObject): readonly string[] {
  const rules = upwards(schemaPath).filter((path) => path.endsWith('/oneOf'));
  return rules.flatMap((rule) =>
    upwards(instancePath).map((value) => placeOf({ schemaPath: rule, instancePath: value })),
  );
}

/** A path and all paths above it: `/a/b`, `/a`, and the empty one. */
function upwards(path: string): readonly string[] {
  const steps = path.split('/');
  return steps.map((_step, index) => steps.slice(0, steps.length - index).join('/'));
}

function isBelow(path: string, above: string): boolean {
  return path.startsWith(`${above}/`);
}

/** The only branch whose constants (its tag) the value has. */
function taggedBranch({ schema, data }: ErrorObject): number | undefined {
  if (!Array.isArray(schema) || !isJsonObject(data)) return undefined;
  const fitting = schema.flatMap((branch: unknown, index) => {
    const properties = isJsonObject(branch) && isJsonObject(branch['properties']) ? branch['properties'] : {};
    const tags = Object.entries(properties).flatMap(([name, rule]) => {
      if (!isJsonObject(rule)) return [];
      const allowed =
        'const' in rule ? [rule['const']] : Array.isArray(rule['enum']) && name in data ? rule['enum'] : [];
      return allowed.length === 0 ? [] : [allowed.includes(data[name] ?? null)];
    });
    return tags.length > 0 && tags.every(Boolean) ? [index] : [];
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}

function toProblem(value: Json, error: ErrorObject): SchemaProblem {
  const path = pathOf(value, error.instancePath);
  const named = memberName(error);
  return {
    path: named === undefined ? path : [...path, named],
    part: named === undefined ? 'value' : 'key',
    message: describeError(error),
  };
}

function memberName(error: ErrorObject): string | undefined {
  const parameter = Object.entries(NAMED_BY).find(([keyword]) => keyword === error.keyword)?.[1];
  const name: unknown = parameter === undefined ? undefined : error.params[parameter];
  return typeof name === 'string' ? name : undefined;
}

/** The steps of a JSON Pointer (RFC 6901); list indices as numbers. */
function pathOf(value: Json, pointer: string): DocumentPath {
  const path: (string | number)[] = [];
  let here: Json | undefined = value;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isJsonArray(here)) {
      path.push(Number(name));
      here = here[Number(name)];
    } else {
      path.push(name);
      here = isJsonObject(here) ? here[name] : undefined;
    }
  }
  return path;
}
