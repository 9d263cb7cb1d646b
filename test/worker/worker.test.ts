import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary.ts';
import { tinyFolder } from '../support/tiny-site.ts';
import type { QueueServer } from './queue-servers.ts';
import { QUEUE_KINDS } from './queue-servers.ts';
import type { TinyFleet } from './tiny-fleet.ts';
import { tinyFleet } from './tiny-fleet.ts';

const MONDAY = '2026-11-23T20:00:00Z';
const later = (slot: string): string => slot.replace('20:00:00', '20:05:00');

describe.each(QUEUE_KINDS)('workers on $kind', ({ kind, present, start }) => {
  if (!present) {
    test.skip(`${kind} is not on this machine`);
    return;
  }
  const temporary = temporaryFolder();
  let server: QueueServer;
  let fleet: TinyFleet;

  beforeAll(async () => {
    server = await start();
    fleet = tinyFleet(await tinyFolder(temporary, 3), server.url, 5);
  });
  afterEach(() => fleet.stopAll());
  afterAll(() => server.stop());

  test('every deployment gets the report of its slot', async () => {
    fleet.at(later(MONDAY));
    const worker = await fleet.start();
    await fleet.settled(MONDAY);
    expect(worker.log().length).toBeGreaterThan(0);
    for (const deployment of fleet.settings.folder.deployments) {
      const { reports } = await fleet.history(deployment);
      expect(reports.map(({ slot }) => slot)).toEqual([MONDAY]);
    }
  });
});
