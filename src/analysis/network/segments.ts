import type { AddressRange, IpSet, Prefix } from '../../core/index.ts';
import { complement, lastOf, setOfRanges, toPrefixes, unionAll } from '../../core/index.ts';
import type { Route, RouteTable, TransitRoute, TransitTable } from './model.ts';

/** Destinations that one route decides, or several where AWS picks arbitrarily among equals. */
export interface Segment<R> {
  /** One route; several: any of them may win. */
  readonly routes: readonly R[];
  readonly to: IpSet;
}

/** A table taken apart: every destination is in exactly one segment or in `unrouted`. */
export interface Segments<R = Route> {
  readonly segments: readonly Segment<R>[];
  readonly unrouted: IpSet;
}

/** What any route has that decides between routes. */
interface Ranked {
  readonly label: string;
  readonly prefixes: readonly Prefix[];
  readonly rank: number;
}

interface Entry<R> {
  readonly family: AddressRange['family'];
  readonly first: bigint;
  readonly last: bigint;
  readonly routes: readonly R[];
}

/**
 * Which route decides which destinations: the longest prefix, then the smallest rank (VPC user guide, "Route
 * priority"). The local route of every block of the VPC is there even where the table does not list it: AWS
 * allows nobody to remove it.
 */
export function segmentsOf(table: RouteTable, vpcCidrs: IpSet): Segments {
  return partsOf([...table.routes, localRoute(vpcCidrs)]);
}

/** The same for the table of a transit gateway, which has no local route. */
export function transitSegmentsOf(table: TransitTable): Segments<TransitRoute> {
  return partsOf(table.routes);
}

function partsOf<R extends Ranked>(all: readonly R[]): Segments<R> {
  const entries = entriesOf(all);
  const ranges = new Map<string, { readonly routes: readonly R[]; readonly ranges: AddressRange[] }>();
  const numbers = new Map<R, number>();
  const keyOf = (routes: readonly R[]): string =>
    routes
      .map((route) => {
        const known = numbers.get(route) ?? numbers.size;
        numbers.set(route, known);
        return known;
      })
      .join(',');
  for (const { routes, ...range } of mostSpecific(entries)) {
    const key = keyOf(routes);
    const known = ranges.get(key);
    if (known === undefined) ranges.set(key, { routes, ranges: [range] });
    else known.ranges.push(range);
  }
  const segments = [...ranges.values()].map(({ routes, ranges: own }) => ({ routes, to: setOfRanges(own) }));
  return { segments, unrouted: complement(unionAll(segments.map(({ to }) => to))) };
}

const LOCAL_LABEL = 'local';

/** Static, but behind a listed static route to the same block: that is a replaced local target. */
function localRoute(vpcCidrs: IpSet): Route {
  return {
    label: LOCAL_LABEL,
    prefixes: toPrefixes(vpcCidrs),
    rank: 0,
    target: { kind: 'local' },
    blackhole: false,
  };
}

/** One entry a prefix, with the routes of the smallest rank there. */
function entriesOf<R extends Ranked>(routes: readonly R[]): readonly Entry<R>[] {
  const byPrefix = new Map<string, Entry<R> & { readonly length: number }>();
  for (const route of routes) {
    for (const prefix of route.prefixes) {
      const key = `${prefix.family}/${prefix.value}/${prefix.length}`;
      const known = byPrefix.get(key);
      const rank = known?.routes[0]?.rank;
      if (rank !== undefined && rank < route.rank) continue;
      // Not both implicit and listed: the implicit local route only fills a gap.
      const tied = rank === route.rank && route.label !== LOCAL_LABEL;
      if (rank === route.rank && !tied) continue;
      byPrefix.set(key, {
        family: prefix.family,
        first: prefix.value,
        last: lastOf(prefix),
        length: prefix.length,
        routes: tied && known !== undefined ? [...known.routes, route] : [route],
      });
    }
  }
  return [...byPrefix.values()].sort(
    (left, right) =>
      left.family - right.family ||
      (left.first < right.first ? -1 : left.first > right.first ? 1 : left.length - right.length),
  );
}

/** Sweeps over sorted prefixes, which nest or are disjoint, and yields the innermost one of every stretch. */
function* mostSpecific<R>(sorted: readonly Entry<R>[]): Generator<Entry<R>> {
  const open: Entry<R>[] = [];
  let cursor = 0n;
  const close = function* (
    before: bigint | undefined,
    family: Entry<R>['family'] | undefined,
  ): Generator<Entry<R>> {
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      if (before !== undefined && family === top.family && top.last >= before) break;
      if (cursor <= top.last) yield { ...top, first: cursor };
      cursor = top.last + 1n;
      open.pop();
    }
  };
  for (const entry of sorted) {
    yield* close(entry.first, entry.family);
    const around = open.at(-1);
    if (around !== undefined && cursor < entry.first) {
      yield { ...around, first: cursor, last: entry.first - 1n };
    }
    open.push(entry);
    cursor = entry.first;
  }
  yield* close(undefined, undefined);
}
