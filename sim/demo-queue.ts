import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditOutcome } from '../src/audit/index.ts';
import type { Json } from '../src/core/index.ts';
import type { Result } from '../src/policy/index.ts';
import type { Log, RunningWorker } from '../src/worker/index.ts';
import { startWorker, WORKER_TIMING } from '../src/worker/index.ts';
import type { DemoStage } from './demo-stage.ts';
import { openDemoWorkplace } from './demo-stage.ts';

/** Long enough for the slowest machine; a demo that hangs must end by itself. */
const LONGEST_MS = 120_000;

/**
 * The three audits by their schedules, through the queue: one worker for each jurisdiction, each with its own
 * queue on the demo's Postgres. They find the slot of the day due, scan it in steps, and stop.
 */
export async function auditByQueue(
  stage: DemoStage,
  queueUrl: string,
  say: (text: string) => void,
): Promise<readonly AuditOutcome[]> {
  const place = await openDemoWorkplace(stage);
  const { deployments } = place.site.project;
  const reports = new Map<string, string>();
  let finished = (): void => undefined;
  const all = new Promise<void>((done) => {
    finished = done;
  });
  const log: Log = (level, event, { deployment, step, shard, why, verdict, report, ms } = {}) => {
    if (event === 'step' && deployment !== undefined)
      say(
        `${deployment}: ${step ?? ''}${shard === undefined ? '' : ` ${shard}`}: ${why ?? ''} (${ms ?? 0} ms)`,
      );
    else if (event === 'alert') say(`alert: ${verdict ?? ''}: ${report ?? ''}`);
    else if (level !== 'info') say(`${event}: ${why ?? ''}`);
    if (event === 'report' && deployment !== undefined && report !== undefined)
      reports.set(deployment, report);
    if (reports.size === deployments.length) finished();
  };
  const workers: RunningWorker[] = [];
  try {
    for (const { jurisdiction } of deployments) {
      say(`starting the worker of ${jurisdiction.join(', ')}`);
      const settings = {
        queueUrl,
        jurisdiction,
        concurrency: 1,
        thread: {
          module: new URL('./demo-workplace.ts', import.meta.url).href,
          settings: stage as unknown as Json,
        },
        timing: { ...WORKER_TIMING, graceMs: 1_000 },
      };
      workers.push(await startWorker(place, settings, log));
    }
    await Promise.race([all, timeLimit()]);
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
  }
  return Promise.all(deployments.map(({ id }) => outcomeOf(stage.reports, reports.get(id) ?? '')));
}

async function outcomeOf(root: string, report: string): Promise<AuditOutcome> {
  const folder = join(root, report);
  return { folder, result: JSON.parse(await readFile(join(folder, 'result.json'), 'utf8')) as Result };
}

function timeLimit(): Promise<never> {
  return new Promise((_, failed) => {
    setTimeout(() => failed(new Error('expected the workers to finish in two minutes')), LONGEST_MS).unref();
  });
}
