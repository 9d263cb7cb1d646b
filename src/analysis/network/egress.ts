import type { IpSet } from '../../core/index.ts';
import { firstCommonAddress, isSubset, parsePrefix, setOfPrefixes } from '../../core/index.ts';
import { buildNetwork } from './build-network.ts';
import { answersByDoors, serviceNetworkProblems } from './bypass.ts';
import { doorsOf, plainVpcs } from './doors.ts';
import { byDoors } from './endpoint-exits.ts';
import type { Filters } from './filters.ts';
import { createFilters } from './filters.ts';
import type {
  Interface,
  Network,
  Problem,
  RouteTable,
  RouteTarget,
  TransitRoute,
  TransitTable,
} from './model.ts';
import { realDestinations } from './nat64.ts';
import type { NetworkSource } from './network-source.ts';
import type { Leaving, Outcome, Source } from './outcome.ts';
import { hopsOf } from './outcome.ts';
import type { PacketSet } from './packet-set.ts';
import {
  ALL_PACKETS,
  destinationsOf,
  intersectPackets,
  isEmptyPackets,
  packetsOf,
  restrictTo,
  subtractPackets,
} from './packet-set.ts';
import type { Segment, Segments } from './segments.ts';
import { segmentsOf, transitSegmentsOf } from './segments.ts';
import { createSourceKinds } from './sources.ts';
import { wholeProtocols } from './traffic.ts';
import { leaveSubnet } from './walk.ts';
import type { Walk } from './walk-state.ts';
import { startOf } from './walk-state.ts';

/** Interfaces that nothing can tell apart, and everything that can leave from each of them. */
export interface InterfaceEgress {
  readonly interfaces: readonly Interface[];
  readonly initiated: readonly Leaving[];
  readonly replies: readonly Leaving[];
  /** What packets of these interfaces would meet and nobody can judge. */
  readonly unknowns: readonly Problem[];
  /** What stops the packets that leave by no exit. */
  readonly blocked: readonly Outcome[];
  /** Exits that the routes reach, whatever the security groups say: for these the groups are the cut. */
  readonly reachable: readonly Outcome[];
}

/** A network with everything that can leave it. Policy-free: whether an exit is allowed is a check's business. */
export interface NetworkEgress {
  readonly network: Network;
  readonly walk: Walk;
  readonly classes: readonly InterfaceEgress[];
}

/** From what accounts and regions answered to everything that can leave. */
export function solveNetwork(sources: readonly NetworkSource[]): NetworkEgress {
  return solveBuilt(buildNetwork(sources));
}

/** The same for a network that is already built. */
export function solveBuilt(network: Network): NetworkEgress {
  const walk = createWalk(network, { arrivals: false });
  return { network, walk, classes: solveEgress(walk) };
}

/** Everything that a walk over a network needs, computed once. */
export function createWalk(network: Network, { arrivals }: { readonly arrivals: boolean }): Walk {
  const filters = createFilters(network);
  const tables = new Map<string, Segments>();
  const transitTables = new Map<string, Segments<TransitRoute>>();
  const plain = plainVpcs(network);
  return {
    network,
    filters,
    arrivals,
    called: calledVpcs(network),
    calledBySites: calledBySites(network),
    transitSegments: (id) => {
      const known = transitTables.get(id);
      const table = network.transitTables.get(id);
      if (known !== undefined || table === undefined) return known;
      const all = transitSegmentsOf(table);
      const made = arrivals
        ? all
        : { ...all, segments: all.segments.filter((part) => mayLeave(network, plain, table, part)) };
      transitTables.set(id, made);
      return made;
    },
    sources: createSourceKinds(network, filters.members, { arrivals }),
    byVpc: Map.groupBy(network.interfaces.values(), ({ vpc }) => vpc),
    segments: (id) => {
      const known = tables.get(id);
      const table = network.tables.get(id);
      if (known !== undefined || table === undefined) return known;
      const cidrs = network.vpcs.get(table.vpc)?.cidrs ?? setOfPrefixes([]);
      const made = segmentsOf(table, cidrs);
      tables.set(id, made);
      return made;
    },
  };
}

