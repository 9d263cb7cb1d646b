import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { queueBackend, startWorker, WORKER_TIMING } from '../../src/worker/index.ts';
import type { TestRedis } from '../support/redis.ts';
import { HAS_REDIS, startRedis } from '../support/redis.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { tinyFolder } from '../support/tiny-site.ts';
import type { TinyFleet } from './tiny-fleet.ts';
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

describe.skipIf(!HAS_REDIS)('a Redis that is down', { timeout: 120_000 }, () => {
  let redis: TestRedis;
  let fleet: TinyFleet;
  beforeEach(async () => {
    redis = await startRedis();
    fleet = await freshFleet(redis.url, 60);
  });
  afterEach(async () => {
    await fleet.stopAll();
    await redis.stop();
  });

  async function settledOnce(): Promise<void> {
    await fleet.settled(SLOT);
    for (const deployment of fleet.settings.folder.deployments)
      expect((await fleet.history(deployment)).reports).toHaveLength(1);
  }

  test('at the start is waited for, and health says so', async () => {
    await redis.stop();
    const worker = await fleet.start();
    await wait(500);
    const health = await fetch(`http://127.0.0.1:${worker.watchPort}/health`);
    expect(health.status).toBe(503);
    expect(await health.json()).toEqual({ status: 'degraded', reasons: ['QUEUE_DOWN'] });
    expect(worker.log().some(({ event, why }) => event === 'connection' && why === 'ECONNREFUSED')).toBe(
      true,
    );
    redis = await startRedis(redis.port);
    await settledOnce();
  });

  test('in the middle loses nothing but time', async () => {
    await fleet.start();
    await wait(400);
    await redis.stop();
    await wait(1_000);
    redis = await startRedis(redis.port);
    await settledOnce();
  });

  test('at the end does not keep a worker from stopping', async () => {
    const worker = await fleet.start();
    await settledOnce();
    await redis.stop();
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
