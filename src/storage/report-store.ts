import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnit, DomicileError } from '../core/index.ts';
import type { ReportFiles } from '../verification/index.ts';
import { filesBelow } from './files.ts';

const LARGEST_FILE = 1024 * 1024 * 1024;

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

/** A stored report by its folder below the root, as `<deployment>/<sequence>-<runId>`. */
export function openReport(root: string, folder: string): ReportFiles & { readonly path: string } {
  const path = join(root, folder);
  return { ...readReportFiles(path), path };
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
    .sort(byCodeUnit);
}
