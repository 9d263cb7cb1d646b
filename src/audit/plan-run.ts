import type { Clock, Instant, TimeWindow } from '../core/index.ts';
import { toInstant } from '../core/index.ts';
import type { Policy, Result } from '../policy/index.ts';
import type { RunHistory } from '../storage/index.ts';
import type { DeploymentScope, Project } from './project.ts';
import type { RunInputs } from './run-inputs.ts';
import {
  adHocWindow,
  compactInstant,
  requireSlot,
  scanCounts,
  scheduledWindow,
  validUntil,
} from './run-window.ts';

/** Evidence that was read longer than this before the end of a window does not speak for it. */
const MAX_AGE_HOURS = 24;

/** What is asked of one run. */
export interface RunRequest {
  readonly deployment: string;
  /** The slot of the schedule that the run serves; without one it is a run beside the schedule. */
  readonly slot?: Instant;
  /** A window chosen by hand; it makes the run one beside the schedule. */
  readonly window?: TimeWindow;
  /** Who runs it, as page one says. */
  readonly runBy: string;
  readonly marks: Result['marks'];
}

/** Names a run: the same slot is the same run, however often it is started. */
export function runIdOf({ deployment, slot, window }: RunRequest, startedAt: Instant): string {
  return slot === undefined || window !== undefined
    ? `${deployment}-${compactInstant(startedAt)}-adhoc`
    : `${deployment}-${compactInstant(slot)}`;
}

/** What the run must know of earlier ones besides the ledger. */
export interface Past {
  readonly history: RunHistory;
  readonly previousPolicies: readonly Policy[] | null;
}

/**
 * Fixes everything that the verdict will depend on besides the audited systems.
 *
 * @throws DomicileError `USAGE` for a slot that the schedule does not have, or whose period is reported already.
 */
export function planRun(
  project: Project,
  scope: DeploymentScope,
  request: RunRequest,
  past: Past,
  { clock, toolVersion }: { readonly clock: Clock; readonly toolVersion: string },
): RunInputs {
  const startedAt = toInstant(clock.now());
  const { schedule } = scope.deployment;
  const slot = request.window === undefined ? (request.slot ?? null) : null;
  if (slot !== null) requireSlot(schedule, slot);
  const last = past.history.reports.at(-1);
  return {
    facts: {
      runId: runIdOf(request, startedAt),
      slot,
      startedAt,
      window:
        request.window ??
        (slot === null ? adHocWindow(clock.now()) : scheduledWindow(schedule, slot, past.history.reports)),
      runBy: request.runBy,
      operator: project.operator,
      toolVersion,
      marks: [...request.marks, ...(project.adHocPolicies ? (['adhoc-policy'] as const) : [])],
      validUntil: validUntil(schedule, slot ?? startedAt),
      maxAgeHours: MAX_AGE_HOURS,
    },
    chain: {
      sequence: (last?.sequence ?? 0) + 1,
      previous: last?.statement ?? null,
      scans: scanCounts(schedule, past.history, {
        runId: runIdOf(request, startedAt),
        at: slot ?? startedAt,
      }),
      previousPolicies: past.previousPolicies,
    },
    deployment: scope.deployment,
    policies: scope.policies,
    waivers: scope.waivers,
    dataMaps: scope.dataMaps,
    dataSets: project.dataSets,
  };
}
