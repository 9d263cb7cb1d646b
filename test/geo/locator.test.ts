import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadAddressData } from '../../src/config/address-data.ts';
import type { Address } from '../../src/core/index.ts';
import {
  allAddresses,
  containsAddress,
  equalSets,
  parseAddress,
  parsePrefix,
  setOfPrefixes,
  sizeOfSet,
  unionAll,
} from '../../src/core/index.ts';
import type { AddressData, Locator } from '../../src/geo/index.ts';
import { createLocator } from '../../src/geo/index.ts';

const DATA = new URL('../../data/addresses', import.meta.url).pathname;
const PROBES = new URL('../../../shared/data/geo/probe-ips.json', import.meta.url);

const address = (text: string): Address => {
  const parsed = parseAddress(text);
  if (parsed === null) throw new Error(`expected an address, found ${text}`);
  return parsed;
};

let data: AddressData;
let locator: Locator;
beforeAll(async () => {
  data = await loadAddressData(DATA);
  locator = createLocator(data);
});

/** Its country, or the kind of its uncertainty. */
const whereIs = (text: string): string => {
  const location = locator.locate(address(text));
  return location.kind === 'located' ? location.country : location.kind;
};

describe('where an address is', () => {
  it.each([
    ['52.80.0.1', 'CN'],
    ['18.162.0.1', 'HK'],
    ['2406:da14::1', 'JP'],
    ['2404:c2c0::1', 'CN'],
    ['202.175.3.3', 'MO'],
    ['168.95.1.1', 'TW'],
    ['114.114.114.114', 'CN'],
    ['1.1.1.1', 'unprovable'],
    ['8.8.8.8', 'unprovable'],
    ['2606:4700:4700::1111', 'unprovable'],
    ['10.1.2.3', 'special'],
    ['::1', 'special'],
    ['4000::1', 'special'],
    ['64:ff9b::808:808', 'unprovable'],
    ['2002:808:808::1', 'unprovable'],
    ['119.29.29.29', 'disputed'],
  ])('%s is %s', (text, expected) => {
    expect(whereIs(text)).toBe(expected);
  });

  it('names the region that AWS lists for an address', () => {
    expect(locator.locate(address('52.80.0.1'))).toMatchObject({ kind: 'located', awsRegion: 'cn-north-1' });
  });

  it('takes an IPv4-mapped address for the IPv4 address it stands for', () => {
    expect(whereIs('::ffff:52.80.0.1')).toBe('CN');
  });

  it('gets every published probe right, or says that it cannot tell', () => {
    if (!existsSync(PROBES)) {
      console.log('skipped: ../shared/data/geo is not here');
      return;
    }
    const probes = JSON.parse(readFileSync(PROBES, 'utf8')) as readonly { ip: string; truth: string }[];
    const wrong = probes.filter(({ ip, truth }) => {
      const said = whereIs(ip);
      return said.length === 2 && !truth.split('/').includes(said);
    });
    expect(probes.length).toBeGreaterThan(30);
    expect(wrong).toEqual([]);
  });
});

describe('with a source missing', () => {
  it.each([0, 1, 2])(
    'nothing is located by country with %i of two sources, but AWS ranges still are',
    (left) => {
      const poorer = createLocator({ ...data, countries: data.countries.slice(0, left) });
      const kind = poorer.locate(address('114.114.114.114')).kind;
      expect(kind).toBe(left === 2 ? 'located' : 'disputed');
      expect(poorer.locate(address('52.80.0.1')).kind).toBe('located');
    },
  );
});

describe('placing a set', () => {
  const arbitraryAddress = fc.oneof(
    fc.bigInt(0n, (1n << 32n) - 1n).map((value): Address => ({ family: 4, value })),
    fc.bigInt(0x2001n << 112n, (0x2a10n << 112n) - 1n).map((value): Address => ({ family: 6, value })),
  );

  it('agrees with locating each address of it', () => {
    const placed = locator.place(allAddresses(), ['CN']);
    fc.assert(
      fc.property(arbitraryAddress, (one) => {
        const location = locator.locate(one);
        const part =
          location.kind === 'special'
            ? 'special'
            : location.kind !== 'located'
              ? 'unsure'
              : location.country === 'CN'
                ? 'inside'
                : 'outside';
        expect(containsAddress(placed[part], one)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('splits without remainder and without overlap', () => {
    const prefixes = ['8.0.0.0/7', '1.0.0.0/9', '52.0.0.0/8', '10.0.0.0/9', '2400::/12'].map((text) =>
      parsePrefix(text),
    );
    const set = setOfPrefixes(prefixes.filter((prefix) => prefix !== null));
    const { inside, outside, unsure, special } = locator.place(set, ['CN', 'SG']);
    const parts = [inside, outside, unsure, special];
    expect(equalSets(unionAll(parts), set)).toBe(true);
    expect(parts.reduce((sum, part) => sum + sizeOfSet(part), 0n)).toBe(sizeOfSet(set));
  });

  it('holds no address of Hong Kong, Macao or Taiwan inside CN', () => {
    const { inside } = locator.place(allAddresses(4), ['CN']);
    for (const text of ['18.162.0.1', '202.175.3.3', '168.95.1.1', '203.80.96.10']) {
      expect(containsAddress(inside, address(text))).toBe(false);
    }
  });
});
