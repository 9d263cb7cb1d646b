import { DomicileError } from '../core/index.ts';

const NAME = /^(?:UTC|[A-Z][A-Za-z]+(?:\/[A-Z][A-Za-z0-9_+-]+){1,2})$/;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether a name is an IANA time zone, as `Asia/Shanghai` or `UTC`. Offsets and abbreviations as `+08:00` and `CST` are none. */
export function isTimeZone(name: string): boolean {
  return NAME.test(name) && formatOf(name) !== undefined;
}

/**
 * How many minutes a zone's clocks are ahead of UTC at an instant, by the IANA data that Node ships.
 *
 * @throws DomicileError `BAD_INPUT` for an unknown zone.
 */
export function offsetMinutes(instant: number, timeZone: string): number {
  return Math.round((wallTime(instant, timeZone) - Math.floor(instant / 1000) * 1000) / 60_000);
}

/** Midnight, written as if in UTC, of the calendar day that a zone has at an instant. */
export function localDate(instant: number, timeZone: string): number {
  return Math.floor(wallTime(instant, timeZone) / 86_400_000) * 86_400_000;
}

/** What a clock on the wall shows at an instant, written as if it were UTC. */
function wallTime(instant: number, timeZone: string): number {
  const format = NAME.test(timeZone) ? formatOf(timeZone) : undefined;
  if (format === undefined)
    throw new DomicileError('BAD_INPUT', 'expected an IANA time zone, as Asia/Shanghai');
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
    return format;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
