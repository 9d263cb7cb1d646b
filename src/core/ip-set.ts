import type { Address, Prefix } from './ip-address.ts';
import { BITS, lastOf } from './ip-address.ts';

/** A closed interval of addresses of one family. */
export interface AddressRange {
  readonly family: Address['family'];
  readonly first: bigint;
  readonly last: bigint;
}

type Spans = readonly (readonly [first: bigint, last: bigint])[];

/**
 * An exact set of addresses of both families: sorted, disjoint, non-adjacent closed intervals. Immutable.
 * Every operation is linear in the number of intervals. A trie was the alternative; intervals are simpler,
 * make complement and difference trivial, and 8,000 prefixes cost nothing.
 */
export interface IpSet {
  readonly v4: Spans;
  readonly v6: Spans;
}

export const EMPTY_SET: IpSet = { v4: [], v6: [] };

/** Every address of both families, or of one. */
export function allAddresses(family?: Address['family']): IpSet {
  return {
    v4: family === 6 ? [] : [[0n, (1n << 32n) - 1n]],
    v6: family === 4 ? [] : [[0n, (1n << 128n) - 1n]],
  };
}

export function setOfRanges(ranges: readonly AddressRange[]): IpSet {
  const spans = (family: Address['family']): Spans =>
    normalised(
      ranges.filter((range) => range.family === family).map(({ first, last }) => [first, last] as const),
    );
  return { v4: spans(4), v6: spans(6) };
}

export function setOfPrefixes(prefixes: readonly Prefix[]): IpSet {
  return setOfRanges(
    prefixes.map((prefix) => ({ family: prefix.family, first: prefix.value, last: lastOf(prefix) })),
  );
}

export function setOfAddress({ family, value }: Address): IpSet {
  return setOfRanges([{ family, first: value, last: value }]);
}

function normalised(spans: readonly (readonly [bigint, bigint])[]): Spans {
  const sorted = spans
    .filter(([first, last]) => first <= last)
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  const merged: [bigint, bigint][] = [];
  for (const [first, last] of sorted) {
    const previous = merged.at(-1);
    if (previous !== undefined && first <= previous[1] + 1n) {
      if (last > previous[1]) previous[1] = last;
    } else {
      merged.push([first, last]);
    }
  }
  return merged;
}

export function union(left: IpSet, right: IpSet): IpSet {
  return { v4: normalised([...left.v4, ...right.v4]), v6: normalised([...left.v6, ...right.v6]) };
}

export function unionAll(sets: readonly IpSet[]): IpSet {
  return { v4: normalised(sets.flatMap(({ v4 }) => v4)), v6: normalised(sets.flatMap(({ v6 }) => v6)) };
}

export function intersect(left: IpSet, right: IpSet): IpSet {
  return { v4: meet(left.v4, right.v4), v6: meet(left.v6, right.v6) };
}

/** From here on, looking each span up in the longer list is cheaper than walking both. */
const GALLOP_FACTOR = 16;

function meet(left: Spans, right: Spans): Spans {
  if (left.length * GALLOP_FACTOR < right.length) return gallop(left, right);
  if (right.length * GALLOP_FACTOR < left.length) return gallop(right, left);
  const common: (readonly [bigint, bigint])[] = [];
  let i = 0;
  let j = 0;
  for (let a = left[i], b = right[j]; a !== undefined && b !== undefined; a = left[i], b = right[j]) {
    const first = a[0] > b[0] ? a[0] : b[0];
    const last = a[1] < b[1] ? a[1] : b[1];
    if (first <= last) common.push([first, last]);
    if (a[1] < b[1]) i += 1;
    else j += 1;
  }
  return common;
}

/** A few spans against many: 8,000 prefixes of a country are searched, not walked, for each small set. */
function gallop(few: Spans, many: Spans): Spans {
  const common: (readonly [bigint, bigint])[] = [];
  for (const [first, last] of few) {
    for (let at = indexEndingAtOrAfter(many, first); ; at += 1) {
      const span = many[at];
      if (span === undefined || span[0] > last) break;
      common.push([span[0] > first ? span[0] : first, span[1] < last ? span[1] : last]);
    }
  }
  return common;
}

