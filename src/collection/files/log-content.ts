import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { inParallel } from '../in-parallel.ts';
import { createLimiter } from '../limiter.ts';

/** A log file, and how large it was when it was found. */
export interface SizedFile {
  readonly path: string;
  readonly size: number;
}

/** Files that are read at the same time, and their bytes together: a thread gets small ones by the dozen. */
const FILES = 64;
const MEMORY = 16 * 1024 * 1024;
/** What a file counts for at most: some are there whatever their size, so that no thread waits. */
const SHARE = MEMORY / 4;
/** Files of up to this many bytes are read at once: four trips to the thread pool cost more than all their records. */
const SMALL = 256 * 1024;

/** Does `work` with each of the files, with as many at once as fit into memory whole. */
export async function withLogFiles<T>(
  entries: readonly T[],
  sizeOf: (entry: T) => number,
  work: (entry: T) => Promise<void>,
): Promise<void> {
  const memory = createLimiter(MEMORY);
  await inParallel(entries, FILES, async (entry) =>
    memory.run(() => work(entry), Math.min(sizeOf(entry), SHARE)),
  );
}

/** Reads a file whole. */
export async function contentOf({ path, size }: SizedFile): Promise<Buffer> {
  return size <= SMALL ? readFileSync(path) : readFile(path);
}
