import type { Address, IpSet } from '../../core/index.ts';
import {
  containsAddress,
  EMPTY_SET,
  firstAddress,
  formatAddress,
  parseAddress,
  setOfAddress,
} from '../../core/index.ts';
import type { Locator } from '../../geo/index.ts';
import { blockerWithEntries } from './acl-entries.ts';
import type { Delivery } from './deliver.ts';
import { deliver, interfacesByVpc } from './deliver.ts';
import { createWalk } from './egress.ts';
import type { PacketSample } from './hops-with-rules.ts';
import { hopsWithRules } from './hops-with-rules.ts';
import type { PublicName, PublicNames } from './inbound.ts';
import { enterFromGateway, enterFromInternet, publicNamesOf } from './inbound.ts';
import type { Interface, Network } from './model.ts';
import { asTranslated, behindNat64 } from './nat64.ts';
import type { Hop, Outcome, Source } from './outcome.ts';
import { hopsOf } from './outcome.ts';
import { leadsThere, packetsThere, sentTo } from './outside-goal.ts';
import { destinationsOf, isEmptyPackets, packetsTo, restrictTo } from './packet-set.ts';
import type { Goal, Start } from './places.ts';
import { goalOf, startsOf } from './places.ts';
import type { Disposition, PathAnswer, PathQuestion } from './question.ts';
import { trafficOfQuestion } from './question.ts';
import { returnPathOf } from './return-path.ts';
import type { TrafficSet } from './traffic.ts';
import { protocolName, sampleTraffic } from './traffic.ts';
import { fromAttachment } from './transit.ts';
import { leaveSubnet } from './walk.ts';
import type { State, Walk } from './walk-state.ts';
import { ended, filtered, hop, pass, startOf, stateFrom, unlessEmpty } from './walk-state.ts';

/** Answers questions about one network; what they share is computed once. */
export interface PathSolver {
  /** @throws DomicileError `BAD_INPUT` for a question that means nothing here. */
  readonly answer: (question: PathQuestion) => PathAnswer;
}

/** What a question is answered with. */
interface Answering {
  readonly walk: Walk;
  readonly byVpc: ReadonlyMap<string, readonly Interface[]>;
  readonly names: PublicNames;
  readonly goal: (to: string) => Goal;
}

const MOST_GOALS = 1000;

export function createPathSolver(network: Network, locator: Locator): PathSolver {
  const walk = createWalk(network, { arrivals: true });
  const goals = new Map<string, Goal>();
  // A country is thousands of prefixes, and questions come by the thousand.
  const goal = (to: string): Goal => {
    const known = goals.get(to) ?? goalOf(network, to, locator);
    if (!goals.has(to) && goals.size < MOST_GOALS) goals.set(to, known);
    return known;
  };
  const answering = { walk, byVpc: interfacesByVpc(walk), names: publicNamesOf(walk), goal };
  return { answer: (question) => answerPath(answering, question) };
}

/** An ending with the address that the packet set out with: translation hides it. */
type Ending = Delivery & { readonly origin: Address };

/** The furthest that any packet of the question gets: a question about a set asks whether some packet can. */
function answerPath(answering: Answering, question: PathQuestion): PathAnswer {
  const { walk } = answering;
  const traffic = trafficOfQuestion(question);
  const goal = answering.goal(question.to);
  const endings = startsOf(walk.network, question.from, question.fromIp)
    .flatMap((start) => [...endingsFrom(answering, start, goal, traffic)])
    .filter((ending) => leadsThere(ending, goal));
  const best = endings
    .map((ending) => ({ ending, rank: RANK.indexOf(dispositionOf(ending, goal)) }))
    .sort((left, right) => left.rank - right.rank)[0]?.ending;
  const id = question.id === undefined ? {} : { id: question.id };
  if (best === undefined) return { ...id, ...NOTHING_SENT };
  const answered = goal.outside === null ? best : { ...best, packets: packetsThere(best, goal) };
  return { ...id, ...describe(answering, answered, goal) };
}

/** Which ending answers: whatever could get furthest. What nobody can judge might have got there too. */
const RANK: readonly Disposition[] = [
  'delivered',
  'leaves-vpc',
  'unknown',
  'denied',
  'blackhole',
  'no-route',
];

