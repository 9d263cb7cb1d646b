import { sampleKeys } from '../../sim/aws-endpoint/accounts.ts';
import type { AwsEndpoint } from '../../sim/aws-endpoint/endpoint.ts';
import { startAwsEndpoint } from '../../sim/aws-endpoint/endpoint.ts';
import { sampleAccount } from '../../sim/aws-endpoint/sample-account.ts';
import type { Sample } from '../../sim/samples.ts';
import { SAMPLE_TIME, SAMPLE_WINDOW } from '../../sim/samples.ts';
import type { AwsAccess } from '../../src/collection/aws/session.ts';
import type { AwsContext, AwsLimits } from '../../src/collection/index.ts';
import { AWS_LIMITS, collectAccount, collectLogs } from '../../src/collection/index.ts';
import type { Clock } from '../../src/core/index.ts';
import type { Deployment, EvidenceDraft, EvidenceKind } from '../../src/evidence/index.ts';
import { KINDS } from '../../src/evidence/index.ts';
import type { Dialer } from '../../src/net/index.ts';
import { createDialer } from '../../src/net/index.ts';

export const SAMPLE_CLOCK: Clock = { now: () => Date.parse(SAMPLE_TIME) };

/** The account that the auditor's own keys belong to. */
const VENDOR = '700000000001';

/** One try only, so that a test that breaks something does not wait for the next one. */
export const ONE_TRY: AwsLimits = { ...AWS_LIMITS, attempts: 1 };

/** Every kind that is read from AWS. */
const AWS_EVIDENCE: readonly EvidenceKind[] = [...KINDS.values()]
  .filter(({ source }) => source === 'aws')
  .map(({ kind }) => kind);

export async function startSampleEndpoint(
  samples: readonly Sample[],
  pageSize?: number,
): Promise<AwsEndpoint> {
  return startAwsEndpoint({
    accounts: samples.map(sampleAccount),
    clock: SAMPLE_CLOCK,
    ...(pageSize === undefined ? {} : { pageSize }),
  });
}

export function loopbackDialer(): Dialer {
  return createDialer({ allowed: [{ id: 'loopback', to: { kind: 'loopback' } }], clock: SAMPLE_CLOCK });
}

/** How to get in to a deployment's first account, by its role. */
export function accessTo(deployment: Deployment, endpoint: AwsEndpoint): AwsAccess {
  const [{ id, role, externalId }] = deployment.accounts;
  return {
    partition: deployment.partition,
    account: id,
    region: deployment.region,
    base: { kind: 'keys', read: () => sampleKeys(VENDOR) },
    ...(role === undefined
      ? {}
      : { role: { arn: role, ...(externalId === undefined ? {} : { externalId }) } }),
    endpoint: endpoint.url,
  };
}

/** What a live collection of a deployment brings: its account, and its log sources. */
export async function liveDrafts(
  deployment: Deployment,
  endpoint: AwsEndpoint,
  limits: AwsLimits = AWS_LIMITS,
): Promise<readonly EvidenceDraft[]> {
  return [
    ...(await accountDrafts(deployment, endpoint, limits)),
    ...(await logDrafts(deployment, endpoint, limits)),
  ];
}

export async function accountDrafts(
  deployment: Deployment,
  endpoint: AwsEndpoint,
  limits: AwsLimits = AWS_LIMITS,
  kinds: readonly EvidenceKind[] = AWS_EVIDENCE,
): Promise<readonly EvidenceDraft[]> {
  const access = accessTo(deployment, endpoint);
  return gathered(collectAccount({ access, kinds, phase: 'start', limits }, context()));
}

export async function logDrafts(
  deployment: Deployment,
  endpoint: AwsEndpoint,
  limits: AwsLimits = AWS_LIMITS,
): Promise<readonly EvidenceDraft[]> {
  const access = accessTo(deployment, endpoint);
  const sources = deployment.logSources.map(async (source) =>
    gathered(collectLogs({ access, source, window: SAMPLE_WINDOW, limits }, context())),
  );
  return (await Promise.all(sources)).flat();
}

async function gathered(source: AsyncIterable<EvidenceDraft>): Promise<readonly EvidenceDraft[]> {
  const drafts: EvidenceDraft[] = [];
  for await (const draft of source) drafts.push(draft);
  return drafts;
}

function context(): AwsContext {
  return { dialer: loopbackDialer(), clock: SAMPLE_CLOCK };
}
