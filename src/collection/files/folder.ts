import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnit, DomicileError } from '../../core/index.ts';
import type { JsonText } from './json-text.ts';
import { readJsonText } from './json-text.ts';

/** Bounds of an export folder. */
export interface FolderLimits {
  readonly files: number;
  readonly depth: number;
  readonly fileBytes: number;
}

export const FOLDER_LIMITS: FolderLimits = { files: 200_000, depth: 16, fileBytes: 64 * 1024 * 1024 };

/** A file of an export folder, by its path with `/`. */
export interface FoundFile {
  readonly path: string;
  readonly size: number;
}

/** The files of a folder, and what lies in it that cannot be one: links, devices, folders too deep or closed. */
export interface FoundFiles {
  readonly files: readonly FoundFile[];
  readonly refused: readonly string[];
}

/**
 * Lists a folder without following links: what is handed over may point anywhere.
 *
 * @throws DomicileError `NOT_FOUND` for no folder, `TOO_LARGE` for more files than are ever looked at.
 */
export async function findFiles(root: string, limits: FolderLimits = FOLDER_LIMITS): Promise<FoundFiles> {
  const found = await lstat(root).catch(() => undefined);
  if (found === undefined || !found.isDirectory()) {
    throw new DomicileError('NOT_FOUND', {
      message: `expected the evidence folder ${root}, found none`,
      hint: 'give the folder that holds <account>/<region>/*.json',
    });
  }
  const files: FoundFile[] = [];
  const refused: string[] = [];
  const visit = async (relative: string, depth: number): Promise<void> => {
    const entries = await readdir(join(root, relative), { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) refused.push(relative === '' ? '.' : relative);
    for (const entry of entries ?? []) {
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory() && depth < limits.depth) {
        await visit(path, depth + 1);
      } else {
        const size = entry.isFile()
          ? (await lstat(join(root, path)).catch(() => undefined))?.size
          : undefined;
        if (size === undefined) refused.push(path);
        else files.push({ path, size });
      }
      if (files.length + refused.length > limits.files)
        throw new DomicileError('TOO_LARGE', `expected at most ${limits.files} files in the evidence folder`);
    }
  };
  await visit('', 0);
  return {
    files: files.sort((left, right) => byCodeUnit(left.path, right.path)),
    refused: refused.sort(byCodeUnit),
  };
}

/** A file's parsed JSON, or why there is none. */
export async function readJson(
  root: string,
  file: FoundFile,
  limits: FolderLimits = FOLDER_LIMITS,
): Promise<JsonText> {
  if (file.size > limits.fileBytes) return { kind: 'other', why: `larger than ${limits.fileBytes} bytes` };
  try {
    return readJsonText(await readFile(join(root, file.path)));
  } catch {
    return { kind: 'other', why: 'a file that cannot be read' };
  }
}
