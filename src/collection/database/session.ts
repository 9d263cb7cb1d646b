import pg from 'pg';
import { DomicileError } from '../../core/index.ts';
import type { Dialer, Socket } from '../../net/index.ts';
import type { ConnectionSettings } from './connection-url.ts';

/** Milliseconds that single steps may take. */
export interface SessionLimits {
  readonly connect: number;
  /** One statement, such as reading one table. */
  readonly statement: number;
  readonly lock: number;
  /** Silence of the server while it owes an answer, and ours between statements. */
  readonly idle: number;
}

export const DEFAULT_LIMITS: SessionLimits = {
  connect: 15_000,
  statement: 30 * 60_000,
  lock: 5_000,
  idle: 5 * 60_000,
};

/** One read-only transaction with one snapshot, on a connection that `net` checked and opened. */
export interface Session {
  readonly client: pg.Client;
  /** Runs a query that may fail without ending the transaction. */
  readonly query: (sql: string) => Promise<readonly Record<string, unknown>[]>;
  /** Runs a step that may fail without ending the transaction; rethrows what it threw. */
  readonly attempt: <T>(step: () => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

export interface SessionOptions {
  readonly settings: ConnectionSettings;
  readonly dialer: Dialer;
  readonly purpose: string;
  readonly limits: SessionLimits;
  /** PEM certificates to trust instead of the system's, such as the region's RDS bundle. */
  readonly certificates?: string;
  readonly signal?: AbortSignal;
}

/**
 * Connects and opens the transaction.
 *
 * @throws what the driver or the dialer throws; its message must not leave this folder (see `failureOf`).
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { settings, dialer, limits } = options;
  const socket = await dialer.connect(settings.host, settings.port, options.purpose);
  const client = new pg.Client({
    ...driverSettings(options),
    stream: () => adopted(socket),
  });
  // Without a listener a connection that drops between statements would end the process.
  client.on('error', () => undefined);
  const abort = (): void => void socket.destroy(new DomicileError('CANCELLED', 'the scan was cancelled'));
  socket.setTimeout(limits.idle, () => socket.destroy());
  options.signal?.addEventListener('abort', abort, { once: true });

  const close = async (): Promise<void> => {
    options.signal?.removeEventListener('abort', abort);
    await client.end().catch(() => undefined);
    socket.destroy();
  };
  try {
    if (options.signal?.aborted === true) throw new DomicileError('CANCELLED', 'the scan was cancelled');
    await client.connect();
    await client.query(openingStatements(limits));
    await requireReadOnly(client);
  } catch (error) {
    await close();
    throw error;
  }
  return { ...transactionOf(client), client, close };
}

/** Everything that the driver would else take from the environment or from files is given, or given as nothing. */
function driverSettings({ settings, limits, certificates }: SessionOptions): pg.ClientConfig {
  const trusted = certificates === undefined ? {} : { ca: certificates };
  return {
    host: settings.host,
    port: settings.port,
    user: settings.user,
    database: settings.database,
    // A function, since an empty text would make the driver look for ~/.pgpass and PGPASSWORD.
    password: () => settings.password,
    ssl: settings.tls ? { rejectUnauthorized: true, ...trusted } : false,
    application_name: 'domicile',
    connectionTimeoutMillis: limits.connect,
    keepAlive: true,
  };
}

/**
 * A socket that is connected already, in the form the driver wants: it calls `connect(port, host)` itself, which
 * would resolve the name a second time and dial whatever that answered.
 */
function adopted(socket: Socket): Socket {
  const connect = (): Socket => {
    queueMicrotask(() => socket.emit('connect'));
    return socket;
  };
  return Object.assign(socket, { connect });
}

/**
 * All settings are local to the transaction, so that a pooler hands none of them on. `row_security = off` makes a
 * policy that would hide rows an error; an empty search path makes no name mean something that an attacker made.
 */
function openingStatements(limits: SessionLimits): string {
  return [
    'BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY',
    `SET LOCAL statement_timeout = ${limits.statement}`,
    `SET LOCAL lock_timeout = ${limits.lock}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${limits.idle}`,
    'SET LOCAL row_security = off',
    "SET LOCAL search_path = ''",
    "SET LOCAL client_encoding = 'UTF8'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL TimeZone = 'UTC'",
    // Rows come in physical order, so that the first rows named are the same in every run.
    'SET LOCAL synchronize_seqscans = off',
    'SET LOCAL max_parallel_workers_per_gather = 0',
  ].join(';');
}

async function requireReadOnly(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ transaction_read_only: string }>('SHOW transaction_read_only');
  if (rows[0]?.transaction_read_only !== 'on') {
    throw new DomicileError('INTERNAL', 'expected a read-only transaction, found one that can write');
  }
}

function transactionOf(client: pg.Client): Pick<Session, 'query' | 'attempt'> {
  const attempt = async <T>(step: () => Promise<T>): Promise<T> => {
    await client.query('SAVEPOINT step');
    try {
      const result = await step();
      await client.query('RELEASE SAVEPOINT step');
      return result;
    } catch (error) {
      // A lost connection fails here too; the first error is the one to tell.
      await client.query('ROLLBACK TO SAVEPOINT step').catch(() => undefined);
      throw error;
    }
  };
  const query = (sql: string): Promise<readonly Record<string, unknown>[]> =>
    attempt(async () => (await client.query<Record<string, unknown>>(sql)).rows);
  return { attempt, query };
}
