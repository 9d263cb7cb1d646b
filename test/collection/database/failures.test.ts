import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ReadDatabase } from '../../support/database.ts';
import { readDatabase, testServer } from '../../support/database.ts';
import type { Cut } from '../../support/tcp-proxy.ts';
import { startProxy } from '../../support/tcp-proxy.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const server = testServer();
const SECRET = 'hunter2-correct-horse';

/** Status and code of each table, as `name status code`. */
const tablesOf = ({ content }: ReadDatabase): readonly string[] =>
  (content?.tables ?? []).map(({ table, status, code }) => `${table} ${status} ${code}`.trim());

describe('what the role may not read is named', () => {
  it('by table, column and schema; the rest is read', async () => {
    await server.database(
      'rights',
      `CREATE TABLE a_open (x text); CREATE TABLE b_closed (x text); CREATE TABLE c_column (x text, y text);
       INSERT INTO a_open VALUES ('1'); INSERT INTO c_column VALUES ('1', '2');
       CREATE SCHEMA hidden; CREATE TABLE hidden.d (x text);
       GRANT SELECT ON a_open TO limited; GRANT SELECT (x) ON c_column TO limited; GRANT SELECT ON hidden.d TO limited;`,
    );
    const read = await readDatabase(server.url('rights', 'limited'));
    expect(read.said).toEqual(['catalog complete', 'content partial 42501']);
    expect(tablesOf(read)).toEqual([
      'd denied 42501',
      'a_open complete',
      'b_closed denied 42501',
      'c_column partial 42501',
    ]);
    expect(read.table('c_column')).toMatchObject({ rows: 1, unread: ['y'] });
    expect(read.catalog?.relations.map(({ name, readable }) => `${name} ${readable}`)).toEqual([
      ...['d false', 'a_open true', 'b_closed false', 'c_column false'],
    ]);
  });

  it('by policy: rows that a policy would hide make the table denied, not shorter', async () => {
    const url = await server.database(
      'policies',
      `CREATE TABLE t (x text); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (x = '1');
       INSERT INTO t VALUES ('1'), ('2');`,
    );
    const read = await readDatabase(url);
    expect(tablesOf(read)).toEqual(['t denied 42501']);
    expect(read.table('t')?.rows).toBe(0);
    // Control: one whom the policies do not bind reads all.
    expect(tablesOf(await readDatabase(server.url('policies', 'postgres')))).toEqual(['t complete']);
  });

  it('a temporary table of another session', async () => {
    const url = await server.database('temporary', 'CREATE TABLE t (x int)');
    const other = new pg.Client({ connectionString: server.url('temporary', 'postgres') });
    await other.connect();
    await other.query('CREATE TEMP TABLE scratch (x text)');
    const read = await readDatabase(url);
    await other.end();
    expect(tablesOf(read)).toEqual(['scratch denied 0A000', 't complete']);
  });
});

describe('a server that keeps us waiting', () => {
  it('with a lock loses that table only', async () => {
    const url = await server.database(
      'locked',
      'CREATE TABLE a (x int); CREATE TABLE b (x int); INSERT INTO b VALUES (1)',
    );
    const other = new pg.Client({ connectionString: server.url('locked', 'postgres') });
    await other.connect();
    await other.query('BEGIN; LOCK TABLE a IN ACCESS EXCLUSIVE MODE');
    const read = await readDatabase(url, { limits: { lock: 200 } });
    await other.end();
    expect(tablesOf(read)).toEqual(['a timeout 55P03', 'b complete']);
    expect(read.said).toEqual(['catalog complete', 'content partial 55P03']);
  });

  it('longer than a statement may take loses that table only', async () => {
    const url = await server.database(
      'slow',
      `CREATE TABLE a (x text); INSERT INTO a SELECT repeat(md5(i::text), 100) FROM generate_series(1, 100000) i;
       CREATE TABLE b (x int); INSERT INTO b VALUES (1)`,
    );
    const read = await readDatabase(url, { limits: { statement: 100 } });
    expect(tablesOf(read)).toEqual(['a timeout 57014', 'b complete']);
  });
});

