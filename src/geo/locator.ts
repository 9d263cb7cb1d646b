import type { Address, AddressRange, IpSet } from '../core/index.ts';
import { containsAddress, EMPTY_SET, intersect, setOfRanges, subtract, unionAll } from '../core/index.ts';
import type { AddressData, DataSetIdentity } from './address-data.ts';
import { agreedRanges } from './agreement.ts';
import type { CountryCode } from './countries.ts';
import type { CountryTable } from './country-table.ts';
import { countryOf, parseCountryTable } from './country-table.ts';
import type { Location, LocationSource } from './location.ts';
import { EMBEDDED_SET, REGISTRY_ID, SPECIAL_SET, specialName } from './special.ts';

/** A set of addresses by what can be said of their place. The four parts are disjoint and make up the whole. */
export interface PlacedSet {
  /** Located in one of the asked countries. */
  readonly inside: IpSet;
  /** Located in some other country. */
  readonly outside: IpSet;
  /** Disputed or unprovable. */
  readonly unsure: IpSet;
  /** Not addresses of the Internet. */
  readonly special: IpSet;
}

/** Says where addresses are. `locate` and `place` agree on every address. */
export interface Locator {
  readonly locate: (address: Address) => Location;
  /** Splits a set exactly, by whether its addresses are located in the given countries. */
  readonly place: (set: IpSet, countries: readonly CountryCode[]) => PlacedSet;
  /** The country of an AWS region, or `undefined` for one that the data does not know. */
  readonly regionCountry: (region: string) => CountryCode | undefined;
  /** The addresses that AWS lists for a region, edge and local zones aside; none for one that the data does not know. */
  readonly regionAddresses: (region: string) => IpSet;
  readonly dataSets: readonly DataSetIdentity[];
}

/**
 * A locator over dated data sets.
 *
 * Order of authority: the special-purpose registries; the own list of anycast and edge ranges; AWS's word on
 * its own regional ranges (the operator knows where its regions are); then two independent country sources,
 * which must agree. One source alone, or none, locates nothing.
 */
export function createLocator(data: AddressData): Locator {
  const edge = unionAll([data.awsRanges.edge, ...data.edge.ranges.map(({ set }) => set)]);
  const embedded = subtract(EMBEDDED_SET, SPECIAL_SET);
  const noCountry = unionAll([edge, embedded]);
  const awsAll = unionAll([...data.awsRanges.regions.values()]);
  const awsRegional = subtract(subtract(awsAll, noCountry), data.awsRanges.localZones);
  const awsPlaces = uncontested(data);
  const table = lazyTables(data);

  const regionCountry = (region: string): CountryCode | undefined =>
    data.awsRegions.regions.get(region)?.country;

  const locate = (address: Address): Location => {
    if (containsAddress(SPECIAL_SET, address)) {
      const name = specialName(address);
      return { kind: 'special', name, sources: [{ id: REGISTRY_ID, says: name }] };
    }
    if (containsAddress(embedded, address)) {
      return {
        kind: 'unprovable',
        why: 'embedded-address',
        sources: [{ id: REGISTRY_ID, says: 'embeds an IPv4 address' }],
      };
    }
    return edgeLocation(data, address) ?? awsLocation(data, awsRegional, address) ?? byCountry(address);
  };

  const byCountry = (address: Address): Location => {
    const words = data.countries.map(({ identity }, index): LocationSource => {
      const rows = table(index, address.family);
      return { id: identity.id, says: (rows && countryOf(rows, address.value)) ?? 'none' };
    });
    const [first, second] = words;
    const agreed = first !== undefined && first.says !== 'none' && first.says === second?.says;
    return agreed
      ? { kind: 'located', country: first.says, sources: words }
      : { kind: 'disputed', sources: words };
  };

  const place = (set: IpSet, countries: readonly CountryCode[]): PlacedSet => {
    const wanted = new Set(countries);
    const special = intersect(set, SPECIAL_SET);
    const internet = subtract(set, special);
    const aws = intersect(internet, awsRegional);
    const certain = awsPlaces.flatMap(({ country, ranges }) =>
      country === undefined ? [] : [{ country, here: intersect(aws, ranges) }],
    );
    const byTable = subtract(subtract(internet, noCountry), awsRegional);
    const { inside, outside } = agreedIn(byTable, wanted, table);
    const awsIn = certain.filter(({ country }) => wanted.has(country)).map(({ here }) => here);
    const awsOut = certain.filter(({ country }) => !wanted.has(country)).map(({ here }) => here);
    const allInside = unionAll([inside, ...awsIn]);
    const allOutside = unionAll([outside, ...awsOut]);
    return {
      inside: allInside,
      outside: allOutside,
      unsure: subtract(subtract(internet, allInside), allOutside),
      special,
    };
  };

  const regionAddresses = (region: string): IpSet =>
    intersect(data.awsRanges.regions.get(region) ?? EMPTY_SET, awsRegional);

  return { locate, place, regionCountry, regionAddresses, dataSets: dataSetsOf(data) };
}

