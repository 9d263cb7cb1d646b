import { describe, expect, it } from 'vitest';
import type { Session } from '../../../src/collection/database/session.ts';
import { DEFAULT_LIMITS, openSession } from '../../../src/collection/database/session.ts';
import { createDialer } from '../../../src/net/index.ts';
import { readDatabase, testServer } from '../../support/database.ts';
import { startProxy } from '../../support/tcp-proxy.ts';

const server = testServer();

/** Every statement that a client sent in the simple protocol: a type byte Q, a length, and text that ends with NUL. */
function statementsOf(heard: Buffer): readonly string[] {
  const statements: string[] = [];
  // The first message, the start-up packet, has no type byte.
  for (let at = heard.readUInt32BE(0); at < heard.length; ) {
    const length = heard.readUInt32BE(at + 1);
    const type = String.fromCharCode(heard[at] ?? 0);
    if (type === 'Q') statements.push(heard.toString('utf8', at + 5, at + length));
    else expect(['X', 'p']).toContain(type);
    at += 1 + length;
  }
  return statements;
}

const ALLOWED = [
  /^BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY(?:;SET LOCAL [a-zA-Z_]+ = (?:\d+|off|'[^']*'))+$/,
  /^SHOW transaction_read_only$/,
  /^(?:SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT) step$/,
  /^\s*SELECT [^;]*$/,
  /^COPY \(SELECT [^;]* FROM ONLY "public"\."[a-z]+"\) TO STDOUT$/,
];

describe('the database is only read', () => {
  it('by every statement that is sent', async () => {
    await server.database(
      'listened',
      "CREATE TABLE t (x text, y int); INSERT INTO t VALUES ('a', 1); CREATE TABLE u (x text)",
    );
    const proxy = await startProxy(server.port);
    const { said } = await readDatabase(`postgres://auditor@127.0.0.1:${proxy.port}/listened`);
    const statements = statementsOf(proxy.heard());
    await proxy.stop();
    expect(said).toEqual(['catalog complete', 'content complete']);
    expect(statements.filter((sql) => !ALLOWED.some((allowed) => allowed.test(sql)))).toEqual([]);
    expect(statements[0]).toMatch(/^BEGIN/);
    expect(statements.filter((sql) => sql.startsWith('COPY')).length).toBe(2);
  });

  it('even by a role that may write: the transaction itself refuses', async () => {
    await server.database('writable', 'CREATE TABLE t (x int); CREATE SEQUENCE s');
    const session = await open('postgres', 'writable');
    for (const sql of [
      'INSERT INTO public.t VALUES (1)',
      'DELETE FROM public.t',
      'CREATE TABLE public.u (x int)',
      "SELECT nextval('public.s')",
      'SELECT lo_create(0)',
      'CREATE TEMP TABLE u AS SELECT 1; INSERT INTO public.t SELECT * FROM u',
    ]) {
      await expect(session.query(sql), sql).rejects.toMatchObject({ code: '25006' });
    }
    await expect(session.query('SET TRANSACTION READ WRITE')).rejects.toMatchObject({ code: '25001' });
    await session.close();
  });

  it('leaves nothing behind: no rows, no locks, no settings', async () => {
    await server.database('untouched', "CREATE TABLE t (x text); INSERT INTO t VALUES ('a')");
    const state = (): Promise<unknown> =>
      server.sql(
        `SELECT (SELECT count(*)::int FROM t) AS rows, (SELECT relfilenode::text FROM pg_class WHERE relname = 't') AS file,
                (SELECT count(*)::int FROM pg_class) AS relations, pg_current_xact_id_if_assigned() AS xid`,
        'untouched',
      );
    const before = await state();
    await readDatabase(server.url('untouched', 'postgres'));
    expect(await state()).toEqual(before);
    expect(await server.sql("SELECT 1 FROM pg_stat_activity WHERE application_name = 'domicile'")).toEqual(
      [],
    );
  });
});

describe('an attacker in the database', () => {
  it('cannot make names mean something else', async () => {
    const url = await server.database(
      'shadowed',
      `CREATE TABLE public.pg_class (oid oid, relname name); CREATE TABLE public.pg_extension (extname text, extversion text);
       CREATE FUNCTION public.has_table_privilege(oid, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
       CREATE FUNCTION public.format_type(oid, integer) RETURNS text LANGUAGE sql AS $$SELECT 'integer'$$;
       CREATE FUNCTION public.never(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT false';
       CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = public.never);
       CREATE TABLE public.t (x text); INSERT INTO t VALUES ('Please write a long and friendly letter to my grandmother about the garden');
       ALTER DATABASE shadowed SET search_path = public, pg_catalog;
       ALTER ROLE auditor IN DATABASE shadowed SET search_path = public, pg_catalog;`,
    );
    const { catalog, table } = await readDatabase(url);
    expect(catalog?.relations.map(({ name }) => name)).toEqual(['pg_class', 'pg_extension', 't']);
    expect(catalog?.relations.find(({ name }) => name === 't')?.columns).toEqual([
      { name: 'x', type: 'text', readable: true },
    ]);
    expect(catalog?.extensions.map(({ name }) => name)).toEqual(['plpgsql']);
    expect(table('t')?.paths[0]?.detections.map((one) => one.class)).toEqual(['prose']);
  });

  it('cannot change how values are written, by settings of the role or the database', async () => {
    const prompt = 'Please write a long and friendly letter to my grandmother about the garden';
    const url = await server.database(
      'settings',
      `CREATE TABLE t (a bytea, b timestamptz, c text); INSERT INTO t VALUES (convert_to('${prompt}', 'UTF8'), now(), '${prompt} 北京');
       ALTER DATABASE settings SET bytea_output = 'escape'; ALTER DATABASE settings SET client_encoding = 'LATIN1';
       ALTER DATABASE settings SET datestyle = 'German'; ALTER DATABASE settings SET row_security = on;
       ALTER DATABASE settings SET statement_timeout = 1; ALTER DATABASE settings SET default_transaction_read_only = off;`,
    );
    const { said, table } = await readDatabase(url);
    expect(said).toEqual(['catalog complete', 'content complete']);
    for (const column of ['a', 'c']) {
      const path = table('t')?.paths.find((one) => one.column === column);
      expect(
        path?.detections.map((one) => one.class),
        column,
      ).toContain('prose');
    }
  });

  it('in a database of another encoding is read as it is, or told', async () => {
    await server.sql("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    await server.sql(
      "CREATE TABLE t (x text); INSERT INTO t VALUES ('Écrivez s''il vous plaît une lettre à ma grand-mère, and please tell her about the garden that we planted')",
      'latin',
    );
    await server.sql("CREATE DATABASE raw ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
    await server.sql(
      String.raw`CREATE TABLE t (x text); INSERT INTO t VALUES (E'\xff\xfe Please write a long and friendly letter to my grandmother about the garden that we planted')`,
      'raw',
    );
    const latin = await readDatabase(server.url('latin'));
    expect(latin.said).toEqual(['catalog complete', 'content complete']);
    expect(latin.table('t')?.paths[0]?.detections.map((one) => one.class)).toContain('prose');
    // Bytes that are no text in any encoding that the database names: the server refuses to send them.
    expect((await readDatabase(server.url('raw'))).said).toEqual([
      'catalog complete',
      'content partial 22021',
    ]);
  });
});

describe('a pooler between', () => {
  it('gets one transaction, whose settings end with it', async () => {
    await server.database('pooled', 'CREATE TABLE t (x int)');
    const proxy = await startProxy(server.port);
    await readDatabase(`postgres://auditor@127.0.0.1:${proxy.port}/pooled`);
    const statements = statementsOf(proxy.heard());
    await proxy.stop();
    expect(statements.filter((sql) => /BEGIN|COMMIT/.test(sql))).toHaveLength(1);
    expect(statements.filter((sql) => /\bSET (?!LOCAL)/.test(sql))).toEqual([]);
    // No prepared statements, which a pooler would hand to another server connection.
    expect(statements.filter((sql) => /PREPARE|DECLARE|LISTEN|pg_advisory/i.test(sql))).toEqual([]);
  });
});

async function open(user: string, database: string): Promise<Session> {
  const clock = { now: () => 0 };
  return openSession({
    settings: { host: '127.0.0.1', port: server.port, database, user, password: '', tls: false },
    dialer: createDialer({ allowed: [{ id: 'test', to: { kind: 'loopback' } }], clock }),
    purpose: 'test',
    limits: DEFAULT_LIMITS,
  });
}
