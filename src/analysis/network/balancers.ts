import type { Address, IpSet } from '../../core/index.ts';
import { EMPTY_SET, formatAddress, parseAddress, setOfAddress, unionAll } from '../../core/index.ts';
import type { Balancer, Listener, Target, TargetGroup } from './balancer-model.ts';
import type { Interface, Network } from './model.ts';
import type { Outcome, Source } from './outcome.ts';
import type { PacketSet } from './packet-set.ts';
import { isEmptyPackets, packetsTo, restrictTraffic, subtractPackets, trafficIn } from './packet-set.ts';
import type { TrafficSet } from './traffic.ts';
import { intersectTraffic, TCP, trafficOf, UDP, unionTraffic } from './traffic.ts';
import { leaveSubnet } from './walk.ts';
import type { State, Walk } from './walk-state.ts';
import { ended, hop, pass, startOf, unknown, withPackets } from './walk-state.ts';

/** A packet that came to a balancer's interface, with what it may become there. */
export interface Balanced {
  readonly balancer: Balancer;
  /** The interface of the balancer that took it. */
  readonly one: Interface;
  /** As it has come past the interface's own groups. */
  readonly state: State;
}

/** What becomes of packets that a balancer took, and which it took: on the way it sends others instead. */
export interface Passed {
  readonly took: PacketSet;
  readonly outcome: Outcome;
}

/**
 * What a load balancer does with packets that have reached one of its interfaces (ELB guides, "Listeners" and
 * "Target groups"): what no listener takes is dropped; the rest goes on to any registered target, from the balancer's
 * interface, with the balancer's own address or, behind a network balancer, perhaps with the client's. Which target,
 * and whether client addresses are kept, no answer says: every one is followed.
 */
export function* throughBalancer(walk: Walk, { balancer, one, state }: Balanced): Generator<Passed> {
  const at = hop(hop(state, { kind: 'interface', id: one.id, by: 'has the address' }), {
    kind: 'load-balancer',
    id: balancer.id,
    by: '',
  });
  const taken = { kind: 'arrives', vpc: one.vpc, from: null } as const;
  if (balancer.listeners === null) {
    yield { took: state.packets, outcome: ended(at, taken) };
    return;
  }
  let rest: PacketSet = state.packets;
  for (const listener of balancer.listeners) {
    const packets = restrictTraffic(rest, listener.traffic);
    if (isEmptyPackets(packets)) continue;
    rest = subtractPackets(rest, packets);
    const by = `listener ${listener.label}`;
    const listened = hop(withPackets(state, packets), {
      kind: 'interface',
      id: one.id,
      by: 'has the address',
    });
    const on = hop(listened, { kind: 'load-balancer', id: balancer.id, by });
    for (const outcome of toTargets(walk, { balancer, one, state: on }, listener)) {
      yield { took: packets, outcome };
    }
    // One that ends the connection itself answers whatever becomes of its targets.
    if (listener.terminates) yield { took: packets, outcome: ended(on, taken) };
  }
  if (isEmptyPackets(rest)) return;
  const rule = 'it has no listener for this protocol and port';
  const by = { kind: 'load-balancer', id: balancer.id, rule };
  yield { took: rest, outcome: ended(withPackets(at, rest), { kind: 'denied', by }) };
}

function* toTargets(walk: Walk, balanced: Balanced, listener: Listener): Generator<Outcome> {
  const { balancer, one, state } = balanced;
  const { network } = walk;
  let met = false;
  for (const id of listener.groups) {
    const group = network.targetGroups.get(id);
    if (group === undefined || group.targets === null) {
      met = true;
      yield ended(state, unknown('NOT_COLLECTED', id, 'the targets of the group are not described'));
      continue;
    }
    for (const target of group.targets) {
      met = true;
      const to = addressesOf(network, group, target, one);
      if (to === null) {
        const what = `a target of type ${group.type || 'unknown'}`;
        yield ended(state, unknown('UNSUPPORTED_CONSTRUCT', target.id, what));
      } else {
        yield* toTarget(walk, balanced, { listener, to, port: target.port });
      }
    }
  }
  if (met || listener.terminates) return;
  const rule = `no target is registered behind listener ${listener.label}`;
  yield ended(state, { kind: 'denied', by: { kind: 'load-balancer', id: balancer.id, rule } });
}

interface Forwarding {
  readonly listener: Listener;
  readonly to: IpSet;
  readonly port: number | null;
}

function* toTarget(
  walk: Walk,
  { one, state }: Balanced,
  { listener, to, port }: Forwarding,
): Generator<Outcome> {
  const packets = packetsTo(to, atPort(trafficIn(state.packets), port));
  const outbound = pass(withPackets(state, packets), walk.filters.groups(one.groups, 'egress'), {
    kind: 'security-group',
    id: one.groups.join(' '),
    rule: `no outbound rule of ${one.id} allows it`,
  });
  yield* outbound.denied;
  const own: readonly Source[] = walk.sources.exactOf(one);
  for (const source of listener.terminates ? own : [state.source, ...own]) {
    for (const passed of outbound.passed) {
      const { trail, doubts } = passed;
      yield* leaveSubnet(walk, one.subnet, { ...startOf(source, passed.packets), trail, doubts });
    }
  }
}

