import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { plantsOf } from './make-sample.ts';
import type { Sample } from './samples.ts';

const FOLDER = join(import.meta.dirname, 'inventory');

/** Writes `deployments.yaml` and `waivers.yaml` of the samples, with the plants that lie in the inventory itself. */
export function writeInventory(directory: string, samples: readonly Sample[]): string {
  const inventory = parse(readFileSync(join(FOLDER, 'deployments.yaml'), 'utf8')) as {
    readonly deployments: readonly Record<string, unknown>[];
  };
  const deployments = inventory.deployments.map((deployment) => {
    const plants = samples.find((sample) => sample.deployment === deployment['id'])?.plants ?? [];
    return plantsOf(plants).reduce(
      (planted, { inventory: change }) => change?.(planted) ?? planted,
      deployment,
    );
  });
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'deployments.yaml');
  writeFileSync(file, stringify({ ...inventory, deployments }));
  copyFileSync(join(FOLDER, 'waivers.yaml'), join(directory, 'waivers.yaml'));
  return file;
}
