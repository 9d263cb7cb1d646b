import { flowLogFiles } from './data/flow-log-files.ts';
import type { Bench } from './harness/bench.ts';
import { compiledTree } from './harness/compiled.ts';

export const bench: Bench = {
  title: 'flow logs in thousands of small objects, as a quiet account has them, against inflating them',
  prepare: async ({ scale, cache }) => {
    const tree = await compiledTree();
    const folder = flowLogFiles(cache, {
      format: 'v2',
      files: Math.round(4000 * scale),
      recordsPerFile: 1020,
    });
    return {
      runs: {
        gunzipSync: { file: `${tree}/bench/programs/gunzip.js`, args: [folder], idle: [folder, '0'] },
        'one thread': {
          file: `${tree}/bench/programs/reduce-flow-logs.js`,
          args: [folder, '0'],
          idle: [folder, '0', '0'],
        },
      },
      claims: [
        { measure: 'cpu', of: 'one thread', to: 'gunzipSync', atMost: 1.9 },
        { measure: 'rss', of: 'one thread', atMost: 256 },
      ],
    };
  },
};
