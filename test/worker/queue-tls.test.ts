import { spawnSync } from 'node:child_process';
import type { Server } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestRedis } from '../support/redis.ts';
import { HAS_REDIS, startRedis } from '../support/redis.ts';
import { startProxy } from '../support/tcp-proxy.ts';
import { temporaryFolder } from '../support/temporary.ts';
import type { TestAuthority } from '../support/test-ca.ts';
import { HAS_OPENSSL, testAuthority } from '../support/test-ca.ts';
import { tinyFolder } from '../support/tiny-site.ts';
import type { FleetWorker, TinyFleet } from './tiny-fleet.ts';
import { tinyFleet } from './tiny-fleet.ts';

const SLOT = '2026-11-23T20:00:00Z';
const SPEAKS_TLS = HAS_REDIS && HAS_OPENSSL && !/without TLS/.test(tlsTrial());
if (!SPEAKS_TLS) console.log('skipped: a redis-server with TLS, or openssl, is not on this machine');

/** A server that was built without TLS says so, and one that was built with it that it has no certificate. */
function tlsTrial(): string {
  const { stdout } = spawnSync('redis-server', ['--port', '0', '--tls-port', '1'], { encoding: 'utf8' });
  return /[Bb]ad directive|without/.test(stdout) ? 'without TLS' : stdout;
}

describe.skipIf(!SPEAKS_TLS)('a queue by rediss://', { timeout: 120_000 }, () => {
  const temporary = temporaryFolder();
  let own: TestAuthority;
  let other: TestAuthority;
  let redis: TestRedis | undefined;
  let fleet: TinyFleet | undefined;
  let used = 0;

  beforeAll(() => {
    own = testAuthority(temporary, 'own');
    other = testAuthority(temporary, 'other');
  });
  afterEach(async () => {
    await fleet?.stopAll();
    await redis?.stop();
    delete process.env['NODE_EXTRA_CA_CERTS'];
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  });
  afterAll(() => redis?.stop());

  /** A worker that trusts our authority, as an operator lets it: by the environment. */
  async function startWorker(url: string, pauseMs = 5): Promise<FleetWorker> {
    used += 1;
    fleet = tinyFleet(await tinyFolder(join(temporary, String(used)), 2), url, pauseMs);
    fleet.at(SLOT.replace('20:00:00', '20:05:00'));
    process.env['NODE_EXTRA_CA_CERTS'] = own.certificate;
    return fleet.start();
  }

  async function serve(authority: TestAuthority, names: string): Promise<TestRedis> {
    used += 1;
    redis = await startRedis(undefined, authority.issue(`server-${used}`, names));
    return redis;
  }

  /** What a worker says of a queue that it does not get through to. */
  async function refusalOf(worker: FleetWorker): Promise<string> {
    for (let tries = 0; tries < 400; tries += 1) {
      const trouble = worker.log().find(({ event }) => event === 'queue-trouble');
      if (trouble !== undefined) return String(trouble['why']);
      await wait(100);
    }
    return 'nothing';
  }

  async function healthOf(worker: FleetWorker): Promise<unknown> {
    return (await fetch(`http://127.0.0.1:${worker.watchPort}/health`)).json();
  }

  test('carries a run by name and by address, and nothing of it can be read on the way', async () => {
    const { port } = await serve(own, 'DNS:localhost,IP:127.0.0.1');
    for (const host of ['localhost', '127.0.0.1']) {
      const proxy = await startProxy(port);
      const worker = await startWorker(`rediss://${host}:${proxy.port}`);
      await fleet?.settled(SLOT);
      expect(await healthOf(worker)).toMatchObject({ status: 'ok' });
      expect(await worker.stop()).toBe(0);
      expect(proxy.heard().length).toBeGreaterThan(10_000);
      expect(proxy.heard().includes('domicile')).toBe(false);
      await proxy.stop();
    }
  });

  test('without TLS the same words can be read: the control of the test above', async () => {
    redis = await startRedis();
    const proxy = await startProxy(redis.port);
    await startWorker(`redis://127.0.0.1:${proxy.port}`);
    await fleet?.settled(SLOT);
    expect(proxy.heard().includes('domicile')).toBe(true);
    await proxy.stop();
  });

  test('is joined again after it fell', async () => {
    const names = 'IP:127.0.0.1';
    const certificate = own.issue('falls', names);
    redis = await startRedis(undefined, certificate);
    const worker = await startWorker(redis.url, 60);
    while (!worker.log().some(({ event }) => event === 'step')) await wait(20);
    await redis.stop();
    await wait(1_000);
    redis = await startRedis(redis.port, certificate);
    await fleet?.settled(SLOT);
    expect(await worker.stop()).toBe(0);
  });

  test.each([
    ['of an authority that is not trusted', () => other, 'IP:127.0.0.1', /SELF_SIGNED|UNABLE_TO/],
    ['for another name', () => own, 'DNS:elsewhere.example', /ERR_TLS_CERT_ALTNAME_INVALID/],
  ] as const)('with a certificate %s is told nothing', async (_, authority, names, why) => {
    const { port } = await serve(authority(), names);
    const proxy = await startProxy(port);
    // Somebody's habit from elsewhere must not open it.
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    const worker = await startWorker(`rediss://127.0.0.1:${proxy.port}`);
    expect(await refusalOf(worker)).toMatch(why);
    expect(await healthOf(worker)).toEqual({ status: 'degraded', reasons: ['QUEUE_DOWN'] });
    expect(await fleet?.unsettled(SLOT)).toHaveLength(2);
    expect(await worker.stop()).toBe(0);
    await proxy.stop();
  });

  test('that speaks no TLS is told nothing', async () => {
    redis = await startRedis();
    const worker = await startWorker(redis.url.replace('redis:', 'rediss:'));
    expect(await refusalOf(worker)).toMatch(/^(?:ETIMEDOUT|ECONNRESET|EPROTO|ERR_SSL_[A-Z_]+)$/);
    expect(await healthOf(worker)).toEqual({ status: 'degraded', reasons: ['QUEUE_DOWN'] });
    expect(await worker.stop()).toBe(0);
  });

  test('that takes the connection and says nothing is given up, and no connection is left open', async () => {
    const sockets = { open: 0, seen: 0 };
    const silent: Server = createServer((socket) => {
      sockets.open += 1;
      sockets.seen += 1;
      socket
        .on('error', () => undefined)
        .on('close', () => {
          sockets.open -= 1;
        });
      socket.resume();
    });
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const worker = await startWorker(`rediss://127.0.0.1:${port}`);
    // Twice as many as the library opens at once: the first ones were given up.
    const until = Date.now() + 40_000;
    while (sockets.seen < 10 && Date.now() < until) await wait(200);
    expect(sockets.seen).toBeGreaterThanOrEqual(10);
    expect(sockets.open).toBeLessThanOrEqual(5);
    expect(await healthOf(worker)).toEqual({ status: 'degraded', reasons: ['QUEUE_DOWN'] });
    await worker.kill();
    silent.close();
  });
});
