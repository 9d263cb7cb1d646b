import type { Instant } from '../core/index.ts';
import { DomicileError, parseInstant, toInstant } from '../core/index.ts';
import type { CronExpression } from './cron.ts';
import { matchesDay, parseCron } from './cron.ts';
import { localDate, offsetMinutes } from './time-zone.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** More slots than this in one question are refused: a year of every five minutes. */
const MOST_SLOTS = 110_000;

/**
 * The schedule slots of a cron expression in a time zone, from `from` (included) to `to` (not), rising.
 *
 * Clocks that change: a wall time that comes twice is one slot, the first; one that is left out is a slot at
 * the moment the clock jumps, so that a daily scan is due exactly once on every day. A schedule of every
 * hour has a slot in every real hour instead: both of the hours that come twice, none for the one left out.
 *
 * @throws DomicileError `BAD_INPUT` for a bad expression, zone or order, `TOO_LARGE` for very many slots.
 */
export function dueSlots(cron: string, timeZone: string, from: Instant, to: Instant): readonly Instant[] {
  const expression = parseCron(cron);
  const [start, end] = [parseInstant(from), parseInstant(to)];
  if (end < start) throw new DomicileError('BAD_INPUT', 'expected a period that ends after it starts');

  const slots = new Set<number>();
  // Local days reach over UTC days by at most 14 hours; a day more on each side is enough.
  const lastDay = localDate(end, timeZone) + DAY;
  for (let day = localDate(start, timeZone) - DAY; day <= lastDay; day += DAY) {
    for (const slot of slotsOfDay(expression, timeZone, day)) {
      if (slot >= start && slot < end) slots.add(slot);
    }
    if (slots.size > MOST_SLOTS)
      throw new DomicileError('TOO_LARGE', `expected at most ${MOST_SLOTS} slots, found more`);
  }
  return [...slots].sort((left, right) => left - right).map(toInstant);
}

/** The slots of one local calendar day, given as its midnight in UTC. */
function slotsOfDay(cron: CronExpression, timeZone: string, day: number): readonly number[] {
  const date = new Date(day);
  if (!matchesDay(cron, date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCDay())) return [];
  const everyHour = cron.hours.size === 24;
  const slots: number[] = [];
  for (const hour of cron.hours) {
    for (const minute of cron.minutes) {
      const wall = day + (hour * 60 + minute) * MINUTE;
      slots.push(...instantsOf(wall, timeZone, everyHour));
    }
  }
  return slots;
}

/** The instants at which a wall clock shows a time, written as if it were UTC. */
function instantsOf(wall: number, timeZone: string, everyHour: boolean): readonly number[] {
  // The offsets a day before and a day after are those on both sides of a change, if there is one.
  const before = offsetMinutes(wall - DAY, timeZone);
  const after = offsetMinutes(wall + DAY, timeZone);
  const candidates = before === after ? [before] : [before, after];
  const instants = candidates
    .map((offset) => ({ offset, instant: wall - offset * MINUTE }))
    .filter(({ offset, instant }) => offsetMinutes(instant, timeZone) === offset)
    .map(({ instant }) => instant)
    .sort((left, right) => left - right);
  if (instants.length === 0)
    return everyHour ? [] : [jumpNear(wall - before * MINUTE, wall - after * MINUTE, timeZone)];
  return everyHour ? instants : instants.slice(0, 1);
}

/** The first instant after a clock jumped forward, known to lie between two others. */
function jumpNear(one: number, other: number, timeZone: string): number {
  let [low, high] = one < other ? [one, other] : [other, one];
  const offset = offsetMinutes(low, timeZone);
  while (high - low > MINUTE) {
    const middle = low + Math.floor((high - low) / MINUTE / 2) * MINUTE;
    if (offsetMinutes(middle, timeZone) === offset) low = middle;
    else high = middle;
  }
  return high;
}
