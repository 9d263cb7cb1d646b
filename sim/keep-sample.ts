import { cp, mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeReportIndex } from '../src/audit/index.ts';

const PUBLIC_KEY = 'demo.pub.pem';

/**
 * Keeps one of the demo's reports, with the key that checks it, as the sample that the repository holds. Only the
 * finished report is taken: the ledger and the chain are of the demo's run.
 */
export async function keepSample(reports: string, report: string): Promise<string> {
  const kept = join(reports, 'sample');
  await rm(kept, { recursive: true, force: true });
  const folder = join(kept, basename(dirname(report)), basename(report));
  await mkdir(folder, { recursive: true });
  await cp(report, folder, { recursive: true });
  await cp(join(reports, PUBLIC_KEY), join(kept, PUBLIC_KEY));
  await writeReportIndex(kept, { archives: false });
  return folder;
}
