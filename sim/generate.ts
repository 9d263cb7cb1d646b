import { parseArgs } from 'node:util';
import { writeSample } from './make-sample.ts';
import type { PlantId } from './plants.ts';
import { isPlantId, PLANTS } from './plants.ts';
import { SAMPLE_SEED, SAMPLES } from './samples.ts';
import { writeInventory } from './write-inventory.ts';

const USAGE = `usage: node sim/generate.ts --out DIR [--deployment ID] [--seed N] [--plant ID,ID…]

Writes the export folder of a sample deployment (DIR/evidence) and its inventory (DIR/inventory).
The same seed and plants give the same bytes. Plants in database rows are made by the demo's Postgres.

deployments: ${SAMPLES.map(({ deployment }) => deployment).join(', ')}
plants:
${PLANTS.map(({ id, title }) => `  ${id.padEnd(24)} ${title}`).join('\n')}`;

/** The generator as a command; 64 for a wrong call, as the product's own table says. */
async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      out: { type: 'string' },
      deployment: { type: 'string', default: 'acme-cn' },
      seed: { type: 'string', default: String(SAMPLE_SEED) },
      plant: { type: 'string' },
    },
  });
  const sample = SAMPLES.find(({ deployment }) => deployment === values.deployment);
  const plants = values.plant === undefined ? undefined : plantIds(values.plant);
  const seed = Number(values.seed);
  if (values.out === undefined || sample === undefined || plants === null || !Number.isSafeInteger(seed)) {
    console.error(USAGE);
    return 64;
  }
  const planted = plants === undefined ? sample : { ...sample, plants };
  await writeSample(`${values.out}/evidence`, planted, seed);
  writeInventory(`${values.out}/inventory`, [planted]);
  console.log(`${planted.deployment}: seed ${seed}, plants: ${planted.plants.join(', ') || 'none'}`);
  return 0;
}

function plantIds(text: string): readonly PlantId[] | null {
  const names = text.split(',').filter((name) => name !== '');
  return names.every(isPlantId) ? names : null;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 64;
});