const NOTHING_SENT: PathAnswer = {
  disposition: 'no-route',
  exit: null,
  hops: [],
  blockedBy: null,
  reason: 'no interface here has an address of a family that leads there',
  packet: null,
  returnPath: null,
};

function* endingsFrom(
  answering: Answering,
  start: Start,
  goal: Goal,
  traffic: TrafficSet,
): Generator<Ending> {
  const { walk, byVpc } = answering;
  switch (start.kind) {
    case 'interface':
      yield* endingsOfInterface(answering, start, goal, traffic);
      return;
    case 'subnet': {
      const address = { address: start.source, publicIp: null, carrierIp: null };
      const source = walk.sources.of(address, { vpc: start.vpc, denyIgw: false });
      const endings = onward(answering, start.id, stateOf(source, sentTo(goal), traffic), goal);
      yield* from(start.source, endings);
      return;
    }
    case 'internet':
      yield* endingsFromInternet(answering, start.source, goal, traffic);
      return;
    case 'vpn-gateway': {
      const cidrs = walk.network.vpcs.get(start.vpc)?.cidrs ?? EMPTY_SET;
      for (const source of foreignSources(start.source, goal.addresses)) {
        const state = stateOf(source, sentTo(goal), traffic);
        const gateway = { id: start.id, vpc: start.vpc, cidrs };
        yield* from(source.address, enterFromGateway(walk, byVpc, gateway, state));
      }
      return;
    }
    case 'attachment':
      for (const source of foreignSources(start.source, goal.addresses)) {
        const state = stateOf(source, sentTo(goal), traffic);
        const outcomes = fromAttachment(walk, start.attachment, state, leaveSubnet);
        yield* from(source.address, settled(answering, outcomes));
      }
  }
}

/**
 * A source that an interface sends under without having it: gateways translate it as they would its holder's, best of
 * the same VPC.
 */
function sourceNamed(walk: Walk, one: Interface, address: Address): Source {
  const holders = [...walk.network.interfaces.values()].filter(({ owned }) =>
    containsAddress(owned, address),
  );
  const holder = holders.find(({ vpc }) => vpc === one.vpc) ?? holders[0];
  const own = holder?.addresses.find((each) => sameAddress(each.address, address));
  return walk.sources.of(own ?? { address, publicIp: null, carrierIp: null }, holder ?? one);
}

function* from(origin: Address, endings: Iterable<Delivery>): Generator<Ending> {
  for (const ending of endings) yield { ...ending, origin };
}

function* endingsOfInterface(
  answering: Answering,
  { one, source: only }: Extract<Start, { readonly kind: 'interface' }>,
  goal: Goal,
  traffic: TrafficSet,
): Generator<Ending> {
  const { walk } = answering;
  const own = walk.sources.exactOf(one).filter(({ address }) => only === null || sameAddress(address, only));
  const spoofed = only !== null && !containsAddress(one.owned, only);
  if (spoofed && one.sourceDestCheck !== false) {
    const source = walk.sources.of({ address: only, publicIp: null, carrierIp: null }, one);
    const state = atInterface(one, stateOf(source, goal.addresses, traffic), '');
    const rule = 'its source/destination check drops what it does not send as itself';
    yield {
      ...ended(state, { kind: 'denied', by: { kind: 'interface', id: one.id, rule } }),
      at: null,
      origin: only,
    };
    return;
  }
  // An address of a delegated block is its own as well, and so is any where nothing is checked.
  const sources = only !== null && own.length === 0 ? [sourceNamed(walk, one, only)] : own;
  for (const source of sources) {
    const { v4, v6 } = sentTo(goal);
    const near = source.address.family === 4 ? { v4, v6: [] } : { v4: [], v6 };
    yield* sendingsOf(answering, { one, source }, stateOf(source, near, traffic), goal);
    if (source.address.family === 4 || goal.outside !== null) continue;
    // An IPv6 sender reaches IPv4 by the NAT64 prefix, where a gateway on the way translates; else it is no way.
    const meant = stateOf(source, behindNat64(goal.addresses), traffic);
    for (const ending of sendingsOf(answering, { one, source }, meant, goal)) {
      if (ending.source.address.family === 4) yield ending;
    }
  }
}

