import type { JsonObject, Reason } from '../../core/index.ts';
import { isJsonArray, isJsonObject } from '../../core/index.ts';
import type {
  AwsKind,
  Deployment,
  EvidenceAnswer,
  EvidenceView,
  Fact,
  Need,
  Phase,
} from '../../evidence/index.ts';
import { awsNeed, listMember, referredNeed } from '../../evidence/index.ts';
import { accountsWithoutInterfaces } from '../flows/interfaces.ts';
import { changesBetween } from './changes.ts';
import type { NetworkEgress } from './egress.ts';
import { solveNetwork } from './egress.ts';
import type { Problem } from './model.ts';
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
  'ec2.traffic-mirroring',
  'ec2.remote-access',
  'vpc-lattice.associations',
  'lambda.functions',
];

/** What could show that a resolver is closed: by DNS support that is off the first two, by a DNS Firewall all. */
const RESOLVER = [
  'ec2.vpc-attributes',
  'route53resolver.endpoints',
  'route53resolver.firewall',
  'route53profiles.associations',
] as const satisfies readonly AwsKind[];

/** What matters only to a network that refers to it. */
const IF_REFERRED: readonly AwsKind[] = [
  'ec2.transit-gateways',
  'ec2.transit-gateway-attachments',
  'ec2.transit-gateway-vpc-attachments',
  'ec2.transit-gateway-peering-attachments',
  'ec2.transit-gateway-route-tables',
  'ec2.vpn-gateways',
  'ec2.vpn-connections',
  'vpc-lattice.targets',
  'network-firewall.firewalls',
  'ec2.dhcp-options',
  'ec2.public-access-exclusions',
  ...RESOLVER,
];

/** What makes sense only in whole: a transit gateway is what all of them say together. */
const OF_TRANSIT: ReadonlySet<AwsKind> = new Set(
  IF_REFERRED.filter((kind) => kind.startsWith('ec2.transit-gateway')),
);

interface AccountRegion {
  readonly account: string;
  readonly region: string;
}

/** The network of a deployment: its workload accounts in its region, as the run found it and as it left it. */
export function networkNeeds(deployment: Deployment): readonly Need[] {
  return placesOf(deployment).flatMap(({ account, region }) => [
    ...REQUIRED.map((kind) => awsNeed(kind, account, region)),
    ...IF_REFERRED.map((kind) => referredNeed(kind, account, region)),
    ...REQUIRED.map((kind) => referredNeed(kind, account, region, 'end')),
  ]);
}

function placesOf(deployment: Deployment): readonly AccountRegion[] {
  return deployment.accounts
    .filter(({ purpose }) => purpose === 'workload')
    .map(({ id }) => ({ account: id, region: deployment.region }));
}

/** The network of a deployment, solved, with what of the evidence that rests on. */
export interface DeploymentNetwork extends NetworkEgress {
  /** Needs that the network turned out to refer to. */
  readonly referred: readonly Need[];
  /** Of accounts that list no interface at all. */
  readonly empty: readonly Reason[];
  /** What was different when the run ended. */
  readonly changes: readonly Problem[];
}

export const networkFact: Fact<DeploymentNetwork> = {
  id: 'network',
  needs: networkNeeds,
  compute: (view) => {
    const places = placesOf(view.deployment);
    const sources = places.map((place) => viewedSource(view, place, 'start'));
    const atEnd = places.filter((place) => hasEnd(view, place));
    const egress = solveNetwork(sources);
    return {
      ...egress,
      referred: [
        ...(usesTransit(egress) ? referredIn(places, [...OF_TRANSIT]) : []),
        ...(usesServiceNetworks(egress) ? referredIn(places, ['vpc-lattice.targets']) : []),
        ...(egress.network.firewallEndpoints.size > 0
          ? referredIn(places, ['network-firewall.firewalls'])
          : []),
        ...(blocksPublicAccess(egress) ? referredIn(places, ['ec2.public-access-exclusions']) : []),
        ...atEnd.flatMap(({ account, region }) =>
          REQUIRED.map((kind) => referredNeed(kind, account, region, 'end')),
        ),
      ],
      empty: accountsWithoutInterfaces(view),
      changes: atEnd.flatMap((place) =>
        changesBetween(viewedSource(view, place, 'start'), viewedSource(view, place, 'end')),
      ),
    };
  },
};

function usesTransit({ network }: NetworkEgress): boolean {
  return [...network.tables.values()].some(({ routes }) =>
    routes.some(({ target }) => target.kind === 'transit-gateway'),
  );
}

/** Somewhere VPC Block Public Access may be the cut: then it must be known whom it leaves out. */
function blocksPublicAccess({ network: { vpcs, subnets } }: NetworkEgress): boolean {
  return [...vpcs.values(), ...subnets.values()].some(({ blocks }) => blocks !== 'none');
}

function usesServiceNetworks({ network: { serviceNetworks } }: NetworkEgress): boolean {
  return serviceNetworks.problems.size + serviceNetworks.resources.size > 0;
}

/** What it rests on that resolvers are closed: that DNS support is off, or all that a DNS Firewall is made of. */
export function resolverNeeds(
  deployment: Deployment,
  restsOn: 'dns-support' | 'dns-firewall',
): readonly Need[] {
  return referredIn(placesOf(deployment), restsOn === 'dns-support' ? RESOLVER.slice(0, 2) : RESOLVER);
}

function referredIn(places: readonly AccountRegion[], kinds: readonly AwsKind[]): readonly Need[] {
  return places.flatMap(({ account, region }) => kinds.map((kind) => referredNeed(kind, account, region)));
}

/** A second snapshot counts as soon as any of it is there: then all of it must be. */
function hasEnd(view: EvidenceView, { account, region }: AccountRegion): boolean {
  return REQUIRED.some((kind) => view.answers(awsNeed(kind, account, region, 'end')).length > 0);
}

function viewedSource(view: EvidenceView, { account, region }: AccountRegion, phase: Phase): NetworkSource {
  const asked = new Set<string>(phase === 'start' ? [...REQUIRED, ...IF_REFERRED] : REQUIRED);
  return networkSource({ account, region }, (kind) =>
    asked.has(kind) ? view.answers(awsNeed(kind, account, region, phase)) : [],
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
