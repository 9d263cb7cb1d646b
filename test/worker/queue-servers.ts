import { startPostgres } from '../../sim/postgres.ts';
import { runSql } from '../support/postgres.ts';
import { dumpRedis, flushRedis, HAS_REDIS, startRedis } from '../support/redis.ts';

/** A queue server that a suite starts, empties and reads as a whole. */
export interface QueueServer {
  readonly url: string;
  /** Everything that it holds, as text. */
  readonly dump: () => Promise<string>;
  /** Throws everything away, while workers are connected. */
  readonly empty: () => Promise<void>;
  /** Ends it at once, while workers are connected. */
  readonly crash: () => Promise<void>;
  /** Starts it again at the same address; only Postgres has kept what it held. */
  readonly resume: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface QueueKind {
  readonly kind: 'redis' | 'postgres';
  readonly present: boolean;
  readonly start: () => Promise<QueueServer>;
}

const SCHEMA = 'domicile_queue';

async function startPostgresQueue(): Promise<QueueServer> {
  const server = await startPostgres();
  const tables = async (): Promise<readonly string[]> =>
    (await runSql(server, `SELECT tablename FROM pg_tables WHERE schemaname = '${SCHEMA}'`)).map(
      ({ tablename }) => String(tablename),
    );
  return {
    url: server.url(),
    dump: async () => {
      const parts: string[] = [];
      for (const table of await tables()) {
        const rows = await runSql(server, `SELECT to_jsonb(t)::text AS row FROM ${SCHEMA}."${table}" t`);
        parts.push(table, ...rows.map(({ row }) => String(row)));
      }
      return parts.join('\n');
    },
    empty: async () => {
      const kept = (await tables()).filter((table) => !/migration|ledger|version/.test(table));
      if (kept.length === 0) return;
      const truncate = `TRUNCATE ${kept.map((table) => `${SCHEMA}."${table}"`).join(', ')}`;
      // Of two that wait for each other, the server ends one: that may be this one, and it just comes again.
      for (let attempt = 1; ; attempt += 1) {
        try {
          await runSql(server, truncate);
          return;
        } catch (error) {
          const deadlock = error instanceof Error && 'code' in error && error.code === '40P01';
          if (!deadlock || attempt === 10) throw error;
        }
      }
    },
    crash: server.crash,
    resume: server.resume,
    stop: server.stop,
  };
}

async function startRedisQueue(): Promise<QueueServer> {
  let redis = await startRedis();
  const { url, port } = redis;
  return {
    url,
    dump: () => dumpRedis(url),
    empty: () => flushRedis(url),
    crash: () => redis.stop(),
    resume: async () => {
      redis = await startRedis(port);
    },
    stop: () => redis.stop(),
  };
}

/** Both backends: every promise of the queue is held against each. */
export const QUEUE_KINDS: readonly QueueKind[] = [
  { kind: 'redis', present: HAS_REDIS, start: startRedisQueue },
  { kind: 'postgres', present: true, start: startPostgresQueue },
];
