import { startAwsEndpoint } from '../sim/aws-endpoint/endpoint.ts';
import { largeAccount } from './data/large-account.ts';
import type { Bench } from './harness/bench.ts';

const LATENCY = 50;
const SIZE = { keys: 60, buckets: 50, services: 60, tasks: 240, interfaces: 1200 };

/**
 * Requests of the longest chain in which each must wait for the one before: whose keys, clusters, tasks (three
 * pages of a hundred), descriptions, definitions. With any number of connections no reading is faster.
 */
const LONGEST_CHAIN = 7;

export const bench: Bench = {
  title: 'an account read live, 50 ms a call, against the plain SDK one call after the other',
  prepare: async ({ scale }) => {
    const grown = Object.fromEntries(
      Object.entries(SIZE).map(([what, count]) => [what, Math.round(count * scale)]),
    ) as typeof SIZE;
    const endpoint = await startAwsEndpoint({
      accounts: [{ stack: largeAccount(grown) }],
      clock: { now: () => Date.now() },
      pageSize: 100,
    });
    endpoint.behave({ behaviour: { kind: 'latency', milliseconds: LATENCY } });
    return {
      runs: {
        'theoretical minimum': {
          file: 'bench/programs/wait.ts',
          args: [String(LONGEST_CHAIN * LATENCY)],
          idle: ['0'],
        },
        'one after the other': {
          file: 'bench/programs/collect-sequentially.ts',
          args: [endpoint.url],
          idle: [endpoint.url, '0'],
        },
        domicile: {
          file: 'bench/programs/collect-account.ts',
          args: [endpoint.url],
          idle: [endpoint.url, '0'],
        },
      },
      same: ['one after the other', 'domicile'],
      claims: [
        { measure: 'wall', of: 'domicile', to: 'one after the other', atMost: 0.25 },
        { measure: 'wall', of: 'domicile', to: 'theoretical minimum', atMost: 8 },
        { measure: 'rss', of: 'domicile', atMost: 256 },
      ],
      close: endpoint.close,
    };
  },
};
