import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadAddressData } from '../../src/config/address-data.ts';
import type { Address, IpSet } from '../../src/core/index.ts';
import {
  allAddresses,
  containsAddress,
  parseAddress,
  setOfRanges,
  toPrefixes,
} from '../../src/core/index.ts';
import type { AddressData, Locator } from '../../src/geo/index.ts';
import { createLocator } from '../../src/geo/index.ts';

const identity = (id: string): AddressData['edge']['identity'] => ({
  id,
  title: id,
  edition: '1',
  sha256: '0'.repeat(64),
  licence: 'x',
});

/** A world of 64 addresses, 20.0.0.0 to 20.0.0.63, in which everything that can go wrong does. */
const START = 20n << 24n;
const SIZE = 64;
const at = (index: number): Address => ({ family: 4, value: START + BigInt(index) });
const set = (spans: readonly (readonly [number, number])[]): IpSet =>
  setOfRanges(
    spans.map(([a, b]) => ({ family: 4, first: at(Math.min(a, b)).value, last: at(Math.max(a, b)).value })),
  );

const span = fc.tuple(fc.nat(SIZE - 1), fc.nat(SIZE - 1));
const ranges = fc.array(span, { maxLength: 3 }).map(set);
const table = fc
  .array(fc.constantFrom('CN', 'HK', 'SG', 'US', 'ZZ', '--', undefined), { minLength: 8, maxLength: 8 })
  .map((countries) =>
    countries
      .flatMap((country, block) =>
        country === undefined
          ? []
          : [`${START + BigInt(block * 8)},${START + BigInt(block * 8 + 7)},${country}`],
      )
      .join('\n'),
  );
const world: fc.Arbitrary<AddressData> = fc.record({
  awsRanges: fc.record({
    identity: fc.constant(identity('aws')),
    regions: fc
      .record({ beijing: ranges, ningxia: ranges, singapore: ranges, virginia: ranges, unheard: ranges })
      .map((regions) => new Map(Object.entries(regions))),
    edge: ranges,
    localZones: ranges,
  }),
  awsRegions: fc.constant({
    identity: identity('regions'),
    regions: new Map([
      ['beijing', { country: 'CN', partition: 'aws-cn' }],
      ['ningxia', { country: 'CN', partition: 'aws-cn' }],
      ['singapore', { country: 'SG', partition: 'aws' }],
      ['virginia', { country: 'US', partition: 'aws' }],
    ] as const),
  }),
  edge: fc.record({
    identity: fc.constant(identity('edge')),
    ranges: fc
      .tuple(ranges, ranges)
      .map(([one, two]) => [
        { operator: 'one', why: 'anycast', set: one } as const,
        { operator: 'two', why: 'global-edge', set: two } as const,
      ]),
  }),
  countries: fc
    .array(table, { maxLength: 2 })
    .map((tables) => tables.map((v4, index) => ({ identity: identity(`source-${index}`), v4, v6: '' }))),
});

function partOf(
  locator: Locator,
  address: Address,
  countries: readonly string[],
): 'inside' | 'outside' | 'unsure' | 'special' {
  const location = locator.locate(address);
  if (location.kind === 'special') return 'special';
  if (location.kind !== 'located') return 'unsure';
  return countries.includes(location.country) ? 'inside' : 'outside';
}

describe('locating an address and placing a set', () => {
  it('say the same of every address of every small world', () => {
    fc.assert(
      fc.property(world, fc.subarray(['CN', 'HK', 'SG', 'US']), (data, countries) => {
        const locator = createLocator(data);
        const placed = locator.place(set([[0, SIZE - 1]]), countries);
        for (let index = 0; index < SIZE; index += 1) {
          const parts = (['inside', 'outside', 'unsure', 'special'] as const).filter((part) =>
            containsAddress(placed[part], at(index)),
          );
          expect(parts).toEqual([partOf(locator, at(index), countries)]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('locate by country nothing without two sources, in any small world', () => {
    fc.assert(
      fc.property(world, (data) => {
        const poorer = createLocator({
          ...data,
          countries: data.countries.slice(0, 1),
          awsRanges: { ...data.awsRanges, regions: new Map() },
        });
        for (let index = 0; index < SIZE; index += 1)
          expect(poorer.locate(at(index)).kind).not.toBe('located');
      }),
    );
  });
});

describe('with the real data', () => {
  let data: AddressData;
  let locator: Locator;
  beforeAll(async () => {
    data = await loadAddressData(new URL('../../data/addresses', import.meta.url).pathname);
    locator = createLocator(data);
  });

  it('both agree at the first and last address of every range, and one beside', () => {
    const sets = [
      data.awsRanges.edge,
      data.awsRanges.localZones,
      ...data.awsRanges.regions.values(),
      ...data.edge.ranges.map((range) => range.set),
    ];
    const edges = sets.flatMap((one) => [
      ...one.v4.map((ends) => [4, ends] as const),
      ...one.v6.map((ends) => [6, ends] as const),
    ]);
    expect(edges.length).toBeGreaterThan(1000);
    const placed = locator.place(allAddresses(), ['CN']);
    for (const [family, [first, last]] of edges) {
      for (const value of [first - 1n, first, last, last + 1n]) {
        if (value < 0n || value >> (family === 4 ? 32n : 128n) > 0n) continue;
        const address: Address = { family, value };
        expect(containsAddress(placed[partOf(locator, address, ['CN'])], address)).toBe(true);
      }
    }
  }, 60_000);

  it.each([
    ['::ffff:114.114.114.114', 'located'], // IPv4-mapped: the IPv4 address itself
    ['64:ff9b::114.114.114.114', 'unprovable'], // NAT64
    ['64:ff9b:1::7272:7272', 'unprovable'], // local-use NAT64, RFC 8215
    ['2002:7272:7272::1', 'unprovable'], // 6to4
    ['2001:0:7272:7272::1', 'unprovable'], // Teredo
    ['::114.114.114.114', 'special'], // IPv4-compatible, deprecated
    ['fe80::5efe:7272:7272', 'special'], // ISATAP on a link-local prefix
    ['fd00:ec2::254', 'special'], // instance metadata
    ['169.254.169.254', 'special'],
    ['100.100.100.200', 'special'],
    ['198.18.0.1', 'special'],
    ['255.255.255.255', 'special'],
    ['0.0.0.0', 'special'],
    ['ff02::1', 'special'],
    ['5f00::1', 'special'], // segment routing, RFC 9602
  ])('%s is %s', (text, kind) => {
    const address = parseAddress(text);
    if (address === null) throw new Error('expected an address');
    expect(locator.locate(address).kind).toBe(kind);
  });

  it('no address that AWS lists for Hong Kong or Taipei is in CN', () => {
    for (const region of ['ap-east-1', 'ap-east-2']) {
      const own = data.awsRanges.regions.get(region);
      if (own === undefined) continue;
      expect(toPrefixes(locator.place(own, ['CN']).inside)).toEqual([]);
    }
    expect(data.awsRanges.regions.has('ap-east-1')).toBe(true);
  });
});
