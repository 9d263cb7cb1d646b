import { containsAddress, firstCommonAddress, setOfAddress } from '../../core/index.ts';
import type { Delivery } from './deliver.ts';
import { filterFrom } from './filters.ts';
import type { Interface } from './model.ts';
import type { Outcome, Source } from './outcome.ts';
import { destinationsOf, intersectPackets, isEmptyPackets, packetsTo, trafficIn } from './packet-set.ts';
import type { PathAnswer } from './question.ts';
import { wholeProtocols } from './traffic.ts';
import { leaveSubnet } from './walk.ts';
import type { Walk } from './walk-state.ts';
import { startOf } from './walk-state.ts';

/**
 * Whether an answer to a delivered packet comes back: groups are stateful and let it, network ACLs are not, and
 * the tables on the way back may lead elsewhere. The answer goes to some port of the sender, whichever is free.
 */
export function returnPathOf(walk: Walk, delivery: Delivery): PathAnswer['returnPath'] {
  const { at, before } = delivery;
  const balancer = before?.at ?? null;
  if (before === undefined || balancer === null || at === balancer) return wayBack(walk, delivery);
  return worseOf(wayToBalancer(walk, delivery, balancer), returnPathOf(walk, before));
}

/** A target answers to the balancer, whether it sees the balancer's address or the client's; only ACLs look at which. */
function wayToBalancer(walk: Walk, delivery: Delivery, balancer: Interface): Way {
  const [own] = walk.sources
    .exactOf(balancer)
    .filter(({ address }) => address.family === delivery.source.address.family);
  if (own === undefined || delivery.at === null) return 'unknown';
  const way = wayBack(walk, { ...delivery, source: own });
  const acl = walk.network.subnets.get(delivery.at.subnet)?.acl;
  if (way === 'blocked' || delivery.source.vpc === own.vpc || delivery.at.subnet === balancer.subnet)
    return way;
  if (acl === undefined) return 'unknown';
  const toClient = packetsTo(
    setOfAddress(delivery.source.address),
    wholeProtocols(trafficIn(delivery.packets)),
  );
  const outbound = walk.filters.acl(acl, 'egress');
  if (!isEmptyPackets(intersectPackets(toClient, outbound.allowed))) return way;
  return outbound.doubtful.length > 0 ? 'unknown' : 'blocked';
}

type Way = 'open' | 'blocked' | 'unknown';

function worseOf(left: Way, right: PathAnswer['returnPath']): Way {
  if (left === 'blocked' || right === 'blocked') return 'blocked';
  return left === 'unknown' || right !== 'open' ? 'unknown' : 'open';
}

function wayBack(walk: Walk, delivery: Delivery): Way {
  const { at, source, packets } = delivery;
  if (at === null) return 'unknown';
  const answering = firstCommonAddress(at.owned, destinationsOf(packets));
  const own =
    walk.sources.exactOf(at).find(({ address }) => containsAddress(destinationsOf(packets), address)) ??
    // Of a delegated block, any address answers as itself.
    (answering && walk.sources.of({ address: answering, publicIp: null, carrierIp: null }, at));
  const traffic = wholeProtocols(trafficIn(packets));
  const answer = packetsTo(setOfAddress(source.address), traffic);
  if (own === undefined) return 'unknown';
  const outcomes = [...leaveSubnet(walk, at.subnet, startOf(own, answer))];
  const sender = [...walk.network.interfaces.values()].find(
    ({ owned, vpc }) => vpc === source.vpc && containsAddress(owned, source.address),
  );
  const ways = outcomes.map((outcome) => wayOf(walk, outcome, own, sender));
  return ways.includes('open') ? 'open' : ways.includes('unknown') ? 'unknown' : 'blocked';
}

/** How one part of the answers fares: out by a gateway to a far sender, or past the inbound ACL of a near one. */
function wayOf(
  walk: Walk,
  { end, doubts, packets }: Outcome,
  own: Source,
  sender: Interface | undefined,
): Way {
  const certain = doubts.length > 0 ? 'unknown' : 'open';
  if (end.kind === 'unknown') return 'unknown';
  if (sender === undefined) return end.kind === 'exit' ? certain : 'blocked';
  if (end.kind !== 'arrives' || end.vpc !== sender.vpc) return 'blocked';
  if (end.from === sender.subnet) return certain;
  const acl = walk.network.subnets.get(sender.subnet)?.acl;
  if (acl === undefined) return 'unknown';
  const inbound = filterFrom(walk.filters.acl(acl, 'ingress'), own.address);
  if (!isEmptyPackets(intersectPackets(packets, inbound.allowed))) return certain;
  return inbound.doubtful.length > 0 ? 'unknown' : 'blocked';
}
