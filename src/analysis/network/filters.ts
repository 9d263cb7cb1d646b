import type { Address, IpSet } from '../../core/index.ts';
import {
  allAddresses,
  containsAddress,
  EMPTY_SET,
  parsePrefix,
  setOfPrefixes,
  unionAll,
} from '../../core/index.ts';
import type { AclEntry, Filter, GroupRule, Network, Problem } from './model.ts';
import type { Source } from './outcome.ts';
import type { PacketBlock, PacketSet } from './packet-set.ts';
import {
  ALL_PACKETS,
  intersectPackets,
  NO_PACKETS,
  packetsOf,
  packetsTo,
  restrictTraffic,
  subtractPackets,
  trafficIn,
  unionPackets,
} from './packet-set.ts';
import type { TrafficSet } from './traffic.ts';

export type Direction = 'ingress' | 'egress';

/** What security groups and network ACLs let through, each computed once. Sets are over the remote address. */
export interface Filters {
  /** An interface's groups together: rules only allow, and one is enough. No group at all lets everything through. */
  readonly groups: (ids: readonly string[], direction: Direction) => Filter;
  readonly acl: (acl: string | Problem, direction: Direction) => Filter;
  /** Addresses of the interfaces that are members of a group. */
  readonly members: (group: string) => IpSet;
}

const EVERYTHING: Filter = { allowed: ALL_PACKETS, doubtful: [] };

/** Addresses that members of a group can have: of IPv4 private ones (RFC 1918, 6598), of IPv6 any. */
const MEMBERS: IpSet = setOfPrefixes(
  ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '::/0']
    .map(parsePrefix)
    .filter((prefix) => prefix !== null),
);

export function createFilters(network: Network): Filters {
  const membersOf = groupMembers(network);
  const members = (group: string): IpSet => membersOf.get(group) ?? EMPTY_SET;
  const ofGroup = remembered((key: string): Filter => {
    const [direction, id = ''] = key.split(' ');
    const group = network.groups.get(id);
    if (group === undefined) {
      return unknownFilter({
        code: 'NOT_COLLECTED',
        object: id,
        detail: 'the security group is not described',
      });
    }
    return ofRules(direction === 'ingress' ? group.ingress : group.egress, network, members);
  });
  const ofGroups = remembered((key: string): Filter => {
    const [direction, ...ids] = key.split(' ');
    return eitherOf(ids.map((id) => ofGroup(`${direction} ${id}`)));
  });
  const ofAcl = remembered((key: string): Filter => {
    const [direction, id = ''] = key.split(' ');
    const acl = network.acls.get(id);
    if (acl === undefined) {
      return unknownFilter({ code: 'NOT_COLLECTED', object: id, detail: 'the network ACL is not described' });
    }
    return firstMatch(direction === 'ingress' ? acl.ingress : acl.egress);
  });
  return {
    members,
    groups: (ids, direction) =>
      ids.length === 0 ? EVERYTHING : ofGroups([direction, ...ids.toSorted()].join(' ')),
    acl: (acl, direction) => (typeof acl === 'string' ? ofAcl(`${direction} ${acl}`) : unknownFilter(acl)),
  };
}

/** The part of a filter that concerns one remote address: as traffic, whatever the destination. */
function trafficFor(packets: PacketSet, remote: Address): TrafficSet {
  return trafficIn(packets.filter(({ to }) => containsAddress(to, remote)));
}

/** A filter over remote addresses, seen from packets that come from one of them. */
export function filterFrom(filter: Filter, remote: Address): Filter {
  const toAnywhere = (packets: PacketSet): PacketSet => {
    const traffic = trafficFor(packets, remote);
    return traffic.length === 0 ? NO_PACKETS : packetsTo(allAddresses(), traffic);
  };
  return {
    allowed: toAnywhere(filter.allowed),
    doubtful: filter.doubtful.map(({ problem, packets }) => ({ problem, packets: toAnywhere(packets) })),
  };
}

