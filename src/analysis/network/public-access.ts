import type { JsonObject } from '../../core/index.ts';
import { objectOf, textOf } from './json-fields.ts';
import type { PublicAccessBlock } from './model.ts';
import type { NetworkSource } from './network-source.ts';

/** What VPC Block Public Access leaves blocked at most in VPCs and subnets that are excluded from it, by their ids. */
export type Exclusions = ReadonlyMap<string, PublicAccessBlock>;

/** In these states an exclusion is of no effect (EC2 API, VpcBlockPublicAccessExclusion); any other may be. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(['create-failed', 'delete-complete', 'disable-complete']);

const EXCLUDED = /^arn:[\w-]+:ec2:[\w-]+:\d+:(?:vpc|subnet)\/([\w-]+)$/;

/** Stands for whatever an exclusion names that cannot be read: it could be each VPC and subnet. */
const ANYTHING = '*';

export function exclusionsOf(sources: readonly NetworkSource[]): Exclusions {
  const found = new Map<string, PublicAccessBlock>();
  for (const { list } of sources) {
    for (const one of list('ec2.public-access-exclusions', 'ec2:DescribeVpcBlockPublicAccessExclusions')) {
      if (WITHOUT_EFFECT.has(textOf(one, 'State'))) continue;
      const mode = textOf(one, 'InternetGatewayExclusionMode');
      const id = EXCLUDED.exec(textOf(one, 'ResourceArn'))?.[1] ?? ANYTHING;
      found.set(id, weaker(found.get(id) ?? 'bidirectional', mode === 'allow-egress' ? 'ingress' : 'none'));
    }
  }
  return found;
}

/**
 * What is blocked in a VPC or subnet: the mode that it tells, less what excludes it or its VPC. The API's words leave
 * open whether the mode that a subnet tells has its exclusions in it (EC2 API, BlockPublicAccessStates).
 */
export function blocksOf(
  object: JsonObject,
  ids: readonly string[],
  exclusions: Exclusions,
): PublicAccessBlock {
  const mode = textOf(objectOf(object, 'BlockPublicAccessStates'), 'InternetGatewayBlockMode');
  const told: PublicAccessBlock =
    mode === 'block-bidirectional' ? 'bidirectional' : mode === 'block-ingress' ? 'ingress' : 'none';
  return [...ids, ANYTHING].reduce<PublicAccessBlock>(
    (blocks, id) => weaker(blocks, exclusions.get(id) ?? 'bidirectional'),
    told,
  );
}

const BY_STRENGTH: readonly PublicAccessBlock[] = ['none', 'ingress', 'bidirectional'];

function weaker(left: PublicAccessBlock, right: PublicAccessBlock): PublicAccessBlock {
  return BY_STRENGTH.indexOf(left) < BY_STRENGTH.indexOf(right) ? left : right;
}
