import type { Address, IpSet, Prefix } from '../../core/index.ts';
import { EMPTY_SET, formatAddress, lastOf, unionAll } from '../../core/index.ts';
import { doorsOf } from './doors.ts';
import { mayBeMembers } from './filters.ts';
import type { GroupRule, Interface, Network, PrivateAddress } from './model.ts';
import type { Source } from './outcome.ts';

/** Tells which sources nothing on any way can tell apart, so that equal interfaces are solved once. */
export interface SourceKinds {
  readonly of: (address: PrivateAddress, at: { readonly vpc: string; readonly denyIgw: boolean }) => Source;
  /** The kinds of sources that an interface can send from: one a distinct key. */
  readonly ofInterface: (one: Interface) => readonly Source[];
  /** One source an address, equal or not, since a question names addresses; of a delegated block one a kind. */
  readonly exactOf: (one: Interface) => readonly Source[];
  /** What a sender that is free to choose its source can pass for in a VPC: one a family. */
  readonly forgedIn: (vpc: string) => readonly Source[];
}

/**
 * Only inbound ACLs, and the groups of interfaces that pass packets on, look at a packet's source. Their blocks
 * cut each family into pieces; two addresses of one piece are treated alike everywhere.
 */
export function createSourceKinds(
  network: Network,
  members: (group: string) => IpSet,
  { arrivals }: { readonly arrivals: boolean },
): SourceKinds {
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
  for (const group of groupsThatLook(network, arrivals)) {
    for (const { peer } of network.groups.get(group)?.ingress ?? []) cutAt(askedBy(peer, network, members));
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
  const exactOf: SourceKinds['exactOf'] = (one) => [
    ...one.addresses.map((address) => of(address, one)),
    ...one.delegated
      .flatMap((block) => piecesOf(sorted[block.family], block))
      .map((address) => of({ address, publicIp: null, carrierIp: null }, one)),
  ];
  const byVpc = new Map<string, readonly Source[]>();
  // Gateways translate by address, whoever sends: one that is free to choose takes the best of its VPC.
  const forgedIn: SourceKinds['forgedIn'] = (vpc) => {
    const made = byVpc.get(vpc) ?? forgedSources(network, vpc, of);
    byVpc.set(vpc, made);
    return made;
  };
  return {
    of,
    exactOf,
    forgedIn,
    ofInterface: (one) => [
      ...new Map(
        [...exactOf(one), ...(one.sourceDestCheck === false ? forgedIn(one.vpc) : [])].map(
          (source) => [source.key, source] as const,
        ),
      ).values(),
    ],
  };
}

/**
 * Groups that look at packets on their way: of interfaces that forward, and of those of endpoints, through which
 * packets go elsewhere. A single question follows packets to any interface.
 */
function groupsThatLook(network: Network, arrivals: boolean): ReadonlySet<string> {
  const doors = new Set([...doorsOf(network).values()].flat().map(({ one }) => one?.id));
  return new Set(
    [...network.interfaces.values()]
      .filter(({ id, sourceDestCheck }) => arrivals || sourceDestCheck !== true || doors.has(id))
      .flatMap(({ groups }) => groups),
  );
}

/** Any source of each family, with everything that some interface of the VPC has: public, carrier and global addresses. */
function forgedSources({ interfaces, vpcs }: Network, vpc: string, of: SourceKinds['of']): readonly Source[] {
  const all = [...interfaces.values()]
    .filter((one) => one.vpc === vpc && !one.denyIgw)
    .flatMap(({ addresses }) => addresses);
  const cidrs = vpcs.get(vpc)?.cidrs ?? EMPTY_SET;
  return ([4, 6] as const).flatMap((family): readonly Source[] => {
    const own = all.filter(({ address }) => address.family === family);
    const [block] = family === 4 ? cidrs.v4 : cidrs.v6;
    const one = own.find(({ publicIp }) => publicIp !== null) ?? own[0];
    const address = one?.address ?? (block && { family, value: block[0] });
    if (address === undefined) return [];
    const carrierIp = own.find((each) => each.carrierIp !== null)?.carrierIp ?? null;
    const source = of({ address, publicIp: one?.publicIp ?? null, carrierIp }, { vpc, denyIgw: false });
    return [{ ...source, key: `forged ${source.key}`, forged: true }];
  });
}

/** The addresses that a rule tells from others. */
function askedBy(peer: GroupRule['peer'], network: Network, members: (group: string) => IpSet): IpSet {
  switch (peer.kind) {
    case 'cidr':
      return peer.set;
    case 'group':
      return network.groups.has(peer.id)
        ? members(peer.id)
        : unionAll([members(peer.id), mayBeMembers(peer, network)]);
    case 'prefix-list':
      return network.prefixLists.get(peer.id)?.set ?? EMPTY_SET;
    case 'unknown':
      return EMPTY_SET;
  }
}

/** The first address of each piece of a block. */
function piecesOf(cuts: readonly bigint[], block: Prefix): readonly Address[] {
  const { family, value } = block;
  const inside = cuts.slice(pieceOf(cuts, block), pieceOf(cuts, { family, value: lastOf(block) }));
  return [value, ...inside].map((first) => ({ family, value: first }));
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
