import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingTools, passes, ROOT, STATIC_STEPS, TEST_STEPS } from './check-steps.ts';
import {
  addTotals,
  exitCodeOf,
  formatTotals,
  NONE,
  type Totals,
  type VitestReport,
  vitestTotals,
} from './totals.ts';

/**
 * `npm test`: the generated types, the compiler, the borders and every suite; `--all` adds what `npm run check`
 * adds. The last line of standard output is the totals, in which each step counts as one test.
 */
async function main(args: readonly string[]): Promise<number> {
  const all = args.includes('--all');
  const filters = args.filter((arg) => arg !== '--all');
  let totals = requireTools();
  for (const step of [...(all ? STATIC_STEPS : []), ...TEST_STEPS]) {
    totals = addTotals(totals, (await passes(step)) ? { ...NONE, passed: 1 } : { ...NONE, failed: 1 });
  }
  const suites = await runVitest(filters);
  totals = addTotals(totals, suites);
  console.log(formatTotals(totals));
  return exitCodeOf(totals, suites);
}

/** With CI=true a missing tool is a failure; otherwise it is said what will be skipped. */
function requireTools(): Totals {
  const missing = missingTools(process.env['PATH'] ?? '');
  const strict = process.env['CI'] === 'true';
  for (const { tool, suites } of missing) {
    console.log(strict ? `FAILED: ${tool} is required with CI=true` : `without ${tool}, skipped: ${suites}`);
  }
  return strict ? { ...NONE, failed: missing.length } : NONE;
}

async function runVitest(filters: readonly string[]): Promise<Totals> {
  const folder = await mkdtemp(join(tmpdir(), 'domicile-totals-'));
  const file = join(folder, 'vitest.json');
  try {
    const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
    const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...filters];
    const child = spawn(process.execPath, [vitest, ...args], { cwd: ROOT, stdio: 'inherit' });
    const code = await new Promise<number>((done, failed) => {
      child.on('error', failed);
      child.on('exit', (status) => done(status ?? 1));
    });
    const report = await readFile(file, 'utf8').then(
      (text) => JSON.parse(text) as VitestReport,
      () => null,
    );
    return vitestTotals(report, code);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main(process.argv.slice(2));
