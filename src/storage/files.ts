import { lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { byCodeUnit, DomicileError } from '../core/index.ts';

/** How many files a folder may hold before it is refused: a report has some hundreds. */
const MOST_FILES = 200_000;

let names = 0;

/** A suffix that no other writer of this machine uses at the same time: another process, thread or call. */
export function ownSuffix(): string {
  names += 1;
  return `${process.pid}-${threadId}-${names}.partial`;
}

/** Writes a file whole or not at all: temporary name, fsync, rename. @throws DomicileError `STORAGE`. */
export async function writeWhole(path: string, bytes: Uint8Array | string): Promise<void> {
  // Workers may write the same file: each under a name of its own until the rename.
  const temporary = `${path}.${ownSuffix()}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    // Half a file is of no use to anybody, and takes the room that is missing.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw storageError('write', error);
  }
}

/** Makes a folder's entries durable: after a rename, the folder itself must reach the disk. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/**
 * Every regular file below a folder, as sorted relative paths with `/`.
 *
 * @throws DomicileError `BAD_INPUT` for a symbolic link or a device: a report holds files, and a link could
 * lead out of it.
 */
export async function filesBelow(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (relative: string): Promise<void> => {
    for (const entry of await readdir(join(root, relative), { withFileTypes: true })) {
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) await visit(path);
      else if (entry.isFile()) found.push(path);
      else throw new DomicileError('BAD_INPUT', 'expected only files and folders, found a link or a device');
      if (found.length > MOST_FILES)
        throw new DomicileError('TOO_LARGE', `expected at most ${MOST_FILES} files`);
    }
  };
  await visit('');
  return found.sort(byCodeUnit);
}

export async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

/**
 * Gives a finished folder its name, unless another writer finished first: then that one stands and this one is
 * thrown away. Gives whether this one was taken.
 */
export async function moveFirst(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    await syncDirectory(dirname(to));
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw storageError('store', error);
    await rm(from, { recursive: true, force: true });
    return false;
  }
}

/** A storage error that names the system's code, such as ENOSPC, and what to do. */
export function storageError(verb: string, error: unknown): DomicileError {
  if (error instanceof DomicileError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const hint =
    code === 'ENOSPC' || code === 'EDQUOT'
      ? 'the disk is full: make room and run again, nothing was kept'
      : 'check the path and its rights';
  return new DomicileError(
    'STORAGE',
    { message: `expected to ${verb} a file, found ${code}`, hint },
    { cause: error },
  );
}
