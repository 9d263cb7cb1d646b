import pg from 'pg';
import type { EmbeddedPostgres } from '../../sim/postgres.ts';

/** Runs SQL as the superuser, or as a role, on a connection of its own. */
export async function runSql(
  server: EmbeddedPostgres,
  sql: string,
  database = 'postgres',
  role = 'postgres',
): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: server.url(database, role) });
  await client.connect();
  try {
    const result = await client.query(sql);
    return Array.isArray(result) ? [] : (result.rows as readonly Record<string, unknown>[]);
  } finally {
    await client.end();
  }
}
