import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { outcomeOf, ROOT } from './check-steps.ts';

/** Compiles src/ to dist/ for the published package: Node strips no types under node_modules. */
await rm(join(ROOT, 'dist'), { recursive: true, force: true });
const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
const { code, output } = await outcomeOf(process.execPath, [compiler, '-p', 'tsconfig.build.json']);
// npm pack prints its own answer on standard output.
if (output !== '') console.error(output.trimEnd());
process.exitCode = code;
