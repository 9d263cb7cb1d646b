import type { Address } from './address.ts';
import { block, holds, inside } from './address.ts';
import type { Route, RouteTable, TransitGatewayRoute, Vpc } from './documents.ts';
import type { World } from './world.ts';
import { blocksOfVpc } from './world.ts';

/** The routes that AWS may use for a destination: more than one only where it picks arbitrarily. */
export interface Choice<R> {
  readonly routes: readonly R[];
  /** Another route, to blocks that nobody listed, may take the packet instead. */
  readonly doubt: boolean;
}

interface Match<R> {
  readonly route: R;
  readonly length: number;
  /** Lower wins among equally long prefixes. */
  readonly rank: number;
}

/**
 * The longest prefix, IPv4 and IPv6 apart; of equal ones the static route, then the one by prefix list, then
 * the propagated one (VPC User Guide, "Route priority").
 */
export function chooseRoute(world: World, table: RouteTable, vpc: Vpc, to: Address): Choice<Route> {
  const matches = table.Routes.flatMap((route): readonly Match<Route>[] => {
    const rank =
      route.DestinationPrefixListId !== undefined ? 1 : route.Origin === 'EnableVgwRoutePropagation' ? 2 : 0;
    return lengths(destinationsOf(world, route), to).map((length) => ({ route, length, rank }));
  });
  // A route may not be more specific than `local` but for whole subnets, so that an unlisted prefix list
  // cannot take what stays inside the VPC.
  const doubt =
    !inside(blocksOfVpc(vpc), to) &&
    table.Routes.some(
      ({ DestinationPrefixListId: list }) => list !== undefined && !world.prefixLists.has(list),
    );
  return { routes: best(matches), doubt };
}

function destinationsOf(world: World, route: Route): readonly string[] {
  if (route.DestinationPrefixListId !== undefined) {
    return world.prefixLists.get(route.DestinationPrefixListId) ?? [];
  }
  return [route.DestinationCidrBlock, route.DestinationIpv6CidrBlock].filter((cidr) => cidr !== undefined);
}

/** The same for a transit gateway (Transit Gateways Guide, "Route evaluation order"). */
export function chooseTransitRoute(
  world: World,
  routes: readonly TransitGatewayRoute[],
  to: Address,
): Choice<TransitGatewayRoute> {
  const matches = routes.flatMap((route): readonly Match<TransitGatewayRoute>[] => {
    const listed = route.PrefixListId === undefined ? undefined : world.prefixLists.get(route.PrefixListId);
    const cidrs = listed ?? (route.DestinationCidrBlock === undefined ? [] : [route.DestinationCidrBlock]);
    const rank = route.PrefixListId !== undefined ? 1 : route.Type === 'static' ? 0 : 2;
    return lengths(cidrs, to).map((length) => ({ route, length, rank }));
  });
  const doubt = routes.some(
    ({ PrefixListId: list, DestinationCidrBlock }) =>
      list !== undefined && DestinationCidrBlock === undefined && !world.prefixLists.has(list),
  );
  return { routes: best(matches), doubt };
}

function lengths(cidrs: readonly string[], to: Address): readonly number[] {
  return cidrs
    .map(block)
    .filter((one) => holds(one, to))
    .map(({ length }) => length);
}

function best<R>(matches: readonly Match<R>[]): readonly R[] {
  const longest = Math.max(...matches.map(({ length }) => length));
  const long = matches.filter(({ length }) => length === longest);
  const first = Math.min(...long.map(({ rank }) => rank));
  return long.filter(({ rank }) => rank === first).map(({ route }) => route);
}
