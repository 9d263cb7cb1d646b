import type { Address } from '../address.ts';
import { address, block, textOf } from '../address.ts';
import type { NetworkInterface, VpnGateway } from '../documents.ts';
import type { Packet } from '../packet.ts';
import { ICMP, ICMPV6, TCP, UDP } from '../packet.ts';
import type { Origin } from '../walk.ts';
import type { World } from '../world.ts';
import { addressesOf, delegatedTo, nameableOf } from '../world.ts';
import { NAT64 } from './draft.ts';
import { PORTS } from './filters.ts';
import type { Random } from './random.ts';
import { randomOf } from './random.ts';

/** One question to both readers of a network. */
export interface Probe {
  readonly origin: Origin;
  readonly packet: Packet;
}

/** Protocols that filters name, and one that none does. */
const PROTOCOLS = [TCP, TCP, TCP, TCP, UDP, UDP, ICMP, ICMP, 47, 50] as const;

/**
 * Packets that stand where the answers change: at the edges of blocks that routes and rules name, at ports on
 * both sides of rules, to every kind of address that the network knows, and to some that it does not.
 */
export function probesOf(world: World, seed: number, count: number): readonly Probe[] {
  const random = randomOf(seed);
  const senders = [...world.interfaces.values()].filter(
    ({ InterfaceType }) => InterfaceType !== 'nat_gateway',
  );
  const spots = spotsOf(world);
  return Array.from({ length: count }, (): readonly Probe[] => {
    const sender = random.any(senders);
    if (sender === undefined) return [];
    if (random.chance(0.2)) return inbound(world, random);
    if (random.chance(0.06)) return fromOnPremises(world, random);
    const destination = spotNear(random, spots);
    const source = sourceFor(random, world, sender, destination);
    if (source === undefined) return [];
    const origin: Origin = { kind: 'interface', id: sender.NetworkInterfaceId };
    return [{ origin, packet: packetOf(random, source, destination) }];
  }).flat();
}

/** Blocks in which destinations may matter. */
function spotsOf(world: World): readonly string[] {
  const routes = [...world.routeTables.values()].flatMap(({ Routes }) => Routes);
  const rules = [...world.networkAcls.values()].flatMap(({ Entries }) => Entries);
  const transit = [...world.transitRoutes.values()].flatMap((some) => some ?? []);
  const hosts = [...world.interfaces.values()].flatMap((one) => [
    ...addressesOf(one).map(hostBlock),
    ...delegatedTo(one),
    ...(one.Association?.PublicIp === undefined ? [] : [`${one.Association.PublicIp}/32`]),
  ]);
  const all = [
    ...routes.flatMap((route) => [route.DestinationCidrBlock, route.DestinationIpv6CidrBlock]),
    ...rules.flatMap((rule) => [rule.CidrBlock, rule.Ipv6CidrBlock]),
    ...transit.map(({ DestinationCidrBlock }) => DestinationCidrBlock),
    ...[...world.prefixLists.values()].flat(),
    // Few networks translate IPv6: where one does, it is asked about it.
    ...(routes.some((route) => route.DestinationIpv6CidrBlock === NAT64) ? Array<string>(8).fill(NAT64) : []),
    // Hosts more than once: most packets of a network are between its machines.
    ...hosts,
    ...hosts,
    ...hosts,
    '203.0.113.77/32',
    '8.8.8.8/32',
    '2001:4860::8888/128',
    '1.2.3.0/24',
  ];
  return all.filter((one) => one !== undefined);
}

function hostBlock(own: Address): string {
  return `${textOf(own)}/${own.family === 4 ? 32 : 128}`;
}

function spotNear(random: Random, spots: readonly string[]): Address {
  const { family, value, length } = block(random.any(spots) ?? '203.0.113.77/32');
  const free = BigInt((family === 4 ? 32 : 128) - length);
  const size = 1n << free;
  // At either edge, inside, or within a /0 anywhere that packets really go.
  if (length === 0) return family === 4 ? outsideV4(random) : outsideV6(random);
  const inside = BigInt(random.below(2 ** Math.min(Number(free), 30)));
  const offset = random.pick([0n, size - 1n, inside, inside]);
  const found: Address = { family, value: value + offset };
  const translated = block(NAT64);
  return family === 6 && value === translated.value
    ? { family: 6, value: translated.value + outsideV4(random).value }
    : found;
}