function* sendingsOf(
  answering: Answering,
  { one, source }: { readonly one: Interface; readonly source: Source },
  state: State,
  goal: Goal,
): Generator<Ending> {
  const { walk } = answering;
  if (isEmptyPackets(state.packets)) return;
  const outbound = pass(atInterface(one, state, ''), walk.filters.groups(one.groups, 'egress'), {
    kind: 'security-group',
    id: one.groups.join(' '),
    rule: `no outbound rule of ${one.id} allows it`,
  });
  for (const denied of outbound.denied) yield { ...denied, at: null, origin: source.address };
  for (const passed of outbound.passed) {
    yield* from(source.address, onward(answering, one.subnet, namedByGroup(one, passed), goal));
  }
}

/** Outcomes with what arrives in a VPC brought to its interfaces. */
function* settled({ walk, byVpc }: Answering, outcomes: Iterable<Outcome>): Generator<Delivery> {
  for (const outcome of outcomes) {
    if (outcome.end.kind === 'arrives') yield* deliver(walk, byVpc, outcome);
    else yield { ...outcome, at: null };
  }
}

/** From the subnet on: to the end of the walk, into the VPC that it ends in, or back in from the Internet. */
function* onward(answering: Answering, subnet: string, state: State, goal: Goal): Generator<Delivery> {
  const { walk, byVpc, names } = answering;
  for (const outcome of leaveSubnet(walk, subnet, state)) {
    const translated = asTranslated(outcome.packets, outcome.source.address.family);
    if (outcome.end.kind === 'arrives') {
      // Of a way out it is enough to know that the packets stay inside.
      if (goal.outside === null) yield* deliver(walk, byVpc, { ...outcome, packets: translated });
      else yield { ...outcome, at: null };
      continue;
    }
    const back =
      outcome.end.kind === 'exit' && goal.outside === null
        ? calledBack(names, translated, outcome.end.exit.far.kind)
        : [];
    const rest = back.length === 0 ? outcome.packets : [];
    yield* [...unlessEmpty({ ...outcome, packets: rest })].map((left) => ({ ...left, at: null }));
    for (const name of back) {
      const packets = restrictTo(translated, setOfAddress(name.outside));
      // What comes back from the Internet comes from the public address that it left with.
      const from =
        parseAddress(outcome.source.publicIp || outcome.source.carrierIp) ?? outcome.source.address;
      const source = walk.sources.of(
        { address: from, publicIp: null, carrierIp: null },
        { vpc: '', denyIgw: false },
      );
      yield* enterFromInternet(walk, byVpc, name, { ...stateFrom(outcome), source, packets });
    }
  }
}

/** Interfaces of the model that packets to the Internet lead back to; looked for only where few addresses are asked about. */
function calledBack(
  names: PublicNames,
  packets: State['packets'],
  far: 'internet' | 'region' | 'unknown',
): readonly PublicName[] {
  if (far !== 'internet') return [];
  const wanted = destinationsOf(packets);
  const spans = [...wanted.v4, ...wanted.v6];
  if (spans.some(([first, last]) => last - first > 0n)) return [];
  return names.among(wanted);
}

function* endingsFromInternet(
  { walk, byVpc, names }: Answering,
  caller: Address | null,
  goal: Goal,
  traffic: TrafficSet,
): Generator<Ending> {
  let met = false;
  for (const name of names.among(goal.addresses)) {
    for (const source of foreignSources(caller, setOfAddress(name.outside))) {
      met = true;
      const state = stateOf(source, setOfAddress(name.outside), traffic);
      yield* from(source.address, enterFromInternet(walk, byVpc, name, state));
    }
  }
  if (met) return;
  const [source] = foreignSources(caller, goal.addresses);
  if (source === undefined) return;
  const at = hop(stateOf(source, goal.addresses, traffic), { kind: 'internet', id: 'internet', by: '' });
  const by = {
    kind: 'internet',
    id: 'internet',
    rule: 'no interface answers to this address on the Internet',
  };
  yield { ...ended(at, { kind: 'no-route', by }), at: null, origin: source.address };
}

