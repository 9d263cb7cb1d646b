import { dueSlots } from '../config/index.ts';
import type { Instant, TimeWindow } from '../core/index.ts';
import { DomicileError, parseInstant, toInstant } from '../core/index.ts';
import type { Deployment } from '../evidence/index.ts';
import type { ChainEntry, RunEntry, RunHistory } from '../storage/index.ts';
import type { ChainFacts } from './run-inputs.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Flow logs are delivered late: a window ends this long before its slot, so that it can be complete. */
const SETTLE_MS = 2 * HOUR;
const AD_HOC_WINDOW_MS = DAY;
/** How far back the count of scans on page one reaches, at least. */
const SCAN_PERIOD_MS = 31 * DAY;
const MISSED_NAMED = 100;

type Schedule = Deployment['schedule'];

/** The slots of a schedule after `from`, up to and with `to`. */
export function slotsAfter({ cron, timeZone }: Schedule, from: number, to: number): readonly Instant[] {
  return dueSlots(cron, timeZone, toInstant(from + 1000), toInstant(to + 1000));
}

/**
 * The span that a scheduled run speaks of: it ends a settle time before its slot and starts where the last
 * scheduled report's ended, so that windows join without a hole. The first one starts at the slot before.
 */
export function scheduledWindow(
  schedule: Schedule,
  slot: Instant,
  reports: readonly ChainEntry[],
): TimeWindow {
  const end = parseInstant(slot) - SETTLE_MS;
  const last = reports.findLast(({ scheduled }) => scheduled);
  if (last !== undefined) {
    if (parseInstant(last.windowEnd) >= end) {
      throw new DomicileError('USAGE', {
        message: `expected a slot whose period is not reported yet, found that report ${last.sequence} speaks up to ${last.windowEnd}`,
        hint: 'leave --slot out for a report beside the schedule',
      });
    }
    return { start: last.windowEnd, end: toInstant(end) };
  }
  const before = slotsAfter(schedule, parseInstant(slot) - 40 * DAY, parseInstant(slot) - 1000).at(-1);
  const start = before === undefined ? end - DAY : parseInstant(before) - SETTLE_MS;
  return { start: toInstant(start), end: toInstant(end) };
}

/** The span of a run beside the schedule: the last day that can be complete. */
export function adHocWindow(now: number): TimeWindow {
  return {
    start: toInstant(now - SETTLE_MS - AD_HOC_WINDOW_MS),
    end: toInstant(now - SETTLE_MS),
  };
}

/**
 * Whether an instant is a slot of the schedule.
 *
 * @throws DomicileError `USAGE` where it is none, naming the nearest before it.
 */
export function requireSlot(schedule: Schedule, slot: Instant): void {
  const at = parseInstant(slot);
  const slots = slotsAfter(schedule, at - 40 * DAY, at);
  if (slots.at(-1) === toInstant(at)) return;
  throw new DomicileError('USAGE', {
    message: `expected a slot of the schedule "${schedule.cron}" in ${schedule.timeZone}, found ${slot}`,
    hint:
      slots.length === 0 ? 'it has none in the 40 days before' : `the last one before it is ${slots.at(-1)}`,
  });
}

/** Until when a report can be called current: the next slot, plus a settle time for the report that it brings. */
export function validUntil(schedule: Schedule, from: Instant): Instant {
  const start = parseInstant(from);
  const next = slotsAfter(schedule, start, start + 400 * DAY)[0];
  return toInstant((next === undefined ? start + DAY : parseInstant(next)) + SETTLE_MS);
}

/** What the ledger says about the scans up to and with the present run. */
export function scanCounts(
  schedule: Schedule,
  history: RunHistory,
  run: { readonly runId: string; readonly at: Instant },
): ChainFacts['scans'] {
  const now = parseInstant(run.at);
  const last = history.reports.at(-1);
  const from = Math.min(now - SCAN_PERIOD_MS, last === undefined ? now : parseInstant(last.at));
  const inPeriod = ({ at }: { readonly at: Instant }): boolean => parseInstant(at) >= from;
  const others = history.runs.filter((entry) => inPeriod(entry) && entry.runId !== run.runId);
  const started = startedRuns(others);
  const finished = history.reports.filter(inPeriod);
  const done = new Set(finished.map(({ runId }) => runId));
  const due = dueSince(schedule, history, from, now);
  const served = new Set([...slotsOf(others), ...finished.map(({ slot }) => slot), toSlot(run.runId, due)]);
  return {
    due: due.length,
    started: started.size + 1,
    finished: finished.length,
    passed: finished.filter(({ verdict }) => verdict === 'pass').length,
    aborted: [...started].filter((runId) => !done.has(runId)).length,
    missed: due.filter((slot) => !served.has(slot)).slice(0, MISSED_NAMED),
  };
}

/** Before the first run that is known of, nothing was due: nobody had set the schedule up. */
function dueSince(schedule: Schedule, { runs }: RunHistory, from: number, now: number): readonly Instant[] {
  const first = runs.find(({ type }) => type === 'started');
  const since = Math.max(from, first === undefined ? now : parseInstant(first.at));
  const known = first?.type === 'started' && first.slot !== null ? parseInstant(first.slot) : since;
  return slotsAfter(schedule, Math.min(since, known, now) - 1000, now);
}

function startedRuns(runs: readonly RunEntry[]): ReadonlySet<string> {
  return new Set(runs.filter(({ type }) => type === 'started').map(({ runId }) => runId));
}

function slotsOf(runs: readonly RunEntry[]): readonly (string | null)[] {
  return runs.flatMap((entry) => (entry.type === 'started' ? [entry.slot] : []));
}

/** The slot that a run id names, among the due ones. */
function toSlot(runId: string, due: readonly Instant[]): Instant | null {
  return due.find((slot) => runId.endsWith(compactInstant(slot))) ?? null;
}

/** `2026-11-22T20:00:00Z` -> `20261122T200000Z`, as it stands in run ids and folder names. */
export function compactInstant(instant: Instant): string {
  return instant.replaceAll(/[:-]/g, '');
}
