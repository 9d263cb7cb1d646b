import { type FileHandle, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { exists, filesBelow, ownSuffix, storageError } from './files.ts';

/** What a ZIP without its 64-bit extension can hold (APPNOTE 6.3.10, 4.3 and 4.4). */
const LARGEST = 0xffff_ffff;
const MOST_ENTRIES = 0xffff;

const VERSION = 20;
const MADE_BY_UNIX = 3 << 8;
/** Names are UTF-8. */
const FLAGS = 1 << 11;
const STORED = 0;
/** 1980-01-01 00:00, the earliest that the format has: the archive's bytes follow from the report's alone. */
const DATE = 0x0021;
const REGULAR_FILE = (0o100_644 << 16) >>> 0;

interface Entry {
  readonly name: Uint8Array;
  readonly checksum: number;
  readonly size: number;
  readonly offset: number;
}

/**
 * Packs a report's folder into one file to download, beside the report and not part of it: what is signed is the
 * folder that unpacking gives back. Nothing is compressed and no time is kept, so that equal reports give equal
 * archives, whatever the system. An archive that is there stays.
 *
 * @returns its size in bytes; undefined where the report is larger than the format can hold.
 * @throws DomicileError `STORAGE`, `BAD_INPUT` for a folder that holds a link.
 */
export async function writeArchive(folder: string, name: string, path: string): Promise<number | undefined> {
  if (await exists(path)) return (await stat(path)).size;
  const files = await filesBelow(folder);
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));
  const names = files.map((file) => new TextEncoder().encode(`${name}/${file}`));
  const total = sizes.reduce((sum, size, index) => sum + size + 76 + 2 * (names[index]?.length ?? 0), 22);
  if (total > LARGEST || files.length > MOST_ENTRIES) return undefined;

  const temporary = `${path}.${ownSuffix()}`;
  try {
    const archive = await open(temporary, 'w');
    try {
      await pack(archive, folder, files, names);
      await archive.sync();
    } finally {
      await archive.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw storageError('write', error);
  }
  return total;
}

async function pack(
  archive: FileHandle,
  folder: string,
  files: readonly string[],
  names: readonly Uint8Array[],
): Promise<void> {
  const entries: Entry[] = [];
  let offset = 0;
  const append = async (bytes: Uint8Array): Promise<void> => {
    await archive.write(bytes);
    offset += bytes.length;
  };
  for (const [index, file] of files.entries()) {
    const bytes = await readFile(join(folder, file));
    const entry = {
      name: names[index] ?? new Uint8Array(),
      checksum: crc32(bytes),
      size: bytes.length,
      offset,
    };
    entries.push(entry);
    await append(localHeader(entry));
    await append(bytes);
  }
  const start = offset;
  for (const entry of entries) await append(directoryHeader(entry));
  await append(endOfDirectory(entries.length, offset - start, start));
}

/** Little-endian fields, each with its width in bytes, and the bytes that follow them. */
function record(fields: readonly (readonly [2 | 4, number])[], rest: Uint8Array): Uint8Array {
  const length = fields.reduce((sum, [width]) => sum + width, 0);
  const bytes = new Uint8Array(length + rest.length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  bytes.set(rest, at);
  return bytes;
}

/** What stands in both headers of an entry: version, flags, method, time, date, checksum, sizes, lengths. */
function common({ name, checksum, size }: Entry): readonly (readonly [2 | 4, number])[] {
  return [
    [2, VERSION],
    [2, FLAGS],
    [2, STORED],
    [2, 0],
    [2, DATE],
    [4, checksum],
    [4, size],
    [4, size],
    [2, name.length],
    [2, 0],
  ];
}

function localHeader(entry: Entry): Uint8Array {
  return record([[4, 0x0403_4b50], ...common(entry)], entry.name);
}

function directoryHeader(entry: Entry): Uint8Array {
  return record(
    [
      [4, 0x0201_4b50],
      [2, MADE_BY_UNIX | VERSION],
      ...common(entry),
      [2, 0],
      [2, 0],
      [2, 0],
      [4, REGULAR_FILE],
      [4, entry.offset],
    ],
    entry.name,
  );
}

function endOfDirectory(count: number, size: number, offset: number): Uint8Array {
  return record(
    [
      [4, 0x0605_4b50],
      [2, 0],
      [2, 0],
      [2, count],
      [2, count],
      [4, size],
      [4, offset],
      [2, 0],
    ],
    new Uint8Array(),
  );
}