/**
 * Whether packets of a part of a transit gateway's table can go anywhere but into the VPC that holds their own
 * destination. A hub leads to a thousand VPCs, and what stays in them is nothing to what can leave.
 */
function mayLeave(
  network: Network,
  plain: ReadonlySet<string>,
  { gateway }: TransitTable,
  { routes, to }: Segment<TransitRoute>,
): boolean {
  const attachments = network.transitAttachments.get(gateway)?.byId;
  return !routes.every(
    ({ attachments: ids, blackhole }) =>
      !blackhole &&
      ids.length > 0 &&
      ids.every((id) => {
        const one = attachments?.get(id);
        const vpc = one?.type === 'vpc' ? network.vpcs.get(one.resource) : undefined;
        return vpc !== undefined && plain.has(vpc.id) && isSubset(to, vpc.cidrs);
      }),
  );
}

/** VPCs with an internet gateway: one that is described as attached, or one that only a route of theirs names. */
function calledVpcs({ internetGateways, tables }: Network): ReadonlySet<string> {
  const named = [...tables.values()].filter((table) =>
    targetsOf(table).some(
      (target) => target.kind === 'internet-gateway' && internetGateways.get(target.id) !== table.vpc,
    ),
  );
  return new Set([...internetGateways.values(), ...named.map(({ vpc }) => vpc)]);
}

/** Everything that a table names: what a route in force leads to, and what a blackhole led to. */
function targetsOf({ routes, leadsTo }: RouteTable): readonly RouteTarget[] {
  return [...routes.map(({ target }) => target), ...leadsTo];
}

/** VPCs into which somebody can call who is not in the model and has no need of a public address of theirs. */
function calledBySites(network: Network): ReadonlySet<string> {
  const { vpcs, vpnGateways, transitAttachments, transitTables, tables, peerings } = network;
  const toSites = [...tables.values()].filter(
    (table) => table.propagating.length > 0 || targetsOf(table).some(({ kind }) => kind === 'vpn-gateway'),
  );
  const named = Map.groupBy(transitTables.values(), ({ gateway }) => gateway);
  const hubs = [...transitAttachments].filter(
    ([gateway, { byId }]) =>
      // Whatever is no VPC of the model is a site, by VPN, Direct Connect, another gateway or nobody knows what.
      [...byId.values()].some(({ type, resource }) => type !== 'vpc' || !vpcs.has(resource)) ||
      // What only a route names may be a site as well.
      (named.get(gateway) ?? []).some(({ routes }) =>
        routes.some(({ attachments }) => attachments.some((id) => !byId.has(id))),
      ),
  );
  const strangers = [...peerings.values()].filter(
    ({ active, sides }) => active && sides.some(({ vpc }) => !vpcs.has(vpc)),
  );
  return new Set([
    ...[...vpnGateways.values(), ...toSites].map(({ vpc }) => vpc),
    ...strangers.flatMap(({ sides }) => sides.map(({ vpc }) => vpc)),
    ...hubs.flatMap(([, { byVpc }]) => [...byVpc.keys()]),
  ]);
}

/** What a network interface of a type does on its own; forwarders only pass on what others send. */
const FORWARDERS: ReadonlySet<string> = new Set([
  'nat_gateway',
  'natGateway',
  'transit_gateway',
  'vpc_endpoint',
  'gateway_load_balancer',
  'gateway_load_balancer_endpoint',
]);

/**
 * What sends for itself and to nobody else (EC2 API, NetworkInterfaceType). Behind the others stands a service of AWS
 * that hands on what it gets to callers or places that the network does not show: API Gateway, Global Accelerator…
 */
const SENDERS: ReadonlySet<string> = new Set([
  '',
  'interface',
  'efa',
  'efa-only',
  'trunk',
  'branch',
  'lambda',
  'load_balancer',
  'network_load_balancer',
]);

/**
 * A network load balancer opens connections to its targets only; their addresses must be of these blocks or of
 * the VPC (Elastic Load Balancing, NLB guide, "Target groups": RFC 1918, RFC 6598, the VPC's subnets).
 */
