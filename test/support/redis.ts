import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';

/** A throwaway Redis on the loopback address that keeps nothing on disk. */
export interface TestRedis {
  readonly port: number;
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Whether this machine has one; the suites that need it are skipped by name where it has not. */
export const HAS_REDIS = spawnSync('redis-server', ['--version']).status === 0;

/** The files of a server that speaks TLS and nothing else. */
export interface ServerCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** @param port the one to take again, after a server that was stopped. */
export async function startRedis(port?: number, tls?: ServerCertificate): Promise<TestRedis> {
  const own = port ?? (await freePort());
  const listening =
    tls === undefined
      ? ['--port', String(own)]
      : [
          ...['--port', '0', '--tls-port', String(own), '--tls-auth-clients', 'no'],
          ...['--tls-cert-file', tls.certificate, '--tls-key-file', tls.key],
          ...['--tls-ca-cert-file', tls.certificate],
        ];
  const switches = [...listening, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', switches, { stdio: ['ignore', 'pipe', 'ignore'] });
  await ready(server);
  const kill = (): void => void server.kill('SIGKILL');
  process.once('exit', kill);
  return {
    port: own,
    url: `${tls === undefined ? 'redis' : 'rediss'}://127.0.0.1:${own}`,
    stop: () =>
      new Promise((done) => {
        process.off('exit', kill);
        if (server.exitCode !== null || server.signalCode !== null) return done();
        server.once('exit', () => done());
        server.kill('SIGKILL');
      }),
  };
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((done, failed) => {
    server.stdout?.on('data', (text: Buffer) => {
      if (text.includes('eady to accept connections')) done();
    });
    server.once('error', failed);
    server.once('exit', (code) => failed(new Error(`expected redis-server to start, found exit ${code}`)));
  });
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer().once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
}

/** Empties it, as somebody might by mistake. */
export async function flushRedis(url: string): Promise<void> {
  const client = new Redis(url);
  await client.flushall();
  client.disconnect();
}

/** Every key and every value of a Redis, as text. */
export async function dumpRedis(url: string): Promise<string> {
  const client = new Redis(url);
  const parts: string[] = [];
  try {
    for (const key of await client.keys('*'))
      parts.push(key, JSON.stringify(await valueOf(client, key, await client.type(key))));
  } finally {
    client.disconnect();
  }
  return parts.join('\n');
}

async function valueOf(client: Redis, key: string, type: string): Promise<unknown> {
  switch (type) {
    case 'string':
      return client.get(key);
    case 'hash':
      return client.hgetall(key);
    case 'list':
      return client.lrange(key, 0, -1);
    case 'set':
      return client.smembers(key);
    case 'zset':
      return client.zrange(key, '0', '-1', 'WITHSCORES');
    case 'stream':
      return client.xrange(key, '-', '+');
    case 'none':
      // Gone since its name was read.
      return null;
    default:
      throw new Error(`expected a known type of Redis value, found ${type}`);
  }
}
