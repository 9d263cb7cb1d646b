import type { InterfaceEgress, Leaving } from '../../src/analysis/index.ts';
import { inside, textOf } from './address.ts';
import type { Document } from './documents.ts';
import { gapOf } from './gaps.ts';
import { PORTS } from './generate/filters.ts';
import { networkOf } from './generate/network.ts';
import type { Probe } from './generate/packets.ts';
import { answerTo as packetBack, probesOf } from './generate/packets.ts';
import type { Outcome, Packet } from './packet.ts';
import { ended, hasPorts, ICMP, ICMPV6, worst } from './packet.ts';
import type { Solver } from './solver.ts';
import { sourcesOf } from './solver-input.ts';
import { simulate } from './walk.ts';
import { agrees, PASSES, saysMore } from './words.ts';
import type { World } from './world.ts';
import { blocksOfVpc, nameableOf, owns, worldOf } from './world.ts';

/** One packet on which the two readers of a network do not agree. */
export interface Disagreement {
  readonly seed: number;
  /** Which answer of the solver it is about. */
  readonly about: 'path' | 'exit' | 'return path' | 'initiated' | 'reply';
  readonly packet: string;
  readonly oracle: string;
  readonly solver: string;
  /** A known inexactness, to the safe side, that it is owed to. */
  readonly gap: string | undefined;
}

export interface Agreement {
  readonly packets: number;
  /** Questions that the solver answers with `unknown`. */
  readonly undecided: number;
  readonly disagreements: readonly Disagreement[];
}

/** Both readers on one network: the solver answers once for all packets, the oracle follows each. */
export function compare(
  solver: Solver,
  seed: number,
  probes: number,
  draw: (seed: number) => readonly Document[] = networkOf,
): Agreement {
  const documents = draw(seed);
  const world = worldOf(documents);
  const questions = probesOf(world, seed, probes);
  const both = readersOf(solver, documents, world);
  const answered = questions.map((probe) => ({ probe, answer: answerTo(both, probe) }));
  const found = answered.flatMap(({ probe, answer }) =>
    [pathDiffers(both, probe, answer), initiatedDiffers(both, probe), replyDiffers(both, probe)].filter(
      (difference) => difference !== undefined,
    ),
  );
  return {
    packets: questions.length,
    undecided: answered.filter(({ answer }) => answer.disposition === 'unknown').length,
    disagreements: found.map((one) => ({ seed, ...one })),
  };
}

type PathAnswer = ReturnType<Readers['ask']>;

interface Readers {
  readonly world: World;
  readonly egressOf: ReadonlyMap<string, InterfaceEgress>;
  readonly solver: Solver;
  readonly ask: ReturnType<Solver['createPathSolver']>['answer'];
}

type Difference = Omit<Disagreement, 'seed'>;

function readersOf(solver: Solver, documents: readonly Document[], world: World): Readers {
  const { network, classes } = solver.solveNetwork(sourcesOf(documents));
  return {
    world,
    solver,
    egressOf: new Map(classes.flatMap((one) => one.interfaces.map(({ id }) => [id, one] as const))),
    ask: solver.createPathSolver(network, NOWHERE).answer,
  };
}

/** No question of the oracle names a country. */
const NOWHERE: Parameters<Solver['createPathSolver']>[1] = {
  locate: () => {
    throw new Error('expected no question about a country');
  },
} as never;

function answerTo({ ask }: Readers, { origin, packet }: Probe): PathAnswer {
  return ask({
    from: origin.kind === 'internet' ? 'internet' : origin.id,
    fromIp: textOf(packet.source),
    to: textOf(packet.destination),
    protocol: String(packet.protocol),
    ...(hasPorts(packet) ? { port: packet.destinationPort } : {}),
  });
}

