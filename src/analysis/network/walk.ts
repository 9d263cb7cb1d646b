import { allAddresses, subtract } from '../../core/index.ts';
import { filterFrom } from './filters.ts';
import {
  byCarrierGateway,
  byEgressOnlyGateway,
  byEndpoint,
  byInternetGateway,
  byPeering,
} from './gateways.ts';
import type { Interface, NatGateway, Route } from './model.ts';
import type { Outcome, Source } from './outcome.ts';
import { isEmptyPackets, restrictTo, restrictTraffic, subtractPackets } from './packet-set.ts';
import { ICMP, TCP, trafficOf, UDP, unionTraffic } from './traffic.ts';
import { byTransitGateway } from './transit.ts';
import type { State, Walk } from './walk-state.ts';
import { ended, hop, leaves, pass, unknown, unlessEmpty, withPackets } from './walk-state.ts';

/** A source of one family sends to addresses of that family. */
const FAMILY_SETS = { 4: allAddresses(4), 6: allAddresses(6) } as const;

/** NAT gateways translate TCP, UDP and ICMP, and drop everything else (VPC user guide, "NAT gateway basics"). */
const TRANSLATED = unionTraffic([trafficOf(TCP), trafficOf(UDP), trafficOf(ICMP)]);

export function* leaveSubnet(walk: Walk, subnetId: string, state: State): Generator<Outcome> {
  const subnet = walk.network.subnets.get(subnetId);
  if (subnet === undefined) {
    yield ended(state, unknown('NOT_COLLECTED', subnetId, 'the subnet is not described'));
    return;
  }
  const own = withPackets(state, restrictTo(state.packets, FAMILY_SETS[state.source.address.family]));
  const atSubnet = hop(own, { kind: 'subnet', id: subnetId, by: '' });
  const near = withPackets(atSubnet, restrictTo(own.packets, subnet.cidrs));
  yield* unlessEmpty(ended(near, { kind: 'arrives', vpc: subnet.vpc, from: subnetId }));

  const away = withPackets(atSubnet, restrictTo(own.packets, subtract(allAddresses(), subnet.cidrs)));
  const acl = typeof subnet.acl === 'string' ? subnet.acl : subnetId;
  const { passed, denied } = pass(away, walk.filters.acl(subnet.acl, 'egress'), {
    kind: 'network-acl',
    id: acl,
    rule: 'no outbound entry allows it',
  });
  yield* denied;
  for (const beyond of passed) {
    const out = hop(beyond, { kind: 'network-acl', id: acl, by: 'outbound' });
    if (typeof subnet.table === 'string') yield* lookUp(walk, subnet.table, subnet.vpc, subnetId, out);
    else yield ended(out, { kind: 'unknown', problem: subnet.table });
  }
}

/** What a route table does with packets that come from a subnet of its VPC, or in by a gateway (`from` null). */
export function* lookUp(
  walk: Walk,
  tableId: string,
  vpc: string,
  from: string | null,
  state: State,
): Generator<Outcome> {
  const place = `${tableId} ${from ?? '-'} ${state.source.key}`;
  if (state.visited.includes(place)) {
    yield ended(state, {
      kind: 'denied',
      by: { kind: 'route-table', id: tableId, rule: 'the path is a loop' },
    });
    return;
  }
  const table = walk.network.tables.get(tableId);
  const parts = walk.segments(tableId);
  if (table === undefined || parts === undefined) {
    yield ended(state, unknown('NOT_COLLECTED', tableId, 'the route table is not described'));
    return;
  }
  const here: State = { ...state, visited: [...state.visited, place] };
  for (const problem of table.unreadable) yield ended(here, { kind: 'unknown', problem });
  const unrouted = withPackets(here, restrictTo(here.packets, parts.unrouted));
  yield* unlessEmpty(
    ended(unrouted, { kind: 'no-route', by: { kind: 'route-table', id: tableId, rule: 'no route matches' } }),
  );
  for (const { routes, to } of parts.segments) {
    const packets = restrictTo(here.packets, to);
    if (isEmptyPackets(packets)) continue;
    for (const route of routes) {
      const by = route.label === 'local' ? 'local' : `route ${route.label}`;
      const routed = hop(withPackets(here, packets), { kind: 'route-table', id: tableId, by });
      yield* follow(walk, { tableId, vpc, from }, route, hop(routed, { kind: 'vpc', id: vpc, by: '' }));
    }
  }
}