describe('a table that is rewritten while it is read', () => {
  it.each([
    'TRUNCATE a',
    'ALTER TABLE a ALTER COLUMN x TYPE varchar(20)',
    'CLUSTER a USING a_pkey',
    'VACUUM FULL a',
  ])('by %s is not taken for empty', async (change) => {
    const name = `rewritten${change.length}`;
    await server.database(
      name,
      `CREATE TABLE a (x text PRIMARY KEY); INSERT INTO a VALUES ('1'), ('2'); CREATE TABLE b (x int);
         CREATE TABLE z (x int)`,
    );
    // The scan waits at the first table, after its snapshot; meanwhile the second changes.
    await server.sql('CREATE TABLE "0" (x int)', name);
    const other = new pg.Client({ connectionString: server.url(name, 'postgres') });
    const third = new pg.Client({ connectionString: server.url(name, 'postgres') });
    await Promise.all([other.connect(), third.connect()]);
    await other.query('BEGIN; LOCK TABLE "0" IN ACCESS EXCLUSIVE MODE');
    const reading = readDatabase(server.url(name), { limits: { lock: 20_000 } });
    await waitFor(
      async () => (await third.query('SELECT 1 FROM pg_locks WHERE NOT granted')).rows.length > 0,
    );
    await third.query(change);
    await other.query('COMMIT');
    const read = await reading;
    await Promise.all([other.end(), third.end()]);
    expect(tablesOf(read)).toEqual(['0 complete', 'a absent REWRITTEN', 'b complete', 'z complete']);
  });

  it('and one that is dropped is told as gone', async () => {
    await server.database('dropped', 'CREATE TABLE "0" (x int); CREATE TABLE a (x text)');
    const other = new pg.Client({ connectionString: server.url('dropped', 'postgres') });
    const third = new pg.Client({ connectionString: server.url('dropped', 'postgres') });
    await Promise.all([other.connect(), third.connect()]);
    await other.query('BEGIN; LOCK TABLE "0" IN ACCESS EXCLUSIVE MODE');
    const reading = readDatabase(server.url('dropped'), { limits: { lock: 20_000 } });
    await waitFor(
      async () => (await third.query('SELECT 1 FROM pg_locks WHERE NOT granted')).rows.length > 0,
    );
    await third.query('DROP TABLE a');
    await other.query('COMMIT');
    const read = await reading;
    await Promise.all([other.end(), third.end()]);
    expect(tablesOf(read)).toEqual(['0 complete', 'a absent 42P01']);
  });
});

async function waitFor(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error('expected it to happen within five seconds');
}

describe('a connection that ends in the middle', () => {
  beforeAll(async () => {
    await server.database(
      'dropping',
      `CREATE TABLE a (x text); INSERT INTO a SELECT repeat(md5(i::text), 20) FROM generate_series(1, 20000) i;
       CREATE TABLE b (x int); INSERT INTO b VALUES (1)`,
    );
  });

  const through = async (cut: Cut | undefined, limits = {}): Promise<ReadDatabase> => {
    const proxy = await startProxy(server.port, cut);
    try {
      return await readDatabase(`postgres://auditor@127.0.0.1:${proxy.port}/dropping`, { limits });
    } finally {
      await proxy.stop();
    }
  };

  it('is none without a fault (control)', async () => {
    expect(tablesOf(await through(undefined))).toEqual(['a complete', 'b complete']);
  });

  it.each<Cut['how']>(['close', 'reset', 'stall'])(
    'by %s: nothing after it counts as read, wherever it is',
    async (how) => {
      for (const after of [0, 50, 400, 2000, 6000, 20_000, 1_000_000, 5_000_000, 12_000_000]) {
        const read = await through({ after, how }, { idle: 300, connect: 300 });
        const complete = tablesOf(read).filter((one) => one.endsWith('complete'));
        expect(complete, `${how} after ${after}`).toEqual([]);
        for (const { status, reason } of read.drafts) {
          if (status !== 'complete') expect(reason).toMatch(/^[A-Z0-9_]{2,60}$/);
        }
        expect(read.drafts.find(({ key }) => key.kind === 'postgres.content')?.status).not.toBe('complete');
      }
    },
    60_000,
  );

  it('because we were stopped is told as that', async () => {
    const stop = new AbortController();
    const proxy = await startProxy(server.port, { after: 2_000_000, how: 'stall' });
    const reading = readDatabase(`postgres://auditor@127.0.0.1:${proxy.port}/dropping`, {
      signal: stop.signal,
    });
    setTimeout(() => stop.abort(), 300);
    const read = await reading;
    await proxy.stop();
    expect(tablesOf(read).map((one) => one.split(' ')[1])).toEqual(['cancelled', 'cancelled']);
  });

  it('because the server is shut down, or the backend is ended', async () => {
    const proxy = await startProxy(server.port);
    const url = `postgres://auditor@127.0.0.1:${proxy.port}/dropping`;
    const other = new pg.Client({ connectionString: server.url('dropping', 'postgres') });
    await other.connect();
    await other.query('BEGIN; LOCK TABLE a IN ACCESS EXCLUSIVE MODE');
    const reading = readDatabase(url, { limits: { lock: 20_000 } });
    await waitFor(
      async () => (await other.query('SELECT 1 FROM pg_locks WHERE NOT granted')).rows.length > 0,
    );
    await other.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'domicile'",
    );
    const read = await reading;
    await other.end();
    await proxy.stop();
    expect(tablesOf(read).filter((one) => one.includes('complete'))).toEqual([]);
    expect(tablesOf(read)[0]).toBe('a failed 57P01');
  });
});