function indexEndingAtOrAfter(spans: Spans, value: bigint): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.[1] ?? value) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The lowest address that two sets share, IPv4 before IPv6, or `undefined` where they share none. Costs a
 * search a span of the first set, whatever the size of the second: no intersection is built.
 */
export function firstCommonAddress(left: IpSet, right: IpSet): Address | undefined {
  const v4 = firstCommon(left.v4, right.v4);
  if (v4 !== undefined) return { family: 4, value: v4 };
  const v6 = firstCommon(left.v6, right.v6);
  return v6 === undefined ? undefined : { family: 6, value: v6 };
}

function firstCommon(left: Spans, right: Spans): bigint | undefined {
  for (const [first, last] of left) {
    const span = right[indexEndingAtOrAfter(right, first)];
    if (span !== undefined && span[0] <= last) return span[0] > first ? span[0] : first;
  }
  return undefined;
}

export function complement(set: IpSet): IpSet {
  return { v4: gaps(set.v4, BITS[4]), v6: gaps(set.v6, BITS[6]) };
}

function gaps(spans: Spans, bits: number): Spans {
  const between: (readonly [bigint, bigint])[] = [];
  let next = 0n;
  for (const [first, last] of spans) {
    if (first > next) between.push([next, first - 1n]);
    next = last + 1n;
  }
  const end = (1n << BigInt(bits)) - 1n;
  if (next <= end) between.push([next, end]);
  return between;
}

export function subtract(left: IpSet, right: IpSet): IpSet {
  return intersect(left, complement(right));
}

export function containsAddress(set: IpSet, { family, value }: Address): boolean {
  const spans = family === 4 ? set.v4 : set.v6;
  let low = 0;
  let high = spans.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = spans[middle] ?? [0n, -1n];
    if (value < first) high = middle - 1;
    else if (value > last) low = middle + 1;
    else return true;
  }
  return false;
}

export function isEmptySet({ v4, v6 }: IpSet): boolean {
  return v4.length === 0 && v6.length === 0;
}

export function isSubset(inner: IpSet, outer: IpSet): boolean {
  return isEmptySet(subtract(inner, outer));
}

export function equalSets(left: IpSet, right: IpSet): boolean {
  const same = (a: Spans, b: Spans): boolean =>
    a.length === b.length &&
    a.every(([first, last], index) => first === b[index]?.[0] && last === b[index]?.[1]);
  return same(left.v4, right.v4) && same(left.v6, right.v6);
}

/** How many addresses a set holds. */
export function sizeOfSet({ v4, v6 }: IpSet): bigint {
  return [...v4, ...v6].reduce((sum, [first, last]) => sum + last - first + 1n, 0n);
}

/** The lowest address, IPv4 before IPv6; `undefined` of the empty set. */
export function firstAddress({ v4, v6 }: IpSet): Address | undefined {
  if (v4[0] !== undefined) return { family: 4, value: v4[0][0] };
  return v6[0] === undefined ? undefined : { family: 6, value: v6[0][0] };
}

/** The fewest prefixes that make up a set, in order. */
export function toPrefixes(set: IpSet): readonly Prefix[] {
  return [...prefixesOf(set.v4, 4), ...prefixesOf(set.v6, 6)];
}

function prefixesOf(spans: Spans, family: Address['family']): readonly Prefix[] {
  const prefixes: Prefix[] = [];
  const bits = BigInt(BITS[family]);
  for (const [first, last] of spans) {
    for (let value = first; value <= last; ) {
      let size = 0n;
      // The block may grow while it stays aligned and inside the span.
      while (size < bits && (value & (1n << size)) === 0n && value + (1n << (size + 1n)) - 1n <= last)
        size += 1n;
      prefixes.push({ family, value, length: Number(bits - size) });
      value += 1n << size;
    }
  }
  return prefixes;
}
