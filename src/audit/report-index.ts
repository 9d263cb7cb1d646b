import { RESULT_FILE } from '../attestation/index.ts';
import { isJsonObject } from '../core/index.ts';
import type { ReportEntry } from '../report/index.ts';
import { renderIndexPage } from '../report/index.ts';
import { listReports, openReport, writeWhole } from '../storage/index.ts';

/** Writes `index.html` over every report below the root. It is made anew from what is there, and signs nothing. */
export async function writeReportIndex(root: string): Promise<void> {
  const entries: ReportEntry[] = [];
  for (const folder of await listReports(root)) {
    const result = await readResult(root, folder);
    if (result !== undefined) entries.push({ folder, result });
  }
  await writeWhole(`${root}/index.html`, await renderIndexPage(entries));
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
