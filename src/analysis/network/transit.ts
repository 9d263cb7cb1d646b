import { filterFor } from './filters.ts';
import type { Problem, Subnet, TransitAttachment, TransitRoute, TransitTable } from './model.ts';
import type { Outcome } from './outcome.ts';
import { isEmptyPackets, restrictTo, subtractPackets } from './packet-set.ts';
import type { Segments } from './segments.ts';
import { behind } from './sites.ts';
import type { State, Walk } from './walk-state.ts';
import {
  arriveAt,
  ended,
  hop,
  leaves,
  pass,
  placeOf,
  unknown,
  unlessEmpty,
  withPackets,
} from './walk-state.ts';

/** How a packet goes on inside the VPC that a transit gateway hands it to. */
export type LeaveSubnet = (walk: Walk, subnet: string, state: State) => Iterable<Outcome>;

/** From which VPC and subnet a packet comes to a transit gateway. */
export interface TransitEntry {
  readonly gateway: string;
  readonly vpc: string;
  readonly from: string | null;
}

/**
 * A route to a transit gateway (transit gateway guide, "How transit gateways work"): the packet enters by the
 * attachment of its VPC, in a zone where the attachment has an interface, and the table that is associated
 * with that attachment decides where it goes.
 */
export function* byTransitGateway(
  walk: Walk,
  { gateway, vpc, from }: TransitEntry,
  state: State,
  leave: LeaveSubnet,
): Generator<Outcome> {
  const at = hop(state, { kind: 'transit-gateway', id: gateway, by: '' });
  const attachment = walk.network.transitAttachments.get(gateway)?.byVpc.get(vpc);
  if (attachment === undefined) {
    yield ended(at, unknown('NOT_COLLECTED', gateway, `the attachment of ${vpc} is not described`));
    return;
  }
  if (!attachment.working) {
    const by = { kind: 'transit-gateway-attachment', id: attachment.id, rule: 'it is not available' };
    yield ended(at, { kind: 'blackhole', by });
    return;
  }
  for (const entered of enterAttachment(walk, attachment, from, at)) {
    if ('end' in entered) yield entered;
    else yield* byAssociatedTable(walk, attachment, from, entered, leave);
  }
}

/** The attachment's interface in the sender's zone, and the inbound ACL of its subnet ("Network ACLs" of the guide). */
function enterAttachment(
  walk: Walk,
  attachment: TransitAttachment,
  from: string | null,
  state: State,
): readonly (State | Outcome)[] {
  const zone = walk.network.subnets.get(from ?? '')?.zone ?? '';
  if (!attachment.ipv6 && state.source.address.family === 6) {
    const rule = 'the attachment carries no IPv6';
    const by = { kind: 'transit-gateway-attachment', id: attachment.id, rule };
    return [ended(state, { kind: 'denied', by })];
  }
  const subnets = attachment.subnets.flatMap((id) => walk.network.subnets.get(id) ?? []);
  const named = { kind: 'transit-gateway-attachment', id: attachment.id } as const;
  if (attachment.subnets.length === 0) {
    return [
      ended(
        state,
        unknown('NOT_COLLECTED', attachment.id, 'the subnets of the attachment are not described'),
      ),
    ];
  }
  if (subnets.length < attachment.subnets.length) {
    return [
      ended(state, unknown('NOT_COLLECTED', attachment.id, 'a subnet of the attachment is not described')),
    ];
  }
  const near = zone === '' ? subnets : subnets.filter((subnet) => subnet.zone === zone || subnet.zone === '');
  if (near.length === 0) {
    const rule = `the attachment has no subnet in zone ${zone}`;
    return [ended(state, { kind: 'blackhole', by: { ...named, rule } })];
  }
  return near.flatMap((subnet) => {
    const acl = typeof subnet.acl === 'string' ? subnet.acl : subnet.id;
    const filter = filterFor(walk.filters.acl(subnet.acl, 'ingress'), state.source);
    const { passed, denied } = pass(state, filter, {
      kind: 'network-acl',
      id: acl,
      rule: 'no inbound entry allows it',
    });
    return [...denied, ...passed.map((inside) => hop(inside, { ...named, by: `in ${subnet.id}` }))];
  });
}

