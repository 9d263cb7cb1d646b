import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outcomeOf, ROOT } from './check-steps.ts';

/**
 * Compiles wasm/flow-log/ to the WebAssembly bytes that src/scan/flow-log carries, or with --check says whether
 * these are what the source compiles to. The compiler is pinned in wasm/, and the same source gives the same bytes.
 */
const SOURCE = 'wasm/flow-log/index.ts';
const TARGET = join(ROOT, 'src/scan/flow-log/generated/kernel.ts');
const FLAGS = [
  '-O3',
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--enable',
  'bulk-memory',
  '--noAssert',
  '--use',
  'abort=',
];
const LINE = 100;

/** The text of the generated file for a module's bytes. */
function moduleText(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  const text = lines.map((line) => `  '${line}'`).join(' +\n');
  return `/* generated from ${SOURCE} by npm run kernel; do not edit */\n\nexport const KERNEL_BYTES =\n${text};\n`;
}

async function compiled(): Promise<Buffer> {
  const compiler = join(ROOT, 'wasm/node_modules/assemblyscript/bin/asc.js');
  const installed = await stat(compiler).catch(() => undefined);
  if (installed === undefined)
    await orExplain('npm', ['ci', '--prefix', 'wasm', '--no-audit', '--no-fund', '--loglevel=error']);
  const folder = await mkdtemp(join(tmpdir(), 'domicile-kernel-'));
  try {
    const target = join(folder, 'kernel.wasm');
    await orExplain(process.execPath, [compiler, SOURCE, '--outFile', target, ...FLAGS]);
    return await readFile(target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function orExplain(command: string, args: readonly string[]): Promise<void> {
  const { code, output } = await outcomeOf(command, args);
  if (code !== 0) throw new Error(`${command} ended with ${code}\n${output}`);
}

const text = moduleText(await compiled());
if (!process.argv.includes('--check')) {
  await writeFile(TARGET, text);
} else if ((await readFile(TARGET, 'utf8')) !== text) {
  console.error(`expected ${TARGET} to be compiled from ${SOURCE}, found other bytes: npm run kernel`);
  process.exitCode = 1;
}
