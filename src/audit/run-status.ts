import type { Clock, Instant } from '../core/index.ts';
import { parseInstant, toInstant } from '../core/index.ts';
import type { Deployment } from '../evidence/index.ts';
import type { ChainEntry, RunHistory } from '../storage/index.ts';
import { currentLease, openLedger } from '../storage/index.ts';
import { dueRun, nextSlot } from './due-run.ts';
import { scanCounts } from './run-window.ts';

/** How the scans of a deployment stand, by its ledger and its schedule: no queue is asked. */
export interface DeploymentStatus {
  readonly deployment: string;
  readonly jurisdiction: readonly string[];
  readonly last: {
    readonly runId: string;
    readonly sequence: number;
    readonly slot: Instant | null;
    readonly at: Instant;
    readonly verdict: string;
    readonly validUntil: Instant;
    /** Whether the report still speaks for today. */
    readonly current: boolean;
  } | null;
  readonly running: { readonly runId: string; readonly since: Instant } | null;
  /** The slot that waits for a worker, or whose run began and did not end. */
  readonly due: Instant | null;
  readonly next: Instant | null;
  /** Slots of the last month, or since the last report, that no run served. */
  readonly missed: readonly Instant[];
  /** The last run that ended without a report, with its reason code. */
  readonly aborted: { readonly runId: string; readonly at: Instant; readonly why: string } | null;
}

/** @throws DomicileError `BAD_INPUT` for a damaged ledger. */
export async function deploymentStatus(
  root: string,
  deployment: Pick<Deployment, 'id' | 'jurisdiction' | 'schedule'>,
  clock: Clock,
): Promise<DeploymentStatus> {
  const history = await readHistory(root, deployment.id);
  const lease = await currentLease(root, deployment.id, clock);
  const now = clock.now();
  const due = dueRun(deployment.schedule, history, now);
  const waiting = due.kind === 'begin' || due.kind === 'resume' ? due.slot : null;
  const ended = history.runs.findLast((entry) => entry.type === 'aborted');
  return {
    deployment: deployment.id,
    jurisdiction: deployment.jurisdiction,
    last: lastReport(history.reports.at(-1), now),
    running: lease === undefined ? null : { runId: lease.runId, since: toInstant(lease.since) },
    due: waiting,
    next: nextSlot(deployment.schedule, now),
    missed: scanCounts(deployment.schedule, history, { runId: '', at: toInstant(now) }).missed.filter(
      (slot) => slot !== waiting,
    ),
    aborted: ended === undefined ? null : { runId: ended.runId, at: ended.at, why: ended.why },
  };
}

/** Everything that is known of a deployment's runs. */
export function readHistory(root: string, deployment: string): Promise<RunHistory> {
  return openLedger(root, deployment).history();
}

function lastReport(entry: ChainEntry | undefined, now: number): DeploymentStatus['last'] {
  if (entry === undefined) return null;
  const { runId, sequence, slot, at, verdict, validUntil } = entry;
  return { runId, sequence, slot, at, verdict, validUntil, current: now <= parseInstant(validUntil) };
}