/** Packets that come in by an attachment, from a site behind a VPN or Direct Connect. */
export function* fromAttachment(
  walk: Walk,
  attachment: TransitAttachment,
  state: State,
  leave: LeaveSubnet,
): Generator<Outcome> {
  const entered = hop(state, { kind: 'transit-gateway', id: attachment.gateway, by: '' });
  const at = hop(entered, { kind: 'transit-gateway-attachment', id: attachment.id, by: attachment.type });
  yield* byAssociatedTable(walk, attachment, null, at, leave);
}

function* byAssociatedTable(
  walk: Walk,
  attachment: TransitAttachment,
  from: string | null,
  state: State,
  leave: LeaveSubnet,
): Generator<Outcome> {
  if (attachment.table === null || attachment.table === '') {
    const end = unknown('NOT_COLLECTED', attachment.id, 'which route table decides for it is not described');
    yield ended(state, end);
    return;
  }
  const table = walk.network.transitTables.get(attachment.table);
  const parts = walk.transitSegments(attachment.table);
  if (table === undefined || parts === undefined) {
    yield ended(state, unknown('NOT_COLLECTED', attachment.table, 'the route table is not described'));
    return;
  }
  const zone = zoneKey(walk, walk.network.subnets.get(from ?? ''));
  const place = placeOf(walk, `${table.id} ${zone}`, state);
  if (state.visited.includes(place)) {
    const by = { kind: 'transit-gateway-route-table', id: table.id, rule: 'the path is a loop' };
    yield ended(state, { kind: 'denied', by });
    return;
  }
  const here = arriveAt(state, place);
  if (here === null) return;
  for (const problem of table.unreadable) yield ended(here, { kind: 'unknown', problem });
  yield* byLearnedRoutes(walk, table, parts, { state: here, zone }, leave);
  const named = { kind: 'transit-gateway-route-table', id: table.id } as const;
  yield* unlessEmpty(
    ended(withPackets(here, restrictTo(here.packets, parts.unrouted)), {
      kind: 'no-route',
      by: { ...named, rule: 'no route matches' },
    }),
  );
  for (const { routes, to } of parts.segments) {
    const packets = restrictTo(here.packets, to);
    if (isEmptyPackets(packets)) continue;
    for (const route of routes) {
      const routed = hop(withPackets(here, packets), { ...named, by: `route ${route.label}` });
      yield* byTransitRoute(walk, table.gateway, route, { state: routed, zone }, leave);
    }
  }
}

/**
 * Routes that the other side of an attachment tells are in no answer here. What no listed route takes may go by
 * them; so may the rest, if they are more specific, which stays in doubt.
 */
function* byLearnedRoutes(
  walk: Walk,
  { id, gateway, learned }: TransitTable,
  { unrouted }: Segments<TransitRoute>,
  { state, zone }: Routed,
  leave: LeaveSubnet,
): Generator<Outcome> {
  for (const attachmentId of learned) {
    const attachment = walk.network.transitAttachments.get(gateway)?.byId.get(attachmentId);
    const problem: Problem = {
      code: 'NOT_COLLECTED',
      object: id,
      detail: `the routes that ${attachmentId} propagates are not listed, and may be more specific than the others`,
    };
    if (attachment === undefined) {
      yield ended(state, { kind: 'unknown', problem });
    } else if (attachment.working) {
      const out = withPackets(state, restrictTo(state.packets, unrouted));
      const rest = withPackets(state, subtractPackets(state.packets, out.packets));
      const by = 'a route that it may have learned';
      for (const each of [out, { ...rest, doubts: [...rest.doubts, problem] }]) {
        if (isEmptyPackets(each.packets)) continue;
        const on = hop(hop(each, { kind: 'transit-gateway-route-table', id, by }), {
          kind: 'transit-gateway-attachment',
          id: attachmentId,
          by: attachment.type,
        });
        yield* byAttachment(walk, attachment, { state: on, zone }, leave);
      }
    }
  }
}

interface Routed {
  readonly state: State;
  readonly zone: string;
}

function* byTransitRoute(
  walk: Walk,
  gateway: string,
  route: TransitRoute,
  { state, zone }: Routed,
  leave: LeaveSubnet,
): Generator<Outcome> {
  if (route.blackhole || route.attachments.length === 0) {
    const by = { kind: 'transit-gateway', id: gateway, rule: `route ${route.label} is a blackhole` };
    yield ended(state, { kind: 'blackhole', by });
    return;
  }
  for (const id of route.attachments) {
    const attachment = walk.network.transitAttachments.get(gateway)?.byId.get(id);
    if (attachment === undefined) {
      yield ended(state, unknown('NOT_COLLECTED', id, 'the attachment is not described'));
    } else {
      const on = hop(state, { kind: 'transit-gateway-attachment', id, by: attachment.type });
      yield* byAttachment(walk, attachment, { state: on, zone }, leave);
    }
  }
}

