import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './harness/bench.ts';
import { compiledTree } from './harness/compiled.ts';

const SAMPLE = 'reports/sample';

export const bench: Bench = {
  title: 'domicile verify of the sample report, as installed: the whole process',
  prepare: async () => {
    const [deployment = ''] = readdirSync(SAMPLE, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    const [run = ''] = readdirSync(join(SAMPLE, deployment), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    const report = join(SAMPLE, deployment, run);
    const tree = await compiledTree();
    return {
      runs: {
        verify: {
          file: `${tree}/src/cli/main.js`,
          args: ['verify', report, '--key', `${SAMPLE}/demo.pub.pem`, '--accept', 'demo,endpoint'],
        },
      },
      claims: [{ measure: 'wall', of: 'verify', atMost: 0.5 }],
    };
  },
};
