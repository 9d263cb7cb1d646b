import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from '../sim/postgres.ts';
import { HAS_REDIS, startRedis } from '../test/support/redis.ts';
import { tinyFolder } from '../test/support/tiny-site.ts';
import type { Bench } from './harness/bench.ts';

const DEPLOYMENTS = 1000;
/** These are taken off with the start: by then every thread is up, and every ledger was looked at. */
const WARM_SCANS = 8;

export const bench: Bench = {
  title:
    '200 small scans through two workers with 1,000 deployments scheduled, against the same without a queue',
  prepare: async ({ scale, cache }) => {
    const path = join(cache, 'queue');
    rmSync(path, { recursive: true, force: true });
    const folder = JSON.stringify(await tinyFolder(path, DEPLOYMENTS));
    const server = await startQueue();
    const scans = String(WARM_SCANS + Math.round(200 * scale));
    const program = (url: string): { file: string; args: string[]; idle: string[] } => ({
      file: 'bench/programs/scan-queue.ts',
      args: [folder, url, scans],
      idle: [folder, url, String(WARM_SCANS)],
    });
    return {
      runs: {
        'schedules alone': { file: 'bench/programs/sync-schedules.ts', args: [folder, server.url] },
        'without a queue': program('-'),
        'through the queue': program(server.url),
      },
      claims: [
        { measure: 'wall', of: 'schedules alone', atMost: 10 },
        // A tenth of the time for the queue: the rest is nine tenths of the whole.
        { measure: 'wall', of: 'through the queue', to: 'without a queue', atMost: 1 / 0.9 },
      ],
      close: server.stop,
    };
  },
};

/** Redis, as in production; the embedded Postgres where there is none. */
async function startQueue(): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  if (HAS_REDIS) return startRedis();
  const server = await startPostgres();
  return { url: server.url(), stop: server.stop };
}
