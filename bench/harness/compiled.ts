import { spawn } from 'node:child_process';
import { rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const ROOT = dirname(dirname(import.meta.dirname));
const TREE = '.cache/bench/compiled';
/** What the compiled code reads of the checkout. */
const DATA = ['policies', 'schemas', 'data', 'package.json'];
let made: Promise<string> | undefined;

/**
 * The sources compiled once, as they are for the published package, and the folder they are in: what an
 * installed domicile costs is without stripping types. From the root of the checkout.
 */
export function compiledTree(): Promise<string> {
  made ??= compile();
  return made;
}

async function compile(): Promise<string> {
  const target = join(ROOT, TREE);
  await rm(target, { recursive: true, force: true });
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const flags = ['-p', '.', '--noEmit', 'false', '--rootDir', '.', '--outDir', TREE];
  const child = spawn(process.execPath, [compiler, ...flags], { cwd: ROOT, stdio: 'inherit' });
  const code = await new Promise((done, fail) => child.once('error', fail).once('exit', done));
  if (code !== 0) throw new Error(`expected the sources to compile, found exit ${String(code)}`);
  await rm(join(target, 'package.json'), { force: true });
  for (const name of DATA) await symlink(join(ROOT, name), join(target, name));
  return TREE;
}
