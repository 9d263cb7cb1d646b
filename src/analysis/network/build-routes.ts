import type { JsonObject } from '../../core/index.ts';
import { parsePrefix } from '../../core/index.ts';
import { hasList, objectsOf, textOf } from './json-fields.ts';
import type { PrefixList, Problem, Route, RouteRank, RouteTable, RouteTarget } from './model.ts';

/** What a `GatewayId` can name, besides `local`. */
type NamedGateway = 'internet-gateway' | 'vpn-gateway' | 'endpoint';

/** What the destinations and targets of routes refer to. */
export interface RouteReferences {
  readonly lists: ReadonlyMap<string, PrefixList>;
  /** Gateways that are described: which sort each is. An id alone says it too, by its prefix. */
  readonly gateways: ReadonlyMap<string, NamedGateway>;
}

/** EC2 API, RouteTable, with prefix-list destinations expanded. */
export function routeTableOf(object: JsonObject, references: RouteReferences): RouteTable {
  const id = textOf(object, 'RouteTableId');
  const routes: Route[] = [];
  const unreadable: Problem[] = hasList(object, 'Routes')
    ? []
    : [{ code: 'UNKNOWN_VALUE', object: id, detail: 'its routes are not there' }];
  for (const entry of objectsOf(object, 'Routes')) {
    const route = routeOf(id, entry, references);
    if ('prefixes' in route) routes.push(route);
    else unreadable.push(route);
  }
  const propagating = objectsOf(object, 'PropagatingVgws')
    .map((one) => textOf(one, 'GatewayId'))
    .filter((gateway) => gateway !== '');
  const leadsTo = objectsOf(object, 'Routes')
    .filter((entry) => textOf(entry, 'State') !== 'blackhole')
    .map((entry) => targetOf(id, '', entry, references.gateways));
  return { id, vpc: textOf(object, 'VpcId'), routes, unreadable, propagating, leadsTo };
}

function routeOf(table: string, entry: JsonObject, { lists, gateways }: RouteReferences): Route | Problem {
  const list = textOf(entry, 'DestinationPrefixListId');
  const text = textOf(entry, 'DestinationCidrBlock') || textOf(entry, 'DestinationIpv6CidrBlock');
  const rest = {
    rank: rankOf(entry),
    target: targetOf(table, list || text, entry, gateways),
    blackhole: textOf(entry, 'State') === 'blackhole',
  };
  if (DESTINATIONS.filter((member) => textOf(entry, member) !== '').length > 1) {
    return { code: 'UNKNOWN_VALUE', object: table, detail: 'a route with two destinations' };
  }
  if (list !== '') {
    const known = lists.get(list);
    return known === undefined
      ? { code: 'NOT_COLLECTED', object: table, detail: `the entries of prefix list ${list} are not there` }
      : { label: list, prefixes: known.prefixes, ...rest };
  }
  const prefix = parsePrefix(text);
  return prefix === null
    ? { code: 'UNKNOWN_VALUE', object: table, detail: 'a route with a malformed or unknown destination' }
    : { label: text, prefixes: [prefix], ...rest };
}

const DESTINATIONS = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'] as const;

function rankOf(entry: JsonObject): RouteRank {
  const origin = textOf(entry, 'Origin');
  if (origin === 'EnableVgwRoutePropagation' || origin === 'Advertisement') return 2;
  return textOf(entry, 'DestinationPrefixListId') === '' ? 0 : 1;
}

const BY_PREFIX: readonly (readonly [prefix: string, kind: NamedGateway])[] = [
  ['igw-', 'internet-gateway'],
  ['vgw-', 'vpn-gateway'],
  ['vpce-', 'endpoint'],
];

/**
 * The one known target of a route. None, two or one that this version does not know is a problem: SDKs drop
 * members that they do not know, so that a route without a target may lead anywhere.
 */
function targetOf(
  table: string,
  destination: string,
  entry: JsonObject,
  gateways: RouteReferences['gateways'],
): RouteTarget {
  const found: RouteTarget[] = [];
  const take = (member: string, kind: Exclude<RouteTarget['kind'], 'local' | 'unsupported'>): void => {
    const id = textOf(entry, member);
    if (id !== '') found.push({ kind, id });
  };
  const gateway = textOf(entry, 'GatewayId');
  const sort = gateways.get(gateway) ?? BY_PREFIX.find(([prefix]) => gateway.startsWith(prefix))?.[1];
  if (gateway === 'local') found.push({ kind: 'local' });
  else if (gateway === 'VpcLattice') found.push({ kind: 'service-network', id: gateway });
  else if (sort !== undefined) found.push({ kind: sort, id: gateway });
  else if (gateway !== '') return unsupported(table, destination, `a target of unknown kind (${gateway})`);
  take('EgressOnlyInternetGatewayId', 'egress-only-gateway');
  take('NatGatewayId', 'nat-gateway');
  // A route to an instance names the instance and its interface: one target, told twice.
  take('NetworkInterfaceId', 'interface');
  take('VpcPeeringConnectionId', 'peering');
  take('TransitGatewayId', 'transit-gateway');
  take('LocalGatewayId', 'local-gateway');
  take('CarrierGatewayId', 'carrier-gateway');
  take('CoreNetworkArn', 'core-network');
  for (const member of ['OdbNetworkArn', 'IpAddress']) {
    if (textOf(entry, member) !== '') return unsupported(table, destination, `a target by ${member}`);
  }
  const [only] = found;
  if (only !== undefined && found.length === 1) return checkedState(table, destination, entry, only);
  if (only !== undefined) return unsupported(table, destination, 'two targets');
  return textOf(entry, 'InstanceId') === ''
    ? unsupported(table, destination, 'no target that this version knows')
    : unsupported(table, destination, 'an instance without its interface');
}

/** A state that is neither active nor blackhole (or absent, as the CLI's older versions leave it) is not understood. */
function checkedState(
  table: string,
  destination: string,
  entry: JsonObject,
  target: RouteTarget,
): RouteTarget {
  const state = textOf(entry, 'State');
  return state === '' || state === 'active' || state === 'blackhole'
    ? target
    : unsupported(table, destination, 'a state other than active and blackhole');
}

function unsupported(table: string, destination: string, what: string): RouteTarget {
  const problem: Problem = {
    code: 'UNSUPPORTED_CONSTRUCT',
    object: table,
    detail: `the route to ${destination} has ${what}`,
  };
  return { kind: 'unsupported', problem };
}
