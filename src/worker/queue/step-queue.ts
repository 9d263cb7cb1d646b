import type { FlowJob, Job, JobsOptions } from 'bullmq';
import { DelayedError, FlowProducer, Queue, Worker } from 'bullmq';
import { sha256Hex } from '../../core/index.ts';
import type { StepJob, StepReason } from '../step.ts';
import { parseStepJob } from '../step.ts';
import { answered, codeOf } from './answered.ts';
import type { QueueBackend } from './backend.ts';
import { QUEUE_PREFIX } from './backend.ts';
import type { ScheduleEntry, SyncOutcome } from './schedules.ts';
import { queueSchedules } from './schedules.ts';

/** What a worker says of a job it was given. Only the reason reaches the queue. */
export type JobVerdict =
  | { readonly kind: 'complete'; readonly why: StepReason }
  | { readonly kind: 'retry'; readonly why: StepReason }
  | { readonly kind: 'later'; readonly why: StepReason; readonly ms: number };

export interface JobTry {
  /** Whether a failure of this try would be final. */
  readonly last: boolean;
  /** When the job was made, in milliseconds since the epoch by the clock of who made it. */
  readonly made: number;
}

export interface QueueTiming {
  /** How long a job is a worker's without a sign of life. */
  readonly lockMs: number;
  readonly stalledMs: number;
  /** The first pause after a failed try; each further one doubles. */
  readonly backoffMs: number;
}

/**
 * The steps of one jurisdiction. Losing what it holds loses nothing but time: runs are found again in their folders
 * and ledgers. Safe for any number of processes at once.
 */
export interface StepQueue {
  readonly name: string;
  /** @throws DomicileError `UNREACHABLE` where the queue does not answer in time. */
  readonly ping: () => Promise<void>;
  /** Makes the queue's schedules equal to these. */
  readonly syncSchedules: (wanted: readonly ScheduleEntry[]) => Promise<SyncOutcome>;
  /** Adds those that are missing, as after the queue was emptied, and gives how many. */
  readonly ensureSchedules: (wanted: readonly ScheduleEntry[]) => Promise<number>;
  readonly schedules: () => Promise<readonly ScheduleEntry[]>;
  /** Asks for a look at what is due for a deployment; one request at a time waits. */
  readonly nudge: (deployment: string) => Promise<void>;
  /**
   * Queues what a begun run still needs: its sources in any order, then one after the other those that are read at
   * the end, then its report. Done twice it is done once.
   */
  readonly addRun: (runId: string, sources: readonly string[], ends?: readonly string[]) => Promise<void>;
  /** Whether steps of a run wait, run or will be tried again. */
  readonly isLive: (runId: string) => Promise<boolean>;
  /** Jobs by state. */
  readonly depth: () => Promise<Readonly<Record<string, number>>>;
  /** Takes jobs until it is closed. */
  readonly work: (
    take: (job: StepJob, attempt: JobTry) => Promise<JobVerdict>,
    concurrency: number,
  ) => { readonly close: (force: boolean) => Promise<void> };
  readonly close: () => Promise<void>;
}

const ATTEMPTS = 5;
/** A worker that is killed hands its job on; one that kills every worker is given up after so many. */
const MOST_STALLED = 20;
/** How long a worker waits before it asks a queue again that did not let it connect. */
const RETRY_MS = 2_000;
const STATES = ['waiting', 'active', 'delayed', 'waiting-children', 'failed'] as const;
const LIVE: ReadonlySet<string> = new Set([
  'waiting',
  'active',
  'delayed',
  'waiting-children',
  'prioritized',
]);

/** What the library stores of an error is its message and its stack: a code, and nothing. */
class StepFailure extends Error {
  constructor(why: StepReason) {
    super(why);
    this.name = 'StepFailure';
    this.stack = '';
  }
}

/** Nothing of a job stays when it is done: the reports say what was, the queue what is to do. */
const OPTIONS = {
  removeOnComplete: true,
  removeOnFail: true,
  stackTraceLimit: 0,
  attempts: ATTEMPTS,
} as const satisfies JobsOptions;

