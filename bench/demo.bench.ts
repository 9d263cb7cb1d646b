import type { Bench } from './harness/bench.ts';

export const bench: Bench = {
  title: 'npm run demo after the install, as a whole',
  prepare: async () => ({
    runs: { demo: { file: 'sim/demo.ts', args: [] } },
    claims: [{ measure: 'wall', of: 'demo', atMost: 15 }],
  }),
};
