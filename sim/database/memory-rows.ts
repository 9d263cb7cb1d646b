import type { Random } from '../random.ts';
import type { TableRows } from './copy-text.ts';
import { uuid } from './people-rows.ts';

/** Facts as a memory service extracts them: short statements about a user, no turn of a conversation. */
const FACTS = [
  'Prefers answers in Mandarin',
  'Works in the logistics team',
  'Uses metric units',
  'Reports quarterly figures in SGD',
  'Time zone is Asia/Singapore',
  'Favourite chart type is a bar chart',
] as const;

const DIMENSIONS = 24;

/** The memory service's tables, in a database of their own: retrieved facts with their embeddings. */
export function memoryTables(facts: number, random: Random): readonly TableRows[] {
  const sessions = Array.from({ length: Math.max(2, Math.floor(facts / 8)) }, () => `mem_${random.hex(16)}`);
  return [
    {
      table: 'memory_sessions',
      columns: ['session_id', 'user_id', 'facts', 'created_at'],
      rows: sessions.map((id) => [
        id,
        `user-${random.below(400)}`,
        random.below(20),
        '2026-11-02 09:00:00+00',
      ]),
    },
    {
      table: 'memory_facts',
      columns: ['fact_id', 'session_id', 'fact', 'embedding', 'model', 'created_at'],
      rows: Array.from({ length: facts }, () => [
        uuid(random),
        random.pick(sessions),
        random.pick(FACTS),
        Array.from({ length: DIMENSIONS }, () => (random.below(20_001) - 10_000) / 10_000),
        'text-embedding-v4',
        '2026-11-20 10:00:00+00',
      ]),
    },
  ];
}