const TARGETS: IpSet = setOfPrefixes(
  ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']
    .map(parsePrefix)
    .filter((prefix) => prefix !== null),
);

function solveEgress(walk: Walk): readonly InterfaceEgress[] {
  const reach = createReach(walk);
  const classes = Map.groupBy(
    [...walk.network.interfaces.values()].filter(({ type }) => !FORWARDERS.has(type)),
    (one) => classKey(one, walk),
  );
  return [...classes.values()].map((interfaces) => {
    const [first] = interfaces;
    if (first === undefined) throw new Error('expected a class with a member');
    return solveClass(walk, reach, interfaces, first);
  });
}

function classKey(one: Interface, walk: Walk): string {
  const sources = walk.sources
    .ofInterface(one)
    .map(({ key }) => key)
    .toSorted();
  const kind = one.type === 'network_load_balancer' ? 'balancer' : '';
  const problem = interfaceProblem(walk, one);
  return JSON.stringify([one.subnet, kind, one.groups.toSorted(), sources, problem?.object ?? '']);
}

/** What makes an interface one that nobody can judge. Who comes in by a door, and gets its answers, is judged as such. */
function interfaceProblem(
  { network: { doors } }: Walk,
  { id, type, addresses }: Interface,
): Problem | undefined {
  const isDoor = doors.some(({ interfaces }) => interfaces.includes(id));
  if (!SENDERS.has(type) && !isDoor) {
    const detail = `a service of AWS stands behind an interface of type ${type}`;
    return { code: 'UNSUPPORTED_CONSTRUCT', object: id, detail };
  }
  return addresses.length === 0 && type !== 'efa-only'
    ? { code: 'UNKNOWN_VALUE', object: id, detail: 'no address of the interface is told' }
    : undefined;
}

type Reach = (subnet: string, source: Source) => readonly Outcome[];