/** @param name the jurisdiction, such as `CN` or `DE+FR`. */
export function openStepQueue(
  { connection, factory }: QueueBackend,
  name: string,
  timing: QueueTiming,
  onTrouble: (code: string) => void,
): StepQueue {
  const base = { connection, prefix: QUEUE_PREFIX };
  const jobOptions = {
    ...OPTIONS,
    backoff: { type: 'exponential', delay: timing.backoffMs, jitter: 0.5 },
  } as const;
  const queue = factory === undefined ? new Queue(name, base) : new Queue(name, base, factory);
  const flows = factory === undefined ? new FlowProducer(base) : new FlowProducer(base, factory);
  const trouble = (error: unknown): void => onTrouble(codeOf(error));
  queue.on('error', trouble);
  flows.on('error', trouble);

  const schedules = queueSchedules(queue, (deployment) => job(deployment, 'due'), jobOptions);
  return {
    name,
    ping: async () => {
      await answered(queue.getJobCounts('waiting'));
    },
    syncSchedules: schedules.sync,
    ensureSchedules: schedules.ensure,
    schedules: schedules.list,
    nudge: async (deployment) => {
      await answered(queue.add('due', job(deployment, 'due'), { ...jobOptions, jobId: `${deployment}.due` }));
    },
    addRun: async (runId, sources, ends = []) => {
      const finish = { name: 'finish', data: job(runId, 'finish'), queueName: name };
      const collect = (source: string, children: readonly FlowJob[]): FlowJob => ({
        name: 'collect',
        data: job(runId, 'collect', source),
        queueName: name,
        opts: {
          ...jobOptions,
          jobId: `${runId}.${sha256Hex(source).slice(0, 16)}`,
          // The step ends the run itself where it fails for good; one whose worker was killed too often lets the
          // finish find out.
          ignoreDependencyOnFailure: true,
        },
        children: [...children],
      });
      const first = sources.map((source) => collect(source, []));
      const children = ends.reduce<readonly FlowJob[]>((before, end) => [collect(end, before)], first);
      const opts = { ...jobOptions, jobId: finishId(runId) };
      await answered(flows.add({ ...finish, opts, children: [...children] }));
    },
    isLive: async (runId) => {
      const found = await answered(queue.getJob(finishId(runId)));
      if (found === undefined || found === null) return false;
      if (LIVE.has(await answered(found.getState()))) return true;
      await answered(found.remove());
      return false;
    },
    depth: async () => answered(queue.getJobCounts(...STATES)),
    work: (take, concurrency) => {
      const process = async (taken: Job, token?: string): Promise<string> =>
        applied(await verdictOn(taken, take), taken, token);
      const options = {
        ...base,
        concurrency,
        lockDuration: timing.lockMs,
        stalledInterval: timing.stalledMs,
        maxStalledCount: MOST_STALLED,
        runRetryDelay: RETRY_MS,
      };
      const worker =
        factory === undefined
          ? new Worker(name, process, options)
          : new Worker(name, process, options, factory);
      worker.on('error', trouble);
      return { close: (force) => worker.close(force) };
    },
    close: async () => {
      await Promise.all([queue.close(), flows.close()]);
    },
  };
}

async function verdictOn(
  taken: Job,
  take: (job: StepJob, attempt: JobTry) => Promise<JobVerdict>,
): Promise<JobVerdict> {
  let parsed: StepJob;
  try {
    parsed = parseStepJob(taken.data);
  } catch {
    return { kind: 'complete', why: 'BAD_JOB' };
  }
  const last = taken.attemptsMade + 1 >= (taken.opts.attempts ?? 1);
  return take(parsed, { last, made: taken.timestamp }).catch(
    () => ({ kind: 'retry', why: 'INTERNAL' }) as const,
  );
}

async function applied(verdict: JobVerdict, taken: Job, token: string | undefined): Promise<string> {
  if (verdict.kind === 'complete') return verdict.why;
  if (verdict.kind === 'retry') throw new StepFailure(verdict.why);
  await taken.moveToDelayed(Date.now() + verdict.ms, token);
  throw new DelayedError(verdict.why);
}

function job(runId: string, step: StepJob['step'], shard = ''): StepJob {
  return { v: 1, runId, step, shard };
}

function finishId(runId: string): string {
  return `${runId}.finish`;
}
