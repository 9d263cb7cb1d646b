import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import * as copyStreams from 'pg-copy-streams';
import { plantsOf } from '../make-sample.ts';
import type { EmbeddedPostgres } from '../postgres.ts';
import type { Random } from '../random.ts';
import { createRandom } from '../random.ts';
import type { Sample, SampleDatabase } from '../samples.ts';
import type { TableRows } from './copy-text.ts';
import { copyLine } from './copy-text.ts';
import { GATEWAY_CATALOGS } from './gateway-catalog.ts';
import { memoryTables } from './memory-rows.ts';
import { population } from './people-rows.ts';
import { trafficTables } from './traffic-rows.ts';

/** The role that the samples are audited with: it may connect and select, and nothing else. */
const READER_ROLE = 'domicile_reader';

/** How much of a gateway's history is made. */
export interface SeedVolume {
  readonly requests: number;
}

const DEMO_VOLUME: SeedVolume = { requests: 14_000 };

/**
 * Makes every database of a sample, with its plants, and gives the connection strings by the variable that
 * the inventory names. The same seed gives the same rows.
 */
export async function seedSample(
  server: EmbeddedPostgres,
  sample: Sample,
  seed: number,
  volume: SeedVolume = DEMO_VOLUME,
): Promise<Readonly<Record<string, string>>> {
  const urls: Record<string, string> = {};
  for (const database of sample.databases) {
    const name = databaseName(sample, database);
    const random = createRandom(seed).fork(`${sample.deployment} ${database.id} rows`);
    await seedDatabase(server, name, schemaOf(database), tablesOf(sample, database, volume, random));
    if (database.schema === 'gateway') await plantRows(server, name, sample);
    await grantReader(server, name, database.hiddenTables ?? []);
    urls[database.urlFrom] = server.url(name, READER_ROLE);
  }
  return urls;
}

/** A name that Postgres takes without quotes. */
export function databaseName({ deployment }: Sample, { id }: SampleDatabase): string {
  return `${deployment}_${id}`.replaceAll('-', '_');
}

function schemaOf({ schema }: SampleDatabase): string {
  return readFileSync(join(import.meta.dirname, `${schema}-schema.sql`), 'utf8');
}

function tablesOf(
  { site }: Sample,
  { schema }: SampleDatabase,
  { requests }: SeedVolume,
  random: Random,
): readonly TableRows[] {
  if (schema === 'memory') return memoryTables(Math.max(8, Math.floor(requests / 10)), random);
  const catalog = GATEWAY_CATALOGS[site.region];
  if (catalog === undefined) throw new Error(`expected a gateway catalog for ${site.region}`);
  const people = population(catalog, site.region, random.fork('people'));
  return [...people.tables, ...trafficTables(people, requests, random.fork('traffic'))];
}

/** Makes a database with a schema and rows. */
export async function seedDatabase(
  server: EmbeddedPostgres,
  name: string,
  schema: string,
  tables: readonly TableRows[],
): Promise<void> {
  await asSuperuser(server, 'postgres', (client) => client.query(`CREATE DATABASE ${name}`));
  await asSuperuser(server, name, async (client) => {
    await client.query('BEGIN');
    await client.query(schema);
    for (const rows of tables) await copyRows(client, rows);
    await client.query('COMMIT');
    await client.query('ANALYZE');
  });
}

const FLUSH_CHARACTERS = 1 << 20;

async function copyRows(client: pg.Client, { table, columns, rows }: TableRows): Promise<void> {
  const stream = client.query(copyStreams.from(`COPY ${table} (${columns.join(', ')}) FROM STDIN`));
  const ended = once(stream, 'finish');
  let text = '';
  for (const row of rows) {
    text += copyLine(row);
    if (text.length < FLUSH_CHARACTERS) continue;
    if (!stream.write(text)) await once(stream, 'drain');
    text = '';
  }
  stream.end(text);
  await ended;
}

/** Runs the SQL of a sample's plants. */
export async function plantRows(
  server: EmbeddedPostgres,
  name: string,
  sample: Pick<Sample, 'plants'>,
): Promise<void> {
  const statements = plantsOf(sample.plants).flatMap(({ sql }) => sql ?? []);
  if (statements.length === 0) return;
  await asSuperuser(server, name, (client) => client.query(statements.join(';\n')));
}

/** A copy of a whole database, made by the server from its files: faster than seeding again. */
export async function copyDatabase(server: EmbeddedPostgres, source: string, copy: string): Promise<void> {
  await asSuperuser(server, 'postgres', (client) =>
    client.query(`CREATE DATABASE ${copy} TEMPLATE ${source} STRATEGY file_copy`),
  );
}

export async function dropDatabase(server: EmbeddedPostgres, name: string): Promise<void> {
  await asSuperuser(server, 'postgres', (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
}

/** Least privilege: the role reads every table that is there or that a plant makes later, but for those hidden from it. */
async function grantReader(server: EmbeddedPostgres, name: string, hidden: readonly string[]): Promise<void> {
  await asSuperuser(server, name, async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [READER_ROLE]);
    if (rowCount === 0) await client.query(`CREATE ROLE ${READER_ROLE} LOGIN`);
    await client.query(`GRANT USAGE ON SCHEMA public TO ${READER_ROLE}`);
    await client.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${READER_ROLE}`);
    await client.query(`ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO ${READER_ROLE}`);
    for (const table of hidden) await client.query(`REVOKE SELECT ON ${table} FROM ${READER_ROLE}`);
  });
}

async function asSuperuser<T>(
  server: EmbeddedPostgres,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: server.url(database) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
