import type { Address } from '../../core/index.ts';
import { containsAddress, formatAddress } from '../../core/index.ts';
import type { Direction } from './filters.ts';
import { groupRule, hopsWithRules } from './hops-with-rules.ts';
import type { Interface } from './model.ts';
import { writtenIn } from './nat64.ts';
import type { Hop, Leaving } from './outcome.ts';
import { destinationsOf } from './packet-set.ts';
import type { TrafficSample } from './traffic.ts';
import { protocolName, sampleTraffic } from './traffic.ts';
import type { Walk } from './walk-state.ts';

/** One packet that can leave, and everything that lets it: what a person can check by hand. */
export interface PacketWitness {
  readonly interface: Interface;
  readonly source: Address;
  readonly destination: Address;
  readonly traffic: TrafficSample;
  /** An answer to somebody who called in: it goes to whatever port the caller has. */
  readonly answers: boolean;
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
  const rule = groupRule(walk, one.groups, destination, direction === 'egress' ? traffic : null, direction);
  return {
    interface: one,
    source: leaving.source.forged === undefined ? (source ?? leaving.source.address) : leaving.source.address,
    destination,
    traffic,
    answers: direction === 'ingress',
    hops: [
      { kind: 'interface', id: one.id, by: one.instance === '' ? '' : `of ${one.instance}` },
      ...(rule === undefined ? [] : [rule]),
      ...hopsWithRules(walk, leaving.trail, { destination, traffic }),
    ],
  };
}

/** `10.0.0.7 → 8.8.8.8, tcp 443`; of an answer, whose port is the caller's, `10.0.0.7 → 8.8.8.8, tcp answer`. */
export function describePacket({ source, destination, traffic, answers }: PacketWitness): string {
  const port = answers ? ' answer' : traffic.port === null ? '' : ` ${traffic.port}`;
  return `${formatAddress(source)} → ${formatAddress(destination)}, ${protocolName(traffic.protocol)}${port}`;
}
