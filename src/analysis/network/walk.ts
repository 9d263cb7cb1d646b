import { allAddresses, subtract } from '../../core/index.ts';
import { filterFor } from './filters.ts';
import {
  byCarrierGateway,
  byEgressOnlyGateway,
  byEndpoint,
  byInternetGateway,
  byPeering,
  byServiceNetwork,
} from './gateways.ts';
import type { Endpoint, Interface, NatGateway, Problem, Route } from './model.ts';
import { fromIpv4, toIpv4 } from './nat64.ts';
import type { Outcome, Source } from './outcome.ts';
import { isEmptyPackets, restrictTo, restrictTraffic, subtractPackets } from './packet-set.ts';
import { behind } from './sites.ts';
import { ICMP, TCP, trafficOf, UDP, unionTraffic } from './traffic.ts';
import { byTransitGateway } from './transit.ts';
import type { State, Walk } from './walk-state.ts';
import {
  arriveAt,
  ended,
  filtered,
  hop,
  leaves,
  pass,
  placeOf,
  unknown,
  unlessEmpty,
  withPackets,
} from './walk-state.ts';

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
  const by = state.source.forged ? 'under any source: its interface checks none' : '';
  const atSubnet = hop(own, { kind: 'subnet', id: subnetId, by });
  const near = withPackets(atSubnet, restrictTo(own.packets, subnet.cidrs));
  yield* unlessEmpty(ended(near, { kind: 'arrives', vpc: subnet.vpc, from: subnetId }));

  const away = withPackets(atSubnet, restrictTo(own.packets, subtract(allAddresses(), subnet.cidrs)));
  const acl = typeof subnet.acl === 'string' ? subnet.acl : subnetId;
  const { passed, denied } = pass(away, walk.filters.acl(subnet.acl, 'egress'), {
    kind: 'network-acl',
    id: acl,
    rule: 'no outbound entry allows it',
    at: { direction: 'egress', source: state.source.address },
  });
  yield* denied;
  for (const beyond of passed) {
    const out = filtered(beyond, { kind: 'network-acl', id: acl }, 'egress');
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
  const place = placeOf(walk, `${tableId} ${from ?? '-'}`, state);
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
  const here = arriveAt(state, place);
  if (here === null) return;
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
      yield* byCarrierGateway(target.id, at.vpc, state);
      return;
    case 'vpn-gateway':
    case 'local-gateway': {
      const exit = { kind: target.kind, id: target.id, far: { kind: 'unknown' }, twoWay: true } as const;
      yield leaves(state, exit, behind(walk.network, target.id));
      return;
    }
    case 'endpoint':
      yield* throughEndpoint(walk, target.id, at.from, state);
      return;
    case 'transit-gateway':
      yield* byTransitGateway(walk, { gateway: target.id, ...at }, state, leaveSubnet);
      return;
    case 'service-network':
      yield* byServiceNetwork(walk, at.vpc, state);
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

function* throughEndpoint(walk: Walk, id: string, from: string | null, state: State): Generator<Outcome> {
  const endpoint = walk.network.endpoints.get(id);
  if (endpoint?.type === 'GatewayLoadBalancer') yield* byInspection(walk, endpoint, from, state);
  else yield* byEndpoint(id, endpoint, state);
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
  const sources = translatedSources(walk, nat);
  if (sources.length === 0) {
    yield ended(atNat, unknown('UNKNOWN_VALUE', id, 'the gateway has no address'));
    return;
  }
  if (state.source.address.family === 6) {
    yield* byNat64(walk, nat, from, state);
    return;
  }
  // A regional gateway lies in no subnet: no ACL looks at what it takes, and its own table decides.
  const taken = nat.subnet === '' ? [state] : enterSubnet(walk, nat.subnet, from, state);
  for (const entered of taken) {
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
    for (const source of sources) {
      const by = `source becomes ${source.publicIp === '' ? "the gateway's" : source.publicIp}`;
      const translated = { ...hop(forwarded, { kind: 'nat-gateway', id, by }), source, translated: true };
      if (nat.subnet !== '') yield* leaveSubnet(walk, nat.subnet, translated);
      else yield* lookUp(walk, nat.table ?? id, nat.vpc, null, translated);
    }
  }
}

/** IPv6 packets to the NAT64 prefix go on as IPv4 ones; the sets stay in the form that the sender writes. */
function* byNat64(walk: Walk, nat: NatGateway, from: string | null, state: State): Generator<Outcome> {
  const { id } = nat;
  const taken = nat.subnet === '' ? [state] : enterSubnet(walk, nat.subnet, from, state);
  for (const entered of taken) {
    if ('end' in entered) {
      yield entered;
      continue;
    }
    const meant = toIpv4(entered.packets);
    const kept = withPackets(entered, subtractPackets(entered.packets, fromIpv4(meant)));
    const rule = 'of IPv6 only TCP, UDP and ICMP to the NAT64 prefix are translated';
    yield* unlessEmpty(
      ended(hop(kept, { kind: 'nat-gateway', id, by: '' }), {
        kind: 'denied',
        by: { kind: 'nat-gateway', id, rule },
      }),
    );
    if (isEmptyPackets(meant)) continue;
    const by = 'IPv6 becomes IPv4 (NAT64)';
    const through = hop(withPackets(entered, meant), { kind: 'nat-gateway', id, by });
    for (const source of translatedSources(walk, nat)) {
      const at = { ...through, source, translated: true };
      const outcomes =
        nat.subnet === ''
          ? lookUp(walk, nat.table ?? id, nat.vpc, null, at)
          : leaveSubnet(walk, nat.subnet, at);
      for (const outcome of outcomes) yield* unlessEmpty({ ...outcome, packets: fromIpv4(outcome.packets) });
    }
  }
}

function translatedSources(walk: Walk, nat: NatGateway): readonly Source[] {
  const sources = nat.addresses.map((address) => walk.sources.of(address, { vpc: nat.vpc, denyIgw: false }));
  return differing(walk, sources);
}

/** One source a kind; where packets are followed to interfaces, whose groups look at addresses, one an address. */
function differing({ arrivals }: Walk, sources: readonly Source[]): readonly Source[] {
  const name = ({ key, address }: Source): string => (arrivals ? `${key} ${address.value}` : key);
  return [...new Map(sources.map((source) => [name(source), source])).values()];
}

/**
 * A gateway load balancer's endpoint hands packets to appliances, and takes back what they let through: that goes on by
 * the table of the endpoint's subnet. Network Firewall sends nothing of its own on, so that a packet through it is one
 * that it let through; of other appliances nobody here can see what they do.
 */
function* byInspection(
  walk: Walk,
  endpoint: Endpoint,
  from: string | null,
  state: State,
): Generator<Outcome> {
  const { id } = endpoint;
  const isFirewall = walk.network.firewallEndpoints.has(id);
  const problem: Problem = {
    code: 'UNSUPPORTED_CONSTRUCT',
    object: id,
    detail: 'appliances behind a gateway load balancer decide, and may send packets on themselves',
  };
  if (!isFirewall)
    yield ended(hop(state, { kind: 'endpoint', id, by: endpoint.service }), { kind: 'unknown', problem });
  const inspected = isFirewall ? state : { ...state, doubts: [...state.doubts, problem] };
  for (const subnet of endpoint.subnets) {
    for (const entered of enterSubnet(walk, subnet, from, inspected)) {
      if ('end' in entered) yield entered;
      else
        yield* leaveSubnet(
          walk,
          subnet,
          hop(entered, { kind: 'endpoint', id, by: 'inspected, and let through' }),
        );
    }
  }
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
  const filter = filterFor(walk.filters.acl(subnet.acl, 'ingress'), state.source);
  const { passed, denied } = pass(state, filter, {
    kind: 'network-acl',
    id: acl,
    rule: 'no inbound entry allows it',
    at: { direction: 'ingress', source: state.source.address },
  });
  return [
    ...denied,
    ...passed.map((inside) => filtered(inside, { kind: 'network-acl', id: acl }, 'ingress')),
  ];
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
  if (forwarder.sourceDestCheck === null) {
    yield ended(state, unknown('UNKNOWN_VALUE', id, 'nobody says whether it checks source and destination'));
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
  const inbound = pass(state, filterFor(walk.filters.groups(groups, 'ingress'), state.source), {
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
    const sources = differing(walk, [state.source, ...walk.sources.exactOf(forwarder)]);
    for (const beyond of outbound.passed) {
      const sent = hop(beyond, { kind: 'interface', id, by: 'forwards (no source/destination check)' });
      for (const source of sources) {
        if (source.address.family === state.source.address.family) {
          yield* leaveSubnet(walk, forwarder.subnet, { ...sent, source });
        }
      }
    }
  }
}
