import { describe, expect, it } from 'vitest';
import type { Sample } from '../../sim/samples.ts';
import { SAMPLES } from '../../sim/samples.ts';
import { evaluateEvidence } from '../../src/audit/evaluate-evidence.ts';
import type { Deployment } from '../../src/evidence/index.ts';
import {
  folderDrafts,
  instruments,
  loadedFrom,
  sampleDeployment,
  sampleInputs,
} from '../support/run-sample.ts';

const CLEAN: Sample = { ...(SAMPLES[0] as Sample), plants: [] };

/** Verdicts of the clean sample's evidence, judged for an inventory that names less than there is. */
async function verdictsWith(change: Partial<Deployment>): Promise<ReadonlyMap<string, string>> {
  const whole = sampleDeployment(CLEAN);
  const inputs = sampleInputs({ ...whole, ...change });
  const evidence = await loadedFrom(inputs, await folderDrafts(CLEAN, whole));
  const { controls } = evaluateEvidence(evidence, await instruments());
  return new Map(controls.map(({ check, verdict }) => [check, verdict]));
}

describe('an inventory that names nothing to examine gives no pass', () => {
  it('of a network without an account that could hold the workload', async () => {
    const [account] = sampleDeployment(CLEAN).accounts;
    const control = await verdictsWith({});
    expect(control.get('network.egress')).toBe('pass');
    const verdicts = await verdictsWith({ accounts: [{ ...account, purpose: 'logging' }] });
    expect(verdicts.get('network.egress')).toBe('inconclusive');
  });

  it('of flow logs without a log source', async () => {
    const verdicts = await verdictsWith({ logSources: [] });
    expect([verdicts.get('flows.egress'), verdicts.get('flows.coverage')]).toEqual([
      'inconclusive',
      'inconclusive',
    ]);
  });

  it('of content without a database', async () => {
    const verdicts = await verdictsWith({ databases: [] });
    const content = [...verdicts].filter(([check]) => check.startsWith('content.'));
    expect(content.map(([, verdict]) => verdict)).toEqual(['inconclusive', 'inconclusive', 'inconclusive']);
  });
});
