/**
 * Runs a TypeScript file of this checkout: `node scripts/with-node.mjs FILE ARGS`.
 *
 * Plain JavaScript without dependencies, because it runs before anything is installed and on the host's Node,
 * which may be as old as 20: it installs what package-lock.json names, and takes the pinned Node where the
 * host's cannot strip types. Standard output belongs to FILE alone.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { stripsTypes } from '../bin/node-version.mjs';
import { ensureInstalled } from './install.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const [file, ...args] = process.argv.slice(2);
if (file === undefined) stop(64, 'usage: node scripts/with-node.mjs FILE [ARGS]');

try {
  await ensureInstalled(ROOT);
} catch (error) {
  stop(70, error.message);
}
await run(resolve(ROOT, file), args);

/** In this process where its Node is new enough, so that signals and exit codes need no relay; else in the pinned one. */
async function run(script, scriptArgs) {
  if (stripsTypes(process.versions.node)) {
    process.argv = [process.execPath, script, ...scriptArgs];
    await import(pathToFileURL(script).href);
    return;
  }
  const child = spawn(pinnedNode(), [script, ...scriptArgs], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // A terminal sends Ctrl-C to the child as well; passing it on would make one keystroke two.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  child.on('error', (error) => stop(70, `${pinnedNode()} did not start: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function pinnedNode() {
  const path = join(ROOT, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(path)) return path;
  return stop(
    70,
    `expected Node 22.18 or later, found ${process.versions.node}, and none is packaged for ${process.platform}-${process.arch}: install a current Node from https://nodejs.org`,
  );
}

function stop(code, message) {
  console.error(`domicile: ${message}`);
  process.exit(code);
}
