import type { Address } from '../../core/index.ts';
import { containsAddress, setOfAddress } from '../../core/index.ts';
import { allowingEntry } from './acl-entries.ts';
import type { Direction } from './filters.ts';
import type { GroupRule } from './model.ts';
import { toIpv4 } from './nat64.ts';
import type { FilterPoint, Hop, Trail } from './outcome.ts';
import type { PacketSet } from './packet-set.ts';
import { packetsTo } from './packet-set.ts';
import type { TrafficSample } from './traffic.ts';
import { containsTraffic, describeTraffic, trafficOf } from './traffic.ts';
import type { Walk } from './walk-state.ts';

/** One packet, as a witness has it. */
export interface PacketSample {
  readonly destination: Address;
  readonly traffic: TrafficSample;
}

/**
 * The hops of a path with, at each filter, the rule or entry that lets this packet through.
 *
 * @param packet as it stands at the end of the path.
 * @param before as it came to each load balancer on the way, the last one first: behind it, another was sent.
 */
export function hopsWithRules(
  walk: Walk,
  trail: Trail,
  packet: PacketSample,
  before: readonly PacketSample[] = [],
): readonly Hop[] {
  const hops: Hop[] = [];
  let balancers = 0;
  for (let at = trail; at !== null; at = at.before) {
    if (at.hop.kind === 'load-balancer') balancers += 1;
    hops.push(withRule(walk, at, before[balancers - 1] ?? packet));
  }
  return hops.toReversed();
}

function withRule(walk: Walk, { hop, at }: NonNullable<Trail>, packet: PacketSample): Hop {
  if (at === undefined) return hop;
  if (hop.kind === 'security-group') {
    const remote = at.direction === 'ingress' ? at.source : packet.destination;
    return groupRule(walk, hop.id.split(' '), remote, packet.traffic, at.direction) ?? hop;
  }
  const entry = allowingEntry(walk.network, hop.id, at, packetsAt(packet, at));
  return entry === undefined ? hop : { ...hop, by: `${hop.by} entry ${entry}` };
}

/** The packet as a filter on its way sees it: behind a NAT64 gateway an IPv4 one. */
function packetsAt({ destination, traffic: { protocol, port } }: PacketSample, at: FilterPoint): PacketSet {
  const traffic = port === null ? trafficOf(protocol) : trafficOf(protocol, port, port);
  const packets = packetsTo(setOfAddress(destination), traffic);
  return destination.family === 6 && at.source.family === 4 ? toIpv4(packets) : packets;
}

/**
 * The rule that lets a packet through, by the group that has it; nothing where there is no group. `traffic` is null
 * for an answer: its rule is the one that let the caller in, on another port.
 */
export function groupRule(
  walk: Walk,
  groups: readonly string[],
  remote: Address,
  traffic: TrafficSample | null,
  direction: Direction,
): Hop | undefined {
  for (const id of groups) {
    const group = walk.network.groups.get(id);
    const rules = (direction === 'egress' ? group?.egress : group?.ingress) ?? [];
    const rule = rules.find(
      (one) =>
        (traffic === null || containsTraffic(one.traffic, traffic.protocol, traffic.port ?? 0)) &&
        allows(walk, one, remote),
    );
    if (rule !== undefined) {
      const side = direction === 'egress' ? 'outbound to' : 'inbound from';
      return { kind: 'security-group', id, by: `${side} ${rule.label} (${describeTraffic(rule.traffic)})` };
    }
  }
  return undefined;
}

function allows(walk: Walk, { peer }: GroupRule, remote: Address): boolean {
  switch (peer.kind) {
    case 'cidr':
      return containsAddress(peer.set, remote);
    case 'prefix-list': {
      const list = walk.network.prefixLists.get(peer.id);
      return list !== undefined && containsAddress(list.set, remote);
    }
    case 'group':
      return containsAddress(walk.filters.members(peer.id), remote);
    case 'unknown':
      return false;
  }
}