function* byAttachment(
  walk: Walk,
  attachment: TransitAttachment,
  routed: Routed,
  leave: LeaveSubnet,
): Generator<Outcome> {
  const { state } = routed;
  const exit = (kind: 'vpn' | 'direct-connect-gateway' | 'connect' | 'client-vpn'): Outcome =>
    leaves(
      state,
      { kind, id: attachment.resource || attachment.id, far: { kind: 'unknown' }, twoWay: true },
      behind(walk.network, attachment.resource),
    );
  switch (attachment.type) {
    case 'vpc':
      yield* intoVpc(walk, attachment, routed, leave);
      return;
    case 'vpn':
    case 'vpn-concentrator':
      yield exit('vpn');
      return;
    case 'direct-connect-gateway':
      yield exit('direct-connect-gateway');
      return;
    case 'connect':
      yield exit('connect');
      return;
    case 'client-vpn':
      yield exit('client-vpn');
      return;
    case 'peering':
    case 'tgw-peering':
      yield* toPeer(walk, attachment, routed, leave);
      return;
    default:
      yield ended(
        state,
        unknown(
          'UNSUPPORTED_CONSTRUCT',
          attachment.id,
          'an attachment of a type that this version does not know',
        ),
      );
  }
}

/** Into another VPC by the interface in the sender's zone where there is one; in appliance mode, or from afar, by any. */
function* intoVpc(
  walk: Walk,
  attachment: TransitAttachment,
  { state, zone }: Routed,
  leave: LeaveSubnet,
): Generator<Outcome> {
  const vpc = walk.network.vpcs.get(attachment.resource);
  if (vpc === undefined) {
    const problem: Problem = {
      code: 'OUT_OF_SCOPE_ACCOUNT',
      object: attachment.resource,
      detail: `a VPC of account ${attachment.account} behind ${attachment.gateway} is not described`,
    };
    yield ended(state, { kind: 'unknown', problem });
    return;
  }
  if (!attachment.ipv6 && state.source.address.family === 6) {
    const rule = 'the attachment carries no IPv6';
    yield ended(state, {
      kind: 'denied',
      by: { kind: 'transit-gateway-attachment', id: attachment.id, rule },
    });
    return;
  }
  const subnets = attachment.subnets.flatMap((id) => walk.network.subnets.get(id) ?? []);
  // The one that is not described may be the way out, whatever the others are.
  if (subnets.length === 0 || subnets.length < attachment.subnets.length) {
    yield ended(
      state,
      unknown('NOT_COLLECTED', attachment.id, 'the subnets of the attachment are not all described'),
    );
  }
  const same = attachment.applianceMode ? [] : subnets.filter((subnet) => zoneKey(walk, subnet) === zone);
  const entered = hop(state, { kind: 'vpc', id: vpc.id, by: '' });
  for (const subnet of same.length > 0 ? same : subnets) yield* leave(walk, subnet.id, entered);
}

/** A zone by its id; where only its name is known, that of an account, since names mean other zones in others. */
function zoneKey({ network }: Walk, subnet: Subnet | undefined): string {
  const zone = subnet?.zone ?? '';
  if (zone === '' || /-az\d+$/.test(zone)) return zone;
  return `${network.vpcs.get(subnet?.vpc ?? '')?.account ?? ''}/${zone}`;
}

/** Over a peering into the table that the other gateway associates with it. */
function* toPeer(
  walk: Walk,
  attachment: TransitAttachment,
  { state }: Routed,
  leave: LeaveSubnet,
): Generator<Outcome> {
  const { peer } = attachment;
  const gateway = peer?.gateway ?? attachment.resource;
  const other = walk.network.transitAttachments.get(gateway)?.byId.get(attachment.id);
  if (other !== undefined && other.table !== null) {
    const at = hop(state, { kind: 'transit-gateway', id: gateway, by: '' });
    yield* byAssociatedTable(walk, other, null, at, leave);
    return;
  }
  const far =
    peer === null
      ? ({ kind: 'unknown' } as const)
      : ({ kind: 'region', region: peer.region, account: peer.account } as const);
  yield leaves(state, { kind: 'transit-gateway', id: gateway, far, twoWay: true }, 'a peered gateway');
}
