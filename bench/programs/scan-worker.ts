import { runAudit } from '../../src/audit/index.ts';
import { createLog, startWorker, WORKER_TIMING } from '../../src/worker/index.ts';
import type { TinySettings } from '../../test/worker/tiny-workplace.ts';
import { openWorkplace } from '../../test/worker/tiny-workplace.ts';

/** One of the processes of `scan-queue.ts`: a worker, or its share of the same scans one after the other. */
const { settings, queueUrl, index, processes, scans, slot } = JSON.parse(process.argv[2] ?? '') as {
  readonly settings: TinySettings;
  readonly queueUrl: string;
  readonly index: number;
  readonly processes: number;
  readonly scans: number;
  readonly slot: string;
};
const CONCURRENCY = 2;
const place = await openWorkplace(settings as never);
process.once('message', () => void (queueUrl === '-' ? scanShare() : startOne()));
process.send?.('ready');

async function startOne(): Promise<void> {
  await startWorker(
    place,
    {
      queueUrl,
      jurisdiction: ['SG'],
      concurrency: CONCURRENCY,
      thread: {
        module: new URL('../../test/worker/tiny-workplace.ts', import.meta.url).href,
        settings: settings as never,
      },
      timing: WORKER_TIMING,
    },
    createLog(() => undefined, { now: () => Date.now() }),
  );
}

async function scanShare(): Promise<void> {
  const due = settings.folder.deployments.slice(0, scans).filter((_, at) => at % processes === index);
  const lanes = Array.from({ length: CONCURRENCY }, (_, lane) =>
    due.filter((_, at) => at % CONCURRENCY === lane),
  );
  await Promise.all(
    lanes.map(async (deployments) => {
      for (const deployment of deployments) await scan(deployment);
    }),
  );
}

async function scan(deployment: string): Promise<void> {
  const { site, signer, runBy } = place;
  const sources = await place.sources(deployment);
  const request = { deployment, slot, runBy, marks: await place.marks(deployment) };
  await runAudit({ site, request, sources, signer });
}
