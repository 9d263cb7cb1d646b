import type { InterfaceEgress, Leaving, NetworkEgress, PacketWitness } from '../../analysis/index.ts';
import { describePacket, destinationsIn, lettingGroups, witnessTo } from '../../analysis/index.ts';
import type { Address, IpSet, Reason } from '../../core/index.ts';
import {
  byCodeUnit,
  firstAddress,
  firstCommonAddress,
  parsePrefix,
  setOfPrefixes,
  subtract,
  unionAll,
} from '../../core/index.ts';
import type { PlacedSet } from '../../geo/index.ts';
import type { CheckContext, Observation } from '../check.ts';

/** What the policy does with each class of traffic that can leave. */
export interface NetworkEgressParameters {
  readonly initiated: 'fail' | 'disclose';
  readonly reply: 'fail' | 'disclose';
  readonly resolver: 'fail' | 'disclose';
  /** AWS regions that may be reached whatever their country. */
  readonly regions?: readonly string[];
  /** Prefixes that may be reached wherever they are. */
  readonly prefixes?: readonly string[];
}

/** What the judgement of a way out depends on. */
export type EgressContext = Pick<
  CheckContext<NetworkEgressParameters>,
  'parameters' | 'countries' | 'locator'
>;

export interface Judged {
  readonly seen: readonly Observation[];
  readonly reasons: readonly Reason[];
}

/** Where packets of a leaving set are, once they have left. */
type Place =
  | { readonly kind: 'inside' }
  | { readonly kind: 'outside'; readonly witness: Address; readonly name: string }
  | { readonly kind: 'unsure'; readonly reason: Reason };

type TrafficClass = 'initiated' | 'reply';

interface Case {
  readonly one: InterfaceEgress;
  readonly leaving: Leaving;
  readonly traffic: TrafficClass;
}

/** Everything that can leave, judged by where it would arrive; one observation an exit and a group that lets it. */
export function judgeLeaving(egress: NetworkEgress, context: EgressContext): Judged {
  const cases = egress.classes.flatMap((one): readonly Case[] => [
    ...one.initiated.map((leaving) => ({ one, leaving, traffic: 'initiated' as const })),
    ...one.replies.map((leaving) => ({ one, leaving, traffic: 'reply' as const })),
  ]);
  const placed = placeAll(cases, context);
  const reasons: Reason[] = [];
  const unplaced: Case[] = [];
  const found = new Map<string, Sighting>();
  for (const each of cases) {
    const place = placeOf(each.leaving, placed, context);
    if (place.kind === 'inside') continue;
    const { doubts } = each.leaving;
    if (doubts.length > 0) {
      reasons.push(...doubts.map(({ code, object, detail }) => ({ code, scope: object, detail })));
    } else if (place.kind === 'unsure' && context.parameters[each.traffic] === 'fail') {
      reasons.push(place.reason);
    } else if (place.kind === 'unsure') {
      unplaced.push(each);
    } else {
      for (const by of letBy(egress, each, placed)) addSighting(found, by, each, place);
    }
  }
  // What is only told is told of places that nobody can name as well, where nothing is known of the exit.
  for (const each of unplaced) {
    const witness = firstAddress(destinationsIn(each.leaving));
    const by = each.one.interfaces[0]?.groups.join(' ') || (each.one.interfaces[0]?.id ?? '');
    if (witness === undefined || isSeen(found, each)) continue;
    addSighting(found, by, each, { kind: 'outside', witness, name: UNNAMED });
  }
  return { seen: [...found.values()].map((sighting) => observationOf(egress, sighting)), reasons };
}

/** The places of all destinations at once: the world's address data are walked once, not once an interface. */
function placeAll(cases: readonly Case[], context: EgressContext): PlacedSet {
  const { locator, countries } = context;
  const placed = locator.place(unionAll(cases.map(({ leaving }) => destinationsIn(leaving))), countries);
  const allowed = allowedBeside(context);
  return {
    ...placed,
    outside: subtract(placed.outside, allowed),
    unsure: subtract(placed.unsure, allowed),
  };
}

/** What the policy allows beside its countries: whole AWS regions, and prefixes of its own. */
export function allowedBeside({ locator, parameters }: EgressContext): IpSet {
  return unionAll([
    ...(parameters.regions ?? []).map(locator.regionAddresses),
    setOfPrefixes((parameters.prefixes ?? []).map(parsePrefix).filter((prefix) => prefix !== null)),
  ]);
}