describe('a server that does not let us in', () => {
  it('for another password, role or database is told by code, without the password', async () => {
    await server.sql(`CREATE ROLE keyed LOGIN PASSWORD '${SECRET}'`);
    await server.sql("ALTER SYSTEM SET password_encryption = 'scram-sha-256'");
    const [file] = await server.sql('SHOW hba_file');
    const rules = String(file?.['hba_file']);
    // pg_hba.conf is the superuser's to write through the server itself.
    await server.sql(
      `COPY (SELECT unnest(ARRAY['host all keyed 127.0.0.1/32 scram-sha-256', 'host all nobody 127.0.0.1/32 reject', 'host all all 127.0.0.1/32 trust'])) TO '${rules}'`,
    );
    await server.sql('SELECT pg_reload_conf()');
    const at = (who: string, database = 'postgres'): Promise<ReadDatabase> =>
      readDatabase(`postgres://${who}@127.0.0.1:${server.port}/${database}`);
    await waitFor(async () => (await at(`keyed:${SECRET}x`)).said[0] === 'catalog denied 28P01');
    const wrong = await at(`keyed:${SECRET}x`);
    expect(JSON.stringify(wrong.drafts)).not.toContain(SECRET);
    expect((await at(`keyed:${SECRET}`)).said[0]).toBe('catalog complete');
    expect((await at('keyed')).said[0]).toMatch(/^catalog (denied|failed)/);
    expect((await at('nobody')).said[0]).toBe('catalog denied 28000');
    expect((await at('auditor', 'nowhere')).said[0]).toBe('catalog failed 3D000');
  });

  it('is none where nothing listens, or something else does', async () => {
    expect((await readDatabase('postgres://auditor@127.0.0.1:1/x')).said).toEqual([
      'catalog unreachable UNREACHABLE',
      'content unreachable UNREACHABLE',
    ]);
  });
});

describe('an encrypted connection', () => {
  const folder = temporaryFolder();
  const openssl = (...args: readonly string[]): void => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  const hasOpenssl = spawnSync('openssl', ['version']).error === undefined;
  if (!hasOpenssl) console.log('skipped: encrypted connections to Postgres, since openssl is not here');

  const certify = async (name: string, subject: string): Promise<void> => {
    openssl(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      '/CN=x',
    );
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-out',
      `${name}.pem`,
      '-extfile',
      extensions(subject),
    );
    for (const ending of ['key', 'pem']) {
      const text = readFileSync(join(folder, `${name}.${ending}`), 'utf8').trim();
      await server.sql(
        `COPY (SELECT unnest(string_to_array('${text}', E'\\n'))) TO PROGRAM 'cat > server.${ending}; chmod 600 server.${ending}'`,
      );
    }
    await server.sql("ALTER SYSTEM SET ssl_cert_file = 'server.pem'");
    await server.sql("ALTER SYSTEM SET ssl_key_file = 'server.key'");
    await server.sql('ALTER SYSTEM SET ssl = on');
    await server.sql('SELECT pg_reload_conf()');
    await new Promise((done) => setTimeout(done, 300));
  };
  const extensions = (subject: string): string => {
    const path = join(folder, 'names');
    spawnSync('sh', ['-c', `printf 'subjectAltName=${subject}' > "${path}"`]);
    return path;
  };
  const read = (host: string, certificates?: string): Promise<ReadDatabase> =>
    readDatabase(
      `postgres://auditor@${host}:${server.port}/postgres?sslmode=verify-full`,
      certificates === undefined ? {} : { certificates },
    );

  it.skipIf(!hasOpenssl)(
    'is made only with a certificate that is trusted, for the very host',
    async () => {
      openssl(
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        'ca.key',
        '-out',
        'ca.pem',
        '-subj',
        '/CN=ca',
        '-days',
        '2',
      );
      const trusted = readFileSync(join(folder, 'ca.pem'), 'utf8');
      await certify('both', 'DNS:localhost,IP:127.0.0.1');
      const good = await read('localhost', trusted);
      expect(good.said[0]).toBe('catalog complete');
      expect(good.catalog?.server.tls).toBe(true);
      expect((await read('127.0.0.1', trusted)).said[0]).toBe('catalog complete');
      expect((await read('localhost')).said[0]).toMatch(
        /^catalog unreachable [A-Z_]*(SIGNED|VERIFY|ISSUER)[A-Z_]*$/,
      );

      await certify('name', 'DNS:localhost');
      expect((await read('localhost', trusted)).said[0]).toBe('catalog complete');
      expect((await read('127.0.0.1', trusted)).said[0]).toBe(
        'catalog unreachable ERR_TLS_CERT_ALTNAME_INVALID',
      );
      await certify('other', 'DNS:db.example.org,IP:10.0.0.1');
      expect((await read('localhost', trusted)).said[0]).toBe(
        'catalog unreachable ERR_TLS_CERT_ALTNAME_INVALID',
      );
    },
    60_000,
  );

  it('is not given up where the server has none', async () => {
    await server.sql('ALTER SYSTEM SET ssl = off');
    await server.sql('SELECT pg_reload_conf()');
    await new Promise((done) => setTimeout(done, 300));
    const { said } = await read('localhost');
    expect(said[0]).toMatch(/^catalog (failed|unreachable) /);
  });
});
