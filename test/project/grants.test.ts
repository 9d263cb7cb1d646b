import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EmbeddedPostgres } from '../../sim/postgres.ts';
import { startPostgres } from '../../sim/postgres.ts';
import { runSql } from '../support/postgres.ts';

const OPERATE = readFileSync(new URL('../../docs/operate.md', import.meta.url), 'utf8');
const GRANTS = /```sql\n([\s\S]*?)```/.exec(OPERATE)?.[1] ?? '';

describe('the SQL grants of docs/operate.md', () => {
  let server: EmbeddedPostgres;
  const read = (sql: string): Promise<unknown> => runSql(server, sql, 'gateway', 'domicile_reader');
  const owner = (sql: string): Promise<unknown> => runSql(server, sql, 'gateway', 'gateway_owner');

  beforeAll(async () => {
    server = await startPostgres();
    await runSql(server, 'CREATE ROLE gateway_owner LOGIN');
    await runSql(server, 'CREATE DATABASE gateway OWNER gateway_owner');
    await runSql(server, 'ALTER SCHEMA public OWNER TO gateway_owner', 'gateway');
    await owner('CREATE TABLE public.spend (id int); INSERT INTO public.spend VALUES (1)');
    await runSql(server, GRANTS, 'gateway');
  });
  afterAll(() => server.stop());

  test('let the login read what is there and what the owner makes later', async () => {
    await owner('CREATE TABLE public.later (id int); INSERT INTO public.later VALUES (2)');
    expect(await read('SELECT id FROM public.spend')).toEqual([{ id: 1 }]);
    expect(await read('SELECT id FROM public.later')).toEqual([{ id: 2 }]);
  });

  test.each([
    'INSERT INTO public.spend VALUES (3)',
    'SET default_transaction_read_only = off; DELETE FROM public.spend',
    'SET default_transaction_read_only = off; CREATE TABLE public.mine (id int)',
    'SET default_transaction_read_only = off; ALTER TABLE public.spend ADD COLUMN x int',
  ])('let it not %s', async (sql) => {
    await expect(read(sql)).rejects.toThrow(/read-only|permission denied|must be owner/);
  });

  test('are refused to others: a control that the server checks logins at all', async () => {
    await runSql(server, 'CREATE ROLE stranger LOGIN');
    await expect(runSql(server, 'SELECT id FROM public.spend', 'gateway', 'stranger')).rejects.toThrow(
      /permission denied/,
    );
  });
});
