import { closeSync, openSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { inParallel } from '../in-parallel.ts';
import { createLimiter } from '../limiter.ts';

/** A log file, and how large it was when it was found. */
export interface SizedFile {
  readonly path: string;
  readonly size: number;
}

/** Room that one file after the other is read into, so that thousands of them leave no garbage of their size. */
export interface Room {
  /** `size` bytes; whatever was in them before is gone. */
  readonly of: (size: number) => Buffer;
}

/** Files that are read at the same time, and their bytes together: a thread gets small ones by the dozen. */
const FILES = 32;
const MEMORY = 16 * 1024 * 1024;
/** What a file counts for at most: some are there whatever their size, so that no thread waits. */
const SHARE = MEMORY / 4;
/** Files below this size are read at once: four trips to the thread pool cost more than all their records. */
const SMALL = 256 * 1024;

/** Does `work` with each of the files, with as many at once as fit into memory whole. A room is another's afterwards. */
export async function withLogFiles<T>(
  entries: readonly T[],
  sizeOf: (entry: T) => number,
  work: (entry: T, room: Room) => Promise<void>,
): Promise<void> {
  const memory = createLimiter(MEMORY);
  const rooms: Room[] = [];
  const workInRoom = async (entry: T): Promise<void> => {
    const room = rooms.pop() ?? createRoom();
    await work(entry, room);
    rooms.push(room);
  };
  await inParallel(entries, FILES, async (entry) =>
    memory.run(() => workInRoom(entry), Math.min(sizeOf(entry), SHARE)),
  );
}

function createRoom(): Room {
  let bytes = Buffer.alloc(0);
  return {
    of: (size) => {
      if (bytes.length < size) bytes = Buffer.allocUnsafeSlow(Math.min(size + (size >> 2), SMALL));
      return bytes.subarray(0, size);
    },
  };
}

/** Reads a file whole: a small one into the room, if there is one. */
export async function contentOf({ path, size }: SizedFile, room?: Room): Promise<Buffer> {
  if (room === undefined || size >= SMALL) return readFile(path);
  // One byte more than there was: a file that has grown since is read anew.
  const bytes = room.of(size + 1);
  const length = readInto(path, bytes);
  return length > size ? readFile(path) : bytes.subarray(0, length);
}

function readInto(path: string, bytes: Buffer): number {
  const file = openSync(path, 'r');
  try {
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(file, bytes, length, bytes.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return length;
  } finally {
    closeSync(file);
  }
}
