import type { EvidenceDraft } from '../../evidence/index.ts';
import { collectLogs } from './collect-logs.ts';
import type { PlacedEntry } from './export-index.ts';
import { parseIndex } from './export-index.ts';
import type { ExportOptions, FolderReport } from './export-options.ts';
import type { FoundFile } from './folder.ts';
import { findFiles, readJson } from './folder.ts';
import { logFileOf } from './log-files.ts';
import type { FileReading } from './read-files.ts';
import { createFileReading } from './read-files.ts';

interface Collected {
  readonly drafts: readonly EvidenceDraft[];
  readonly report: FolderReport;
}

/**
 * Reads a folder of AWS CLI output: files recognised by content, an optional `index.json` a folder for what
 * the output alone does not say, log objects and their listing beside them. Of each answer only the
 * allow-listed projection is kept.
 */
export async function collectExportFolder(root: string, options: ExportOptions): Promise<Collected> {
  const { files, refused } = await findFiles(root);
  const reading = createFileReading(options);
  for (const path of refused) reading.refused(path);
  const indexes = await readIndexes(root, files, reading);

  const logs = files.map(logFileOf).filter((log) => log !== undefined);
  const answers = files.filter((file) => logFileOf(file) === undefined && !isIndex(file.path));
  for (const [done, file] of answers.entries()) {
    options.signal?.throwIfAborted();
    options.onProgress?.('answers', done, answers.length);
    reading.file(file, await readJson(root, file), indexes.get(file.path) ?? []);
  }
  for (const { entry, folder } of failedCalls(indexes, files)) reading.failure(entry, folder);

  const { drafts, unused } = await collectLogs(root, logs, reading.listings, options);
  const report = reading.report();
  const spare = new Set(unused);
  return {
    drafts: [...reading.drafts(), ...drafts],
    report: {
      ...report,
      recognised: report.recognised.filter((path) => !spare.has(path)),
      unused: [...report.unused, ...unused],
      logObjects: logs.length - logs.filter(({ file }) => spare.has(file.path)).length,
    },
  };
}

type Indexes = ReadonlyMap<string, readonly PlacedEntry[]>;

function isIndex(path: string): boolean {
  return path === 'index.json' || path.endsWith('/index.json');
}

/** Index entries by the file that they describe; entries without one stand under a name that no file has. */
async function readIndexes(
  root: string,
  files: readonly FoundFile[],
  reading: FileReading,
): Promise<Indexes> {
  const entries: (readonly [string, PlacedEntry])[] = [];
  for (const file of files.filter(({ path }) => isIndex(path))) {
    const folder = file.path.slice(0, -'index.json'.length);
    const json = await readJson(root, file);
    const parsed = json.kind === 'json' ? parseIndex(json.value) : undefined;
    reading.index(file.path, parsed !== undefined);
    for (const [position, entry] of (parsed ?? []).entries()) {
      const path = entry.file === undefined ? `${folder}\0${position}` : `${folder}${entry.file}`;
      entries.push([path, { entry, folder }]);
    }
  }
  const grouped = Map.groupBy(entries, ([path]) => path);
  return new Map([...grouped].map(([path, own]) => [path, own.map(([, entry]) => entry)]));
}

/** Commands that failed, or whose file is not there: both are answers that somebody asked for and did not get. */
function failedCalls(indexes: Indexes, files: readonly FoundFile[]): readonly PlacedEntry[] {
  const present = new Set(files.map(({ path }) => path));
  return [...indexes].flatMap(([path, entries]) =>
    entries.filter(({ entry }) => entry.exitCode !== 0 || !present.has(path)),
  );
}
