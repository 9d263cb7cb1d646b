import type { JsonObject } from '../../core/index.ts';
import { isJsonObject } from '../../core/index.ts';
import type { AwsKind, Deployment, EvidenceView, Fact, Need } from '../../evidence/index.ts';
import { awsNeed } from '../../evidence/index.ts';
import type { NetworkSource } from './build-network.ts';
import type { NetworkEgress } from './egress.ts';
import { solveNetwork } from './egress.ts';
import { objectsOf, textOf } from './json-fields.ts';

/** What there is no knowing of a network's exits without. */
const KINDS: readonly AwsKind[] = [
  'ec2.vpcs',
  'ec2.subnets',
  'ec2.route-tables',
  'ec2.internet-gateways',
  'ec2.egress-only-internet-gateways',
  'ec2.nat-gateways',
  'ec2.network-interfaces',
  'ec2.security-groups',
  'ec2.network-acls',
  'ec2.addresses',
  'ec2.vpc-endpoints',
  'ec2.vpc-peering-connections',
  'ec2.managed-prefix-lists',
];

/** The network of a deployment: its workload accounts in its region. */
export function networkNeeds(deployment: Deployment): readonly Need[] {
  return placesOf(deployment).flatMap(({ account, region }) =>
    KINDS.map((kind) => awsNeed(kind, account, region)),
  );
}

function placesOf(deployment: Deployment): readonly { readonly account: string; readonly region: string }[] {
  return deployment.accounts
    .filter(({ purpose }) => purpose === 'workload')
    .map(({ id }) => ({ account: id, region: deployment.region }));
}

export const networkFact: Fact<NetworkEgress> = {
  id: 'network',
  needs: networkNeeds,
  compute: (view) => solveNetwork(placesOf(view.deployment).map((place) => sourceOf(view, place))),
};

function sourceOf(
  view: EvidenceView,
  { account, region }: { readonly account: string; readonly region: string },
): NetworkSource {
  return {
    account,
    region,
    list: (kind, call) => view.list(awsNeed(kind, account, region), call) ?? [],
    prefixListEntries: prefixListEntries(view, account, region),
  };
}

/** The entries of each list: the call's parameter says whose they are, since the answer does not. */
function prefixListEntries(
  view: EvidenceView,
  account: string,
  region: string,
): ReadonlyMap<string, readonly string[]> {
  const entries = new Map<string, string[]>();
  for (const { item, body } of view.answers(awsNeed('ec2.managed-prefix-lists', account, region))) {
    const id = item.key.parameters['prefix-list-id'];
    if (item.key.call !== 'ec2:GetManagedPrefixListEntries' || id === undefined) continue;
    if (item.status !== 'complete' || !isJsonObject(body)) continue;
    entries.set(id, [...(entries.get(id) ?? []), ...cidrsOf(body)]);
  }
  return entries;
}

function cidrsOf(body: JsonObject): readonly string[] {
  return objectsOf(body, 'Entries').map((entry) => textOf(entry, 'Cidr'));
}