/** Any host of the Internet stands for all: a documentation address would meet rules that mean "everybody". */
const ANY_HOST: Readonly<Record<Address['family'], Address>> = {
  4: { family: 4, value: 0x08_08_08_08n },
  6: { family: 6, value: 0x2001_4860_4860n << 80n },
};

function foreignSources(from: Address | null, goal: IpSet): readonly Source[] {
  const families = ([4, 6] as const).filter((family) => (family === 4 ? goal.v4 : goal.v6).length > 0);
  return families
    .map((family) => from ?? ANY_HOST[family])
    .filter(({ family }) => families.includes(family))
    .map((address) => ({
      key: `internet/${formatAddress(address)}`,
      vpc: '',
      address,
      publicIp: '',
      carrierIp: '',
      denyIgw: false,
    }));
}

function stateOf(source: Source, addresses: IpSet, traffic: TrafficSet): State {
  return startOf(source, packetsTo(addresses, traffic));
}

function atInterface(one: Interface, state: State, by: string): State {
  const instance = one.instance === '' ? state : hop(state, { kind: 'instance', id: one.instance, by: '' });
  return hop(instance, { kind: 'interface', id: one.id, by });
}

function namedByGroup(one: Interface, state: State): State {
  if (one.groups.length === 0) return state;
  return filtered(state, { kind: 'security-group', id: one.groups.join(' ') }, 'egress');
}

function sameAddress(left: Address, right: Address): boolean {
  return left.family === right.family && left.value === right.value;
}

function dispositionOf({ end, doubts, at }: Delivery, goal: Goal): Disposition {
  switch (end.kind) {
    case 'arrives':
      if (doubts.length > 0) return 'unknown';
      if (goal.outside !== null || (goal.interfaces !== null && at !== null && !goal.interfaces.has(at.id)))
        return 'denied';
      return 'delivered';
    case 'exit':
      return doubts.length > 0 ? 'unknown' : 'leaves-vpc';
    case 'denied':
    case 'no-route':
    case 'blackhole':
      return end.kind;
    case 'unknown':
      return 'unknown';
  }
}

function describe({ walk }: Answering, ending: Ending, goal: Goal): Omit<PathAnswer, 'id'> {
  const disposition = dispositionOf(ending, goal);
  const { end, doubts, trail } = ending;
  const problem = end.kind === 'unknown' ? end.problem : doubts[0];
  const stays = end.kind === 'arrives' && disposition === 'denied';
  const sample = sampleOf(ending);
  const hops = sample === null ? hopsOf(trail) : hopsWithRules(walk, trail, sample);
  const blocked = 'by' in end ? blockerWithEntries(walk.network, end.by, ending.packets) : null;
  return {
    disposition,
    exit: end.kind === 'exit' ? { kind: end.exit.kind, id: end.exit.id } : null,
    hops: withInternet(hops, ending),
    blockedBy: blocked ?? (stays ? { kind: 'vpc', id: end.vpc, rule: 'it stays inside' } : null),
    reason:
      disposition === 'unknown' && problem !== undefined
        ? `${problem.code} ${problem.object}: ${problem.detail}`
        : null,
    packet: sample === null ? null : packetText(ending.origin, sample),
    returnPath: disposition === 'delivered' ? returnPathOf(walk, ending) : null,
  };
}

function withInternet(hops: readonly Hop[], { end }: Delivery): readonly Hop[] {
  return end.kind === 'exit' && end.exit.far.kind === 'internet'
    ? [...hops, { kind: 'internet', id: 'internet', by: '' }]
    : hops;
}

/** One packet of the ending, as it stands there. */
function sampleOf({ packets }: Ending): PacketSample | null {
  const [block] = packets;
  if (block === undefined) return null;
  const destination = firstAddress(block.to);
  const traffic = sampleTraffic(block.traffic);
  return destination === undefined || traffic === undefined ? null : { destination, traffic };
}

function packetText(origin: Address, { destination, traffic: { protocol, port } }: PacketSample): string {
  const at = port === null ? '' : ` ${port}`;
  return `${formatAddress(origin)} → ${formatAddress(destination)}, ${protocolName(protocol)}${at}`;
}
