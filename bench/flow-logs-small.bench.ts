import { flowLogFiles } from './data/flow-log-files.ts';
import type { Bench } from './harness/bench.ts';

export const bench: Bench = {
  title: 'flow logs in thousands of small objects, as a quiet account has them, against inflating them',
  prepare: async ({ scale, cache }) => {
    const folder = flowLogFiles(cache, {
      format: 'v2',
      files: Math.round(4000 * scale),
      recordsPerFile: 1020,
    });
    return {
      runs: {
        gunzipSync: { file: 'bench/programs/gunzip.ts', args: [folder], idle: [folder, '0'] },
        'one thread': {
          file: 'bench/programs/reduce-flow-logs.ts',
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
