import type { Instant } from '../core/index.ts';
import { parseInstant } from '../core/index.ts';
import type { Deployment } from '../evidence/index.ts';
import type { RunHistory } from '../storage/index.ts';
import { slotsAfter } from './run-window.ts';

/** A run that began and of which no end is known. */
export interface UnfinishedRun {
  readonly runId: string;
  readonly slot: Instant | null;
  /** How often it was begun since it last ended. */
  readonly begun: number;
}

/** What a deployment's schedule asks for now. */
export type DueRun =
  | { readonly kind: 'none'; readonly next: Instant | null }
  /** A run of a slot began and did not end: it goes on before anything new begins. */
  | { readonly kind: 'resume'; readonly slot: Instant; readonly runId: string; readonly begun: number }
  /** The newest slot that is due; older ones that nobody served are missed. */
  | { readonly kind: 'begin'; readonly slot: Instant; readonly missed: readonly Instant[] }
  /** The clock stands before something that has happened already: what it says is due cannot be trusted. */
  | { readonly kind: 'clock-behind'; readonly known: Instant };

const DAY = 86_400_000;
/** How far back a slot is looked for: the longest month and a settle time. */
const LOOK_BACK_MS = 40 * DAY;
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** The runs that began and of which no end is known, oldest first. */
export function unfinishedRuns({ runs, reports }: RunHistory): readonly UnfinishedRun[] {
  const open = new Map<string, UnfinishedRun>();
  for (const entry of runs) {
    if (entry.type === 'aborted') open.delete(entry.runId);
    else {
      const begun = (open.get(entry.runId)?.begun ?? 0) + 1;
      open.set(entry.runId, { runId: entry.runId, slot: entry.slot, begun });
    }
  }
  for (const { runId } of reports) open.delete(runId);
  return [...open.values()];
}

/**
 * Decides by the ledger and the schedule alone, so that neither a dead worker nor an emptied queue can hide a
 * slot. Where nothing ever ran, the newest slot is due: the first report need not wait for the next one.
 */
export function dueRun(schedule: Deployment['schedule'], history: RunHistory, now: number): DueRun {
  const known = lastKnown(history);
  if (known !== undefined && now < parseInstant(known) - CLOCK_TOLERANCE_MS)
    return { kind: 'clock-behind', known };
  const open = unfinishedRuns(history).findLast(({ slot }) => slot !== null);
  if (open !== undefined && open.slot !== null)
    return { kind: 'resume', slot: open.slot, runId: open.runId, begun: open.begun };

  const served = lastServedSlot(history);
  const earliest = now - LOOK_BACK_MS;
  const from = served === undefined ? earliest : Math.max(earliest, parseInstant(served));
  const due = slotsAfter(schedule, from, now);
  const slot = due.at(-1);
  if (slot === undefined) return { kind: 'none', next: nextSlot(schedule, now) };
  return { kind: 'begin', slot, missed: served === undefined ? [] : due.slice(0, -1) };
}

/** The first slot after an instant, or null where the schedule has none within a year and a month. */
export function nextSlot(schedule: Deployment['schedule'], after: number): Instant | null {
  for (const days of [2, 40, 400]) {
    const found = slotsAfter(schedule, after, after + days * DAY)[0];
    if (found !== undefined) return found;
  }
  return null;
}

/** The latest slot that a run was begun for, whatever became of it. */
function lastServedSlot({ runs, reports }: RunHistory): Instant | undefined {
  const slots = [
    ...runs.map((entry) => (entry.type === 'started' ? entry.slot : null)),
    ...reports.map(({ slot }) => slot),
  ];
  return latest(slots.filter((slot) => slot !== null));
}

function lastKnown({ runs, reports }: RunHistory): Instant | undefined {
  return latest([...runs, ...reports].map(({ at }) => at));
}

function latest(instants: readonly Instant[]): Instant | undefined {
  return instants.reduce<Instant | undefined>(
    (last, one) => (last === undefined || parseInstant(one) > parseInstant(last) ? one : last),
    undefined,
  );
}