/** The same protocols at the target's port; what a balancer ends itself reaches its targets by TCP. */
function atPort(traffic: TrafficSet, port: number | null): TrafficSet {
  const ports = (protocol: number): TrafficSet =>
    port === null ? trafficOf(protocol) : trafficOf(protocol, port, port);
  const used = [TCP, UDP].filter((protocol) => intersectTraffic(traffic, trafficOf(protocol)).length > 0);
  return unionTraffic(used.map(ports));
}

/** Where a target is, or `null` where it is no address. An instance is reached at the first address of an interface. */
function addressesOf(network: Network, { type }: TargetGroup, { id }: Target, one: Interface): IpSet | null {
  switch (type) {
    case 'ip': {
      const address = parseAddress(id);
      return address === null ? null : setOfAddress(address);
    }
    case 'instance':
      return unionAll(
        [...network.interfaces.values()]
          .filter(({ instance }) => instance === id)
          .flatMap(({ addresses }) => firstOfFamilies(addresses.map(({ address }) => address))),
      );
    case 'alb':
      return balancerAddresses(network, network.balancers.get(id), one.vpc);
    default:
      return null;
  }
}

function firstOfFamilies(addresses: readonly Address[]): readonly IpSet[] {
  return ([4, 6] as const).flatMap((family) => {
    const first = addresses.find((address) => address.family === family);
    return first === undefined ? [] : [setOfAddress(first)];
  });
}

/** The addresses inside a VPC that a balancer answers to. */
function balancerAddresses(network: Network, balancer: Balancer | undefined, vpc: string): IpSet {
  return unionAll(
    (balancer?.interfaces ?? []).map((id) => {
      const own = network.interfaces.get(id);
      return own?.vpc === vpc ? own.owned : EMPTY_SET;
    }),
  );
}

/** Every address by which a balancer can be called, inside and from the Internet. */
export function calledAt(network: Network, { interfaces }: Balancer): IpSet {
  return unionAll(
    interfaces.flatMap((id) => {
      const own = network.interfaces.get(id);
      if (own === undefined) return [];
      const names = own.addresses.flatMap(({ publicIp }) =>
        publicIp === null ? [] : [setOfAddress(publicIp)],
      );
      return [own.owned, ...names];
    }),
  );
}

/** Finds interfaces by what target groups name: instances and addresses. A network has many of all three. */
export type TargetIndex = (group: TargetGroup, target: Target) => readonly Interface[];

export function targetIndex(interfaces: readonly Interface[]): TargetIndex {
  const byInstance = Map.groupBy(interfaces, ({ instance }) => instance);
  const byAddress = new Map<string, Interface[]>();
  for (const one of interfaces) {
    for (const { address } of one.addresses) {
      const known = byAddress.get(formatAddress(address));
      if (known === undefined) byAddress.set(formatAddress(address), [one]);
      else known.push(one);
    }
  }
  return ({ type }, { id }) => {
    if (type !== 'ip') return id === '' ? [] : (byInstance.get(id) ?? []);
    const address = parseAddress(id);
    return address === null ? [] : (byAddress.get(formatAddress(address)) ?? []);
  };
}

/** The interfaces that a balancer may pass packets on to, with the port where that is fixed. */
export function* targetsOf(
  network: Network,
  { listeners }: Balancer,
  find: TargetIndex,
): Generator<{ readonly one: Interface; readonly port: number | null }> {
  for (const id of new Set((listeners ?? []).flatMap(({ groups }) => groups))) {
    const group = network.targetGroups.get(id);
    if (group === undefined) continue;
    for (const target of group.targets ?? []) {
      for (const one of find(group, target)) yield { one, port: target.port };
    }
  }
}

/** The balancers that may pass packets on to some interfaces, straight or by another balancer. */
export function balancersBefore(network: Network, interfaces: ReadonlySet<string>): readonly Balancer[] {
  const all = [...network.balancers.values()];
  const find = targetIndex([...interfaces].flatMap((id) => network.interfaces.get(id) ?? []));
  const straight = new Set(
    all.filter((balancer) => !targetsOf(network, balancer, find).next().done).map(({ id }) => id),
  );
  const forwardsTo = ({ listeners }: Balancer): readonly string[] =>
    (listeners ?? [])
      .flatMap(({ groups }) => groups)
      .flatMap((id) => (network.targetGroups.get(id)?.targets ?? []).map((target) => target.id));
  return all.filter((one) => straight.has(one.id) || forwardsTo(one).some((id) => straight.has(id)));
}
