import { flowLogFiles } from './data/flow-log-files.ts';
import type { Bench } from './harness/bench.ts';
import { compiledTree } from './harness/compiled.ts';

const FILES = 24;

export const bench: Bench = {
  title:
    'flow logs in a custom format with every field of versions 2 to 5 to their full exact aggregate, against inflating them',
  prepare: async ({ scale, cache }) => {
    const tree = await compiledTree();
    const folder = flowLogFiles(cache, {
      format: 'v5',
      files: Math.round(FILES * scale),
      recordsPerFile: 75_000,
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
        { measure: 'wall', of: 'two threads', to: 'one thread', atMost: 1 / 1.6 },
      ],
    };
  },
};
