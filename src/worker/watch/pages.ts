import type { Project } from '../../audit/index.ts';
import { deploymentStatus } from '../../audit/index.ts';
import { parseInstant } from '../../core/index.ts';
import type { WorkerState } from '../state.ts';
import type { WorkerParts } from '../worker-parts.ts';
import type { WatchPages } from './http.ts';

/** Ledgers are read again after this long: thousands of deployments are thousands of files. */
const FRESH_MS = 60_000;

/** What the worker serves about itself. */
export function watchPages(
  { place, queue, metrics }: Pick<WorkerParts, 'place' | 'queue' | 'metrics'>,
  served: Project['deployments'],
  state: WorkerState,
): WatchPages {
  const { site } = place;
  let readAt = Number.NEGATIVE_INFINITY;
  const readLedgers = async (): Promise<void> => {
    const now = site.clock.now();
    if (now - readAt < FRESH_MS) return;
    readAt = now;
    for (const deployment of served) {
      const status = await deploymentStatus(site.root, deployment, site.clock).catch(() => undefined);
      if (status === undefined) continue;
      const labels = { deployment: deployment.id };
      metrics.set('missedNow', labels, status.missed.length);
      metrics.set('reportCurrent', labels, status.last?.current === true ? 1 : 0);
      if (status.last !== null)
        metrics.set('reportAge', labels, Math.round((now - parseInstant(status.last.at)) / 1000));
    }
  };
  return {
    health: () => {
      const reasons = [
        ...(state.isQueueUp() ? [] : ['QUEUE_DOWN']),
        ...(state.isClockOff() ? ['CLOCK_OFF'] : []),
      ];
      return { status: reasons.length === 0 ? 'ok' : 'degraded', reasons };
    },
    metrics: async () => {
      await readLedgers();
      if (state.isQueueUp()) {
        const depth = await queue.depth().catch(() => ({}));
        for (const [name, count] of Object.entries(depth)) metrics.set('queueJobs', { state: name }, count);
      }
      return metrics.text();
    },
  };
}
