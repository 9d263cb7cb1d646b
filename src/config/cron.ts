import { DomicileError } from '../core/index.ts';

/** A parsed cron expression: for each field the values that match. */
export interface CronExpression {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly daysOfMonth: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly daysOfWeek: ReadonlySet<number>;
  /** Where both kinds of days are restricted, a day matches that fits either (crontab(5)). */
  readonly days: 'either' | 'both';
}

interface Field {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

const FIELDS = [
  { name: 'minute', low: 0, high: 59 },
  { name: 'hour', low: 0, high: 23 },
  { name: 'day of month', low: 1, high: 31 },
  { name: 'month', low: 1, high: 12 },
  { name: 'day of week', low: 0, high: 7 },
] as const satisfies readonly Field[];

/** `*`, `5`, `1-5`, each with an optional `/step`. */
const PART = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/;

/**
 * Parses the five fields of crontab(5): minute, hour, day of month, month, day of week (0 and 7 are Sunday),
 * each `*`, a number, a range, a list, or one of these with a step. Names, seconds, `@daily` and `L W # ?`
 * are refused: every scheduler reads those differently.
 *
 * @throws DomicileError `BAD_INPUT` naming the field.
 */
export function parseCron(text: string): CronExpression {
  const parts = text.split(' ');
  if (parts.length !== FIELDS.length || parts.some((part) => part === '')) {
    const fields = parts.filter((part) => part !== '').length;
    throw bad(`expected five fields with one space between them, found ${fields} fields`);
  }
  const [minutes, hours, daysOfMonth, months, weekdays] = FIELDS.map((field, index) =>
    parseField(parts[index] ?? '', field),
  );
  if (!minutes || !hours || !daysOfMonth || !months || !weekdays) throw bad('expected five fields');
  const daysOfWeek = new Set([...weekdays].map((day) => day % 7));
  const isRestricted = (index: number): boolean => parts[index]?.startsWith('*') !== true;
  const expression: CronExpression = {
    minutes,
    hours,
    daysOfMonth,
    months,
    daysOfWeek,
    days: isRestricted(2) && isRestricted(4) ? 'either' : 'both',
  };
  if (!canMatch(expression)) throw bad('expected a day that exists, found one that no year has');
  return expression;
}

/** Whether a calendar day matches: the month, and its two kinds of days. */
export function matchesDay(
  cron: CronExpression,
  month: number,
  dayOfMonth: number,
  dayOfWeek: number,
): boolean {
  if (!cron.months.has(month)) return false;
  const [ofMonth, ofWeek] = [cron.daysOfMonth.has(dayOfMonth), cron.daysOfWeek.has(dayOfWeek)];
  return cron.days === 'either' ? ofMonth || ofWeek : ofMonth && ofWeek;
}

function parseField(text: string, field: Field): ReadonlySet<number> {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const match = PART.exec(part);
    if (match === null) {
      throw bad(`expected the ${field.name} as *, 5, 1-5, 1,5 or */5 (numbers only), found another form`);
    }
    const [, first, last, step] = match;
    const from = first === undefined ? field.low : Number(first);
    // `5/10` means from 5 to the end; `5` means 5 alone.
    const open = step === undefined ? from : field.high;
    const to = last === undefined ? (first === undefined ? field.high : open) : Number(last);
    const by = step === undefined ? 1 : Number(step);
    if (from < field.low || to > field.high || from > to || by < 1) {
      throw bad(`expected the ${field.name} between ${field.low} and ${field.high}, rising, found another`);
    }
    for (let value = from; value <= to; value += by) values.add(value);
  }
  return values;
}

const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** 30 February never comes: a schedule without any slot would look like one whose scans were all done. */
function canMatch(cron: CronExpression): boolean {
  if (cron.days === 'either') return true;
  return [...cron.months].some((month) =>
    [...cron.daysOfMonth].some((day) => day <= (LONGEST_MONTHS[month - 1] ?? 0)),
  );
}

function bad(message: string): DomicileError {
  return new DomicileError('BAD_INPUT', message);
}
