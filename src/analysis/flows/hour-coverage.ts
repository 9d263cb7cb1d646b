import type { TimeWindow } from '../../core/index.ts';
import { parseInstant, toInstant } from '../../core/index.ts';
import type { FlowAggregate, LogSpan } from '../../evidence/index.ts';

/** What the logs show of one interface in one hour. */
export interface InterfaceHour {
  readonly interface: string;
  /** RFC 3339, the hour's first second. */
  readonly hour: string;
  /**
   * `covered`: records or NODATA all through. `gap`: some, with a hole. `quiet`: none of this interface, while
   * others have some. `dark`: no interface at all has a record.
   */
  readonly state: 'covered' | 'gap' | 'quiet' | 'dark';
}

const HOUR = 3600;

/**
 * Every interface in every hour of a window.
 *
 * @param tolerance seconds without a record that are no hole: the aggregation interval and the imprecision of
 * start and end (up to 60 s each, VPC user guide).
 */
export function hourCoverage(
  aggregate: FlowAggregate,
  interfaces: readonly string[],
  window: TimeWindow,
  tolerance: number,
): readonly InterfaceHour[] {
  const start = parseInstant(window.start) / 1000;
  const end = parseInstant(window.end) / 1000;
  const spansOf = new Map(
    interfaces.map((id) => [
      id,
      aggregate.interfaces.filter((log) => log.interface === id).flatMap(({ observed }) => observed),
    ]),
  );
  const everything = aggregate.interfaces.flatMap(({ observed }) => observed);
  const hours: InterfaceHour[] = [];
  for (let from = start; from < end; from += HOUR) {
    const to = Math.min(from + HOUR, end);
    const dark = !everything.some((span) => touches(span, from, to));
    for (const id of interfaces) {
      const own = (spansOf.get(id) ?? []).filter((span) => touches(span, from, to));
      hours.push({
        interface: id,
        hour: toInstant(from * 1000),
        state: dark ? 'dark' : stateOf(own, from, to, tolerance),
      });
    }
  }
  return hours;
}

function touches([start, end]: LogSpan, from: number, to: number): boolean {
  return start < to && end >= from;
}

function stateOf(
  spans: readonly LogSpan[],
  from: number,
  to: number,
  tolerance: number,
): InterfaceHour['state'] {
  if (spans.length === 0) return 'quiet';
  let reached = from;
  for (const [start, end] of [...spans].sort((left, right) => left[0] - right[0])) {
    if (start - reached > tolerance) return 'gap';
    reached = Math.max(reached, end + 1);
  }
  return to - reached > tolerance ? 'gap' : 'covered';
}
