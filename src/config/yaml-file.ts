import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { relative } from 'node:path';
import type { Fault, LocatedDocument } from '../core/index.ts';
import { sha256Hex } from '../core/index.ts';
import type { SchemaName } from './project-files.ts';
import { projectSchema } from './project-files.ts';
import { LARGEST_DOCUMENT, locateYaml } from './yaml-document.ts';

/** What the fault of a file that is not there says. */
export const ABSENT_FILE = 'expected a file, found none';

/**
 * Reads and checks a YAML file. A file that is absent or unreadable is a document with a fault, not an
 * exception: the faults of the files beside it should be told as well.
 *
 * @param name how faults name the file; by default its path from the working directory
 * @param largest bytes; larger files are refused
 */
export function readYamlFile(
  path: string,
  schema: SchemaName,
  name: string = displayName(path),
  largest: number = LARGEST_DOCUMENT,
): LocatedDocument {
  const read = readBounded(path, largest);
  if (read instanceof Uint8Array)
    return locateYaml({ file: name, bytes: read }, projectSchema(schema), largest);
  const start = { file: name, line: 1, column: 1 };
  const fault: Fault = { message: read.fault, at: start };
  return { file: name, sha256: sha256Hex(''), value: null, faults: [fault], at: () => start };
}

/** Short paths stay as they are given; those below the working directory lose its name. */
export function displayName(path: string): string {
  const local = relative('.', path);
  return local === '' || local.startsWith('..') ? path : local;
}

/** At most `largest` bytes and one more, so that a file that grows, a device or a pipe cannot fill the memory. */
function readBounded(path: string, largest: number): Uint8Array | { readonly fault: string } {
  try {
    const file = openSync(path, 'r');
    try {
      if (!fstatSync(file).isFile()) return { fault: 'expected a file, found something else' };
      const buffer = new Uint8Array(largest + 1);
      let length = 0;
      for (;;) {
        const count = readSync(file, buffer, length, buffer.length - length, null);
        length += count;
        if (count === 0 || length === buffer.length) return buffer.subarray(0, length);
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return { fault: unreadableFault(error) };
  }
}

function unreadableFault(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (code === 'ENOENT') return ABSENT_FILE;
  if (code === 'EACCES' || code === 'EPERM') return 'expected a file that may be read, found no permission';
  return `expected a file that can be read, found the error ${code}`;
}
