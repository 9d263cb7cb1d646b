import type { ErrorObject } from 'ajv/dist/2020.js';
import { isJsonObject } from '../core/index.ts';

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  object: 'a mapping',
  array: 'a list',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  null: 'nothing',
};

const FORMAT_WORDS: Readonly<Record<string, string>> = {
  date: 'a date as 2026-11-24',
  'date-time': 'a time with its zone, as 2026-11-24T02:00:00Z',
};

/**
 * One violation of a schema as `expected X, found Y`. The value found is shown only where it is a short
 * scalar that the schema does not mark `writeOnly` and that does not look like a credential or an address
 * with one in it: people paste connection strings where a variable's name belongs.
 */
export function describeError(error: ErrorObject): string {
  return `expected ${expectation(error)}, found ${foundIn(error)}`;
}

function expectation({ keyword, params, parentSchema, message }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return `the member ${String(params['missingProperty'])}`;
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return `only ${namesOf(parentSchema?.['properties'])} here`;
    case 'type':
      return typeWords(params['type']);
    case 'enum':
      return `one of ${listed(params['allowedValues'])}`;
    case 'const':
      return shown(params['allowedValue']) ?? 'one fixed value';
    case 'pattern':
      return `text that matches ${String(params['pattern'])}`;
    case 'format':
      return FORMAT_WORDS[String(params['format'])] ?? `text in the format ${String(params['format'])}`;
    case 'minItems':
      return `at least ${entries(params['limit'])}`;
    case 'maxItems':
      return `at most ${entries(params['limit'])}`;
    case 'minLength':
      return params['limit'] === 1 ? 'some text' : `at least ${String(params['limit'])} characters`;
    case 'maxLength':
      return `at most ${String(params['limit'])} characters`;
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `a number ${String(params['comparison'])} ${String(params['limit'])}`;
    case 'uniqueItems':
      return 'each entry once';
    case 'oneOf':
      return `one of the forms ${branchTitles(parentSchema?.['oneOf'])}`;
    default:
      return `a value that satisfies ${keyword} (${message ?? 'see the schema'})`;
  }
}

function foundIn({ keyword, params, data, parentSchema }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return 'none';
    case 'additionalProperties':
      return shown(params['additionalProperty']) ?? 'another member';
    case 'unevaluatedProperties':
      return shown(params['unevaluatedProperty']) ?? 'another member';
    case 'minItems':
    case 'maxItems':
      return Array.isArray(data) ? String(data.length) : 'another number';
    case 'minLength':
    case 'maxLength':
      return typeof data === 'string' ? `${data.length} characters` : 'another length';
    case 'uniqueItems':
      return `entries ${String(params['j'])} and ${String(params['i'])} the same`;
    case 'type':
      return `${kindOf(data)}${valueOf(data, parentSchema)}${quotesHint(params['type'], data)}`;
    default:
      return (
        shownUnlessSecret(data, parentSchema) ?? (typeof data === 'string' ? 'another text' : kindOf(data))
      );
  }
}

function valueOf(data: unknown, schema: ErrorObject['parentSchema']): string {
  const text =
    typeof data === 'number' || typeof data === 'boolean' ? shownUnlessSecret(data, schema) : undefined;
  return text === undefined ? '' : ` ${text}`;
}

/** YAML reads 038, 2026 and true as numbers and truth values. */
function quotesHint(type: unknown, data: unknown): string {
  const plain = typeof data === 'number' || typeof data === 'boolean';
  return type === 'string' && plain ? ': put it in quotes' : '';
}

function kindOf(data: unknown): string {
  if (data === null || data === undefined) return 'nothing';
  if (Array.isArray(data)) return 'a list';
  if (typeof data === 'string') return 'text';
  if (typeof data === 'number') return 'the number';
  return typeof data === 'boolean' ? 'the truth value' : 'a mapping';
}

function shownUnlessSecret(data: unknown, schema: ErrorObject['parentSchema']): string | undefined {
  return schema?.['writeOnly'] === true ? undefined : shown(data);
}

const LONGEST_SHOWN = 60;
/** No `@`, no `=` and no `//`, which stand in addresses with a password and in encoded keys. */
const SHOWABLE = /^[\p{L}\p{N}\p{Zs} ._:/+,*?'()<>[\]-]*$/u;

function shown(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string' || value.length > LONGEST_SHOWN) return undefined;
  return SHOWABLE.test(value) && !value.includes('//') ? `"${value}"` : undefined;
}

function listed(values: unknown): string {
  return Array.isArray(values) ? values.map((value) => String(value)).join(', ') : 'the values of the schema';
}

function namesOf(properties: unknown): string {
  if (typeof properties !== 'object' || properties === null) return 'no member';
  const names = Object.keys(properties);
  return names.length === 0 ? 'no member' : names.join(', ');
}

function branchTitles(branches: unknown): string {
  if (!Array.isArray(branches)) return 'of the schema';
  return branches
    .map((branch: unknown) => String(isJsonObject(branch) ? branch['title'] : 'other'))
    .join(', ');
}

function typeWords(type: unknown): string {
  const types = Array.isArray(type) ? type : [type];
  return types.map((one) => TYPE_WORDS[String(one)] ?? String(one)).join(' or ');
}

function entries(limit: unknown): string {
  return limit === 1 ? '1 entry' : `${String(limit)} entries`;
}
