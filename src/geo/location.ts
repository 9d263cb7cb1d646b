import type { CountryCode } from './countries.ts';

/** One data set's word on an address. */
export interface LocationSource {
  /** The data set's id. */
  readonly id: string;
  /** A country, an AWS region, an operator, a registry name; `none` where the set says nothing. */
  readonly says: string;
}

/**
 * Where an address is, and how sure that is. Only `located` may carry a verdict.
 *
 * `disputed`: the sources do not agree, or one of them is missing. `unprovable`: many hosts, or a host
 * elsewhere, answer under the address. `special`: not an address of the Internet (RFC 6890 registries).
 */
export type Location =
  | {
      readonly kind: 'located';
      readonly country: CountryCode;
      readonly awsRegion?: string;
      readonly sources: readonly LocationSource[];
    }
  | { readonly kind: 'disputed'; readonly sources: readonly LocationSource[] }
  | {
      readonly kind: 'unprovable';
      readonly why: 'anycast' | 'global-edge' | 'embedded-address' | 'unknown-region';
      readonly sources: readonly LocationSource[];
    }
  | { readonly kind: 'special'; readonly name: string; readonly sources: readonly LocationSource[] };
