import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Address, IpSet } from '../../src/core/index.ts';
import {
  allAddresses,
  complement,
  containsAddress,
  equalSets,
  formatAddress,
  formatPrefix,
  intersect,
  isSubset,
  parseAddress,
  parsePrefix,
  setOfPrefixes,
  setOfRanges,
  sizeOfSet,
  subtract,
  toPrefixes,
  union,
} from '../../src/core/index.ts';

const UNIVERSE = 64;
const members = fc.uniqueArray(fc.nat(UNIVERSE - 1), { maxLength: 40 });
const setOf = (values: readonly number[]): IpSet =>
  setOfRanges(values.map((value) => ({ family: 4, first: BigInt(value), last: BigInt(value) })));
const valuesOf = (set: IpSet): readonly number[] =>
  Array.from({ length: UNIVERSE }, (_, value) => value).filter((value) =>
    containsAddress(set, { family: 4, value: BigInt(value) }),
  );
const sorted = (values: Iterable<number>): readonly number[] =>
  [...values].sort((left, right) => left - right);

describe('sets of addresses', () => {
  it('agree with sets of numbers on a small universe', () => {
    fc.assert(
      fc.property(members, members, (left, right) => {
        const [a, b] = [new Set(left), new Set(right)];
        expect(valuesOf(union(setOf(left), setOf(right)))).toEqual(sorted(a.union(b)));
        expect(valuesOf(intersect(setOf(left), setOf(right)))).toEqual(sorted(a.intersection(b)));
        expect(valuesOf(subtract(setOf(left), setOf(right)))).toEqual(sorted(a.difference(b)));
        expect(isSubset(setOf(left), setOf(right))).toBe(a.isSubsetOf(b));
        expect(sizeOfSet(setOf(left))).toBe(BigInt(a.size));
      }),
    );
  });

  it('are their own double complement', () => {
    fc.assert(
      fc.property(members, (values) => equalSets(complement(complement(setOf(values))), setOf(values))),
    );
  });

  it('are made up of their prefixes again', () => {
    fc.assert(
      fc.property(members, (values) => equalSets(setOfPrefixes(toPrefixes(setOf(values))), setOf(values))),
    );
  });

  it('cover both families when they hold everything', () => {
    expect(toPrefixes(allAddresses()).map(formatPrefix)).toEqual(['0.0.0.0/0', '::/0']);
  });
});

describe('addresses', () => {
  it.each([
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0DB8::0001', '2001:db8::1'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['255.255.255.255', '255.255.255.255'],
  ])('%s is written %s', (text, canonical) => {
    const parsed = parseAddress(text);
    expect(parsed === null ? null : formatAddress(parsed)).toBe(canonical);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.04',
    '256.1.1.1',
    '1.2.3.4.5',
    ':::',
    '1::2::3',
    '12345::',
    'g::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1.2.3.4::',
    ' 1.2.3.4',
    '0x7f.1.1.1',
  ])('%j is no address', (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  it('survive being written and read', () => {
    const any = fc.oneof(
      fc.bigInt(0n, (1n << 32n) - 1n).map((value): Address => ({ family: 4, value })),
      fc.bigInt(1n << 64n, (1n << 128n) - 1n).map((value): Address => ({ family: 6, value })),
    );
    fc.assert(
      fc.property(any, (one) => {
        expect(parseAddress(formatAddress(one))).toEqual(one);
      }),
    );
  });

  it.each(['10.0.0.1/8', '10.0.0.0/33', '10.0.0.0/08', '10.0.0.0', '::1/64', '/8'])(
    '%j is no prefix',
    (text) => {
      expect(parsePrefix(text)).toBeNull();
    },
  );
});
