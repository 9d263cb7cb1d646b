import { gzipSync as gzip } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { TableContent } from '../../../src/evidence/index.ts';
import { readDatabase, testServer } from '../../support/database.ts';

/** What a gateway must never store. */
const PROMPT =
  'Please write a long and friendly letter to my grandmother about the garden that we planted together last spring.';
const server = testServer();

const classesAt = (table: TableContent | undefined, column: string): readonly string[] =>
  (table?.paths ?? [])
    .filter((path) => path.column === column)
    .flatMap(({ detections }) => detections.map((one) => one.class));

describe('every kind of column is looked into', () => {
  it('whatever its type', async () => {
    const url = await server.database(
      'types',
      `CREATE TYPE mood AS ENUM ('sad', '${PROMPT.slice(0, 60)}');
       CREATE TYPE pair AS (a text, b int);
       CREATE DOMAIN words AS text;
       CREATE DOMAIN more_words AS words CHECK (length(VALUE) > 1);
       CREATE DOMAIN numbers AS int;
       CREATE TYPE spans AS RANGE (subtype = text);
       CREATE TABLE t (
         a_text text, a_varchar varchar(500), a_char char(200), a_domain more_words, a_pair pair, a_list text[], a_grid text[][],
         a_domain_list words[], a_range spans, a_json json, a_jsonb jsonb, a_xml xml, a_vector tsvector, a_bytes bytea,
         a_zip bytea, a_number numbers, a_name name, a_bits bit(8), a_path point, a_money money, a_time timestamptz,
         a_stored text GENERATED ALWAYS AS (upper(a_text)) STORED,
         a_virtual text GENERATED ALWAYS AS (lower(a_text)) VIRTUAL);
       INSERT INTO t VALUES ('${PROMPT}', '${PROMPT}', '${PROMPT}', '${PROMPT}', ROW('${PROMPT}', 1), ARRAY['a', '${PROMPT}'],
         ARRAY[['a', 'b'], ['c', '${PROMPT}']], ARRAY['${PROMPT}']::words[], spans('A', '${PROMPT}'),
         '{"prompt": "${PROMPT}"}', '{"x": [{"y": "${PROMPT}"}]}', '<p>${PROMPT}</p>', to_tsvector('english', '${PROMPT}'),
         convert_to('${PROMPT}', 'UTF8'), decode('${gzipHex(PROMPT)}', 'hex'), 5, 'x', B'10101010', '(1,2)', 5, now());`,
    );
    const { said, table, catalog } = await readDatabase(url);
    expect(said).toEqual(['catalog complete', 'content complete']);
    const t = table('t');
    expect(t).toMatchObject({ status: 'complete', rows: 1 });
    for (const column of [
      ...[
        'a_text',
        'a_varchar',
        'a_char',
        'a_domain',
        'a_pair',
        'a_list',
        'a_grid',
        'a_domain_list',
        'a_range',
        'a_json',
      ],
      ...['a_jsonb', 'a_xml', 'a_vector', 'a_bytes', 'a_zip', 'a_stored', 'a_virtual'],
    ]) {
      expect(classesAt(t, column), column).toContain('prose');
    }
    // Control: what cannot hold prose is not said to.
    for (const column of ['a_number', 'a_name', 'a_bits', 'a_path', 'a_money', 'a_time']) {
      expect(classesAt(t, column), column).toEqual([]);
    }
    expect(catalog?.relations.find(({ name }) => name === 't')?.columns).toHaveLength(23);
  });

  it('and JSON that names a member twice: the first is there too', async () => {
    const twice = `{"prompt": "${PROMPT}", "prompt": 1}`;
    const url = await server.database(
      'twice',
      `CREATE TABLE t (a json, b text, c jsonb, d json);
       INSERT INTO t VALUES ('${twice}', '${twice}', jsonb_build_object('inner', '${twice}'::text), '{"inner": {"x": ${twice}}}');`,
    );
    const { table } = await readDatabase(url);
    for (const column of ['a', 'b', 'c', 'd'])
      expect(classesAt(table('t'), column), column).toContain('prose');
  });
});