/** What becomes of any packet that a source sends from a subnet: asked once a subnet and kind of source. */
function createReach(walk: Walk): Reach {
  const known = new Map<string, readonly Outcome[]>();
  const doors = doorsOf(walk.network);
  return (subnet, source) => {
    const key = `${subnet} ${source.key}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const outcomes = [...leaveSubnet(walk, subnet, startOf(source, ALL_PACKETS))].flatMap((outcome) =>
      outcome.end.kind === 'arrives' ? [...byDoors(walk, doors, outcome)] : [outcome],
    );
    known.set(key, outcomes);
    return outcomes;
  };
}

function solveClass(
  walk: Walk,
  reach: Reach,
  interfaces: readonly Interface[],
  first: Interface,
): InterfaceEgress {
  const outcomes = walk.sources.ofInterface(first).flatMap((source) => reach(first.subnet, source));
  const sent = mayPass(walk.filters, first, 'egress');
  const toTargets = (packets: PacketSet): PacketSet =>
    first.type === 'network_load_balancer' ? restrictTo(packets, TARGETS) : packets;
  const answered = mayPass(walk.filters, first, 'ingress').map(({ packets, doubts }) => ({
    packets: answersTo(packets, walk, first),
    doubts,
  }));
  const meets = (outcome: Outcome, senders: readonly MayPass[]): boolean =>
    senders.some(({ packets }) => !isEmptyPackets(intersectPackets(packets, outcome.packets)));
  const exits = outcomes.filter(({ end }) => end.kind === 'exit');
  return {
    interfaces,
    initiated: exits.flatMap((outcome) =>
      leavings(
        outcome,
        sent.map(({ packets, doubts }) => ({ packets: toTargets(packets), doubts })),
      ),
    ),
    replies: [
      ...answersByDoors(walk, first, answered),
      ...exits
        .filter((outcome) => canBeCalled(walk, first, outcome))
        .flatMap((outcome) => leavings(outcome, answered)),
    ],
    unknowns: [
      interfaceProblem(walk, first) ?? [],
      serviceNetworkProblems(walk, first, sent),
      ...outcomes.map((outcome) =>
        outcome.end.kind === 'unknown' && meets(outcome, [...sent, ...answered]) ? outcome.end.problem : [],
      ),
    ].flat(),
    blocked: outcomes.filter(({ end }) => end.kind !== 'exit' && end.kind !== 'unknown'),
    reachable: exits,
  };
}

interface MayPass {
  readonly packets: PacketSet;
  readonly doubts: readonly Problem[];
}

/** What an interface's groups let through: the certain part, and each part in doubt that is not certain. */
function mayPass(
  filters: Filters,
  { groups }: Interface,
  direction: 'ingress' | 'egress',
): readonly MayPass[] {
  const { allowed, doubtful } = filters.groups(groups, direction);
  return [
    { packets: allowed, doubts: [] },
    ...doubtful.map(({ problem, packets }) => ({
      packets: subtractPackets(packets, allowed),
      doubts: [problem],
    })),
  ].filter(({ packets }) => !isEmptyPackets(packets));
}

/**
 * Answers to callers: to whomever group and inbound ACL let in, by the same protocol, to any port of theirs.
 * Groups are stateful and let answers pass; the outbound ACL is not, and the walk applies it.
 */
function answersTo(callers: PacketSet, walk: Walk, { subnet }: Interface): PacketSet {
  const acl = walk.network.subnets.get(subnet)?.acl;
  const filter = acl === undefined ? undefined : walk.filters.acl(acl, 'ingress');
  const admitted =
    filter === undefined || filter.doubtful.length > 0 ? callers : intersectPackets(callers, filter.allowed);
  return packetsOf(admitted.map(({ traffic, to }) => ({ traffic: wholeProtocols(traffic), to })));
}

/** Whether somebody on the far side can open a connection to the interface, so that there is something to answer. */
function canBeCalled(
  walk: Walk,
  { vpc, subnet, addresses, delegated, denyIgw }: Interface,
  { end, trail }: Outcome,
): boolean {
  if (end.kind !== 'exit') return false;
  const translated = hopsOf(trail).some(({ kind }) => kind === 'nat-gateway');
  if (end.exit.twoWay && !translated) return true;
  // A NAT gateway takes answers without connections for new packets; an internet gateway lets them out as well.
  if (walk.calledBySites.has(vpc)) return true;
  // Called by an internet gateway of the VPC, it may answer by another way.
  const blocks = walk.network.subnets.get(subnet)?.blocks ?? 'none';
  const open = blocks === 'none' && walk.called.has(vpc) && !denyIgw;
  const named = addresses.some(({ address, publicIp }) => publicIp !== null || address.family === 6);
  return open && (named || delegated.some(({ family }) => family === 6));
}

function leavings(outcome: Outcome, senders: readonly MayPass[]): readonly Leaving[] {
  if (outcome.end.kind !== 'exit') return [];
  const { exit } = outcome.end;
  return senders.flatMap(({ packets, doubts }): readonly Leaving[] => {
    const out = intersectPackets(packets, outcome.packets);
    if (isEmptyPackets(out)) return [];
    const { trail, source } = outcome;
    return [{ exit, packets: out, trail, source, doubts: [...doubts, ...outcome.doubts] }];
  });
}

/** Where the packets of a leaving set really go. */
export function destinationsIn({ packets }: Leaving): IpSet {
  return realDestinations(destinationsOf(packets));
}

/** The groups of a class that by themselves let packets of a leaving set reach (or be answered to) some addresses. */
export function lettingGroups(
  walk: Walk,
  { interfaces }: InterfaceEgress,
  { packets }: Leaving,
  traffic: 'initiated' | 'reply',
  addresses: IpSet,
): readonly string[] {
  const direction = traffic === 'initiated' ? 'egress' : 'ingress';
  return (interfaces[0]?.groups ?? []).filter((group) => {
    const { allowed } = walk.filters.groups([group], direction);
    const own =
      direction === 'egress'
        ? allowed
        : packetsOf(allowed.map((block) => ({ traffic: wholeProtocols(block.traffic), to: block.to })));
    const reached = realDestinations(destinationsOf(intersectPackets(own, packets)));
    return firstCommonAddress(reached, addresses) !== undefined;
  });
}
