import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleKeys } from '../../sim/aws-endpoint/accounts.ts';
import type { AwsEndpoint } from '../../sim/aws-endpoint/endpoint.ts';
import type { Sample } from '../../sim/samples.ts';
import { SAMPLE_WINDOW, SAMPLES } from '../../sim/samples.ts';
import { awsSources } from '../../src/audit/aws-source.ts';
import { evaluateEvidence } from '../../src/audit/evaluate-evidence.ts';
import { readSource } from '../../src/audit/evidence-source.ts';
import type { EvidenceDraft, Need } from '../../src/evidence/index.ts';
import { awsNeed, targetNeed } from '../../src/evidence/index.ts';
import { SAMPLE_CLOCK, startSampleEndpoint } from '../support/live-sample.ts';
import { instruments, loadedFrom, sampleDeployment, sampleInputs } from '../support/run-sample.ts';

const SAMPLE = SAMPLES[0] as Sample;
const DEPLOYMENT = sampleDeployment(SAMPLE);
const [{ id: ACCOUNT }] = DEPLOYMENT.accounts;
const { region: REGION } = DEPLOYMENT;
const LOGS = DEPLOYMENT.logSources[0]?.id ?? '';

const NEEDS: readonly Need[] = [
  awsNeed('ec2.vpcs', ACCOUNT, REGION),
  awsNeed('ec2.vpcs', ACCOUNT, REGION, 'end'),
  awsNeed('rds.instances', ACCOUNT, REGION),
  awsNeed('s3.buckets', ACCOUNT, 'cn-northwest-1'),
  targetNeed('flow-logs.listing', LOGS),
  targetNeed('flow-logs.records', LOGS),
  targetNeed('postgres.catalog', 'gateway'),
];
const IDENTITY = { kind: 'keys', from: 'a test', read: () => sampleKeys('700000000001') } as const;

let endpoint: AwsEndpoint;
beforeAll(async () => {
  endpoint = await startSampleEndpoint([SAMPLE]);
});
afterAll(() => endpoint.close());

describe('the live sources of a deployment', () => {
  it('are one for each account, region and phase that is needed, and one for each log source; the end stands last', () => {
    expect(awsSources(DEPLOYMENT, NEEDS, { identity: IDENTITY }).map(({ id }) => id)).toEqual([
      `aws/${ACCOUNT}/${REGION}`,
      `aws/${ACCOUNT}/cn-northwest-1`,
      `flow-logs/${LOGS}`,
      `aws/${ACCOUNT}/${REGION}/end`,
    ]);
  });

  it('may dial the hosts of their services, in the jurisdiction or the private network, and no others', () => {
    const [first, , logs] = awsSources(DEPLOYMENT, NEEDS, { identity: IDENTITY });
    for (const { hosts } of first?.allowed ?? []) {
      expect(hosts?.toSorted()).toEqual(
        ['ec2', 'rds', 'sts'].map((service) => `${service}.${REGION}.amazonaws.com.cn`),
      );
    }
    expect(first?.allowed.map(({ to }) => to)).toEqual([
      { kind: 'private' },
      { kind: 'countries', countries: ['CN'] },
    ]);
    expect(logs?.allowed.flatMap(({ hosts }) => hosts ?? [])).toContain('s3.cn-northwest-1.amazonaws.com.cn');
    expect(JSON.stringify(awsSources(DEPLOYMENT, NEEDS, {}))).not.toMatch(/amazonaws\.com(?!\.cn)/);
  });

  it('bring items that say what is missing where there is no identity', async () => {
    const { locator } = await instruments();
    const [first] = awsSources(DEPLOYMENT, NEEDS, { endpoint: endpoint.url });
    const drafts: EvidenceDraft[] = [];
    if (first !== undefined)
      for await (const draft of readSource(first, { locator, clock: SAMPLE_CLOCK })) drafts.push(draft);
    expect(
      drafts.map(({ key, status, reason }) => `${key.call} ${status} ${reason}`.trim()).toSorted(),
    ).toEqual([
      'auditor:Connections complete',
      'ec2:DescribeVpcs denied credentials NotConfigured',
      'rds:DescribeDBInstances denied credentials NotConfigured',
    ]);
  });

  it('show in their connections that another endpoint was asked, so that no report can leave it out', async () => {
    const tools = await instruments();
    const settings = { identity: IDENTITY, endpoint: endpoint.url };
    const drafts: EvidenceDraft[] = [];
    for (const source of awsSources(DEPLOYMENT, NEEDS, settings)) {
      const reading = { locator: tools.locator, clock: SAMPLE_CLOCK, window: SAMPLE_WINDOW };
      for await (const draft of readSource(source, reading)) drafts.push(draft);
    }
    const inputs = sampleInputs(DEPLOYMENT);
    expect(inputs.facts.marks).toEqual([]);
    expect(evaluateEvidence(await loadedFrom(inputs, drafts), tools).marks).toEqual(['custom-endpoint']);
    const without = drafts.filter(({ key }) => key.kind !== 'auditor.connections');
    expect(evaluateEvidence(await loadedFrom(inputs, without), tools).marks).toEqual([]);
  });
});
