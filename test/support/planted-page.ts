import { PLANT_IDS } from '../../sim/plants.ts';
import { SAMPLES } from '../../sim/samples.ts';
import { evaluateEvidence } from '../../src/audit/evaluate-evidence.ts';
import type { Result } from '../../src/policy/index.ts';
import { renderReportPage } from '../../src/report/index.ts';
import { IDENTITY } from './page.ts';
import { folderDrafts, instruments, loadedFrom, sampleDeployment, sampleInputs } from './run-sample.ts';

/** The sample with every plant, audited from its export folder alone: findings, gaps and passes on one page. */
export async function plantedPage(
  change: (result: Result) => Result = (result) => result,
): Promise<{ readonly result: Result; readonly page: string }> {
  const [sample] = SAMPLES;
  if (sample === undefined) throw new Error('expected a sample');
  const planted = { ...sample, plants: PLANT_IDS };
  const deployment = sampleDeployment(planted);
  const evidence = await loadedFrom(sampleInputs(deployment), await folderDrafts(planted, deployment));
  const result = change(evaluateEvidence(evidence, await instruments()));
  const manifest = { schemaVersion: 1, items: evidence.map(({ item }) => item) } as const;
  return { result, page: await renderReportPage(result, manifest, IDENTITY) };
}
