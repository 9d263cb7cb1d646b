import type { Address, IpSet } from '../../core/index.ts';
import { formatAddress, lastOf } from '../../core/index.ts';
import { doorsOf } from './doors.ts';
import type { Interface, Network, PrivateAddress } from './model.ts';
import type { Source } from './outcome.ts';

/** Tells which sources nothing on any way can tell apart, so that equal interfaces are solved once. */
export interface SourceKinds {
  readonly of: (address: PrivateAddress, at: { readonly vpc: string; readonly denyIgw: boolean }) => Source;
  /** The kinds of sources that an interface can send from: one a distinct key. */
  readonly ofInterface: (one: Interface) => readonly Source[];
  /** One source an address, equal or not: a question names addresses. */
  readonly exactOf: (one: Interface) => readonly Source[];
}

/**
 * Only inbound ACLs, and the groups of interfaces that forward or are doors, look at a packet's source. Their blocks
 * cut each family into pieces; two addresses of one piece are treated alike everywhere.
 */
export function createSourceKinds(network: Network, members: (group: string) => IpSet): SourceKinds {
  const cuts = { 4: new Set<bigint>(), 6: new Set<bigint>() };
  const cutAt = ({ v4, v6 }: IpSet): void => {
    for (const [spans, into] of [
      [v4, cuts[4]],
      [v6, cuts[6]],
    ] as const) {
      for (const [first, last] of spans) into.add(first).add(last + 1n);
    }
  };
  for (const { ingress } of network.acls.values()) ingress.forEach(({ addresses }) => cutAt(addresses));
  const doors = new Set([...doorsOf(network).values()].flat().map(({ one }) => one?.id));
  for (const one of network.interfaces.values()) {
    if (one.sourceDestCheck === true && !doors.has(one.id)) continue;
    for (const { peer } of one.groups.flatMap((id) => network.groups.get(id)?.ingress ?? [])) {
      if (peer.kind === 'cidr') cutAt(peer.set);
      else if (peer.kind === 'group') cutAt(members(peer.id));
      else if (peer.kind === 'prefix-list') {
        const list = network.prefixLists.get(peer.id);
        if (list !== undefined) cutAt(list.set);
      }
    }
  }
  const sorted = { 4: ascending(cuts[4]), 6: ascending(cuts[6]) };

  const of: SourceKinds['of'] = ({ address, publicIp, carrierIp }, { vpc, denyIgw }) => {
    const piece = pieceOf(sorted[address.family], address);
    const marks = `${publicIp === null ? '' : 'p'}${carrierIp === null ? '' : 'c'}${denyIgw ? 'd' : ''}`;
    const global = address.family === 6 && address.value >> 125n === 1n ? 'g' : '';
    return {
      key: `${vpc}/${address.family}/${piece}/${marks}${global}`,
      vpc,
      address,
      publicIp: publicIp === null ? '' : formatAddress(publicIp),
      carrierIp: carrierIp === null ? '' : formatAddress(carrierIp),
      denyIgw,
    };
  };
  return {
    of,
    exactOf: (one) => one.addresses.map((address) => of(address, one)),
    ofInterface: (one) => [
      ...new Map(
        [...one.addresses, ...insidePrefixes(one)]
          .map((address) => of(address, one))
          .map((source) => [source.key, source] as const),
      ).values(),
    ],
  };

  /** One address of every piece that a delegated prefix reaches into; its first is among the addresses already. */
  function insidePrefixes({ delegated }: Interface): readonly PrivateAddress[] {
    return delegated.flatMap((prefix) =>
      sorted[prefix.family]
        .filter((cut) => cut > prefix.value && cut <= lastOf(prefix))
        .map((value) => ({ address: { family: prefix.family, value }, publicIp: null, carrierIp: null })),
    );
  }
}

function ascending(values: ReadonlySet<bigint>): readonly bigint[] {
  return [...values].sort((left, right) => (left < right ? -1 : 1));
}

/** How many cuts lie at or below an address. */
function pieceOf(cuts: readonly bigint[], { value }: Address): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle] ?? value) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
