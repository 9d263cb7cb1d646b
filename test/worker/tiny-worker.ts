import type { WorkerTiming } from '../../src/worker/index.ts';
import { createLog, startWorker } from '../../src/worker/index.ts';
import type { TinySettings } from './tiny-workplace.ts';
import { openWorkplace } from './tiny-workplace.ts';

/** A worker process of the tests: `node tiny-worker.ts SETTINGS`. Its log goes to standard error. */
const { queueUrl, settings, timing, concurrency } = JSON.parse(process.argv[2] ?? '') as {
  readonly queueUrl: string;
  readonly settings: TinySettings;
  readonly timing: WorkerTiming;
  readonly concurrency: number;
};
const place = await openWorkplace(settings as never);
const worker = await startWorker(
  place,
  {
    queueUrl,
    jurisdiction: ['SG'],
    concurrency,
    thread: { module: new URL('./tiny-workplace.ts', import.meta.url).href, settings: settings as never },
    watch: { host: '127.0.0.1', port: 0 },
    timing,
  },
  createLog((line) => process.stderr.write(`${line}\n`), { now: () => Date.now() }),
);
process.send?.({ port: worker.watchPort });
process.on('SIGTERM', () => {
  void worker.stop().then(() => process.exit(0));
});
process.on('disconnect', () => process.exit(1));
