import { appendFileSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../sim/random.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { tinyFolder } from '../support/tiny-site.ts';
import { brokenPromises } from './kept-promises.ts';
import type { QueueServer } from './queue-servers.ts';
import { QUEUE_KINDS } from './queue-servers.ts';
import type { FleetWorker, TinyFleet } from './tiny-fleet.ts';
import { tinyFleet } from './tiny-fleet.ts';

/** Each backend: so many days, and on each of them so many kills while the day's scans run. */
const DAYS = 5;
const KILLS_A_DAY = 5;
const DEPLOYMENTS = 5;
/** Long enough for a kill to meet every step: three sources of three items each. */
const PAUSE_MS = 25;
const LONGEST_LIFE_MS = 1_200;
const SEED = 20_261_124;

const slotOf = (day: number): string => `2026-11-${10 + day}T20:00:00Z`;

// Workers that are killed start again: some minutes on a machine that does other things too.
describe.each(QUEUE_KINDS)('kill -9 on $kind', { timeout: 600_000 }, ({ kind, present, start }) => {
  if (!present) {
    test.skip(`${kind} is not on this machine`);
    return;
  }
  const temporary = temporaryFolder();
  let server: QueueServer;
  let fleet: TinyFleet;

  beforeAll(async () => {
    server = await start();
    fleet = tinyFleet(await tinyFolder(temporary, DEPLOYMENTS), server.url, PAUSE_MS);
  });
  afterAll(async () => {
    await fleet.stopAll();
    await server.stop();
  });

  test(`after ${DAYS * KILLS_A_DAY} kills every slot has exactly one report or a stated abort`, async () => {
    const random = createRandom(SEED);
    const slots: string[] = [];
    let worker: FleetWorker | undefined;
    let met = 0;
    for (let day = 0; day < DAYS; day += 1) {
      slots.push(slotOf(day));
      fleet.at(slotOf(day).replace('20:00:00', '20:05:00'));
      for (let kill = 0; kill < KILLS_A_DAY; kill += 1) {
        worker ??= await fleet.start();
        await wait(random.below(LONGEST_LIFE_MS));
        // Sometimes the next one is at work already when this one dies.
        const next: Promise<FleetWorker> | undefined = random.below(2) === 0 ? fleet.start() : undefined;
        await worker.kill();
        if ((await fleet.unsettled(slotOf(day))).length > 0) met += 1;
        worker = await next;
      }
      worker ??= await fleet.start();
      await fleet.settled(slotOf(day));
    }
    await worker?.stop();

    let aborted = 0;
    for (const deployment of fleet.settings.folder.deployments) {
      expect(await brokenPromises(fleet.settings.folder.root, deployment, slots)).toEqual([]);
      const { reports } = await fleet.history(deployment);
      expect(reports.map(({ sequence }) => sequence)).toEqual(reports.map((_, index) => index + 1));
      aborted += slots.length - reports.length;
    }
    console.log(
      `${kind}: ${slots.length * DEPLOYMENTS} slots, ${aborted} of them aborted; ${met} kills met work`,
    );
    expect(met).toBeGreaterThan(DAYS);
  });

  test('and the search for broken promises finds them', async () => {
    const { root } = fleet.settings.folder;
    const [deployment = ''] = fleet.settings.folder.deployments;
    const folder = join(root, deployment);
    const [link] = (await fleet.history(deployment)).reports;
    const faults = async (): Promise<readonly string[]> => brokenPromises(root, deployment, [slotOf(0)]);
    expect(await brokenPromises(root, deployment, [slotOf(DAYS)])).toHaveLength(1);
    mkdirSync(join(folder, '99-doubled'));
    expect(await faults()).toEqual(['99-doubled is there and not in the chain']);
    renameSync(join(folder, '99-doubled'), join(folder, '.away'));
    appendFileSync(join(folder, String(link?.folder), 'statement.dsse.json'), ' ');
    expect(await faults()).toEqual([]);
    renameSync(join(folder, String(link?.folder)), join(folder, '.lost'));
    expect(await faults()).toEqual([`${link?.folder} is in the chain and not there`]);
  });
});
