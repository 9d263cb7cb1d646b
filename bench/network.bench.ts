import type { Bench } from './harness/bench.ts';

const PROGRAM = 'bench/programs/solve-network.ts';

/** Budgets: 10 s, 1 GB, and growth that stays near the size (docs/design.md, "Budgets"). */
export const bench: Bench = {
  title: 'what can leave 1,000 VPCs with 20,000 interfaces, against a country',
  prepare: async ({ scale }) => {
    const run = (share: number) => ({ file: PROGRAM, args: [String(share * scale)], idle: ['0'] });
    return {
      runs: { quarter: run(0.25), half: run(0.5), whole: run(1), double: run(2) },
      claims: [
        { measure: 'wall', of: 'whole', atMost: 10 * scale },
        { measure: 'rss', of: 'whole', atMost: 1024 },
        { measure: 'cpu', of: 'half', to: 'quarter', atMost: 2.3 },
        { measure: 'cpu', of: 'whole', to: 'half', atMost: 2.3 },
        { measure: 'cpu', of: 'double', to: 'whole', atMost: 2.3 },
      ],
    };
  },
};