/** The same for packets of a source, which may be free to choose its address. */
export function filterFor(filter: Filter, { address, forged }: Source): Filter {
  if (forged === undefined) return filterFrom(filter, address);
  const toAnywhere = (packets: PacketSet): PacketSet => packetsTo(allAddresses(), trafficIn(packets));
  return {
    allowed: toAnywhere(filter.allowed),
    doubtful: filter.doubtful.map(({ problem, packets }) => ({ problem, packets: toAnywhere(packets) })),
  };
}

/** Nobody can tell what it lets through. */
function unknownFilter(problem: Problem): Filter {
  return { allowed: NO_PACKETS, doubtful: [{ problem, packets: ALL_PACKETS }] };
}

function eitherOf(filters: readonly Filter[]): Filter {
  return {
    allowed: filters.reduce<PacketSet>((sum, { allowed }) => unionPackets(sum, allowed), NO_PACKETS),
    doubtful: filters.flatMap(({ doubtful }) => doubtful),
  };
}

function groupMembers(network: Network): ReadonlyMap<string, IpSet> {
  const owned = new Map<string, IpSet[]>();
  for (const { groups, owned: own } of network.interfaces.values()) {
    for (const group of groups) {
      const known = owned.get(group);
      if (known === undefined) owned.set(group, [own]);
      else known.push(own);
    }
  }
  return new Map([...owned].map(([group, sets]) => [group, unionAll(sets)]));
}

function ofRules(rules: readonly GroupRule[], network: Network, members: (group: string) => IpSet): Filter {
  const blocks: PacketBlock[] = [];
  const doubtful: { problem: Problem; packets: PacketSet }[] = [];
  for (const { traffic, peer } of rules) {
    switch (peer.kind) {
      case 'cidr':
        blocks.push({ traffic, to: peer.set });
        break;
      case 'prefix-list': {
        const list = network.prefixLists.get(peer.id);
        if (list !== undefined) blocks.push({ traffic, to: list.set });
        else doubtful.push({ problem: missingList(peer.id), packets: packetsTo(allAddresses(), traffic) });
        break;
      }
      case 'group':
        blocks.push({ traffic, to: members(peer.id) });
        if (!network.groups.has(peer.id)) {
          doubtful.push({
            problem: foreignGroup(peer.id),
            packets: packetsTo(mayBeMembers(peer, network), traffic),
          });
        }
        break;
      case 'unknown':
        doubtful.push({ problem: peer.problem, packets: packetsTo(allAddresses(), traffic) });
        break;
    }
  }
  return { allowed: packetsOf(blocks), doubtful };
}

/** The addresses that members of a group may have which is not described. */
export function mayBeMembers({ peering }: { readonly peering: string }, network: Network): IpSet {
  const sides = network.peerings.get(peering)?.sides ?? [];
  return unionAll([MEMBERS, ...sides.map(({ cidrs }) => cidrs)]);
}

function missingList(id: string): Problem {
  return { code: 'NOT_COLLECTED', object: id, detail: 'the entries of the prefix list are not there' };
}

function foreignGroup(id: string): Problem {
  return {
    code: 'OUT_OF_SCOPE_ACCOUNT',
    object: id,
    detail: 'a rule refers to a group that is not described',
  };
}

/** Walks the entries in order; each decides what no entry before it has decided. What nothing matches is denied. */
function firstMatch(entries: readonly AclEntry[]): Filter {
  let open: PacketSet = ALL_PACKETS;
  let allowed: PacketSet = NO_PACKETS;
  const doubtful: { problem: Problem; packets: PacketSet }[] = [];
  for (const entry of entries) {
    const matched = restrictTraffic(packetsTo(entry.addresses), entry.traffic);
    if (entry.problem !== undefined) {
      doubtful.push({ problem: entry.problem, packets: matched });
      continue;
    }
    if (entry.allow) allowed = unionPackets(allowed, intersectPackets(matched, open));
    open = subtractPackets(open, matched);
    if (open.length === 0) break;
  }
  return { allowed, doubtful };
}

function remembered<T>(compute: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const value = compute(key);
    known.set(key, value);
    return value;
  };
}
