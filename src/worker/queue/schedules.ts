import type { JobsOptions, Queue } from 'bullmq';
import type { StepJob } from '../step.ts';
import { answered } from './answered.ts';

/** When the steps of one deployment fall due: what the library's own scheduler is told. */
export interface ScheduleEntry {
  readonly deployment: string;
  readonly cron: string;
  readonly timeZone: string;
}

/** What became of the schedules in the queue. */
export interface SyncOutcome {
  readonly added: readonly string[];
  readonly replaced: readonly string[];
  readonly removed: readonly string[];
  readonly kept: number;
}

/** The schedules in a queue. */
export interface QueueSchedules {
  readonly list: () => Promise<readonly ScheduleEntry[]>;
  readonly sync: (wanted: readonly ScheduleEntry[]) => Promise<SyncOutcome>;
  readonly ensure: (wanted: readonly ScheduleEntry[]) => Promise<number>;
}

/** @param jobOf what the queue's own scheduler queues when a deployment's time has come. */
export function queueSchedules(
  queue: Pick<
    Queue,
    'upsertJobScheduler' | 'removeJobScheduler' | 'getJobSchedulers' | 'getJobSchedulersCount'
  >,
  jobOf: (deployment: string) => StepJob,
  opts: JobsOptions,
): QueueSchedules {
  const upsert = async ({ deployment, cron, timeZone }: ScheduleEntry): Promise<void> => {
    const template = { name: 'due', data: jobOf(deployment), opts };
    await answered(queue.upsertJobScheduler(deployment, { pattern: cron, tz: timeZone }, template));
  };
  const list = async (): Promise<readonly ScheduleEntry[]> =>
    (await answered(queue.getJobSchedulers(0, -1, true))).map(({ key, pattern, tz }) => ({
      deployment: key,
      cron: pattern ?? '',
      timeZone: tz ?? '',
    }));
  return {
    list,
    sync: async (wanted) => {
      const present = new Map((await list()).map((entry) => [entry.deployment, entry]));
      const added = wanted.filter(({ deployment }) => !present.has(deployment));
      const replaced = wanted.filter((entry) => isOther(entry, present.get(entry.deployment)));
      const names = new Set(wanted.map(({ deployment }) => deployment));
      const removed = [...present.keys()].filter((deployment) => !names.has(deployment));
      for (const entry of [...added, ...replaced]) await upsert(entry);
      for (const deployment of removed) await answered(queue.removeJobScheduler(deployment));
      return {
        added: added.map(({ deployment }) => deployment),
        replaced: replaced.map(({ deployment }) => deployment),
        removed,
        kept: wanted.length - added.length - replaced.length,
      };
    },
    ensure: async (wanted) => {
      if ((await answered(queue.getJobSchedulersCount())) >= wanted.length) return 0;
      const present = new Set((await list()).map(({ deployment }) => deployment));
      const missing = wanted.filter(({ deployment }) => !present.has(deployment));
      for (const entry of missing) await upsert(entry);
      return missing.length;
    },
  };
}

function isOther(wanted: ScheduleEntry, present: ScheduleEntry | undefined): boolean {
  return present !== undefined && (present.cron !== wanted.cron || present.timeZone !== wanted.timeZone);
}
