import { isJsonObject } from '../core/index.ts';
import type { ReportEntry } from '../report/index.ts';
import { renderIndexPage } from '../report/index.ts';
import type { ChainEntry } from '../storage/index.ts';
import { listReports, openLedger, openReport, writeArchive, writeWhole } from '../storage/index.ts';
import { storedResult } from './stored-result.ts';

/**
 * Writes `index.html` over every report below the root, with an archive beside each report to download. It is made
 * anew from what is there, and signs nothing.
 */
export async function writeReportIndex(root: string, { archives = true } = {}): Promise<void> {
  const entries: ReportEntry[] = [];
  const chains = new Map<string, readonly ChainEntry[]>();
  for (const folder of await listReports(root)) {
    const [deployment = '', name = ''] = folder.split('/');
    const chain = chains.get(deployment) ?? (await chainOf(root, deployment));
    chains.set(deployment, chain);
    const result = await readResult(
      root,
      folder,
      chain.find((entry) => entry.folder === name),
    );
    if (result === undefined) continue;
    const size = archives ? await archiveSize(root, folder) : undefined;
    entries.push({ folder, result, ...(size === undefined ? {} : { archiveSize: size }) });
  }
  await writeWhole(`${root}/index.html`, await renderIndexPage(entries));
}

/** A report that cannot be packed, for want of room or for its size, is listed without an archive: the folder is what counts. */
function archiveSize(root: string, folder: string): Promise<number | undefined> {
  const name = folder.split('/').at(-1) ?? folder;
  return writeArchive(`${root}/${folder}`, name, `${root}/${folder}.zip`).catch(() => undefined);
}

/** A chain that cannot be read says nothing here: `verify` does not need it, and the next run will tell. */
async function chainOf(root: string, deployment: string): Promise<readonly ChainEntry[]> {
  return openLedger(root, deployment)
    .history()
    .then(({ reports }) => reports)
    .catch(() => []);
}

/** A damaged or changed report is left out of the list: `verify` says what is wrong with it. */
async function readResult(
  root: string,
  folder: string,
  entry: ChainEntry | undefined,
): Promise<ReportEntry['result'] | undefined> {
  try {
    const result: unknown = await storedResult(openReport(root, folder), entry);
    return isJsonObject(result) && isJsonObject(result['run'])
      ? (result as unknown as ReportEntry['result'])
      : undefined;
  } catch {
    return undefined;
  }
}