function placeOf(
  leaving: Leaving,
  placed: PlacedSet,
  { locator, countries, parameters }: EgressContext,
): Place {
  const { far, id } = leaving.exit;
  const destinations = destinationsIn(leaving);
  if (far.kind === 'region') {
    const country = locator.regionCountry(far.region);
    const witness = firstAddress(destinations);
    const isAllowed = parameters.regions?.includes(far.region) === true;
    if (country !== undefined && !countries.includes(country) && !isAllowed && witness !== undefined) {
      return { kind: 'outside', witness, name: `${far.region} (${country})` };
    }
    if (country === undefined && !isAllowed)
      return unsure('LOCATION_DISPUTED', id, 'leads to a region of unknown country');
    return far.account === ''
      ? { kind: 'inside' }
      : unsure('OUT_OF_SCOPE_ACCOUNT', id, `leads to ${ownerOf(far.account)}, which is not in the evidence`);
  }
  const witness = firstCommonAddress(destinations, placed.outside);
  if (witness !== undefined) return { kind: 'outside', witness, name: countryOf(witness, locator) };
  if (far.kind === 'unknown') {
    return unsure('LOCATION_DISPUTED', id, 'leads to a place that the evidence does not show');
  }
  return firstCommonAddress(destinations, placed.unsure) === undefined
    ? { kind: 'inside' }
    : unsure('LOCATION_DISPUTED', id, 'can carry packets to addresses whose place is not certain');
}

/** Of an endpoint service only its name is told, not whose it is. */
function ownerOf(account: string): string {
  return /^\d{12}$/.test(account) ? `account ${account}` : `the service ${account} of somebody else`;
}

function unsure(code: Reason['code'], scope: string, detail: string): Place {
  return { kind: 'unsure', reason: { code, scope, detail } };
}

export function countryOf(address: Address, locator: EgressContext['locator']): string {
  const location = locator.locate(address);
  return location.kind === 'located' ? location.country : '?';
}

/** The groups that let the foreign part through; the interface itself where it has none. */
function letBy(egress: NetworkEgress, { one, leaving, traffic }: Case, placed: PlacedSet): readonly string[] {
  const foreign: IpSet = leaving.exit.far.kind === 'region' ? destinationsIn(leaving) : placed.outside;
  const groups = lettingGroups(egress.walk, one, leaving, traffic, foreign);
  return groups.length > 0 ? groups : one.interfaces.map(({ id }) => id);
}

/** Stands for a place that the evidence does not show. */
const UNNAMED = '?';

/** Whether something is told of an exit and class of traffic already, with a place that is known. */
function isSeen(found: ReadonlyMap<string, Sighting>, { traffic, leaving }: Case): boolean {
  return [...found.values()].some(
    ({ first, place }) =>
      first.traffic === traffic && first.leaving.exit.id === leaving.exit.id && place.name !== UNNAMED,
  );
}

interface Sighting {
  readonly by: string;
  readonly first: Case;
  readonly place: Extract<Place, { readonly kind: 'outside' }>;
  readonly interfaces: Set<string>;
}

function addSighting(found: Map<string, Sighting>, by: string, each: Case, place: Sighting['place']): void {
  const key = `${each.traffic} ${by} ${each.leaving.exit.id}`;
  const known = found.get(key);
  const ids = each.one.interfaces.map(({ id }) => id);
  if (known === undefined) found.set(key, { by, first: each, place, interfaces: new Set(ids) });
  else for (const id of ids) known.interfaces.add(id);
}

function observationOf({ walk }: NetworkEgress, { by, first, place, interfaces }: Sighting): Observation {
  const { leaving, one, traffic } = first;
  const [member] = one.interfaces.toSorted((left, right) => byCodeUnit(left.id, right.id));
  if (member === undefined) throw new Error('expected a class with a member');
  const witness = witnessTo(
    walk,
    member,
    leaving,
    place.witness,
    traffic === 'initiated' ? 'egress' : 'ingress',
  );
  return {
    class: traffic === 'initiated' ? 'CAN_LEAVE_INITIATED' : 'CAN_LEAVE_REPLY',
    resource: `${by} → ${leaving.exit.id}`,
    values: { by, exit: leaving.exit.id, place: place.name, interfaces: interfaces.size },
    witness: [
      ...witnessLines(witness),
      { label: 'place', value: place.name },
      { label: 'interfaces', value: String(interfaces.size) },
    ],
  };
}

function witnessLines(witness: PacketWitness): Observation['witness'] {
  return [
    { label: 'packet', value: describePacket(witness) },
    ...witness.hops.map(({ kind, id, by }) => ({ label: kind, value: by === '' ? id : `${id}: ${by}` })),
  ];
}
