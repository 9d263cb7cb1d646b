import type { Project } from '../audit/index.ts';
import { unreachable } from '../core/index.ts';
import { createConcluder } from './conclude.ts';
import type { JobTry, JobVerdict } from './queue/step-queue.ts';
import type { WorkerState } from './state.ts';
import type { StepJob, StepOutcome } from './step.ts';
import { deploymentOf } from './step.ts';
import type { WorkerParts } from './worker-parts.ts';

/** A run that was begun so often and never came to an end is ended: whatever kills it would kill it again. */
const MOST_BEGUN = 10;
/** How long a job that no worker of this inventory serves is kept for one of another inventory. */
const FOREIGN_MS = 10 * 60_000;

/** Says what to do with each job: the steps themselves are taken in threads. */
export function createStepTaker(
  parts: WorkerParts,
  served: Project['deployments'],
  state: WorkerState,
): (job: StepJob, attempt: JobTry) => Promise<JobVerdict> {
  const known = new Set(served.map(({ id }) => id));
  const conclude = createConcluder(parts, state);
  return async (job, attempt) => {
    const deployment = deploymentOf(job);
    if (!known.has(deployment)) {
      const young = Date.now() - attempt.made < FOREIGN_MS;
      const ms = parts.settings.timing.handBackMs;
      return young ? { kind: 'later', why: 'NOT_SERVED', ms } : { kind: 'complete', why: 'NOT_SERVED' };
    }
    const from = performance.now();
    const outcome = await stepOf(job, deployment, attempt, parts);
    return conclude(job, deployment, outcome, Math.round(performance.now() - from));
  };
}

async function stepOf(
  { step, runId, shard }: StepJob,
  deployment: string,
  { last }: JobTry,
  parts: WorkerParts,
): Promise<StepOutcome> {
  switch (step) {
    case 'due':
      return whatIsDue(deployment, parts);
    case 'collect':
      parts.runs.began(runId, deployment);
      return parts.pool.take({ step: 'collect', runId, shard, last });
    case 'finish':
      parts.runs.began(runId, deployment);
      return parts.pool.take({ step: 'finish', runId, last });
    default:
      return unreachable(step);
  }
}

/** Begins what is due, or what began before and of which the queue knows nothing any more. */
async function whatIsDue(deployment: string, { pool, queue, runs }: WorkerParts): Promise<StepOutcome> {
  const found = await pool.take({ step: 'due', deployment });
  if (found.kind === 'due')
    return pool.take({ step: 'begin', deployment, slot: found.slot, missed: found.missed });
  if (found.kind !== 'open') return found;
  const { runId, slot, begun } = found;
  if (await queue.isLive(runId)) {
    runs.began(runId, deployment);
    return { kind: 'done', why: 'RUNNING' };
  }
  if (begun >= MOST_BEGUN) return pool.take({ step: 'end', runId, why: 'GIVEN_UP' });
  return pool.take({ step: 'begin', deployment, slot, missed: [] });
}
