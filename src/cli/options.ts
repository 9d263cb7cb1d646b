import { InvalidArgumentError } from 'commander';
import type { Instant, TimeWindow } from '../core/index.ts';
import { parseInstant, toInstant } from '../core/index.ts';
import type { Result } from '../policy/index.ts';

/** Options that several commands share, with the same words everywhere. */
export const INVENTORY_OPTION = [
  '--inventory <file>',
  'the inventory of deployments',
  'deployments.yaml',
] as const;
export const POLICY_OPTION = [
  '--policy <file...>',
  "policy files instead of the project's own; marks the report ad hoc",
] as const;
export const EVIDENCE_OPTION = [
  '--evidence <dir>',
  'an export folder of AWS CLI output, or an evidence store; without it the systems are read live',
] as const;
export const JSON_OPTION = ['--json', 'one JSON document on standard output', false] as const;

/** An instant as RFC 3339 text with its zone, in UTC. */
export function instantOption(text: string): Instant {
  try {
    return toInstant(parseInstant(text));
  } catch {
    throw new InvalidArgumentError('expected a time with its zone, as 2026-11-24T02:00:00Z');
  }
}

/** `START/END`, both instants (ISO 8601 interval). */
export function windowOption(text: string): TimeWindow {
  const [start, end, ...rest] = text.split('/');
  if (start === undefined || end === undefined || rest.length > 0)
    throw new InvalidArgumentError('expected START/END, as 2026-11-21T18:00:00Z/2026-11-22T18:00:00Z');
  const window = { start: instantOption(start), end: instantOption(end) };
  if (window.start >= window.end) throw new InvalidArgumentError('expected a start before the end');
  return window;
}

const ACCEPTED: Readonly<Record<string, Result['marks'][number]>> = {
  adhoc: 'adhoc-policy',
  demo: 'demo-key',
  endpoint: 'custom-endpoint',
};

/** `adhoc,demo,endpoint`: marks against reliance that the reader accepts. */
export function acceptOption(text: string): Result['marks'] {
  return text.split(',').map((word) => {
    const mark = ACCEPTED[word.trim()];
    if (mark === undefined) throw new InvalidArgumentError('expected a list of adhoc, demo, endpoint');
    return mark;
  });
}

const ACCOUNT = /^\d{12}$/;
const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/;

export function accountOption(text: string): string {
  if (!ACCOUNT.test(text)) throw new InvalidArgumentError('expected 12 digits');
  return text;
}

export function regionOption(text: string): string {
  if (!REGION.test(text)) throw new InvalidArgumentError('expected an AWS region, as eu-central-1');
  return text;
}

const COUNTRIES = /^[A-Z]{2}(?:[,+][A-Z]{2})*$/;

/** `CN`, or `DE,FR`: the countries of a jurisdiction, as the inventory lists them. */
export function jurisdictionOption(text: string): readonly string[] {
  if (!COUNTRIES.test(text)) throw new InvalidArgumentError('expected country codes, as CN or DE,FR');
  return [...new Set(text.split(/[,+]/))];
}
