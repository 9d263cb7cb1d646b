import type { Instant } from '../core/index.ts';
import { DomicileError } from '../core/index.ts';

/** The steps that travel through a queue. */
const STEP_NAMES = ['due', 'collect', 'finish'] as const;
export type StepName = (typeof STEP_NAMES)[number];

/**
 * A job, and all of it: what a queue holds is readable by whoever runs the queue, so it holds ids only.
 * `due` names the deployment whose next run it asks for; the slot is not in it, since only the ledger and our own
 * schedule say which one that is.
 */
export interface StepJob {
  readonly v: 1;
  readonly runId: string;
  readonly step: StepName;
  /** The source that a `collect` step reads, such as `database/gateway`; else empty. */
  readonly shard: string;
}

/** Why a step ended as it did: the only words that a queue, a log or a metric gets of it. */
export const STEP_REASONS = [
  'DONE',
  'REPORTED',
  'NOTHING_DUE',
  'RUNNING',
  'RUN_ENDED',
  'ABORTED',
  'BUSY',
  'OTHER_INPUTS',
  'CLOCK_OFF',
  'GIVEN_UP',
  'CANCELLED',
  'CRASHED',
  'NOT_SERVED',
  'BAD_JOB',
  'USAGE',
  'BAD_INPUT',
  'NOT_FOUND',
  'TOO_LARGE',
  'DIGEST_MISMATCH',
  'UNDECLARED_EVIDENCE',
  'EGRESS_REFUSED',
  'UNREACHABLE',
  'STORAGE',
  'INTERNAL',
] as const;
export type StepReason = (typeof STEP_REASONS)[number];

/** What a step came to. Plain values: they cross a thread. */
export type StepOutcome =
  /** Nothing more to do about it; `why` says what was found. */
  | { readonly kind: 'done'; readonly why: StepReason; readonly tally?: CollectionTally }
  /** A run goes on: its sources are to be collected, then it is finished. */
  | {
      readonly kind: 'begun';
      readonly runId: string;
      readonly sources: readonly string[];
      /** Sources that are read when all others were, one after the other. */
      readonly ends: readonly string[];
      readonly missed: readonly Instant[];
    }
  /** A run of this deployment began before, and may be at work. */
  | { readonly kind: 'open'; readonly runId: string; readonly slot: Instant; readonly begun: number }
  /** A slot is due that no run was begun for. */
  | { readonly kind: 'due'; readonly slot: Instant; readonly missed: readonly Instant[] }
  /** Of the deployments asked about: those where something is due, and those whose ledger is ahead of the clock. */
  | {
      readonly kind: 'looked';
      readonly due: readonly string[];
      readonly behind: readonly string[];
    }
  | { readonly kind: 'reported'; readonly verdict: string; readonly report: string; readonly fresh: boolean }
  /** Another worker may do it, or this one later; it costs no attempt. */
  | { readonly kind: 'later'; readonly why: StepReason }
  /** It failed in a way that may pass. */
  | { readonly kind: 'retry'; readonly why: StepReason }
  /** The run ended without a report, and the ledger says so. */
  | { readonly kind: 'aborted'; readonly runId: string; readonly why: StepReason };

/** What a collection cost, for the metrics. */
export interface CollectionTally {
  readonly calls: number;
  readonly throttled: number;
  readonly bytes: number;
}

const RUN_ID = /^([a-z][a-z0-9-]{0,62})-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;
const DEPLOYMENT_ID = /^[a-z][a-z0-9-]{0,62}$/;
const SHARD = /^[A-Za-z0-9][A-Za-z0-9._/@-]{0,199}$/;

/** Whom a scheduled run is for and which slot it serves. @throws DomicileError `BAD_INPUT` for no run id. */
export function partsOfRunId(runId: string): { readonly deployment: string; readonly slot: Instant } {
  const [, deployment, year, month, day, hour, minute, second] = RUN_ID.exec(runId) ?? [];
  if (deployment === undefined)
    throw new DomicileError('BAD_INPUT', 'expected the id of a scheduled run, found another text');
  return { deployment, slot: `${year}-${month}-${day}T${hour}:${minute}:${second}Z` };
}

/** The deployment that a job is about. */
export function deploymentOf({ step, runId }: StepJob): string {
  return step === 'due' ? runId : partsOfRunId(runId).deployment;
}

/**
 * A job as it came out of a queue, which others may write to.
 *
 * @throws DomicileError `BAD_INPUT` for anything but exactly the four members in their forms.
 */
export function parseStepJob(data: unknown): StepJob {
  const job = typeof data === 'object' && data !== null ? { ...(data as Record<string, unknown>) } : {};
  const { v, runId, step, shard, ...others } = job;
  const known = STEP_NAMES.find((name) => name === step);
  const sound =
    v === 1 &&
    known !== undefined &&
    typeof runId === 'string' &&
    (known === 'due' ? DEPLOYMENT_ID : RUN_ID).test(runId) &&
    typeof shard === 'string' &&
    (known === 'collect' ? SHARD.test(shard) : shard === '') &&
    Object.keys(others).length === 0;
  if (!sound)
    throw new DomicileError('BAD_INPUT', 'expected a job of v, runId, step and shard, found another');
  return { v, runId, step: known, shard };
}

/** The reason of an error: its code, where it is one of ours. */
export function reasonOf(error: unknown): StepReason {
  if (error instanceof DomicileError) return error.code;
  return error instanceof Error && error.name === 'AbortError' ? 'CANCELLED' : 'INTERNAL';
}
