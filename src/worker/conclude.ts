import { unreachable } from '../core/index.ts';
import type { JobVerdict } from './queue/step-queue.ts';
import type { WorkerState } from './state.ts';
import type { CollectionTally, StepJob, StepOutcome, StepReason } from './step.ts';
import type { WorkerParts } from './worker-parts.ts';

/** What becomes of a job, once its step was taken. */
export type Conclude = (
  job: StepJob,
  deployment: string,
  outcome: StepOutcome,
  ms: number,
) => Promise<JobVerdict>;

type Told<Kind extends StepOutcome['kind']> = Extract<StepOutcome, { readonly kind: Kind }>;

/** Counts, tells and remembers what steps came to, and says what the queue is to do. */
export function createConcluder(parts: WorkerParts, state: WorkerState): Conclude {
  const { metrics, runs, alert, log, queue } = parts;
  const later = (why: StepReason): JobVerdict => ({
    kind: 'later',
    why,
    ms: parts.stopping.aborted ? 0 : parts.settings.timing.handBackMs,
  });
  return async (job, deployment, outcome, ms) => {
    noteStep(parts, job, deployment, outcome, ms);
    if (outcome.kind !== 'later' && state.noteClock(deployment, whyOf(outcome) === 'CLOCK_OFF'))
      log('error', 'clock-off', { deployment });
    switch (outcome.kind) {
      case 'done':
        if (outcome.why === 'RUN_ENDED') runs.ended(job.runId, deployment);
        if (outcome.tally !== undefined) addTally(parts, outcome.tally);
        return { kind: 'complete', why: outcome.why };
      case 'begun':
        runs.began(outcome.runId, deployment);
        await queue.addRun(outcome.runId, outcome.sources, outcome.ends);
        tellMissed(parts, deployment, outcome);
        return { kind: 'complete', why: 'DONE' };
      case 'reported':
        runs.ended(job.runId, deployment);
        state.noteReport();
        tellReport(parts, deployment, outcome);
        return { kind: 'complete', why: 'REPORTED' };
      case 'aborted':
        runs.ended(outcome.runId, deployment);
        metrics.add('aborted', { why: outcome.why });
        void alert({ v: 1, verdict: 'aborted', report: outcome.runId });
        return { kind: 'complete', why: 'ABORTED' };
      case 'later':
        return later(outcome.why);
      case 'retry':
        return parts.stopping.aborted ? later('CANCELLED') : outcome;
      case 'open':
      case 'due':
      case 'looked':
        return { kind: 'complete', why: 'INTERNAL' };
      default:
        return unreachable(outcome);
    }
  };
}

function noteStep(
  { metrics, log }: WorkerParts,
  { step, runId, shard }: StepJob,
  deployment: string,
  outcome: StepOutcome,
  ms: number,
): void {
  const why = whyOf(outcome);
  metrics.add('steps', { step, why });
  metrics.add('stepSeconds', { step }, ms / 1000);
  if (why === 'NOTHING_DUE' || why === 'RUNNING') return;
  const trouble = outcome.kind === 'retry' || outcome.kind === 'aborted';
  log(trouble ? 'warning' : 'info', 'step', {
    deployment,
    ...(step === 'due' ? {} : { runId }),
    step,
    ...(shard === '' ? {} : { shard }),
    why,
    ms,
  });
}

function addTally({ metrics }: WorkerParts, { calls, throttled, bytes }: CollectionTally): void {
  metrics.add('calls', {}, calls);
  metrics.add('throttles', {}, throttled);
  metrics.add('bytes', {}, bytes);
}

function tellMissed({ metrics, alert }: WorkerParts, deployment: string, { missed }: Told<'begun'>): void {
  for (const slot of missed) {
    metrics.add('missed', {});
    void alert({ v: 1, verdict: 'missed', report: `${deployment}-${slot.replaceAll(/[:-]/g, '')}` });
  }
}

/** A report that another try wrote was counted and told by it. */
function tellReport(
  { metrics, alert, log }: WorkerParts,
  deployment: string,
  { verdict, report, fresh }: Told<'reported'>,
): void {
  if (!fresh) return;
  metrics.add('scans', { verdict });
  log('info', 'report', { deployment, verdict, report });
  if (verdict === 'fail' || verdict === 'inconclusive') void alert({ v: 1, verdict, report });
}

function whyOf(outcome: StepOutcome): StepReason {
  switch (outcome.kind) {
    case 'done':
    case 'later':
    case 'retry':
    case 'aborted':
      return outcome.why;
    case 'begun':
      return 'DONE';
    case 'reported':
      return 'REPORTED';
    case 'open':
    case 'due':
    case 'looked':
      return 'INTERNAL';
    default:
      return unreachable(outcome);
  }
}
