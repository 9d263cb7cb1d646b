import { intersect, isEmptySet } from '../../core/index.ts';
import type { Balanced } from './balancers.ts';
import { throughBalancer } from './balancers.ts';
import { filterFor } from './filters.ts';
import type { Interface } from './model.ts';
import type { Outcome } from './outcome.ts';
import { destinationsOf, isEmptyPackets, restrictTo } from './packet-set.ts';
import { enterSubnet } from './walk.ts';
import type { State, Walk } from './walk-state.ts';
import { ended, filtered, hop, pass, stateFrom, withPackets } from './walk-state.ts';

/** Where packets that arrived inside a VPC end: at interfaces, by their subnets' ACLs and their own groups. */
export type Delivery = Outcome & {
  readonly at: Interface | null;
  /** How the packets came to the load balancer that passed them on, if one did. */
  readonly before?: Delivery;
};

/** What becomes of packets that a walk brought to the subnet that holds their destination. */
export function* deliver(walk: Walk, arrived: Outcome, before?: Delivery): Generator<Delivery> {
  if (arrived.end.kind !== 'arrives') return;
  const { vpc, from } = arrived.end;
  const wanted = destinationsOf(arrived.packets);
  const state = stateFrom(arrived);
  let met = false;
  for (const one of walk.byVpc.get(vpc) ?? []) {
    if (isEmptySet(intersect(one.owned, wanted))) continue;
    met = true;
    const packets = restrictTo(state.packets, one.owned);
    yield* deliverTo(walk, one, from, withPackets(state, packets), before);
  }
  if (met) return;
  const subnet = [...walk.network.subnets.values()].find(
    ({ vpc: own, cidrs }) => own === vpc && !isEmptySet(intersect(cidrs, wanted)),
  );
  const kind = subnet === undefined ? 'vpc' : 'subnet';
  const by = { kind, id: subnet?.id ?? vpc, rule: 'no interface has this address' };
  const near = subnet === undefined ? state : hop(state, { kind: 'subnet', id: subnet.id, by: '' });
  yield { ...ended(near, { kind: 'no-route', by }), at: null };
}

/** The last steps to one interface: the inbound ACL if a subnet's border is crossed, then the groups. */
export function* deliverTo(
  walk: Walk,
  one: Interface,
  from: string | null,
  state: State,
  before?: Delivery,
): Generator<Delivery> {
  const past = before === undefined ? {} : { before };
  for (const entered of enterSubnet(walk, one.subnet, from, state)) {
    if ('end' in entered) {
      yield { ...entered, at: one, ...past };
      continue;
    }
    const crossed = from === one.subnet ? entered : hop(entered, { kind: 'subnet', id: one.subnet, by: '' });
    const nat = natOf(walk, one);
    if (nat !== undefined) {
      const by = { kind: 'nat-gateway', id: nat, rule: 'nothing is let in that was not asked for' };
      const at = hop(crossed, { kind: 'nat-gateway', id: nat, by: '' });
      yield { ...ended(at, { kind: 'denied', by }), at: one, ...past };
      continue;
    }
    const groups = one.groups.join(' ');
    const inbound = pass(crossed, filterFor(walk.filters.groups(one.groups, 'ingress'), state.source), {
      kind: 'security-group',
      id: groups,
      rule: `no inbound rule of ${one.id} allows it`,
    });
    for (const denied of inbound.denied) yield { ...atInterface(denied, one), at: one, ...past };
    for (const passed of inbound.passed) {
      if (isEmptyPackets(passed.packets)) continue;
      const named =
        groups === '' ? passed : filtered(passed, { kind: 'security-group', id: groups }, 'ingress');
      const arrival = ended(reached(walk, named, one), { kind: 'arrives', vpc: one.vpc, from });
      const balancer = walk.network.balancerOf.get(one.id);
      if (balancer === undefined) yield { ...arrival, at: one, ...past };
      else yield* balanced(walk, { balancer, one, state: named }, { ...arrival, at: one, ...past });
    }
  }
}

/** Past a load balancer to its targets; two may stand one behind the other, and one behind itself is a loop. */
function* balanced(walk: Walk, at: Balanced, arrival: Delivery): Generator<Delivery> {
  const { id } = at.balancer;
  for (let seen = arrival.before; seen !== undefined; seen = seen.before) {
    if (walk.network.balancerOf.get(seen.at?.id ?? '')?.id !== id) continue;
    const by = { kind: 'load-balancer', id, rule: 'the path is a loop' };
    yield { ...arrival, end: { kind: 'denied', by } };
    return;
  }
  for (const { took, outcome } of throughBalancer(walk, at)) {
    const before = { ...arrival, packets: took };
    const staysThere = outcome.trail?.hop.kind === 'load-balancer';
    if (outcome.end.kind === 'arrives' && !staysThere) yield* deliver(walk, outcome, before);
    else yield { ...outcome, at: at.one, before };
  }
}

function reached(walk: Walk, state: State, one: Interface): State {
  const endpoint = [...walk.network.endpoints.values()].find(({ interfaces }) => interfaces.includes(one.id));
  const at = hop(state, { kind: 'interface', id: one.id, by: 'has the address' });
  if (endpoint !== undefined) return hop(at, { kind: 'endpoint', id: endpoint.id, by: endpoint.service });
  return one.instance === '' ? at : hop(at, { kind: 'instance', id: one.instance, by: '' });
}

/** A packet that the groups of an interface stop has come as far as the interface. */
function atInterface(outcome: Outcome, one: Interface): Outcome {
  const at = { hop: { kind: 'interface', id: one.id, by: '' }, before: outcome.trail } as const;
  const trail =
    one.instance === '' ? at : ({ hop: { kind: 'instance', id: one.instance, by: '' }, before: at } as const);
  return { ...outcome, trail };
}

/** The NAT gateway that an interface belongs to: by its list of interfaces, or by its address. */
function natOf(walk: Walk, one: Interface): string | undefined {
  if (one.type !== 'nat_gateway' && one.type !== 'natGateway') return undefined;
  const owner = [...walk.network.natGateways.values()].find(
    ({ vpc, addresses }) =>
      vpc === one.vpc &&
      addresses.some(({ address }) =>
        one.addresses.some(
          (own) => own.address.family === address.family && own.address.value === address.value,
        ),
      ),
  );
  return owner?.id ?? one.id;
}
