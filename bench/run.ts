import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench } from './harness/bench.ts';
import { measure } from './harness/measure.ts';
import type { JudgedClaim, Usage } from './harness/statistics.ts';
import { judge } from './harness/statistics.ts';

/**
 * `npm run bench [-- NAME… --rounds N --scale N]`: runs the entries in turns with their baselines, prints medians
 * and ratios, and writes bench/results/NAME.json. A budget that is missed is shown, and fails nothing: times on a
 * machine that others use are no test.
 */
const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, scale: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const ROOT = join(import.meta.dirname, '..');
const RESULTS = join(import.meta.dirname, 'results');
const CACHE = join(ROOT, '.cache', 'bench');
const rounds = Number(values.rounds);
const scale = Number(values.scale);

await mkdir(RESULTS, { recursive: true });
await mkdir(CACHE, { recursive: true });
const names = (await readdir(import.meta.dirname))
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.replace(/\.bench\.ts$/, ''))
  .filter((name) => positionals.length === 0 || positionals.includes(name))
  .sort();
if (names.length === 0) throw new Error(`expected names of entries, found ${positionals.join(' ')}`);
for (const name of names) await runBench(name);

async function runBench(name: string): Promise<void> {
  const { bench } = (await import(`./${name}.bench.ts`)) as { readonly bench: Bench };
  console.log(`\n${name}: ${bench.title}`);
  const prepared = await bench.prepare({ scale, cache: CACHE });
  try {
    const { medians, whole } = await measure(prepared, rounds);
    const claims = prepared.claims.map((claim) => judge(claim, medians));
    for (const [run, usage] of medians) console.log(`  ${run.padEnd(24)} ${figures(usage)}`);
    for (const claim of claims) console.log(`  ${verdictLine(claim)}`);
    const result = {
      name,
      title: bench.title,
      machine: {
        node: process.versions.node,
        platform: `${process.platform}-${process.arch}`,
        cpu: cpus()[0]?.model ?? '',
        cores: availableParallelism(),
      },
      rounds,
      scale,
      runs: Object.fromEntries(medians),
      withStart: Object.fromEntries(whole),
      claims,
      met: claims.every(({ met }) => met),
    };
    await writeFile(join(RESULTS, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  } finally {
    await prepared.close?.();
  }
}

function figures({ cpu, wall, rss }: Usage): string {
  return `cpu ${cpu.toFixed(2)} s  wall ${wall.toFixed(2)} s  peak ${rss.toFixed(0)} MiB`;
}

function verdictLine({ name, ratio, ours, budget, met }: JudgedClaim): string {
  return `${met ? 'met   ' : 'MISSED'} ${name}: ${(ratio ?? ours).toFixed(2)} of at most ${budget.toFixed(2)}`;
}
