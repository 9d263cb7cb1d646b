export type {
  AddressData,
  AwsRanges,
  AwsRegion,
  AwsRegions,
  CountrySource,
  DataSetIdentity,
  EdgeRanges,
} from './address-data.ts';
export { parseAwsRanges, parseAwsRegions, parseEdgeRanges } from './address-data.ts';
export type { CountryCode } from './countries.ts';
export { isCountryCode } from './countries.ts';
export type { Location, LocationSource } from './location.ts';
export type { Locator, PlacedSet } from './locator.ts';
export { createLocator } from './locator.ts';
