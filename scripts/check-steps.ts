import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

export const ROOT = dirname(import.meta.dirname);

/** One check that stands on its own: a file of ours or of a package, run by this Node. */
export interface Step {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
}

/** What every `npm test` checks before the tests: without these the tests say little. */
export const TEST_STEPS: readonly Step[] = [
  { name: 'generated types are fresh', file: 'scripts/generate-types.ts', args: ['--check'] },
  { name: 'types', file: 'node_modules/typescript/bin/tsc', args: ['--noEmit', '-p', '.'] },
  { name: 'borders', file: 'scripts/borders.ts', args: [] },
];

/** What `npm run check` adds, so that nothing a reviewer has to look for is left to them. */
export const STATIC_STEPS: readonly Step[] = [
  { name: 'lint', file: 'node_modules/oxlint/bin/oxlint', args: ['--type-aware', '--deny-warnings'] },
  { name: 'format', file: 'node_modules/@biomejs/biome/bin/biome', args: ['check', '.'] },
  { name: 'dead code', file: 'node_modules/knip/bin/knip.js', args: ['--no-config-hints'] },
  { name: 'WebAssembly is fresh', file: 'scripts/build-kernel.ts', args: ['--check'] },
  { name: 'licences', file: 'scripts/licences.ts', args: [] },
  { name: 'known vulnerabilities', file: 'scripts/audit.ts', args: [] },
];

/** Programs that some suites need beyond npm, and what is skipped without them. */
export const TOOLS: readonly {
  readonly tool: string;
  readonly names: readonly string[];
  readonly suites: string;
}[] = [
  { tool: 'openssl', names: ['openssl'], suites: 'verifying an envelope without our code' },
  { tool: 'jq', names: ['jq'], suites: 'verifying an envelope without our code' },
  {
    tool: 'chromium',
    names: ['chromium', 'chromium-browser', 'google-chrome'],
    suites: 'the report in a browser',
  },
  { tool: "poppler's pdftoppm", names: ['pdftoppm'], suites: 'the report as print' },
];

/** Runs a step; its output is shown only where it failed. */
export async function passes({ name, file, args }: Step): Promise<boolean> {
  const { code, output } = await outcomeOf(process.execPath, [join(ROOT, file), ...args]);
  console.log(`${code === 0 ? 'ok' : 'FAILED'}: ${name}`);
  if (code !== 0 || output.includes('warning:')) console.log(output.trimEnd());
  return code === 0;
}

/** Everything a program printed, in order, and its exit code. */
export async function outcomeOf(
  command: string,
  args: readonly string[],
): Promise<{ readonly code: number; readonly output: string }> {
  const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number>((done, failed) => {
    child.on('error', failed);
    child.on('close', (status) => done(status ?? 1));
  });
  return { code, output: Buffer.concat(chunks).toString('utf8') };
}

/** The tools of the table that this machine does not have. */
export function missingTools(path: string): typeof TOOLS {
  return TOOLS.filter(({ tool }) => programPath(tool, path) === undefined);
}

/** Where a tool of the table lies; `undefined` where this machine does not have it. */
export function programPath(tool: string, path: string = process.env['PATH'] ?? ''): string | undefined {
  const names = TOOLS.find((known) => known.tool === tool)?.names ?? [];
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
