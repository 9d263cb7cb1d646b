import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { makeSample } from '../make-sample.ts';
import type { Sample } from '../samples.ts';
import { SAMPLE_SEED } from '../samples.ts';
import type { EndpointAccount } from './accounts.ts';

interface SampleInventory {
  readonly deployments: readonly {
    readonly id: string;
    readonly accounts: readonly { readonly role?: string; readonly externalId?: string }[];
  }[];
}

/** A sample's account as the endpoint serves it, with the role that its inventory names. */
export function sampleAccount(sample: Sample): EndpointAccount {
  const { named, logs } = makeSample(sample, SAMPLE_SEED);
  const path = join(import.meta.dirname, '..', 'inventory', 'deployments.yaml');
  const { deployments } = parse(readFileSync(path, 'utf8')) as SampleInventory;
  const [account] = deployments.find(({ id }) => id === sample.deployment)?.accounts ?? [];
  return {
    stack: named.stack,
    objects: { [`gateway-flow-logs-${named.stack.account}`]: logs },
    role: { arn: account?.role ?? '', externalId: account?.externalId ?? '' },
  };
}