type TableOf = (source: number, family: Address['family']) => CountryTable | undefined;

/** Parses a source's table on first use: most questions are about one family, many about none. */
function lazyTables(data: AddressData): TableOf {
  const parsed = new Map<string, CountryTable>();
  return (source, family) => {
    const countrySource = data.countries[source];
    if (countrySource === undefined) return undefined;
    const name = `${source}/${family}`;
    const rows =
      parsed.get(name) ??
      parseCountryTable(
        family === 4 ? countrySource.v4 : countrySource.v6,
        family,
        countrySource.identity.id,
      );
    parsed.set(name, rows);
    return rows;
  };
}

function agreedIn(
  set: IpSet,
  wanted: ReadonlySet<CountryCode>,
  table: TableOf,
): { readonly inside: IpSet; readonly outside: IpSet } {
  const inside: AddressRange[] = [];
  const outside: AddressRange[] = [];
  for (const [spans, family] of [
    [set.v4, 4],
    [set.v6, 6],
  ] as const) {
    if (spans.length === 0) continue;
    const left = table(0, family);
    const right = table(1, family);
    if (left === undefined || right === undefined) continue;
    for (const [first, last] of spans) {
      for (const agreed of agreedRanges(left, right, { family, first, last })) {
        (wanted.has(agreed.country) ? inside : outside).push(agreed);
      }
    }
  }
  if (inside.length === 0 && outside.length === 0) return { inside: EMPTY_SET, outside: EMPTY_SET };
  return { inside: setOfRanges(inside), outside: setOfRanges(outside) };
}

function edgeLocation(data: AddressData, address: Address): Location | undefined {
  const range = data.edge.ranges.find(({ set }) => containsAddress(set, address));
  if (range !== undefined) {
    return {
      kind: 'unprovable',
      why: range.why,
      sources: [{ id: data.edge.identity.id, says: range.operator }],
    };
  }
  if (!containsAddress(data.awsRanges.edge, address)) return undefined;
  return {
    kind: 'unprovable',
    why: 'global-edge',
    sources: [{ id: data.awsRanges.identity.id, says: 'GLOBAL' }],
  };
}

/** The AWS ranges of each country, without those that AWS lists for regions of two countries: they belong to neither. */
function uncontested({ awsRanges, awsRegions }: AddressData): readonly {
  readonly country: CountryCode | undefined;
  readonly ranges: IpSet;
}[] {
  const byCountry = Map.groupBy(awsRanges.regions, ([region]) => awsRegions.regions.get(region)?.country);
  const whole = [...byCountry].map(([country, regions]) => ({
    country,
    ranges: unionAll(regions.map(([, ranges]) => ranges)),
  }));
  let seen = EMPTY_SET;
  let contested = EMPTY_SET;
  for (const { ranges } of whole) {
    contested = unionAll([contested, intersect(seen, ranges)]);
    seen = unionAll([seen, ranges]);
  }
  return whole.map(({ country, ranges }) => ({ country, ranges: subtract(ranges, contested) }));
}

/** AWS's regions can share a range only by mistake; two regions with different countries prove nothing. */
function awsLocation(data: AddressData, regional: IpSet, address: Address): Location | undefined {
  if (!containsAddress(regional, address)) return undefined;
  const regions = [...data.awsRanges.regions]
    .filter(([, ranges]) => containsAddress(ranges, address))
    .map(([region]) => region);
  const sources = regions.map((region): LocationSource => ({ id: data.awsRanges.identity.id, says: region }));
  const countries = new Set(regions.map((region) => data.awsRegions.regions.get(region)?.country));
  const [country] = countries;
  const [awsRegion] = regions;
  if (countries.size !== 1 || country === undefined || awsRegion === undefined) {
    return { kind: 'unprovable', why: 'unknown-region', sources };
  }
  return { kind: 'located', country, awsRegion, sources };
}

function dataSetsOf({ awsRanges, awsRegions, edge, countries }: AddressData): readonly DataSetIdentity[] {
  return [
    awsRanges.identity,
    awsRegions.identity,
    edge.identity,
    ...countries.map(({ identity }) => identity),
  ];
}
