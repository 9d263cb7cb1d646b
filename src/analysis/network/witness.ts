import type { Address } from '../../core/index.ts';
import { containsAddress, formatAddress } from '../../core/index.ts';
import type { Leaving } from './egress.ts';
import type { Direction } from './filters.ts';
import type { GroupRule, Interface } from './model.ts';
import { writtenIn } from './nat64.ts';
import type { Hop } from './outcome.ts';
import { hopsOf } from './outcome.ts';
import { destinationsOf } from './packet-set.ts';
import type { TrafficSample } from './traffic.ts';
import { containsTraffic, protocolName, sampleTraffic } from './traffic.ts';
import type { Walk } from './walk-state.ts';

/** One packet that can leave, and everything that lets it: what a person can check by hand. */
export interface PacketWitness {
  readonly interface: Interface;
  readonly source: Address;
  readonly destination: Address;
  readonly traffic: TrafficSample;
  readonly hops: readonly Hop[];
}

/** A packet of a leaving set that goes to an address, from an interface of its class. */
export function witnessTo(
  walk: Walk,
  one: Interface,
  leaving: Leaving,
  goal: Address,
  direction: Direction,
): PacketWitness {
  const destination = writtenIn(destinationsOf(leaving.packets), goal);
  const block = leaving.packets.find(({ to }) => containsAddress(to, destination));
  const traffic = (block && sampleTraffic(block.traffic)) ?? { protocol: 0, port: null };
  const own = one.addresses.find(
    ({ address, publicIp }) =>
      address.family === destination.family &&
      (publicIp !== null || leaving.source.publicIp === '' || leaving.source.vpc !== one.vpc),
  );
  const source =
    own?.address ?? one.addresses.find(({ address }) => address.family === destination.family)?.address;
  const rule = groupRule(walk, one, destination, traffic, direction);
  return {
    interface: one,
    source: source ?? leaving.source.address,
    destination,
    traffic,
    hops: [
      { kind: 'interface', id: one.id, by: one.instance === '' ? '' : `of ${one.instance}` },
      ...(rule === undefined ? [] : [rule]),
      ...hopsOf(leaving.trail),
    ],
  };
}

/** The rule that lets a packet through, by the group that has it; nothing where the interface has no group. */
export function groupRule(
  walk: Walk,
  { groups }: Interface,
  remote: Address,
  { protocol, port }: TrafficSample,
  direction: Direction,
): Hop | undefined {
  for (const id of groups) {
    const group = walk.network.groups.get(id);
    const rules = (direction === 'egress' ? group?.egress : group?.ingress) ?? [];
    const rule = rules.find(
      (one) =>
        (direction === 'ingress' || containsTraffic(one.traffic, protocol, port ?? 0)) &&
        allows(walk, one, remote),
    );
    if (rule !== undefined) {
      const side = direction === 'egress' ? 'outbound to' : 'inbound from';
      return { kind: 'security-group', id, by: `${side} ${rule.label}` };
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

/** `10.0.0.7 → 8.8.8.8, tcp 443`. */
export function describePacket({ source, destination, traffic }: PacketWitness): string {
  const port = traffic.port === null ? '' : ` ${traffic.port}`;
  return `${formatAddress(source)} → ${formatAddress(destination)}, ${protocolName(traffic.protocol)}${port}`;
}
