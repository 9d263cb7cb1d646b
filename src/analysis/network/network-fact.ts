import type { JsonObject } from '../../core/index.ts';
import { isJsonArray, isJsonObject } from '../../core/index.ts';
import type { AwsKind, Deployment, EvidenceAnswer, EvidenceView, Fact, Need } from '../../evidence/index.ts';
import { awsNeed, listMember } from '../../evidence/index.ts';
import type { NetworkEgress } from './egress.ts';
import { solveNetwork } from './egress.ts';
import type { NetworkAnswer, NetworkSource } from './network-source.ts';

/** What there is no knowing of a network's exits without. */
const REQUIRED: readonly AwsKind[] = [
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
    REQUIRED.map((kind) => awsNeed(kind, account, region)),
  );
}

interface AccountRegion {
  readonly account: string;
  readonly region: string;
}

function placesOf(deployment: Deployment): readonly AccountRegion[] {
  return deployment.accounts
    .filter(({ purpose }) => purpose === 'workload')
    .map(({ id }) => ({ account: id, region: deployment.region }));
}

export const networkFact: Fact<NetworkEgress> = {
  id: 'network',
  needs: networkNeeds,
  compute: (view) => solveNetwork(placesOf(view.deployment).map((place) => viewedSource(view, place))),
};

function viewedSource(view: EvidenceView, { account, region }: AccountRegion): NetworkSource {
  const asked = new Set<string>(REQUIRED);
  return networkSource({ account, region }, (kind) =>
    asked.has(kind) ? view.answers(awsNeed(kind, account, region)) : [],
  );
}

/** One account and region of any evidence, as the model reads it. */
export function networkSource(
  { account, region }: AccountRegion,
  answersOf: (kind: AwsKind) => readonly EvidenceAnswer[],
): NetworkSource {
  // Evidence is searched item by item: each call is read once, not once an object.
  const known = new Map<string, readonly NetworkAnswer[]>();
  const answers: NetworkSource['answers'] = (kind, call) => {
    const before = known.get(`${kind} ${call}`);
    if (before !== undefined) return before;
    const found = read(kind as AwsKind, call);
    known.set(`${kind} ${call}`, found);
    return found;
  };
  const read = (kind: AwsKind, call: string): readonly NetworkAnswer[] =>
    answersOf(kind).flatMap(({ item, body }): readonly NetworkAnswer[] =>
      item.key.call !== call || !isJsonObject(body)
        ? []
        : [
            {
              parameters: item.key.parameters,
              complete: item.status === 'complete',
              body,
              entries: entriesOf(body[listMember(kind, call)]),
            },
          ],
    );
  return {
    account,
    region,
    answers,
    list: (kind, call) => answers(kind, call).flatMap(({ entries }) => entries),
  };
}

function entriesOf(value: unknown): readonly JsonObject[] {
  if (isJsonArray(value)) return value.filter(isJsonObject);
  return isJsonObject(value) ? [value] : [];
}
