import { collectDatabase } from '../../src/collection/index.ts';
import { loadDataMaps } from '../../src/config/index.ts';
import type { ContentAggregate } from '../../src/evidence/index.ts';
import { createDialer } from '../../src/net/index.ts';

/** Scans a database with every detector, as an audit does. Usage: scan-database.ts URL. */
const [url = ''] = process.argv.slice(2);
const map = loadDataMaps().find(({ id }) => id === 'gateway-v1')?.map;
if (map === undefined) throw new Error('expected the data map gateway-v1');
const clock = { now: () => Date.now() };
const drafts = await collectDatabase(
  { id: 'bench', url, dataMap: map },
  { dialer: createDialer({ allowed: [{ id: 'loopback', to: { kind: 'loopback' } }], clock }), clock },
);
const content = drafts.find(({ key }) => key.kind === 'postgres.content');
if (content?.status !== 'complete') throw new Error(`expected a whole scan, found ${content?.reason}`);
const { tables } = content.body as ContentAggregate;
for (const { table, rows, paths } of tables) {
  const found = paths.flatMap(({ violations, detections }) => [...violations, ...detections]);
  console.log(
    table,
    rows,
    found.reduce((sum, { count }) => sum + count, 0),
  );
}
