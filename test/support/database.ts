import { afterAll, beforeAll } from 'vitest';
import type { EmbeddedPostgres } from '../../sim/postgres.ts';
import { startPostgres } from '../../sim/postgres.ts';
import type { DatabaseCollection, DatabaseTarget } from '../../src/collection/index.ts';
import { collectDatabase } from '../../src/collection/index.ts';
import type {
  ContentAggregate,
  DataMap,
  EvidenceDraft,
  PostgresCatalog,
  TableContent,
} from '../../src/evidence/index.ts';
import { createDialer } from '../../src/net/index.ts';
import { runSql } from './postgres.ts';

/** A data map that declares nothing: every table is undeclared, and every value is looked into. */
const EMPTY_MAP: DataMap = {
  apiVersion: 'domicile/v1',
  kind: 'DataMap',
  metadata: { id: 'empty', version: '1.0.0', title: { en: 'Nothing', zh: '无' } },
  schemas: {},
};

export interface ReadDatabase {
  readonly drafts: readonly EvidenceDraft[];
  readonly catalog: PostgresCatalog | undefined;
  readonly content: ContentAggregate | undefined;
  /** `catalog status code`, `content status code`. */
  readonly said: readonly string[];
  /** A table of the schema `public`. */
  readonly table: (name: string) => TableContent | undefined;
}

export async function readDatabase(
  url: string,
  options: Partial<DatabaseTarget> & Partial<DatabaseCollection> = {},
): Promise<ReadDatabase> {
  const clock = { now: () => Date.parse('2026-11-23T02:00:00Z') };
  const dialer = createDialer({ allowed: [{ id: 'test', to: { kind: 'loopback' } }], clock });
  const drafts = await collectDatabase(
    { id: 'gateway', url, dataMap: EMPTY_MAP, ...options },
    { dialer, clock, ...options },
  );
  const bodyOf = (kind: string): unknown => drafts.find(({ key }) => key.kind === kind)?.body;
  const content = bodyOf('postgres.content') as ContentAggregate | undefined;
  return {
    drafts,
    catalog: bodyOf('postgres.catalog') as PostgresCatalog | undefined,
    content,
    said: drafts.map(({ key, status, reason }) => `${key.kind.slice(9)} ${status} ${reason}`.trim()),
    table: (name) => content?.tables.find(({ schema, table }) => schema === 'public' && table === name),
  };
}

/** One server for the tests of a file, with a role that may only read. */
export interface TestServer {
  readonly port: number;
  readonly url: (database: string, role?: string) => string;
  /** A new database, made by SQL; gives the connection string of its reader. */
  readonly database: (name: string, sql: string) => Promise<string>;
  readonly sql: (
    text: string,
    database?: string,
    role?: string,
  ) => Promise<readonly Record<string, unknown>[]>;
}

const READER = 'auditor';

export function testServer(): TestServer {
  let server: EmbeddedPostgres | undefined;
  const running = (): EmbeddedPostgres => {
    if (server === undefined) throw new Error('expected the server to run');
    return server;
  };
  beforeAll(async () => {
    server = await startPostgres();
    await runSql(server, `CREATE ROLE ${READER} LOGIN; GRANT pg_read_all_data TO ${READER}`);
    await runSql(server, 'CREATE ROLE limited LOGIN');
  }, 60_000);
  afterAll(() => server?.stop());
  return {
    get port() {
      return running().port;
    },
    url: (database, role = READER) => running().url(database, role),
    sql: (text, database, role) => runSql(running(), text, database, role),
    database: async (name, sql) => {
      await runSql(running(), `CREATE DATABASE ${name}`);
      await runSql(running(), sql, name);
      return running().url(name, READER);
    },
  };
}
