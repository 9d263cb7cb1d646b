import type { Address, IpSet } from '../../core/index.ts';
import { containsAddress, EMPTY_SET, formatAddress, parseAddress, setOfAddress } from '../../core/index.ts';
import type { Locator } from '../../geo/index.ts';
import { balancersBefore, calledAt } from './balancers.ts';
import type { Delivery } from './deliver.ts';
import { deliver } from './deliver.ts';
import type { Ending } from './describe-answer.ts';
import { describe, dispositionOf, RANK } from './describe-answer.ts';
import { createWalk } from './egress.ts';
import type { PublicName, PublicNames } from './inbound.ts';
import { enterFromGateway, enterFromInternet, publicNamesOf } from './inbound.ts';
import type { Interface, Network } from './model.ts';
import { asTranslated, behindNat64 } from './nat64.ts';
import type { Outcome, Source } from './outcome.ts';
import { leadsThere, packetsThere, sentTo } from './outside-goal.ts';
import { destinationsOf, isEmptyPackets, packetsTo, restrictTo } from './packet-set.ts';
import type { Goal, Start } from './places.ts';
import { goalOf, startsOf } from './places.ts';
import type { PathAnswer, PathQuestion } from './question.ts';
import { trafficOfQuestion } from './question.ts';
import type { TrafficSet } from './traffic.ts';
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
  const answering = { walk, names: publicNamesOf(walk), goal };
  return { answer: (question) => answerPath(answering, question) };
}

/** The furthest that any packet of the question gets: a question about a set asks whether some packet can. */
function answerPath(answering: Answering, question: PathQuestion): PathAnswer {
  const { walk } = answering;
  const traffic = trafficOfQuestion(question);
  const goal = answering.goal(question.to);
  const starts = startsOf(walk.network, question.from, question.fromIp);
  const endings = [goal, ...goalsByBalancer(walk.network, goal)]
    .flatMap((each) => starts.flatMap((start) => [...endingsFrom(answering, start, each, traffic)]))
    .filter((ending) => leadsThere(ending, goal));
  const best = endings
    .map((ending) => ({ ending, rank: RANK.indexOf(dispositionOf(ending, goal)) }))
    .sort((left, right) => left.rank - right.rank)[0]?.ending;
  const id = question.id === undefined ? {} : { id: question.id };
  if (best === undefined) return { ...id, ...NOTHING_SENT };
  const answered = goal.outside === null ? best : { ...best, packets: packetsThere(best, goal) };
  return { ...id, ...describe(walk, answered, goal) };
}

/** What is asked about an instance may reach it by a load balancer: then the packets are sent to that. */
function goalsByBalancer(network: Network, goal: Goal): readonly Goal[] {
  if (goal.interfaces === null) return [];
  return balancersBefore(network, goal.interfaces).map((balancer) => ({
    ...goal,
    addresses: calledAt(network, balancer),
  }));
}

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
  const { walk } = answering;
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
        yield* from(source.address, enterFromGateway(walk, gateway, state));
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
  { one, source: only, within }: Extract<Start, { readonly kind: 'interface' }>,
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
    const sender = { one, source, within };
    yield* sendingsOf(answering, sender, stateOf(source, near, traffic), goal);
    if (source.address.family === 4 || goal.outside !== null) continue;
    // An IPv6 sender reaches IPv4 by the NAT64 prefix, where a gateway on the way translates; else it is no way.
    const meant = stateOf(source, behindNat64(goal.addresses), traffic);
    for (const ending of sendingsOf(answering, sender, meant, goal)) {
      if (ending.source.address.family === 4) yield ending;
    }
  }
}

interface Sender {
  readonly one: Interface;
  readonly source: Source;
  /** The VPC, where that is what was asked about. */
  readonly within: string | undefined;
}

function* sendingsOf(
  answering: Answering,
  { one, source, within }: Sender,
  state: State,
  goal: Goal,
): Generator<Ending> {
  const { walk } = answering;
  if (isEmptyPackets(state.packets)) return;
  const inside = within === undefined ? state : hop(state, { kind: 'vpc', id: within, by: '' });
  const outbound = pass(atInterface(one, inside, ''), walk.filters.groups(one.groups, 'egress'), {
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
function* settled({ walk }: Answering, outcomes: Iterable<Outcome>): Generator<Delivery> {
  for (const outcome of outcomes) {
    if (outcome.end.kind === 'arrives') yield* deliver(walk, outcome);
    else yield { ...outcome, at: null };
  }
}

/** From the subnet on: to the end of the walk, into the VPC that it ends in, or back in from the Internet. */
function* onward(answering: Answering, subnet: string, state: State, goal: Goal): Generator<Delivery> {
  const { walk, names } = answering;
  for (const outcome of leaveSubnet(walk, subnet, state)) {
    const translated = asTranslated(outcome.packets, outcome.source.address.family);
    if (outcome.end.kind === 'arrives') {
      // Of a way out it is enough to know that the packets stay inside.
      if (goal.outside === null) yield* deliver(walk, { ...outcome, packets: translated });
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
      yield* enterFromInternet(walk, name, { ...stateFrom(outcome), source, packets });
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
  { walk, names }: Answering,
  caller: Address | null,
  goal: Goal,
  traffic: TrafficSet,
): Generator<Ending> {
  let met = false;
  for (const name of names.among(goal.addresses)) {
    for (const source of foreignSources(caller, setOfAddress(name.outside))) {
      met = true;
      const state = stateOf(source, setOfAddress(name.outside), traffic);
      yield* from(source.address, enterFromInternet(walk, name, state));
    }
  }
  for (const ending of endingsAtTunnels(walk, caller, goal, traffic)) {
    met = true;
    yield ending;
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

/** The public addresses at which tunnels of VPN connections end: AWS answers there, and hands nothing on by itself. */
function* endingsAtTunnels(
  walk: Walk,
  caller: Address | null,
  goal: Goal,
  traffic: TrafficSet,
): Generator<Ending> {
  for (const { id, gateway, outside, working } of walk.network.vpnConnections.values()) {
    for (const address of working ? outside : []) {
      if (!containsAddress(goal.addresses, address)) continue;
      for (const source of foreignSources(caller, setOfAddress(address))) {
        const called = hop(stateOf(source, setOfAddress(address), traffic), {
          kind: 'internet',
          id: 'internet',
          by: '',
        });
        const kind = walk.network.vpnGateways.has(gateway) ? 'vpn-gateway' : 'transit-gateway';
        const at = hop(hop(called, { kind, id: gateway, by: '' }), { kind: 'vpn', id, by: 'ends a tunnel' });
        yield { ...ended(at, { kind: 'arrives', vpc: '', from: null }), at: null, origin: source.address };
      }
    }
  }
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
