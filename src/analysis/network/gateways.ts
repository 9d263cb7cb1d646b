import type { IpSet } from '../../core/index.ts';
import { allAddresses, containsAddress, parsePrefix, setOfPrefixes, union } from '../../core/index.ts';
import type { Endpoint, PublicAccessBlock } from './model.ts';
import type { Outcome, Source } from './outcome.ts';
import type { PacketSet } from './packet-set.ts';
import { restrictTo, subtractPackets } from './packet-set.ts';
import type { State, Walk } from './walk-state.ts';
import { ended, hop, leaves, unknown, unlessEmpty, withPackets } from './walk-state.ts';

/** From which VPC and subnet a packet comes to a gateway. */
export interface GatewayEntry {
  readonly id: string;
  readonly vpc: string;
  readonly from: string | null;
}

/** RFC 4291 §2.4: what an internet gateway forwards of IPv6. */
const GLOBAL_UNICAST: IpSet = setOfPrefixes([parsePrefix('2000::/3')].filter((prefix) => prefix !== null));

/**
 * VPC user guide, "Internet gateways": IPv4 leaves only from an address that has a public one, which takes its
 * place; IPv6 leaves as it is, if it is global unicast.
 */
export function* byInternetGateway(
  walk: Walk,
  { id, vpc, from }: GatewayEntry,
  state: State,
): Generator<Outcome> {
  const source = atGateway(walk, vpc, state.source);
  const blocks = blocksAt(walk, vpc, from);
  const deny = (rule: string): Outcome =>
    ended(hop(state, { kind: 'internet-gateway', id, by: '' }), {
      kind: 'denied',
      by: { kind: 'internet-gateway', id, rule },
    });
  if (blocks === 'bidirectional') yield deny('VPC Block Public Access blocks both directions');
  else if (source.denyIgw) yield deny('the interface denies all internet gateway traffic');
  else if (source.vpc !== vpc) yield deny('the source is not an address of the VPC');
  else if (source.address.family === 4 && source.publicIp === '')
    yield deny('the source has no public address');
  else if (source.address.family === 6 && !containsAddress(GLOBAL_UNICAST, source.address)) {
    yield deny('the source is no global IPv6 address');
  } else {
    const by = source.publicIp === '' ? 'IPv6 leaves as it is' : `source becomes ${source.publicIp}`;
    const twoWay = blocks !== 'ingress';
    yield leaves(state, { kind: 'internet-gateway', id, far: { kind: 'internet' }, twoWay }, by);
  }
}

/** Who is free to choose a source, chooses one that the gateway of this VPC lets out. */
function atGateway(walk: Walk, vpc: string, source: Source): Source {
  if (source.forged === undefined) return source;
  return walk.sources.forgedIn(vpc).find(({ address }) => address.family === source.address.family) ?? source;
}

/** VPC user guide, "Egress-only internet gateways": IPv6, from inside only. */
export function* byEgressOnlyGateway(
  walk: Walk,
  { id, vpc, from }: GatewayEntry,
  state: State,
): Generator<Outcome> {
  if (blocksAt(walk, vpc, from) === 'bidirectional') {
    const by = { kind: 'egress-only-gateway', id, rule: 'VPC Block Public Access blocks both directions' };
    yield ended(hop(state, { kind: 'egress-only-gateway', id, by: '' }), { kind: 'denied', by });
    return;
  }
  const source = atGateway(walk, vpc, state.source);
  if (source.denyIgw || !containsAddress(GLOBAL_UNICAST, source.address)) {
    const by = {
      kind: 'egress-only-gateway',
      id,
      rule: 'the source is no global IPv6 address that may leave',
    };
    yield ended(hop(state, { kind: 'egress-only-gateway', id, by: '' }), { kind: 'denied', by });
    return;
  }
  yield leaves(
    state,
    { kind: 'egress-only-gateway', id, far: { kind: 'internet' }, twoWay: false },
    'IPv6, opened from inside',
  );
}

/** Wavelength zones: the carrier's address takes the place of the private one; the carrier's network is beyond. */
export function* byCarrierGateway(id: string, vpc: string, state: State): Generator<Outcome> {
  const { source } = state;
  const foreign = source.vpc !== vpc && source.forged === undefined;
  if (foreign || source.carrierIp === '') {
    const by = { kind: 'carrier-gateway', id, rule: 'the source has no carrier address' };
    yield ended(hop(state, { kind: 'carrier-gateway', id, by: '' }), { kind: 'denied', by });
    return;
  }
  yield leaves(
    state,
    { kind: 'carrier-gateway', id, far: { kind: 'internet' }, twoWay: true },
    `source becomes ${state.source.carrierIp}`,
  );
}

