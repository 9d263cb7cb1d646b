import { startPostgres } from '../sim/postgres.ts';
import { spendTable } from './data/spend-table.ts';
import type { Bench } from './harness/bench.ts';
import { compiledTree } from './harness/compiled.ts';

const ROWS = 300_000;

export const bench: Bench = {
  title: 'a spend table scanned with every detector, against the same client draining its COPY',
  prepare: async ({ scale }) => {
    const tree = await compiledTree();
    const server = await startPostgres();
    await spendTable(server, 'bench_full', ROWS * scale);
    await spendTable(server, 'bench_empty', 0);
    const [full, empty] = [server.url('bench_full'), server.url('bench_empty')];
    return {
      runs: {
        COPY: {
          file: `${tree}/bench/programs/drain-copy.js`,
          args: [full, 'request_logs'],
          idle: [empty, 'request_logs'],
        },
        scan: { file: `${tree}/bench/programs/scan-database.js`, args: [full], idle: [empty] },
      },
      claims: [
        { measure: 'wall', of: 'scan', to: 'COPY', atMost: 1.15 },
        { measure: 'rss', of: 'scan', atMost: 150 },
      ],
      close: server.stop,
    };
  },
};
