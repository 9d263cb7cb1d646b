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
    const reduce = { file: `${tree}/bench/programs/reduce-flow-logs.js` };
    return {
      runs: {
        gunzipSync: { file: `${tree}/bench/programs/gunzip.js`, args: [folder], idle: [folder, '0'] },
        'one thread': { ...reduce, args: [folder, '0'], idle: [folder, '0', '0'] },
        'two threads': { ...reduce, args: [folder, '2'], idle: [folder, '2', '0'] },
      },
      same: ['one thread', 'two threads'],
      claims: [
        { measure: 'cpu', of: 'one thread', to: 'gunzipSync', atMost: 1.9 },
        { measure: 'rss', of: 'one thread', atMost: 256 },
        { measure: 'rss', of: 'two threads', atMost: 256 },
      ],
    };
  },
};
