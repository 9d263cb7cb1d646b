import type { Address, IpSet } from '../../core/index.ts';
import {
  containsAddress,
  firstCommonAddress,
  formatAddress,
  isEmptySet,
  setOfAddress,
  setOfPrefixes,
} from '../../core/index.ts';
import type { Delivery } from './deliver.ts';
import { deliver, deliverTo } from './deliver.ts';
import type { Interface } from './model.ts';
import type { Outcome } from './outcome.ts';
import { packetsTo, restrictTo, subtractPackets, trafficIn } from './packet-set.ts';
import { lookUp } from './walk.ts';
import type { State, Walk } from './walk-state.ts';
import { ended, hop, unlessEmpty, withPackets } from './walk-state.ts';

/** An address of the Internet that an interface answers to. */
export interface PublicName {
  readonly one: Interface;
  readonly outside: Address;
  /** The address inside: of IPv4 another one, of IPv6 the same. */
  readonly inside: Address;
}

/** The addresses by which interfaces of the model can be called from the Internet. */
export interface PublicNames {
  /** Those among some addresses; of a delegated block the first one, which stands for all of them. */
  readonly among: (addresses: IpSet) => readonly PublicName[];
}

export function publicNamesOf(walk: Walk): PublicNames {
  const exact = exactNames(walk);
  const delegates = [...walk.network.interfaces.values()]
    .map((one) => ({ one, block: setOfPrefixes(one.delegated.filter(({ family }) => family === 6)) }))
    .filter(({ block }) => !isEmptySet(block));
  return {
    among: (addresses) => [
      ...[...exact.values()].filter(({ outside }) => containsAddress(addresses, outside)),
      ...delegates.flatMap(({ one, block }) => {
        const first = firstCommonAddress(block, addresses);
        return first === undefined ? [] : [{ one, outside: first, inside: first }];
      }),
    ],
  };
}

function exactNames(walk: Walk): ReadonlyMap<string, PublicName> {
  const names = new Map<string, PublicName>();
  for (const one of walk.network.interfaces.values()) {
    for (const { address, publicIp } of one.addresses) {
      if (publicIp !== null) names.set(formatAddress(publicIp), { one, outside: publicIp, inside: address });
      else if (address.family === 6)
        names.set(formatAddress(address), { one, outside: address, inside: address });
    }
  }
  for (const { vpc, addresses } of walk.network.natGateways.values()) {
    for (const { address, publicIp } of addresses) {
      const one = [...walk.network.interfaces.values()].find(
        (candidate) => candidate.vpc === vpc && containsAddress(candidate.owned, address),
      );
      if (publicIp !== null && one !== undefined) {
        names.set(formatAddress(publicIp), { one, outside: publicIp, inside: address });
      }
    }
  }
  return names;
}

/**
 * A packet from the Internet to one public address: the internet gateway of the address's VPC puts the private
 * one in its place, and a table of the gateway may send it through something else first.
 */
export function* enterFromInternet(
  walk: Walk,
  { one, inside }: PublicName,
  state: State,
): Generator<Delivery> {
  const gateway = internetGatewayOf(walk, one.vpc);
  const outside = hop(state, { kind: 'internet', id: 'internet', by: '' });
  if (gateway === undefined) {
    const by = { kind: 'vpc', id: one.vpc, rule: 'no internet gateway is attached' };
    yield { ...ended(outside, { kind: 'no-route', by }), at: null };
    return;
  }
  const by = inside.family === 4 ? `destination becomes ${formatAddress(inside)}` : '';
  const translated: State = {
    ...hop(outside, { kind: 'internet-gateway', id: gateway, by }),
    packets: packetsTo(setOfAddress(inside), trafficIn(state.packets)),
  };
  const blocks = walk.network.subnets.get(one.subnet)?.blocks ?? 'none';
  if (blocks !== 'none') {
    const rule = 'VPC Block Public Access blocks what comes in';
    const stopped = { kind: 'internet-gateway', id: gateway, rule };
    yield { ...ended(translated, { kind: 'denied', by: stopped }), at: one };
    return;
  }
  if (one.denyIgw) {
    const rule = 'the interface denies all internet gateway traffic';
    yield { ...ended(translated, { kind: 'denied', by: { kind: 'interface', id: one.id, rule } }), at: one };
    return;
  }
  const entered = hop(translated, { kind: 'vpc', id: one.vpc, by: '' });
  const table = walk.network.edgeTables.get(gateway);
  if (table === undefined) {
    yield* deliverTo(walk, one, null, entered);
    return;
  }
  for (const outcome of lookUp(walk, table, one.vpc, null, entered)) {
    yield* delivered(walk, outcome);
  }
}

/** The internet gateway of a VPC: one that is described as attached, or one that only a route still names. */
function internetGatewayOf({ network }: Walk, vpc: string): string | undefined {
  const attached = [...network.internetGateways].find(([, holder]) => holder === vpc)?.[0];
  if (attached !== undefined) return attached;
  const named = [...network.tables.values()]
    .filter((table) => table.vpc === vpc)
    .flatMap(({ leadsTo }) => leadsTo)
    .find((target) => target.kind === 'internet-gateway' && !network.internetGateways.has(target.id));
  return named?.kind === 'internet-gateway' ? named.id : undefined;
}

/** Packets that come in by a virtual private gateway: to addresses of its VPC and to nothing else. */
export function* enterFromGateway(
  walk: Walk,
  gateway: { readonly id: string; readonly vpc: string; readonly cidrs: IpSet },
  state: State,
): Generator<Delivery> {
  const at = hop(state, { kind: 'vpn-gateway', id: gateway.id, by: '' });
  const table = walk.network.edgeTables.get(gateway.id);
  const outcomes: Iterable<Outcome> =
    table === undefined
      ? localOnly(gateway, at)
      : lookUp(walk, table, gateway.vpc, null, hop(at, { kind: 'vpc', id: gateway.vpc, by: '' }));
  for (const outcome of outcomes) yield* delivered(walk, outcome);
}

function* localOnly(
  { id, vpc, cidrs }: { readonly id: string; readonly vpc: string; readonly cidrs: IpSet },
  state: State,
): Generator<Outcome> {
  const inside = withPackets(state, restrictTo(state.packets, cidrs));
  const beyond = withPackets(state, subtractPackets(state.packets, inside.packets));
  const by = { kind: 'vpn-gateway', id, rule: 'the VPC does not hold the destination' };
  yield* unlessEmpty(ended(beyond, { kind: 'no-route', by }));
  yield* unlessEmpty(
    ended(hop(inside, { kind: 'vpc', id: vpc, by: 'local' }), { kind: 'arrives', vpc, from: null }),
  );
}

function* delivered(walk: Walk, outcome: Outcome): Generator<Delivery> {
  if (outcome.end.kind === 'arrives') yield* deliver(walk, outcome);
  else yield { ...outcome, at: null };
}
