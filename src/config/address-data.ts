import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DomicileError, sha256Hex } from '../core/index.ts';
import type { AddressData, CountrySource, DataSetIdentity } from '../geo/index.ts';
import { parseAwsRanges, parseAwsRegions, parseEdgeRanges } from '../geo/index.ts';

/** A country source of the package registry: which package, and what its licence asks for. */
interface CountryPackage {
  readonly name: string;
  readonly stem: string;
  readonly title: string;
  readonly licence: string;
  readonly notice?: string;
}

/**
 * Two sources that do not copy from each other: one follows the registries' delegations by autonomous
 * system, the other measures. The third that is at hand, geo-whois-asn-country, says itself that its
 * registry data is wrong.
 */
const COUNTRY_PACKAGES: readonly CountryPackage[] = [
  {
    name: '@ip-location-db/asn-country',
    stem: 'asn-country',
    title: 'Country by autonomous system (RIR data)',
    licence: 'CC0-1.0',
  },
  {
    name: '@ip-location-db/dbip-country',
    stem: 'dbip-country',
    title: 'DB-IP IP to Country Lite',
    licence: 'CC-BY-4.0',
    notice: 'IP Geolocation by DB-IP, https://db-ip.com',
  },
];

/**
 * Reads every address data set of the project and digests it.
 *
 * @param directory the project's `data/addresses` folder.
 * @throws DomicileError `NOT_FOUND` for a missing own file. A missing country package is not an error: with one
 * source left, nothing is located by country.
 */
export async function loadAddressData(directory: string): Promise<AddressData> {
  const [awsRanges, awsRegions, edge, countries] = await Promise.all([
    readOwn(directory, 'aws-ranges.json', parseAwsRanges),
    readOwn(directory, 'aws-regions.json', parseAwsRegions),
    readOwn(directory, 'global-edge.json', parseEdgeRanges),
    Promise.all(COUNTRY_PACKAGES.map(readCountryPackage)),
  ]);
  return { awsRanges, awsRegions, edge, countries: countries.filter((source) => source !== undefined) };
}

async function readOwn<T>(
  directory: string,
  name: string,
  parse: (file: unknown, sha256: string) => T,
): Promise<T> {
  let text: string;
  try {
    text = await readFile(join(directory, name), 'utf8');
  } catch (error) {
    throw new DomicileError(
      'NOT_FOUND',
      { message: `expected the address data file ${name}, found none`, hint: 'install domicile again' },
      { cause: error },
    );
  }
  return parse(JSON.parse(text), sha256Hex(text));
}

async function readCountryPackage(source: CountryPackage): Promise<CountrySource | undefined> {
  const directory = packageDirectory(source.name);
  if (directory === undefined) return undefined;
  const read = (file: string): Promise<string> => readFile(join(directory, file), 'latin1');
  const [v4, v6, manifest] = await Promise.all([
    read(`${source.stem}-ipv4-num.csv`),
    read(`${source.stem}-ipv6-num.csv`),
    read('package.json'),
  ]);
  const { version } = JSON.parse(manifest) as { readonly version: string };
  const identity: DataSetIdentity = {
    id: source.stem,
    title: source.title,
    edition: version,
    licence: source.licence,
    sha256: sha256Hex(`${sha256Hex(v4)}\n${sha256Hex(v6)}\n`),
    ...(source.notice === undefined ? {} : { notice: source.notice }),
  };
  return { identity, v4, v6 };
}

function packageDirectory(name: string): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}