interface Lookup {
  readonly tableId: string;
  readonly vpc: string;
  readonly from: string | null;
}

function* follow(walk: Walk, at: Lookup, route: Route, state: State): Generator<Outcome> {
  if (route.blackhole) {
    const by = { kind: 'route-table', id: at.tableId, rule: `route ${route.label} is a blackhole` };
    yield ended(state, { kind: 'blackhole', by });
    return;
  }
  const { target } = route;
  switch (target.kind) {
    case 'local':
      yield ended(state, { kind: 'arrives', vpc: at.vpc, from: at.from });
      return;
    case 'internet-gateway':
      yield* byInternetGateway(walk, { id: target.id, ...at }, state);
      return;
    case 'egress-only-gateway':
      yield* byEgressOnlyGateway(walk, { id: target.id, ...at }, state);
      return;
    case 'nat-gateway':
      yield* byNatGateway(walk, target.id, at.from, state);
      return;
    case 'interface':
      yield* byInterface(walk, target.id, at.from, state);
      return;
    case 'peering':
      yield* byPeering(walk, target.id, at.vpc, state);
      return;
    case 'carrier-gateway':
      yield* byCarrierGateway(target.id, state);
      return;
    case 'vpn-gateway':
    case 'local-gateway':
      yield leaves(state, { kind: target.kind, id: target.id, far: { kind: 'unknown' }, twoWay: true }, '');
      return;
    case 'endpoint':
      yield* byEndpoint(walk, target.id, state);
      return;
    case 'transit-gateway':
      yield* byTransitGateway(walk, { gateway: target.id, ...at }, state, leaveSubnet);
      return;
    case 'core-network': {
      const detail = `a route leads to a ${target.kind}`;
      yield ended(state, unknown('UNSUPPORTED_CONSTRUCT', target.id, detail));
      return;
    }
    case 'unsupported':
      yield ended(state, { kind: 'unknown', problem: target.problem });
      return;
  }
}

/**
 * VPC user guide, "NAT gateways": the packet enters the gateway's subnet, its source becomes the gateway's,
 * and that subnet's ACL and table decide anew. No security group; nothing is let in that was not asked for.
 */
function* byNatGateway(walk: Walk, id: string, from: string | null, state: State): Generator<Outcome> {
  const nat = walk.network.natGateways.get(id);
  const atNat = hop(state, { kind: 'nat-gateway', id, by: '' });
  if (nat === undefined) {
    yield ended(atNat, unknown('NOT_COLLECTED', id, 'the NAT gateway is not described'));
    return;
  }
  if (!nat.working) {
    yield ended(atNat, {
      kind: 'blackhole',
      by: { kind: 'nat-gateway', id, rule: 'the gateway is not in service' },
    });
    return;
  }
  if (state.source.address.family === 6) {
    yield ended(atNat, unknown('UNSUPPORTED_CONSTRUCT', id, 'IPv6 is routed to a NAT gateway (NAT64)'));
    return;
  }
  if (nat.subnet === '') {
    yield ended(atNat, unknown('UNSUPPORTED_CONSTRUCT', id, 'the gateway lies in no subnet'));
    return;
  }
  for (const entered of enterSubnet(walk, nat.subnet, from, state)) {
    if ('end' in entered) {
      yield entered;
      continue;
    }
    const forwarded = withPackets(entered, restrictTraffic(entered.packets, TRANSLATED));
    const dropped = withPackets(entered, subtractPackets(entered.packets, forwarded.packets));
    yield* unlessEmpty(
      ended(hop(dropped, { kind: 'nat-gateway', id, by: '' }), {
        kind: 'denied',
        by: { kind: 'nat-gateway', id, rule: 'only TCP, UDP and ICMP are translated' },
      }),
    );
    if (isEmptyPackets(forwarded.packets)) continue;
    for (const source of translatedSources(walk, nat)) {
      const by = `source becomes ${source.publicIp === '' ? "the gateway's" : source.publicIp}`;
      yield* leaveSubnet(walk, nat.subnet, {
        ...hop(forwarded, { kind: 'nat-gateway', id, by }),
        source,
      });
    }
  }
}