/** Somewhere in the world: no address that is private, AWS's own or reserved. */
function outsideV4(random: Random): Address {
  const first = random.pick([1, 8, 45, 52, 101, 114, 185, 203]);
  return address(`${first}.${random.below(256)}.${random.below(256)}.${1 + random.below(250)}`);
}

function outsideV6(random: Random): Address {
  const first = random.pick(['2001:4860', '2400:cb00', '2606:4700', '2a00:1450']);
  return address(`${first}:${random.below(65_536).toString(16)}::${random.below(65_536).toString(16)}`);
}

function sourceFor(
  random: Random,
  world: World,
  sender: NetworkInterface,
  destination: Address,
): Address | undefined {
  const like = (all: readonly Address[]): Address | undefined =>
    random.any(all.filter(({ family }) => family === destination.family));
  // Now and then an address that is not its own.
  if (random.chance(0.03)) return destination.family === 4 ? outsideV4(random) : outsideV6(random);
  if (sender.SourceDestCheck === false && random.chance(0.2)) {
    return like([...world.interfaces.values()].flatMap((one) => nameableOf(one)));
  }
  return like([
    ...addressesOf(sender),
    ...delegatedTo(sender).map((text) => {
      const { family, value, length } = block(text);
      return {
        family,
        value: value + BigInt(random.below(2 ** Math.min(30, (family === 4 ? 32 : 128) - length))),
      };
    }),
  ]);
}

function packetOf(random: Random, source: Address, destination: Address): Packet {
  const drawn = random.pick(PROTOCOLS);
  const protocol = drawn === ICMP && destination.family === 6 ? ICMPV6 : drawn;
  return {
    source,
    destination,
    protocol,
    sourcePort: 1024 + random.below(60_000),
    destinationPort: Math.min(65_535, Math.max(0, random.pick(PORTS) + random.pick([-1, 0, 0, 1]))),
    icmp: { type: random.pick([0, 8, 8, 128]), code: random.pick([0, 1]) },
    answers: false,
  };
}

/** From the internet to a public address that the network has, or to one that it has not. */
function inbound(world: World, random: Random): readonly Probe[] {
  const named = [...world.publicHolders.keys()].map((key): Address => {
    const [family, value] = key.split('/');
    return { family: family === '4' ? 4 : 6, value: BigInt(value ?? 0) };
  });
  const delegated = world.delegates.flatMap((one) => nameableOf(one).filter(({ family }) => family === 6));
  const known = [...named, ...delegated];
  const destination = random.chance(0.9) ? random.any(known) : address('52.81.0.9');
  if (destination === undefined) return [];
  const source = destination.family === 4 ? outsideV4(random) : outsideV6(random);
  return [{ origin: { kind: 'internet' }, packet: packetOf(random, source, destination) }];
}

/** From behind a VPN gateway to any address of an interface in its VPC, or near it. */
function fromOnPremises(world: World, random: Random): readonly Probe[] {
  const gateway = random.any([...world.vpnGateways.values()].filter((one) => attachedVpc(one) !== undefined));
  if (gateway === undefined) return [];
  const own = [...world.interfaces.values()].filter(({ VpcId }) => VpcId === attachedVpc(gateway));
  const target = random.any(own.flatMap((one) => nameableOf(one).filter(({ family }) => family === 4)));
  if (target === undefined) return [];
  const destination = random.chance(0.8) ? target : { ...target, value: target.value + 60n };
  const source = random.chance(0.7) ? address(`172.20.${random.below(256)}.9`) : outsideV4(random);
  const origin: Origin = { kind: 'vpn-gateway', id: gateway.VpnGatewayId };
  return [{ origin, packet: packetOf(random, source, destination) }];
}

function attachedVpc({ VpcAttachments }: VpnGateway): string | undefined {
  return VpcAttachments?.find(({ State }) => State === 'attached')?.VpcId;
}

/** The answer to a packet that arrived: from where it arrived back to where it came from. */
export function answerTo(arrived: Packet): Packet {
  return {
    ...arrived,
    source: arrived.destination,
    destination: arrived.source,
    sourcePort: arrived.destinationPort,
    destinationPort: arrived.sourcePort,
    icmp: { type: arrived.protocol === ICMPV6 ? 129 : 0, code: 0 },
    answers: true,
  };
}