/** One question, one packet: what becomes of it must be the same. */
function pathDiffers({ world }: Readers, probe: Probe, answer: PathAnswer): Difference | undefined {
  const { origin, packet } = probe;
  const { disposition, reason, blockedBy, exit, hops, returnPath } = answer;
  const every = everyKind(packet).map((one) => simulate(world, origin, one));
  const alike = furthest(every);
  const [expected = ended('no-route', 'nothing was sent')] = alike;
  if (alike.some((one) => agrees(one, disposition, blockedBy?.rule))) {
    const passed = expected.disposition === disposition && PASSES.includes(disposition);
    if (passed && expected.oneOfMany === undefined && !hops.some(({ id }) => id === expected.exit?.id)) {
      return {
        about: 'exit',
        packet: describe(probe),
        oracle: told(expected),
        solver: `by ${hops.map(({ id }) => id).join(' > ')}`,
        gap: undefined,
      };
    }
    const back = disposition === 'delivered' ? wayBack(world, probe, expected) : undefined;
    if (back === undefined || back === returnPath || returnPath === 'unknown') return undefined;
    return {
      about: 'return path',
      packet: describe(probe),
      oracle: `${back}, ${told(expected)}`,
      solver: `${returnPath}`,
      gap: undefined,
    };
  }
  const detail = reason ?? blockedBy?.rule ?? exit?.id ?? '';
  return {
    about: 'path',
    packet: describe(probe),
    oracle: told(expected),
    solver: `${disposition}: ${detail} ${blockedBy?.id ?? ''}`,
    gap: every.map((one) => gapOf(one, disposition, detail)).find((gap) => gap !== undefined)?.what,
  };
}

/**
 * Whether an answer to some port of the sender comes back to it, where both ways are inside one VPC: there the
 * stateless network ACLs decide. What gateways do with answers, the sets of replies show.
 */
function wayBack(world: World, { origin, packet }: Probe, there: Outcome): Answered {
  const { exit, last } = there;
  const sender = origin.kind === 'interface' ? world.interfaces.get(origin.id) : undefined;
  // The answer to a source that is not its own goes to whomever it belongs to.
  if (sender !== undefined && !owns(sender, packet.source)) return undefined;
  if (origin.kind !== 'interface' || exit === undefined || last === undefined) return undefined;
  const answer = packetBack(last);
  const answers = hasPorts(answer)
    ? PORTS_AROUND.map((destinationPort) => ({ ...answer, destinationPort }))
    : everyKind(answer);
  const outcomes = answers.map((one) => simulate(world, { kind: 'interface', id: exit.id }, one));
  if (![there, ...outcomes].every(isInside)) return undefined;
  if (outcomes.some((one) => one.disposition === 'delivered' && one.exit?.id === origin.id)) return 'open';
  return outcomes.some(({ disposition }) => disposition === 'unknown') ? 'unknown' : 'blocked';
}

/** A port on each side of every place where a rule can begin or end. */
const PORTS_AROUND = PORTS.flatMap((port) => [port - 1, port, Math.min(port + 1, 65_535)]);

const INSIDE: readonly string[] = ['subnet', 'vpc', 'interface'];

function isInside({ hops, doubt, reason }: Outcome): boolean {
  return (
    !doubt &&
    !reason.startsWith('the route') &&
    !reason.includes('NAT gateway') &&
    hops.every(({ kind }) => INSIDE.includes(kind))
  );
}

type Answered = 'open' | 'blocked' | 'unknown' | undefined;

/** A question cannot name an ICMP type: it is about all of them, and some one decides. */
function everyKind(packet: Packet): readonly Packet[] {
  if (packet.protocol !== ICMP && packet.protocol !== ICMPV6) return [packet];
  return [0, 8, 128, 200].flatMap((type) => [0, 1, 9].map((code) => ({ ...packet, icmp: { type, code } })));
}

const FURTHEST_FIRST = ['delivered', 'leaves-vpc', 'unknown', 'denied', 'blackhole', 'no-route'] as const;

/** The outcomes that get furthest: several kinds of packets may end alike, each for a reason of its own. */
function furthest(outcomes: readonly Outcome[]): readonly Outcome[] {
  const best = FURTHEST_FIRST.find((one) => outcomes.some(({ disposition }) => disposition === one));
  return outcomes.filter(({ disposition }) => disposition === best);
}

/** Whether the packet can leave at all, from any address of its interface, as the set of all that can says it. */
function initiatedDiffers({ world, egressOf, solver }: Readers, probe: Probe): Difference | undefined {
  const { origin, packet } = probe;
  if (origin.kind !== 'interface') return undefined;
  const sender = world.interfaces.get(origin.id);
  const egress = egressOf.get(origin.id);
  if (sender === undefined || egress === undefined) return undefined;
  // A balancer opens connections to its targets only, which the oracle does not know.
  if (sender.InterfaceType === 'network_load_balancer') return undefined;
  // One that checks no source sends under any: under that of the packet too, whosoever it is.
  const own = [...nameableOf(sender), ...(sender.SourceDestCheck === false ? [packet.source] : [])].filter(
    ({ family }) => family === packet.source.family,
  );
  const outcomes = own.map((source) => simulate(world, origin, { ...packet, source }));
  const leaving = outcomes.map(leavingOf);
  // To an address of the model, what nobody knows on the way leads to it or nowhere.
  if (!leaving.includes('yes') && leaving.includes('unsure') && isOfModel(world, packet)) return undefined;
  const said = saidOf(solver, egress.initiated, egress, packet);
  const fault = faultOf(leaving, said);
  if (fault === undefined) return undefined;
  // One that may send under any source can leave where its own addresses cannot.
  if (said !== 'no' && (sender.SourceDestCheck === false || outcomes.some(saysMore))) return undefined;
  return {
    about: 'initiated',
    packet: describe(probe),
    oracle: told(worst(outcomes)),
    solver: fault,
    gap: gapOf(worst(outcomes), said, detailOf(egress))?.what,
  };
}

