import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AwsEndpoint } from '../../../sim/aws-endpoint/endpoint.ts';
import { SAMPLES } from '../../../sim/samples.ts';
import type { Instruments } from '../../../src/audit/evaluate-evidence.ts';
import { evaluateEvidence } from '../../../src/audit/evaluate-evidence.ts';
import type { EvidenceDraft } from '../../../src/evidence/index.ts';
import { liveDrafts, startSampleEndpoint } from '../../support/live-sample.ts';
import {
  folderDrafts,
  instruments,
  loadedFrom,
  sampleDeployment,
  sampleInputs,
} from '../../support/run-sample.ts';

let endpoint: AwsEndpoint;
let tools: Instruments;

/** The samples as their accounts really are: what one forgot to export is a matter of the folder. */
const WHOLE = SAMPLES.map((sample) => ({ ...sample, omissions: {} }));

beforeAll(async () => {
  [endpoint, tools] = await Promise.all([startSampleEndpoint(WHOLE), instruments()]);
});

afterAll(() => endpoint.close());

/** What a call brought, without who brought it and when. */
function told(drafts: readonly EvidenceDraft[]): readonly unknown[] {
  return drafts
    .map(({ key, status, reason, body }) => ({ key: { ...key, partition: '' }, status, reason, body }))
    .toSorted((left, right) => (JSON.stringify(left.key) < JSON.stringify(right.key) ? -1 : 1));
}

describe.each(WHOLE)('$deployment, read live and from its export folder', (sample) => {
  const deployment = sampleDeployment(sample);

  it('gives the same answers to the same calls', async () => {
    const [live, exported] = [await liveDrafts(deployment, endpoint), await folderDrafts(sample, deployment)];
    expect(told(live)).toEqual(told(exported));
    expect(live.every(({ provenance }) => provenance === 'live')).toBe(true);
  });

  it('gives the same verdicts, findings and reasons', async () => {
    const inputs = sampleInputs(deployment);
    const [live, exported] = await Promise.all(
      [await liveDrafts(deployment, endpoint), await folderDrafts(sample, deployment)].map(async (drafts) =>
        evaluateEvidence(await loadedFrom(inputs, drafts), tools),
      ),
    );
    expect(live?.controls).toEqual(exported?.controls);
  });
});