describe('every relation that holds rows is read', () => {
  it('partitions, inheriting tables, materialised views, unlogged tables; views and foreign tables are named', async () => {
    const url = await server.database(
      'relations',
      `CREATE TABLE parent (id int, note text) PARTITION BY RANGE (id);
       CREATE TABLE part_1 PARTITION OF parent FOR VALUES FROM (1) TO (10) PARTITION BY LIST (id);
       CREATE TABLE part_1a PARTITION OF part_1 FOR VALUES IN (1);
       CREATE TABLE part_rest PARTITION OF parent DEFAULT;
       INSERT INTO parent VALUES (1, '${PROMPT}'), (50, 'x');
       CREATE TABLE base (a text); CREATE TABLE child (b text) INHERITS (base);
       INSERT INTO base VALUES ('x'); INSERT INTO child VALUES ('y', '${PROMPT}');
       CREATE MATERIALIZED VIEW filled AS SELECT * FROM child; CREATE MATERIALIZED VIEW never AS SELECT * FROM child WITH NO DATA;
       CREATE VIEW shown AS SELECT * FROM child;
       CREATE UNLOGGED TABLE quick (a text); INSERT INTO quick VALUES ('${PROMPT}');
       CREATE TABLE nothing (); INSERT INTO nothing DEFAULT VALUES;
       CREATE SEQUENCE counter;
       CREATE EXTENSION IF NOT EXISTS file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
       CREATE FOREIGN TABLE abroad (a text) SERVER files OPTIONS (filename 'none', format 'text');`,
    );
    const { content, table, catalog } = await readDatabase(url);
    expect(content?.tables.map(({ table: name, rows, status }) => `${name} ${rows} ${status}`)).toEqual([
      ...[
        'base 1 complete',
        'child 1 complete',
        'filled 1 complete',
        'never 0 complete',
        'nothing 1 complete',
      ],
      ...['part_1a 1 complete', 'part_rest 1 complete', 'quick 1 complete'],
    ]);
    expect(classesAt(table('part_1a'), 'note')).toContain('prose');
    const kinds = Object.fromEntries((catalog?.relations ?? []).map(({ name, kind }) => [name, kind]));
    expect(kinds).toMatchObject({
      parent: 'partitioned-table',
      shown: 'view',
      abroad: 'foreign-table',
      counter: 'sequence',
    });
    expect(catalog?.relations.find(({ name }) => name === 'part_1a')?.partitionOf).toEqual({
      schema: 'public',
      name: 'parent',
    });
    expect(catalog?.links.foreignServers).toBe(1);
  });

  it('whatever they and their columns are called', async () => {
    const names = [
      'with "quotes"',
      'line\nbreak',
      "'; DROP TABLE t; --",
      '北京',
      'é'.repeat(31),
      'SELECT',
      'tab\there',
      '%s\\',
      'constructor',
      '__proto__',
      '🙂',
    ];
    const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
    const url = await server.database(
      'names',
      `CREATE SCHEMA ${quoted(names[0] ?? '')};` +
        names
          .map(
            (name) =>
              `CREATE TABLE ${quoted(name)} (${names.map((column) => `${quoted(column)} text`).join(', ')}); INSERT INTO ${quoted(name)} VALUES (${names.map(() => `'${PROMPT}'`).join(', ')});`,
          )
          .join('') +
        `CREATE TABLE ${quoted(names[0] ?? '')}.${quoted(names[1] ?? '')} (a text);`,
    );
    const { content, table } = await readDatabase(url);
    expect(content?.tables).toHaveLength(names.length + 1);
    for (const name of names) {
      expect(table(name)).toMatchObject({ status: 'complete', rows: 1 });
      for (const column of names)
        expect(classesAt(table(name), column), `${name}/${column}`).toContain('prose');
    }
  });

  it('with 1,600 columns, and with ten thousand tables beside', async () => {
    const columns = Array.from({ length: 1600 }, (_, index) => `c${index} text`).join(', ');
    const url = await server.database(
      'wide',
      `CREATE TABLE wide (${columns}); INSERT INTO wide (c0, c1599) VALUES ('${PROMPT}', '${PROMPT}');`,
    );
    const { table } = await readDatabase(url);
    expect(table('wide')?.paths).toHaveLength(1600);
    expect(classesAt(table('wide'), 'c1599')).toContain('prose');
  });

  it('and large objects and other databases are counted', async () => {
    const url = await server.database('objects', "SELECT lo_from_bytea(0, 'x'), lo_from_bytea(0, 'y')");
    const { catalog } = await readDatabase(url);
    expect(catalog?.largeObjects).toBe(2);
    expect(catalog?.otherDatabases).toBeGreaterThan(3);
  });
});

describe('a value of a hundred million characters', () => {
  it('is told as not examined, in little memory', async () => {
    const url = await server.database(
      'huge',
      `CREATE TABLE t (id int, a text, b text);
       INSERT INTO t VALUES (1, repeat('lorem ipsum ', 9000000), 'after'), (2, '${PROMPT}', 'x');`,
    );
    const before = process.memoryUsage().rss;
    const { table } = await readDatabase(url);
    const grown = (process.memoryUsage().rss - before) / 1024 / 1024;
    expect(table('t')).toMatchObject({ status: 'complete', rows: 2 });
    expect(classesAt(table('t'), 'a')).toEqual(expect.arrayContaining(['unexamined', 'prose']));
    expect(classesAt(table('t'), 'b')).toEqual(['unexamined']);
    expect(grown).toBeLessThan(200);
  }, 60_000);
});

function gzipHex(text: string): string {
  return Buffer.from(gzip(text)).toString('hex');
}
