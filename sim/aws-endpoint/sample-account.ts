import { makeSample } from '../make-sample.ts';
import type { Sample } from '../samples.ts';
import { SAMPLE_SEED } from '../samples.ts';
import { sampleRole } from '../write-inventory.ts';
import type { EndpointAccount } from './accounts.ts';
import { sampleKeys } from './accounts.ts';
import type { AwsEndpoint } from './endpoint.ts';

/** The account that the auditor's own keys belong to. */
export const VENDOR_ACCOUNT = '700000000001';

/** A sample's account as the endpoint serves it, with the role that its inventory names. */
export function sampleAccount(sample: Sample): EndpointAccount {
  const { named, logs } = makeSample(sample, SAMPLE_SEED);
  return {
    stack: named.stack,
    objects: { [`gateway-flow-logs-${named.stack.account}`]: logs },
    role: sampleRole(sample),
  };
}

/** The environment of an auditor that asks an endpoint instead of AWS. */
export function sampleVariables(endpoint: AwsEndpoint): Readonly<Record<string, string>> {
  const { accessKeyId, secretAccessKey } = sampleKeys(VENDOR_ACCOUNT);
  return {
    DOMICILE_AWS_ENDPOINT: endpoint.url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
}
