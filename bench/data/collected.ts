import type { Json } from '../../src/core/index.ts';
import { byCodeUnit, isJsonArray, isJsonObject } from '../../src/core/index.ts';
import type { EvidenceKind } from '../../src/evidence/index.ts';
import { KINDS } from '../../src/evidence/index.ts';

export const ACCOUNT = '640917723308';
export const REGION = 'ap-southeast-1';

/** What is read: everything that the generated account has. */
export const KINDS_READ: readonly EvidenceKind[] = [
  'rds.instances',
  'rds.clusters',
  'ecs.clusters',
  'ecs.services',
  'ecs.tasks',
  'ecs.task-definitions',
  's3.buckets',
  'kms.keys',
  'ec2.vpcs',
  'ec2.subnets',
  'ec2.route-tables',
  'ec2.network-interfaces',
  'ec2.security-groups',
  'ec2.network-acls',
  'ec2.flow-logs',
];

/** How many entries each call brought: what two ways of reading must agree on. */
export function drawnAnswers(answers: readonly { readonly call: string; readonly body: unknown }[]): string {
  const members = new Map(
    [...KINDS.values()].flatMap(({ calls }) => calls.map((one) => [one.call, one.member])),
  );
  const seen = new Map<string, Set<string>>();
  for (const { call, body } of answers) {
    const entries: unknown = isJsonObject(body) ? body[members.get(call) ?? ''] : undefined;
    const texts = isJsonArray(entries) ? entries.map(idOf) : [JSON.stringify(entries ?? null).slice(0, 0)];
    seen.set(call, new Set([...(seen.get(call) ?? []), ...texts]));
  }
  return JSON.stringify([...seen].map(([call, texts]) => `${call} ${texts.size}`).toSorted(byCodeUnit));
}

/** The first text of an entry: projections keep the order of members, and the first is its id. */
function idOf(entry: Json): string {
  if (!isJsonObject(entry)) return String(entry);
  const ids = Object.entries(entry).filter(([name]) => /(?:Id|Arn|Identifier|Name)$/i.test(name));
  return ids.map(([name, value]) => `${name}=${String(value)}`).toSorted()[0] ?? '';
}
