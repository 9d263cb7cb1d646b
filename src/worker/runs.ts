import type { Project, Workplace } from '../audit/index.ts';
import { keepRun, nextSlot } from '../audit/index.ts';
import { parseInstant } from '../core/index.ts';

/** What a worker remembers between its ticks: which runs to keep alive, and which deployments to look at when. */
export interface RunKeeper {
  /** A run of which steps wait or are taken. */
  readonly began: (runId: string, deployment: string) => void;
  /** It has its report, or ended without one. */
  readonly ended: (runId: string, deployment: string) => void;
  /** Renews the leases of the runs that are known. */
  readonly keepAll: () => Promise<void>;
  /** The deployments that it is time to look at. */
  readonly toLookAt: (now: number) => readonly string[];
  readonly looked: (deployment: string, now: number) => void;
  readonly lookAtAll: () => void;
}

export function createRunKeeper(
  { site }: Workplace,
  served: Project['deployments'],
  { lookAgainMs, lateMs }: { readonly lookAgainMs: number; readonly lateMs: number },
): RunKeeper {
  const runs = new Map<string, string>();
  const schedules = new Map(served.map(({ id, schedule }) => [id, schedule]));
  const looks = new Map(served.map(({ id }) => [id, 0]));
  return {
    began: (runId, deployment) => void runs.set(runId, deployment),
    ended: (runId, deployment) => {
      runs.delete(runId);
      // A newer slot may have fallen due meanwhile.
      if (looks.has(deployment)) looks.set(deployment, 0);
    },
    keepAll: async () => {
      for (const [runId, deployment] of runs) {
        const kept = await keepRun(site, deployment, runId).catch(() => true);
        if (!kept) runs.delete(runId);
      }
    },
    toLookAt: (now) => [...looks].filter(([, at]) => at <= now).map(([deployment]) => deployment),
    looked: (deployment, now) => {
      const schedule = schedules.get(deployment);
      const next = schedule === undefined ? null : nextSlot(schedule, now);
      const soon = now + lookAgainMs;
      looks.set(deployment, next === null ? soon : Math.min(soon, parseInstant(next) + lateMs));
    },
    lookAtAll: () => {
      for (const deployment of looks.keys()) looks.set(deployment, 0);
    },
  };
}
