import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { queueBackend, startWorker, WORKER_TIMING } from '../../src/worker/index.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { tinyFolder } from '../support/tiny-site.ts';
import type { QueueServer } from './queue-servers.ts';
import { QUEUE_KINDS } from './queue-servers.ts';
import type { FleetWorker, TinyFleet } from './tiny-fleet.ts';
import { tinyFleet } from './tiny-fleet.ts';
import { openWorkplace } from './tiny-workplace.ts';

const SLOT = '2026-11-23T20:00:00Z';

const temporary = temporaryFolder();
let used = 0;

async function freshFleet(url: string, pauseMs: number): Promise<TinyFleet> {
  used += 1;
  const fleet = tinyFleet(await tinyFolder(join(temporary, String(used)), 2), url, pauseMs);
  fleet.at(SLOT.replace('20:00:00', '20:05:00'));
  return fleet;
}

describe.each(QUEUE_KINDS)('a $kind that is down', { timeout: 120_000 }, ({ kind, present, start }) => {
  if (!present) {
    test.skip(`${kind} is not on this machine`);
    return;
  }
  let server: QueueServer;
  let fleet: TinyFleet;
  beforeEach(async () => {
    server = await start();
    fleet = await freshFleet(server.url, 60);
  });
  afterEach(async () => {
    await fleet.stopAll();
    await server.stop();
  });

  async function settledOnce(): Promise<void> {
    await fleet.settled(SLOT);
    for (const deployment of fleet.settings.folder.deployments)
      expect((await fleet.history(deployment)).reports).toHaveLength(1);
  }

  test('at the start is waited for, and health says so', async () => {
    await server.crash();
    const worker = await fleet.start();
    await wait(500);
    const health = await fetch(`http://127.0.0.1:${worker.watchPort}/health`);
    expect(health.status).toBe(503);
    expect(await health.json()).toEqual({ status: 'degraded', reasons: ['QUEUE_DOWN'] });
    expect(worker.log().some(({ event, why }) => event === 'connection' && why === 'ECONNREFUSED')).toBe(
      true,
    );
    await server.resume();
    await settledOnce();
  });

  /** Waits until a worker has taken a step, and more are to come. */
  async function underWay(worker: FleetWorker): Promise<void> {
    while (!worker.log().some(({ event }) => event === 'step')) await wait(20);
    expect(await fleet.unsettled(SLOT)).not.toEqual([]);
  }

  test('in the middle loses nothing but time', async () => {
    const worker = await fleet.start();
    await underWay(worker);
    await server.crash();
    await wait(1_000);
    await server.resume();
    await settledOnce();
    expect(await worker.stop()).toBe(0);
  });

  test('while a worker starts, and again and again, for longer than a lock holds, loses nothing but time', async () => {
    const worker = await fleet.start();
    const fall = async (ms: number): Promise<void> => {
      await server.crash();
      await wait(ms);
      await server.resume();
    };
    await fall(50);
    await underWay(worker);
    await fall(2_500);
    await wait(200);
    await fall(600);
    await settledOnce();
    expect(await worker.stop()).toBe(0);
    // Nothing but lines of the log: no stack of an error that nobody heard.
    expect(worker.logText()).not.toMatch(/^(?!\{)./m);
  });

  test('for good does not keep a worker from stopping', async () => {
    await server.crash();
    const worker = await fleet.start();
    await wait(1_500);
    expect(await Promise.race([worker.stop(), wait(40_000, 'still running')])).toBe(0);
    expect(worker.logText()).not.toMatch(/^(?!\{)./m);
  });

  test('at the end does not keep a worker from stopping', async () => {
    const worker = await fleet.start();
    await settledOnce();
    await server.crash();
    expect(await Promise.race([worker.stop(), wait(40_000, 'still running')])).toBe(0);
  });
});

describe('the address of a queue', () => {
  const inUnitedStates = { locate: () => ({ kind: 'located', country: 'US' }) as never };
  const rule = {
    countries: ['CN'],
    locator: inUnitedStates,
    clock: { now: () => 0 },
    onConnection: () => undefined,
  };

  test('abroad keeps a worker from starting, before anything is dialled', async () => {
    const { settings, at } = await freshFleet('redis://127.0.0.1:1', 0);
    at('2026-11-23T20:05:00Z');
    const place = await openWorkplace(settings as never);
    const abroad = {
      ...place,
      site: { ...place.site, project: { ...place.site.project, locator: inUnitedStates as never } },
    };
    const attempts: unknown[] = [];
    const started = startWorker(
      abroad,
      {
        queueUrl: 'redis://user:secret@8.8.8.8:6379',
        jurisdiction: ['SG'],
        concurrency: 1,
        thread: { module: '', settings: {} },
        timing: WORKER_TIMING,
      },
      (_, event, fields) => void attempts.push([event, fields?.why]),
    );
    await expect(started).rejects.toMatchObject({ code: 'EGRESS_REFUSED' });
    expect(attempts).toEqual([['connection', 'refused']]);
  });

  test('of another kind is refused without repeating it', () => {
    for (const url of ['mysql://user:secret@host', 'redis://', 'nonsense secret']) {
      expect(() => queueBackend(url, rule)).toThrow(/QUEUE_URL/);
      expect(() => queueBackend(url, rule)).not.toThrow(/secret/);
    }
  });

  test('is that of its jurisdiction, with the default port of its kind', () => {
    expect(queueBackend('rediss://[fd00::1]', rule).address).toEqual({
      kind: 'redis',
      host: 'fd00::1',
      port: 6379,
      tls: true,
    });
    expect(queueBackend('postgres://u:p@db.internal/queue', rule).address).toMatchObject({
      kind: 'postgres',
      port: 5432,
    });
  });

  test('a jurisdiction that the inventory does not have is an error that names those it has', async () => {
    const { settings } = await freshFleet('redis://127.0.0.1:1', 0);
    const place = await openWorkplace(settings as never);
    const started = startWorker(
      place,
      {
        queueUrl: 'redis://127.0.0.1:1',
        jurisdiction: ['DE', 'FR'],
        concurrency: 1,
        thread: { module: '', settings: {} },
        timing: WORKER_TIMING,
      },
      () => undefined,
    );
    await expect(started).rejects.toThrow(/DE\+FR.*SG/);
  });
});