/** VPC peering guide, "Basics": from addresses of one VPC to addresses of the other, and not beyond either. */
export function* byPeering(walk: Walk, id: string, vpc: string, state: State): Generator<Outcome> {
  const peering = walk.network.peerings.get(id);
  const atPeering = hop(state, { kind: 'peering', id, by: '' });
  if (peering === undefined) {
    yield ended(atPeering, unknown('NOT_COLLECTED', id, 'the peering connection is not described'));
    return;
  }
  const deny = (packets: PacketSet, rule: string): Outcome =>
    ended(withPackets(atPeering, packets), { kind: 'denied', by: { kind: 'peering', id, rule } });
  if (!peering.active) {
    yield ended(atPeering, {
      kind: 'blackhole',
      by: { kind: 'peering', id, rule: 'the connection is not active' },
    });
    return;
  }
  if (state.source.vpc !== vpc && state.source.forged === undefined) {
    yield deny(state.packets, 'the source is not an address of the VPC');
    return;
  }
  const far = peering.sides.find((side) => side.vpc !== vpc);
  const known = far === undefined ? undefined : walk.network.vpcs.get(far.vpc);
  if (far === undefined) {
    yield ended(atPeering, unknown('UNKNOWN_VALUE', id, 'its other side is not named'));
    return;
  }
  if (known === undefined) {
    const side = { kind: 'region', region: far.region, account: far.account } as const;
    // Of a peer that is not described its blocks are told here; where none of a family are, all of it may pass.
    const v4 = far.cidrs.v4.length === 0 ? allAddresses(4) : { v4: far.cidrs.v4, v6: [] };
    const v6 = far.cidrs.v6.length === 0 ? allAddresses(6) : { v4: [], v6: far.cidrs.v6 };
    const blocks = union(v4, v6);
    const within = restrictTo(state.packets, blocks);
    yield* unlessEmpty(
      deny(subtractPackets(state.packets, within), 'it carries nothing beyond the other VPC'),
    );
    const exit = { kind: 'peering', id, far: side, twoWay: true } as const;
    yield* unlessEmpty(leaves(withPackets(state, within), exit, `to ${far.vpc}`));
    return;
  }
  const inside = restrictTo(state.packets, known.cidrs);
  yield* unlessEmpty(deny(subtractPackets(state.packets, inside), 'it carries nothing beyond the other VPC'));
  const arrived = hop(withPackets(atPeering, inside), { kind: 'vpc', id: known.id, by: '' });
  yield* unlessEmpty(ended(arrived, { kind: 'arrives', vpc: known.id, from: null }));
}

/** A gateway endpoint hands packets to a service of its own region; anything else behind `vpce-` is not modelled here. */
export function* byEndpoint(id: string, endpoint: Endpoint | undefined, state: State): Generator<Outcome> {
  if (endpoint === undefined || endpoint.type !== 'Gateway') {
    const problem =
      endpoint === undefined
        ? unknown('NOT_COLLECTED', id, 'the endpoint is not described')
        : unknown('UNSUPPORTED_CONSTRUCT', id, `a route leads to an endpoint of type ${endpoint.type}`);
    yield ended(hop(state, { kind: 'endpoint', id, by: '' }), problem);
    return;
  }
  const far = { kind: 'region', region: endpoint.serviceRegion, account: '' } as const;
  yield leaves(state, { kind: 'endpoint', id, far, twoWay: false }, `to ${endpoint.service}`);
}

/** VPC Lattice guide, "VPC associations": a route of its own leads to what the service networks of the VPC lead to. */
export function* byServiceNetwork(walk: Walk, vpc: string, state: State): Generator<Outcome> {
  const { serviceNetworks, vpcs } = walk.network;
  const networks = [...(serviceNetworks.byVpc.get(vpc) ?? [])];
  const [id] = networks;
  if (id === undefined) {
    const end = unknown('NOT_COLLECTED', vpc, 'a route leads to a service network that is not described');
    yield ended(state, end);
    return;
  }
  const problem = networks.map((one) => serviceNetworks.problems.get(one)).find((one) => one !== null);
  if (problem !== undefined) {
    yield ended(hop(state, { kind: 'service-network', id: problem.object, by: '' }), {
      kind: 'unknown',
      problem,
    });
    return;
  }
  const far = { kind: 'region', region: vpcs.get(vpc)?.region ?? '', account: '' } as const;
  yield leaves(
    state,
    { kind: 'service-network', id, far, twoWay: false },
    'to its services, all of this network',
  );
}

/** Of what comes from no subnet, such as a regional NAT gateway, the VPC's own mode. */
function blocksAt(walk: Walk, vpc: string, from: string | null): PublicAccessBlock {
  return walk.network.subnets.get(from ?? '')?.blocks ?? walk.network.vpcs.get(vpc)?.blocks ?? 'none';
}
