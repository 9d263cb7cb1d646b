import type { Address, IpSet } from '../core/index.ts';
import { containsAddress, DomicileError, parsePrefix, setOfPrefixes, unreachable } from '../core/index.ts';
import type { Locator } from '../geo/index.ts';

/** Which addresses a rule lets through. */
export type AddressScope =
  | { readonly kind: 'loopback' }
  /** RFC 1918, RFC 6598 and RFC 4193: inside the network that the auditor runs in. */
  | { readonly kind: 'private' }
  /** CIDR blocks; the only scope that can reach link-local and other special addresses. */
  | { readonly kind: 'prefixes'; readonly prefixes: readonly string[] }
  /** Addresses that the locator places in one of these countries, beyond dispute. */
  | { readonly kind: 'countries'; readonly countries: readonly string[] }
  /** Any globally routed address. Only for a host that somebody declared by name. */
  | { readonly kind: 'public'; readonly hosts: readonly [string, ...string[]] };

/** One allowed destination. All of its conditions must hold. */
export interface DestinationRule {
  /** Shown in the connection log, such as `database:gateway`. */
  readonly id: string;
  /** Exact host names or addresses, as declared, in lower case; absent: any host. */
  readonly hosts?: readonly string[];
  /** Absent: any port. */
  readonly ports?: readonly number[];
  readonly to: AddressScope;
}

/** Says where an address is. */
export type AddressLocator = Pick<Locator, 'locate'>;

/** Where the connection log says that an address is. */
export interface DestinationPlace {
  readonly kind: string;
  readonly country?: string;
}

type AddressCategory = 'loopback' | 'private' | 'special' | 'public';

const LOOPBACK = prefixSet(['127.0.0.0/8', '::1/128']);
const PRIVATE = prefixSet(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7']);
/** IANA special-purpose registries (RFC 6890), besides the above: instance metadata, tunnels, documentation, multicast. */
const SPECIAL = prefixSet([
  '0.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
]);
/** Of IPv6 only 2000::/3 is globally routed; tunnels inside it (Teredo, 6to4) would hide an IPv4 destination. */
const GLOBAL_V6 = prefixSet(['2000::/3']);
const TUNNEL_V6 = prefixSet(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

/** What kind of address it is, by the registries alone. */
function categoryOf(address: Address): AddressCategory {
  if (containsAddress(LOOPBACK, address)) return 'loopback';
  if (containsAddress(PRIVATE, address)) return 'private';
  if (address.family === 4) return containsAddress(SPECIAL, address) ? 'special' : 'public';
  return containsAddress(GLOBAL_V6, address) && !containsAddress(TUNNEL_V6, address) ? 'public' : 'special';
}

/** Where an address is: the registries' word first, since no locator knows a private network. */
export function placeOf(address: Address, locator: AddressLocator | undefined): DestinationPlace {
  const category = categoryOf(address);
  if (category !== 'public') return { kind: category };
  if (locator === undefined) return { kind: 'unknown' };
  const location = locator.locate(address);
  return location.kind === 'located'
    ? { kind: 'located', country: location.country }
    : { kind: location.kind };
}

/** A destination that is about to be dialled. */
export interface Destination {
  /** As declared, in lower case. */
  readonly host: string;
  readonly port: number;
  readonly address: Address;
  readonly place: DestinationPlace;
}

/** Decides by the first rule that lets a destination through; `undefined` refuses. */
export type DestinationGuard = (destination: Destination) => DestinationRule | undefined;

/**
 * @throws DomicileError `BAD_INPUT` for a rule with a malformed prefix.
 */
export function createGuard(rules: readonly DestinationRule[]): DestinationGuard {
  const guards = rules.map((rule) => ({ rule, covers: scopeTest(rule.to) }));
  return (destination) =>
    guards.find(
      ({ rule, covers }) =>
        (rule.hosts === undefined || rule.hosts.includes(destination.host)) &&
        (rule.ports === undefined || rule.ports.includes(destination.port)) &&
        covers(destination),
    )?.rule;
}

function scopeTest(scope: AddressScope): (destination: Destination) => boolean {
  switch (scope.kind) {
    case 'loopback':
    case 'private':
      return ({ address }) => categoryOf(address) === scope.kind;
    case 'prefixes': {
      const blocks = prefixSet(scope.prefixes);
      return ({ address }) => containsAddress(blocks, address);
    }
    case 'countries':
      return ({ place }) =>
        place.kind === 'located' && place.country !== undefined && scope.countries.includes(place.country);
    case 'public':
      return ({ host, address }) => scope.hosts.includes(host) && categoryOf(address) === 'public';
    default:
      return unreachable(scope);
  }
}

function prefixSet(texts: readonly string[]): IpSet {
  const prefixes = texts.map((text) => {
    const prefix = parsePrefix(text);
    if (prefix !== null) return prefix;
    throw new DomicileError('BAD_INPUT', 'expected an address prefix such as 10.0.0.0/8 or fd00::/8');
  });
  return setOfPrefixes(prefixes);
}
