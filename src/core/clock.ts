import { DomicileError } from './errors.ts';

/** Where the time comes from. Only the composition root makes a real one; everything else is given one. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

/** An instant as RFC 3339 text in UTC with whole seconds, as in `2026-11-24T02:00:00Z`. */
export type Instant = string;

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds since the epoch, rounded down to the second, as text. */
export function toInstant(milliseconds: number): Instant {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/**
 * Milliseconds since the epoch of an RFC 3339 text that names its zone.
 *
 * @throws DomicileError `BAD_INPUT` for anything else; a time without a zone means another moment on another machine.
 */
export function parseInstant(text: string): number {
  const milliseconds = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds)) {
    throw new DomicileError('BAD_INPUT', 'expected a time with its zone, as 2026-11-24T02:00:00Z');
  }
  return milliseconds;
}

/** A span of time, `start` included, `end` not. */
export interface TimeWindow {
  readonly start: Instant;
  readonly end: Instant;
}