function translatedSources(walk: Walk, nat: NatGateway): readonly Source[] {
  const sources = nat.addresses.map((address) => walk.sources.of(address, { vpc: nat.vpc, denyIgw: false }));
  return [...new Map(sources.map((source) => [source.key, source])).values()];
}

/** Crossing into another subnet: its inbound ACL looks at the source. Within one subnet no ACL looks at all. */
export function enterSubnet(
  walk: Walk,
  subnetId: string,
  from: string | null,
  state: State,
): readonly (State | Outcome)[] {
  if (subnetId === from) return [state];
  const subnet = walk.network.subnets.get(subnetId);
  if (subnet === undefined) {
    return [ended(state, unknown('NOT_COLLECTED', subnetId, 'the subnet is not described'))];
  }
  const acl = typeof subnet.acl === 'string' ? subnet.acl : subnetId;
  const filter = filterFrom(walk.filters.acl(subnet.acl, 'ingress'), state.source.address);
  const { passed, denied } = pass(state, filter, {
    kind: 'network-acl',
    id: acl,
    rule: 'no inbound entry allows it',
  });
  return [...denied, ...passed.map((inside) => hop(inside, { kind: 'network-acl', id: acl, by: 'inbound' }))];
}

/**
 * A route to an interface: something inside forwards. An interface that checks destinations drops what is not
 * its own. Behind one that does not, any packet that came in may go on, by the interface's own rules and
 * table, with the source that it had or with the interface's own.
 */
function* byInterface(walk: Walk, id: string, from: string | null, state: State): Generator<Outcome> {
  const forwarder = walk.network.interfaces.get(id);
  if (forwarder === undefined) {
    yield ended(state, unknown('NOT_COLLECTED', id, 'the interface is not described'));
    return;
  }
  if (forwarder.sourceDestCheck) {
    const by = { kind: 'interface', id, rule: 'its source/destination check drops what is not its own' };
    yield ended(hop(state, { kind: 'interface', id, by: '' }), { kind: 'denied', by });
    return;
  }
  for (const entered of enterSubnet(walk, forwarder.subnet, from, state)) {
    if ('end' in entered) yield entered;
    else yield* forward(walk, forwarder, entered);
  }
}

function* forward(walk: Walk, forwarder: Interface, state: State): Generator<Outcome> {
  const { id, groups } = forwarder;
  const inbound = pass(state, filterFrom(walk.filters.groups(groups, 'ingress'), state.source.address), {
    kind: 'security-group',
    id: groups.join(' '),
    rule: 'no inbound rule allows it',
  });
  yield* inbound.denied;
  for (const inside of inbound.passed) {
    const outbound = pass(inside, walk.filters.groups(groups, 'egress'), {
      kind: 'security-group',
      id: groups.join(' '),
      rule: 'no outbound rule allows it',
    });
    yield* outbound.denied;
    const own = walk.sources.ofInterface(forwarder);
    for (const beyond of outbound.passed) {
      const sent = hop(beyond, { kind: 'interface', id, by: 'forwards (no source/destination check)' });
      const sources = new Map([state.source, ...own].map((source) => [source.key, source]));
      for (const source of sources.values()) {
        if (source.address.family === state.source.address.family) {
          yield* leaveSubnet(walk, forwarder.subnet, { ...sent, source });
        }
      }
    }
  }
}
