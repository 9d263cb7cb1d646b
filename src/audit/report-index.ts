import { RESULT_FILE } from '../attestation/index.ts';
import { isJsonObject } from '../core/index.ts';
import type { ReportEntry } from '../report/index.ts';
import { renderIndexPage } from '../report/index.ts';
import { listReports, openReport, writeArchive, writeWhole } from '../storage/index.ts';

/**
 * Writes `index.html` over every report below the root, with an archive beside each report to download. It is made
 * anew from what is there, and signs nothing.
 */
export async function writeReportIndex(root: string, { archives = true } = {}): Promise<void> {
  const entries: ReportEntry[] = [];
  for (const folder of await listReports(root)) {
    const result = await readResult(root, folder);
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

/** A damaged report is left out of the list: `verify` says what is wrong with it. */
async function readResult(root: string, folder: string): Promise<ReportEntry['result'] | undefined> {
  try {
    const text = new TextDecoder().decode(await openReport(root, folder).read(RESULT_FILE));
    const result: unknown = JSON.parse(text);
    return isJsonObject(result) && isJsonObject(result['run'])
      ? (result as unknown as ReportEntry['result'])
      : undefined;
  } catch {
    return undefined;
  }
}
