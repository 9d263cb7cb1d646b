import { DomicileError } from './errors.ts';

/**
 * The canonical text of a JSON value (RFC 8785, JSON Canonicalization Scheme): members sorted by UTF-16
 * code units, no white space, ECMAScript number form. The same value gives the same bytes everywhere,
 * so that digests of results compare. Members whose value is `undefined` are left out.
 *
 * @throws DomicileError `INTERNAL` for what JSON cannot say: NaN, infinities, functions, lone surrogates.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return stringText(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') return objectText(value as Record<string, unknown>);
  throw new DomicileError('INTERNAL', `expected a JSON value, found ${typeof value}`);
}

/** Canonical JSON as UTF-8 with a final newline: the form of every file that the project signs. */
export function canonicalBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${canonicalJson(value)}\n`);
}

function numberText(value: number): string {
  if (!Number.isFinite(value))
    throw new DomicileError('INTERNAL', 'expected a finite number, found NaN or infinity');
  return JSON.stringify(value);
}

function stringText(value: string): string {
  // A lone surrogate has no UTF-8 form: two different strings would get the same digest.
  if (!value.isWellFormed())
    throw new DomicileError('INTERNAL', 'expected well-formed Unicode, found a lone surrogate');
  return JSON.stringify(value);
}

function objectText(value: Record<string, unknown>): string {
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort(byCodeUnit)
    .map((key) => `${stringText(key)}:${canonicalJson(value[key])}`);
  return `{${members.join(',')}}`;
}

/** Orders strings by UTF-16 code units, whatever the locale: the only order that results are sorted by. */
export function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
