import type { Address, IpSet } from '../../core/index.ts';
import { byCodeUnit, firstAddress, firstCommonAddress } from '../../core/index.ts';
import { targetIndex, targetsOf } from './balancers.ts';
import { cutOf } from './cut.ts';
import type { InterfaceEgress, NetworkEgress } from './egress.ts';
import { destinationsIn } from './egress.ts';
import type { Interface } from './model.ts';
import type { Hop, Leaving } from './outcome.ts';
import { isEmptyPackets, restrictTraffic } from './packet-set.ts';
import { ALL_TRAFFIC, TCP, trafficOf, UDP, unionTraffic } from './traffic.ts';
import type { Walk } from './walk-state.ts';
import { describePacket, witnessTo } from './witness.ts';

/** What one interface can reach outside, and by what, or what keeps it inside. */
export interface InterfaceAnswer {
  readonly interface: string;
  readonly account: string;
  readonly vpc: string;
  readonly subnet: string;
  readonly instance: string | null;
  /** Whether packets opened from inside can leave to the goal. */
  readonly initiated: 'can' | 'cannot' | 'unknown';
  /** Whether answers to somebody who calls in can. */
  readonly reply: 'can' | 'cannot' | 'unknown';
  readonly exits: readonly { readonly kind: string; readonly id: string }[];
  readonly witness: { readonly packet: string; readonly hops: readonly Hop[] } | null;
  /** Where it cannot: what stops it, a line an exit, route, rule or missing address. */
  readonly cut: readonly string[];
  /** Where nobody can tell: what is not modelled or not in the evidence. */
  readonly reasons: readonly string[];
}

/** Where the question wants packets to arrive: addresses, and which AWS regions count as there. */
export interface OutsideGoal {
  readonly addresses: IpSet;
  readonly includesRegion: (region: string) => boolean;
}

/** One answer an interface, whatever it is attached to and whoever manages it, ordered by id. */
export function answerAll(egress: NetworkEgress, goal: OutsideGoal): readonly InterfaceAnswer[] {
  const solved = new Set(egress.classes.flatMap(({ interfaces }) => interfaces.map(({ id }) => id)));
  const forwarders = [...egress.network.interfaces.values()].filter(({ id }) => !solved.has(id));
  const answers = [
    ...egress.classes.flatMap((one) => answersOf(egress, one, goal)),
    ...forwarders.map(forwarder),
  ];
  return answeredByBalancers(egress, answers).toSorted((left, right) =>
    byCodeUnit(left.interface, right.interface),
  );
}

function answersOf(
  egress: NetworkEgress,
  one: InterfaceEgress,
  goal: OutsideGoal,
): readonly InterfaceAnswer[] {
  const initiated = one.initiated.flatMap((leaving) => reachedBy(leaving, goal));
  const replies = one.replies.flatMap((leaving) => reachedBy(leaving, goal));
  const certain = [...initiated, ...replies].filter(({ leaving }) => leaving.doubts.length === 0);
  const unknown = one.unknowns.length > 0;
  const [first] = certain;
  const exits = new Map(certain.map(({ leaving: { exit } }) => [exit.id, { kind: exit.kind, id: exit.id }]));
  const cut = initiated.length === 0 ? cutOf(egress.walk, one) : [];
  const reasons = [
    ...new Set(
      [...one.unknowns, ...[...initiated, ...replies].flatMap(({ leaving }) => leaving.doubts)].map(
        ({ code, object, detail }) => `${code} ${object}: ${detail}`,
      ),
    ),
  ];
  return one.interfaces.map((each) => ({
    ...nameOf(each),
    initiated: judged(initiated, unknown),
    reply: judged(replies, unknown),
    exits: [...exits.values()],
    witness: first === undefined ? null : witnessOf(egress, each, first, initiated.includes(first)),
    cut,
    reasons,
  }));
}

/** A target of a load balancer answers by it: if the balancer's answers can leave, so do those that it passes on. */
function answeredByBalancers(
  { network, walk }: NetworkEgress,
  answers: readonly InterfaceAnswer[],
): readonly InterfaceAnswer[] {
  const replyOf = new Map(answers.map((one) => [one.interface, one.reply]));
  const replies = new Map<string, { reply: InterfaceAnswer['reply']; readonly balancers: Set<string> }>();
  const find = targetIndex([...network.interfaces.values()]);
  for (const balancer of network.balancers.values()) {
    const own = balancer.interfaces.map((id) => replyOf.get(id) ?? 'cannot');
    const reply = own.includes('can') ? 'can' : own.includes('unknown') ? 'unknown' : 'cannot';
    if (reply === 'cannot') continue;
    for (const { one, port } of targetsOf(network, balancer, find)) {
      if (!admits(walk, one, port)) continue;
      const known = replies.get(one.id) ?? { reply, balancers: new Set<string>() };
      replies.set(one.id, {
        reply: reply === 'can' ? 'can' : known.reply,
        balancers: known.balancers.add(balancer.id),
      });
    }
  }
  return answers.map((answer) => {
    const found = replies.get(answer.interface);
    if (found === undefined) return answer;
    return {
      ...answer,
      reply: answer.reply === 'can' ? 'can' : found.reply,
      exits: [...answer.exits, ...[...found.balancers].map((id) => ({ kind: 'load-balancer', id }))],
    };
  });
}

/** Whether the groups of a target let anything in at its port. */
function admits(walk: Walk, { groups }: Interface, port: number | null): boolean {
  const { allowed, doubtful } = walk.filters.groups(groups, 'ingress');
  const at =
    port === null ? ALL_TRAFFIC : unionTraffic([trafficOf(TCP, port, port), trafficOf(UDP, port, port)]);
  return doubtful.length > 0 || !isEmptyPackets(restrictTraffic(allowed, at));
}

interface Reached {
  readonly leaving: Leaving;
  readonly to: Address;
}

function reachedBy(leaving: Leaving, { addresses, includesRegion }: OutsideGoal): readonly Reached[] {
  const { far } = leaving.exit;
  const all = destinationsIn(leaving);
  const there = far.kind === 'region' ? includesRegion(far.region) : far.kind === 'unknown';
  const named = firstCommonAddress(all, addresses);
  const to = named ?? (there ? firstAddress(all) : undefined);
  return to === undefined ? [] : [{ leaving, to }];
}

function judged(reached: readonly Reached[], unknown: boolean): InterfaceAnswer['initiated'] {
  if (reached.some(({ leaving }) => leaving.doubts.length === 0)) return 'can';
  return unknown || reached.length > 0 ? 'unknown' : 'cannot';
}

function witnessOf(
  { walk }: NetworkEgress,
  one: Interface,
  { leaving, to }: Reached,
  opened: boolean,
): InterfaceAnswer['witness'] {
  const witness = witnessTo(walk, one, leaving, to, opened ? 'egress' : 'ingress');
  return { packet: describePacket(witness), hops: witness.hops };
}

function nameOf(
  one: Interface,
): Pick<InterfaceAnswer, 'interface' | 'account' | 'vpc' | 'subnet' | 'instance'> {
  return {
    interface: one.id,
    account: one.account,
    vpc: one.vpc,
    subnet: one.subnet,
    instance: one.instance === '' ? null : one.instance,
  };
}

/** A gateway's own interface sends nothing of its own: what it forwards is told where it comes from. */
function forwarder(one: Interface): InterfaceAnswer {
  return {
    ...nameOf(one),
    initiated: 'cannot',
    reply: 'cannot',
    exits: [],
    witness: null,
    cut: [`${one.type} forwards what others send, and opens nothing itself`],
    reasons: [],
  };
}
