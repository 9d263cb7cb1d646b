import type { IpSet, Prefix } from '../core/index.ts';
import { DomicileError, isJsonObject, parsePrefix, setOfPrefixes } from '../core/index.ts';
import type { CountryCode } from './countries.ts';
import { isCountryCode } from './countries.ts';

/** What a data set is, as the attestation names it. */
export interface DataSetIdentity {
  readonly id: string;
  readonly title: string;
  /** The set's own date or version. */
  readonly edition: string;
  readonly sha256: string;
  readonly licence: string;
  readonly notice?: string;
}

/** A country source as its files' text: parsed only when an address of the family is asked for. */
export interface CountrySource {
  readonly identity: DataSetIdentity;
  readonly v4: string;
  readonly v6: string;
}

/** AWS's own ranges: regional addresses by region, and those that have no region. */
export interface AwsRanges {
  readonly identity: DataSetIdentity;
  readonly regions: ReadonlyMap<string, IpSet>;
  readonly edge: IpSet;
  /** Local Zones can lie in another country than their region, so the region says nothing of them. */
  readonly localZones: IpSet;
}

/** An AWS region: where it is, and to which partition it belongs. */
export interface AwsRegion {
  readonly country: CountryCode;
  readonly partition: 'aws' | 'aws-cn';
}

export interface AwsRegions {
  readonly identity: DataSetIdentity;
  readonly regions: ReadonlyMap<string, AwsRegion>;
}

/** Ranges whose answering host has no fixed country. */
export interface EdgeRanges {
  readonly identity: DataSetIdentity;
  readonly ranges: readonly {
    readonly operator: string;
    readonly why: 'anycast' | 'global-edge';
    readonly set: IpSet;
  }[];
}

/** Everything that says where an address is. A missing country source is allowed: nothing is then located by country. */
export interface AddressData {
  readonly awsRanges: AwsRanges;
  readonly awsRegions: AwsRegions;
  readonly edge: EdgeRanges;
  readonly countries: readonly CountrySource[];
}

/** Parses `aws-ranges.json`. @throws DomicileError `BAD_INPUT` for anything but the project's own form. */
export function parseAwsRanges(file: unknown, sha256: string): AwsRanges {
  const body = objectOf(file, 'aws-ranges.json');
  const regions = Object.entries(objectOf(body['regions'], 'regions'));
  return {
    identity: identityOf(body, sha256),
    regions: new Map(regions.map(([region, prefixes]) => [region, prefixSet(prefixes, region)])),
    edge: prefixSet(body['edge'], 'edge'),
    localZones: prefixSet(body['localZones'], 'localZones'),
  };
}

/** Parses `aws-regions.json`. @throws DomicileError `BAD_INPUT` for an unknown country or partition. */
export function parseAwsRegions(file: unknown, sha256: string): AwsRegions {
  const body = objectOf(file, 'aws-regions.json');
  const regions = Object.entries(objectOf(body['regions'], 'regions')).map(([name, value]) => {
    const { country, partition } = objectOf(value, name);
    if (typeof country !== 'string' || !isCountryCode(country)) throw malformed(`a country code for ${name}`);
    if (partition !== 'aws' && partition !== 'aws-cn') throw malformed(`a partition for ${name}`);
    return [name, { country, partition }] as const;
  });
  return { identity: identityOf(body, sha256), regions: new Map(regions) };
}

/** Parses `global-edge.json`. @throws DomicileError `BAD_INPUT` for a malformed prefix or reason. */
export function parseEdgeRanges(file: unknown, sha256: string): EdgeRanges {
  const body = objectOf(file, 'global-edge.json');
  if (!Array.isArray(body['ranges'])) throw malformed('a list of ranges');
  const ranges = body['ranges'].map((entry: unknown) => {
    const { operator, why, prefixes } = objectOf(entry, 'range');
    if (typeof operator !== 'string') throw malformed('an operator');
    if (why !== 'anycast' && why !== 'global-edge') throw malformed('anycast or global-edge');
    return { operator, why, set: prefixSet(prefixes, operator) } as const;
  });
  return { identity: identityOf(body, sha256), ranges };
}

function identityOf(body: Readonly<Record<string, unknown>>, sha256: string): DataSetIdentity {
  const text = (name: string): string => {
    const value = body[name];
    if (typeof value !== 'string') throw malformed(`the member ${name}`);
    return value;
  };
  return { id: text('id'), title: text('title'), edition: text('edition'), licence: text('licence'), sha256 };
}

function prefixSet(value: unknown, name: string): IpSet {
  if (!Array.isArray(value)) throw malformed(`a list of prefixes under ${name}`);
  return setOfPrefixes(
    value.map((text): Prefix => {
      const prefix = typeof text === 'string' ? parsePrefix(text) : null;
      if (prefix === null) throw malformed(`prefixes under ${name}`);
      return prefix;
    }),
  );
}

function objectOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (!isJsonObject(value)) throw malformed(`an object for ${name}`);
  return value;
}

function malformed(expected: string): DomicileError {
  return new DomicileError('BAD_INPUT', `expected ${expected} in the address data, found something else`);
}
