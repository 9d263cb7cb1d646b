import { expect, it } from 'vitest';
import { block, holds } from '../../oracle/address.ts';
import { CONSTRUCTS } from '../../oracle/constructs.ts';
import { NAT64 } from '../../oracle/generate/draft.ts';
import { networkOf } from '../../oracle/generate/network.ts';
import type { Probe } from '../../oracle/generate/packets.ts';
import { answerTo, probesOf } from '../../oracle/generate/packets.ts';
import type { Disposition } from '../../oracle/packet.ts';
import { simulate } from '../../oracle/walk.ts';
import type { World } from '../../oracle/world.ts';
import { worldOf } from '../../oracle/world.ts';

const NETWORKS = 1000;
const PROBES = 100;
const LEAST_SHARE = 0.05;

const DISPOSITIONS: readonly Disposition[] = [
  'delivered',
  'leaves-vpc',
  'denied',
  'no-route',
  'blackhole',
  'unknown',
];

/** What must be seen of packets, besides the constructs of the networks. */
const JOURNEYS: readonly string[] = [
  ...DISPOSITIONS,
  ...['delivered', 'denied', 'no-route', 'unknown'].map((one) => `inbound ${one}`),
  ...['leaves-vpc', 'denied', 'no-route', 'blackhole', 'unknown'].map((one) => `answer ${one}`),
  ...['delivered', 'leaves-vpc', 'denied', 'no-route', 'blackhole', 'unknown'].map((one) => `IPv6 ${one}`),
  ...[
    'internet-gateway',
    'egress-only-internet-gateway',
    'nat-gateway',
    'vpn-gateway',
    'gateway-endpoint',
  ].map((kind) => `leaves through ${kind}`),
  ...['peering', 'transit-gateway', 'NAT64'].map((kind) => `leaves through ${kind}`),
  ...['peering', 'transit-gateway', 'nat-gateway', 'internet-gateway'].map(
    (kind) => `delivered through ${kind}`,
  ),
];

/** How many networks show each construct and each journey. */
const tally = (networks: number): ReadonlyMap<string, number> => {
  const counts = new Map([...Object.keys(CONSTRUCTS), ...JOURNEYS].map((name) => [name, 0]));
  for (let seed = 1; seed <= networks; seed += 1) {
    for (const name of shown(seed)) {
      const count = counts.get(name);
      if (count !== undefined) counts.set(name, count + 1);
    }
  }
  return counts;
};

const shown = (seed: number): ReadonlySet<string> => {
  const documents = networkOf(seed);
  const world = worldOf(documents);
  const present = Object.entries(CONSTRUCTS).filter(([, has]) => has(world, documents));
  const journeys = probesOf(world, seed, PROBES).flatMap((probe) => journeysOf(world, probe));
  return new Set([...present.map(([name]) => name), ...journeys]);
};

const journeysOf = (world: World, { origin, packet }: Probe): readonly string[] => {
  const { disposition, exit, last, hops } = simulate(world, origin, packet);
  const through = hops.flatMap(({ kind }) => {
    if (disposition === 'leaves-vpc') return [`leaves through ${kind}`];
    return disposition === 'delivered' && origin.kind === 'interface' ? [`delivered through ${kind}`] : [];
  });
  const nat64 = disposition === 'leaves-vpc' && holds(block(NAT64), packet.destination);
  const family = packet.destination.family === 6 ? [`IPv6 ${disposition}`] : [];
  if (origin.kind !== 'internet')
    return [disposition, ...through, ...family, ...(nat64 ? ['leaves through NAT64'] : [])];
  if (disposition !== 'delivered' || exit === undefined || last === undefined)
    return [`inbound ${disposition}`];
  const answer = simulate(world, { kind: 'interface', id: exit.id }, answerTo(last));
  return [`inbound ${disposition}`, `answer ${answer.disposition}`];
};

it('draws every construct and every ending in at least one network of twenty', () => {
  const counts = tally(NETWORKS);
  const rows = [...counts].map(
    ([name, count]) => `${((100 * count) / NETWORKS).toFixed(1).padStart(6)} %  ${name}`,
  );
  console.log(`networks that show it, of ${NETWORKS}:\n${rows.join('\n')}`);
  const rare = [...counts].filter(([, count]) => count < LEAST_SHARE * NETWORKS).map(([name]) => name);
  expect(rare).toEqual([]);
});

it('draws the same network from the same seed', () => {
  expect(networkOf(7)).toEqual(networkOf(7));
  expect(networkOf(7)).not.toEqual(networkOf(8));
});
