import { openStepQueue, queueBackend, scheduleEntries, WORKER_TIMING } from '../../src/worker/index.ts';
import type { TinyFolder } from '../../test/support/tiny-site.ts';
import { tinyProject } from '../../test/support/tiny-site.ts';

/** `sync-schedules.ts FOLDER URL`: removes every schedule of a queue and brings in those of an inventory. */
const [folder = '', url = ''] = process.argv.slice(2);
const { deployments, locator } = await tinyProject(JSON.parse(folder) as TinyFolder);
const clock = { now: () => Date.now() };
const backend = queueBackend(url, { countries: [], locator, clock, onConnection: () => undefined });
const queue = openStepQueue(backend, 'SG', WORKER_TIMING, () => undefined);
await queue.syncSchedules([]);
const { added } = await queue.syncSchedules(scheduleEntries(deployments));
await queue.close();
console.log(added.length);