function isOfModel(world: World, { destination }: Packet): boolean {
  return [...world.vpcs.values()].some((vpc) => inside(blocksOfVpc(vpc), destination));
}

/** Whether the answer to a caller from outside can leave. */
function replyDiffers({ world, egressOf, solver }: Readers, probe: Probe): Difference | undefined {
  if (probe.origin.kind === 'interface') return undefined;
  const { disposition, exit, last } = simulate(world, probe.origin, probe.packet);
  if (disposition !== 'delivered' || exit === undefined || last === undefined) return undefined;
  const egress = egressOf.get(exit.id);
  if (egress === undefined) return undefined;
  const answer = packetBack(last);
  const outcome = simulate(world, { kind: 'interface', id: exit.id }, answer);
  // Other callers may be answered where this one is not: only too little is an error.
  if (leavingOf(outcome) === 'no') return undefined;
  const said = saidOf(solver, egress.replies, egress, answer);
  const fault = faultOf([leavingOf(outcome)], said);
  if (fault === undefined) return undefined;
  const gap = gapOf(outcome, said, detailOf(egress))?.what;
  return { about: 'reply', packet: describe(probe), oracle: told(outcome), solver: fault, gap };
}

type Answer = 'yes' | 'unsure' | 'no';

function saidOf(
  { containsPacket }: Solver,
  leavings: readonly Leaving[],
  { unknowns }: InterfaceEgress,
  packet: Packet,
): Answer {
  const hits = leavings.filter(({ packets }) =>
    containsPacket(packets, packet.destination, packet.protocol, solverPort(packet)),
  );
  if (hits.some(({ doubts }) => doubts.length === 0)) return 'yes';
  return hits.length > 0 || unknowns.length > 0 ? 'unsure' : 'no';
}

function detailOf({ unknowns }: InterfaceEgress): string {
  return unknowns.map(({ detail }) => detail).join('; ');
}

/** The solver packs ICMP type and code where others have their port. */
function solverPort(packet: Packet): number {
  if (hasPorts(packet)) return packet.destinationPort;
  return packet.protocol === ICMP || packet.protocol === ICMPV6
    ? packet.icmp.type * 256 + packet.icmp.code
    : 0;
}

/**
 * Whether a packet leaves the model. One that the internet hands straight back to a known public address has
 * left it: the solver's sets are by exit, and say nothing of coming back.
 */
function leavingOf({ disposition, exit, doubt, outside }: Outcome): Answer {
  if (outside) return doubt ? 'unsure' : 'yes';
  if (disposition === 'leaves-vpc') return 'yes';
  return disposition === 'unknown' && exit?.kind !== 'interface' ? 'unsure' : 'no';
}

/** What is wrong, if anything: too little always, too much only where the oracle is sure. */
function faultOf(outcomes: readonly Answer[], said: Answer): string | undefined {
  if (outcomes.includes('yes')) return said === 'yes' ? undefined : `it says ${said}`;
  if (outcomes.includes('unsure')) return said === 'no' ? 'it says no' : undefined;
  return said === 'yes' ? 'it says yes' : undefined;
}

function describe({ origin, packet }: Probe): string {
  const from = origin.kind === 'internet' ? 'internet' : origin.id;
  const detail = hasPorts(packet) ? packet.destinationPort : `${packet.icmp.type}/${packet.icmp.code}`;
  return `${from} ${textOf(packet.source)} -> ${textOf(packet.destination)} protocol ${packet.protocol} ${detail}`;
}

function told({ disposition, reason, hops, doubt }: Outcome): string {
  return `${disposition}${doubt ? ' (in doubt)' : ''}: ${reason}, by ${hops.map(({ id }) => id).join(' > ')}`;
}
