import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DomicileError, sha256Hex } from '../core/index.ts';
import type { EvidenceStore } from '../evidence/index.ts';
import type { ReportFiles } from '../verification/index.ts';
import { createDirectoryStore } from './directory-store.ts';
import { exists, filesBelow, storageError, syncDirectory, writeWhole } from './files.ts';

const LARGEST_FILE = 1024 * 1024 * 1024;
const TEMPORARY = '.partial-';

/** A file of a report by its digest. */
export interface FileDigest {
  readonly name: string;
  readonly sha256: string;
}

/**
 * A report in the making: a hidden folder beside its final place. Nothing is visible under its name until
 * `commit`, which either moves the whole folder or leaves nothing.
 */
export interface ReportWorkspace {
  readonly evidence: EvidenceStore;
  readonly write: (name: string, bytes: Uint8Array | string) => Promise<void>;
  /** Every file so far, by digest. */
  readonly digests: () => Promise<readonly FileDigest[]>;
  /** Makes the report visible and gives its folder. */
  readonly commit: () => Promise<string>;
  /** Throws everything away. */
  readonly discard: () => Promise<void>;
}

/** Opens a workspace for `<root>/<deployment>/<name>`; what an aborted run of the same name left is removed. */
export async function openReportWorkspace(
  root: string,
  deployment: string,
  name: string,
): Promise<ReportWorkspace> {
  const final = join(root, deployment, name);
  const temporary = join(root, deployment, `${TEMPORARY}${name}`);
  if (await exists(final))
    throw new DomicileError('STORAGE', `expected no report ${deployment}/${name} yet, found one`);
  await rm(temporary, { recursive: true, force: true });
  return {
    evidence: createDirectoryStore(join(temporary, 'evidence')),
    write: (file, bytes) => writeWhole(join(temporary, file), bytes),
    digests: async () => {
      const files = await filesBelow(temporary);
      return Promise.all(
        files.map(async (file) => ({ name: file, sha256: sha256Hex(await readFile(join(temporary, file))) })),
      );
    },
    commit: async () => {
      try {
        await rename(temporary, final);
        await syncDirectory(join(root, deployment));
      } catch (error) {
        throw storageError('store', error);
      }
      return final;
    },
    discard: () => rm(temporary, { recursive: true, force: true }),
  };
}

/** The files of a stored report, for verification. */
export function readReportFiles(directory: string): ReportFiles {
  return {
    list: () => filesBelow(directory),
    read: async (path) => {
      if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
        throw new DomicileError('BAD_INPUT', 'expected a path inside the report, found one that leads out');
      }
      const file = join(directory, path);
      if ((await stat(file)).size > LARGEST_FILE)
        throw new DomicileError('TOO_LARGE', 'expected a file of at most 1 GiB');
      return readFile(file);
    },
  };
}

/** The folders of every finished report, as `<deployment>/<sequence>-<runId>`, oldest first in each deployment. */
export async function listReports(root: string): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const deployment of await subfolders(root)) {
    const reports = (await subfolders(join(root, deployment))).filter((name) => /^\d+-/.test(name));
    folders.push(
      ...reports
        .sort((left, right) => Number.parseInt(left, 10) - Number.parseInt(right, 10))
        .map((name) => `${deployment}/${name}`),
    );
  }
  return folders;
}

async function subfolders(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
}
