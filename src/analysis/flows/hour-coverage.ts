import type { TimeWindow } from '../../core/index.ts';
import { parseInstant, toInstant } from '../../core/index.ts';
import type { FlowAggregate, LogSpan } from '../../evidence/index.ts';
import { unionOfSpans } from '../../evidence/index.ts';

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

/** Seconds without a record, `end` not included. */
interface Hole {
  readonly start: number;
  readonly end: number;
}

/**
 * Every interface in every hour of a window. A hole is measured over the whole window, so that one that lies
 * across the border of two hours counts with its full length; it is told in each hour that it takes more than
 * `tolerance` of, or, where there is none, in the hour that it starts in.
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
  const span: Hole = { start: parseInstant(window.start) / 1000, end: parseInstant(window.end) / 1000 };
  const spansOf = Map.groupBy(aggregate.interfaces, (log) => log.interface);
  const all = aggregate.interfaces.flatMap(({ observed }) => observed);
  const hours = hoursOf(span);
  const dark = new Set(hours.filter((hour) => !all.some((seen) => touches(seen, hour))));
  const states = interfaces.map((id) => {
    const seen = (spansOf.get(id) ?? []).flatMap(({ observed }) => observed);
    const holed = holedHours(holesOf(seen, span, tolerance), hours, tolerance);
    return (hour: Hole): InterfaceHour['state'] => {
      if (dark.has(hour)) return 'dark';
      if (!seen.some((one) => touches(one, hour))) return 'quiet';
      return holed.has(hour) ? 'gap' : 'covered';
    };
  });
  return hours.flatMap((hour) =>
    interfaces.map((id, index) => ({
      interface: id,
      hour: toInstant(hour.start * 1000),
      state: states[index]?.(hour) ?? 'dark',
    })),
  );
}

function hoursOf({ start, end }: Hole): readonly Hole[] {
  return Array.from({ length: Math.ceil((end - start) / HOUR) }, (_, index) => ({
    start: start + index * HOUR,
    end: Math.min(start + (index + 1) * HOUR, end),
  }));
}

function touches([first, last]: LogSpan, { start, end }: Hole): boolean {
  return first < end && last >= start;
}

/** Holes of more than the tolerance, those at both ends of the window included. */
function holesOf(spans: readonly LogSpan[], { start, end }: Hole, tolerance: number): readonly Hole[] {
  const holes: Hole[] = [];
  let reached = start;
  for (const [first, last] of unionOfSpans(spans)) {
    if (last < start) continue;
    if (first >= end) break;
    holes.push({ start: reached, end: first });
    reached = Math.max(reached, last + 1);
  }
  return [...holes, { start: reached, end }].filter((hole) => hole.end - hole.start > tolerance);
}

/** The hours that holes are told in. */
function holedHours(holes: readonly Hole[], hours: readonly Hole[], tolerance: number): ReadonlySet<Hole> {
  const told = holes.flatMap((hole) => {
    const within = (hour: Hole): number => Math.min(hole.end, hour.end) - Math.max(hole.start, hour.start);
    const most = hours.filter((hour) => within(hour) > tolerance);
    return most.length > 0 ? most : hours.filter((hour) => within(hour) > 0).slice(0, 1);
  });
  return new Set(told);
}
