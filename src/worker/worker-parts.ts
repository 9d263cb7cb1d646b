import type { Workplace } from '../audit/index.ts';
import type { Json } from '../core/index.ts';
import type { QueueTiming, StepQueue } from './queue/step-queue.ts';
import type { RunKeeper } from './runs.ts';
import type { StepPool } from './steps/step-pool.ts';
import type { Alerter } from './watch/alerts.ts';
import type { Log } from './watch/log.ts';
import type { MetricBook } from './watch/metrics.ts';

/** How often a worker looks around, in milliseconds. */
export interface WorkerTiming extends QueueTiming {
  readonly tickMs: number;
  /** How long after its last look a deployment is looked at again, whatever its schedule says. */
  readonly lookAgainMs: number;
  /** How long after a slot the worker asks for it itself: the queue's own scheduler goes first. */
  readonly lateMs: number;
  /** How long a step that cannot be taken here is left to others. */
  readonly handBackMs: number;
  /** How long steps may go on after the worker was asked to stop. */
  readonly graceMs: number;
  readonly alertPauses: readonly number[];
}

export interface WorkerSettings {
  readonly queueUrl: string;
  readonly jurisdiction: readonly string[];
  /** Steps at once, each in a thread of its own. */
  readonly concurrency: number;
  /** The module and settings by which each thread opens the same workplace. */
  readonly thread: { readonly module: string; readonly settings: Json };
  readonly watch?: { readonly host: string; readonly port: number };
  readonly alertWebhook?: string;
  readonly timing: WorkerTiming;
}

/** What the parts of a worker share. */
export interface WorkerParts {
  readonly place: Workplace;
  readonly settings: WorkerSettings;
  readonly queue: StepQueue;
  readonly pool: StepPool;
  readonly runs: RunKeeper;
  readonly alert: Alerter;
  readonly metrics: MetricBook;
  readonly log: Log;
  /** Whether somebody asked it to stop. */
  readonly stopping: AbortSignal;
}
