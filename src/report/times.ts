import { parseInstant, toInstant } from '../core/index.ts';

/**
 * An instant in the deployment's zone and in UTC, as `2026-11-24 10:00 +08:00` and `2026-11-24T02:00:00Z`. Built
 * from parts, since locale formats differ between versions of ICU.
 */
export function timesOf(instant: string, timeZone: string): { readonly local: string; readonly utc: string } {
  const milliseconds = parseInstant(instant);
  return { local: localTime(milliseconds, timeZone), utc: toInstant(milliseconds) };
}

function localTime(milliseconds: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'longOffset',
  });
  const parts = new Map(format.formatToParts(milliseconds).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  // `longOffset` gives GMT, or GMT+08:00.
  const offset = part('timeZoneName').replace('GMT', '') || '+00:00';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')} ${offset}`;
}
