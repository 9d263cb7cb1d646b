import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { GATEWAY_CATALOGS } from '../../sim/database/gateway-catalog.ts';
import { population } from '../../sim/database/people-rows.ts';
import { seedDatabase } from '../../sim/database/seed.ts';
import { trafficTables } from '../../sim/database/traffic-rows.ts';
import type { EmbeddedPostgres } from '../../sim/postgres.ts';
import { createRandom } from '../../sim/random.ts';

const TABLE = 'request_logs';
const SEEDED = 10_000;
const REGION = 'ap-southeast-1';

/**
 * A gateway's request log of so many rows, in a database of its own: the sample's rows, and copies of them that
 * differ in ids, times and costs, as the rows of a real table do. One table, so that what is read is known.
 */
export async function spendTable(server: EmbeddedPostgres, database: string, rows: number): Promise<void> {
  const catalog = GATEWAY_CATALOGS[REGION];
  if (catalog === undefined) throw new Error(`expected a gateway catalog for ${REGION}`);
  const random = createRandom(20_261_124);
  const people = population(catalog, REGION, random.fork('people'));
  const tables = rows === 0 ? [] : trafficTables(people, SEEDED, random.fork('traffic'));
  await seedDatabase(
    server,
    database,
    tableSchema(),
    tables.filter(({ table }) => table === TABLE),
  );
  const client = new pg.Client({ connectionString: server.url(database) });
  await client.connect();
  try {
    const copies = Math.max(0, Math.round(rows / SEEDED) - 1);
    await client.query(MULTIPLY, [copies]);
    // Hint bits are set, and the cache is warm, before anything is measured.
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}

/** The table's own statement of the sample schema, without its partitions. */
function tableSchema(): string {
  const schema = readFileSync(join(import.meta.dirname, '../../sim/database/gateway-schema.sql'), 'utf8');
  const [, columns] = new RegExp(`CREATE TABLE ${TABLE} \\(([\\s\\S]*?)\\n\\)`).exec(schema) ?? [];
  if (columns === undefined) throw new Error(`expected ${TABLE} in the sample schema`);
  return `CREATE TABLE ${TABLE} (${columns})`;
}

const MULTIPLY = `
  INSERT INTO ${TABLE}
  SELECT id + n * ${SEEDED}, 'req_' || substr(md5(request_id || n), 1, 20), call_type, token_hash, organization_id,
    team_id, user_id, model, model_group, provider, api_base, prompt_tokens + n, completion_tokens,
    total_tokens + n, spend * (1 + n / 1000.0), started_at + n * interval '17 seconds',
    first_token_at + n * interval '17 seconds', ended_at + n * interval '17 seconds', duration_ms + n, status,
    error_code, error_text, cache_hit, session_id, request_tags,
    jsonb_set(metadata, '{cost_breakdown,total_cost}', to_jsonb(spend * (1 + n / 1000.0))), messages, response
  FROM ${TABLE}, generate_series(1, $1::int) AS n`;
