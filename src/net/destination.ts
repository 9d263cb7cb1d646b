import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { DomicileError, unreachable } from '../core/index.ts';

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

/** Says where an address is; `geo`'s locator is one. */
export interface AddressLocator {
  readonly locate: (address: string) => { readonly kind: string; readonly country?: string | null };
}

/** Where the connection log says that an address is. */
export interface DestinationPlace {
  readonly kind: string;
  readonly country?: string;
}

type AddressCategory = 'loopback' | 'private' | 'special' | 'public';

const LOOPBACK = blockList(['127.0.0.0/8', '::1/128']);
const PRIVATE = blockList(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7']);
/** IANA special-purpose registries (RFC 6890), besides the above: instance metadata, tunnels, documentation, multicast. */
const SPECIAL = blockList([
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
const GLOBAL_V6 = blockList(['2000::/3']);
const TUNNEL_V6 = blockList(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

/** The address as IPv4 where it is an IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2), else as it is. */
export function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1];
  return mapped !== undefined && isIPv4(mapped) ? mapped : address;
}

/** What kind of address it is, by the registries alone. */
export function categoryOf(address: string): AddressCategory {
  if (isIPv4(address)) {
    if (LOOPBACK.check(address)) return 'loopback';
    if (PRIVATE.check(address)) return 'private';
    return SPECIAL.check(address) ? 'special' : 'public';
  }
  if (!isIPv6(address)) return 'special';
  if (LOOPBACK.check(address, 'ipv6')) return 'loopback';
  if (PRIVATE.check(address, 'ipv6')) return 'private';
  return GLOBAL_V6.check(address, 'ipv6') && !TUNNEL_V6.check(address, 'ipv6') ? 'public' : 'special';
}

/** Where an address is: the registries' word first, since no locator knows a private network. */
export function placeOf(address: string, locator: AddressLocator | undefined): DestinationPlace {
  const category = categoryOf(address);
  if (category !== 'public') return { kind: category };
  if (locator === undefined) return { kind: 'unknown' };
  const { kind, country } = locator.locate(address);
  return { kind, ...(country === undefined || country === null ? {} : { country }) };
}

/** A destination that is about to be dialled. */
export interface Destination {
  /** As declared, in lower case. */
  readonly host: string;
  readonly port: number;
  readonly address: string;
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
      const blocks = blockList(scope.prefixes);
      return ({ address }) => blocks.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
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

function blockList(prefixes: readonly string[]): BlockList {
  const blocks = new BlockList();
  for (const prefix of prefixes) {
    const [network, length, ...rest] = prefix.split('/');
    const family = network !== undefined && isIPv4(network) ? 'ipv4' : 'ipv6';
    const bits = /^\d{1,3}$/.test(length ?? '') ? Number(length) : Number.NaN;
    const fits = bits <= (family === 'ipv4' ? 32 : 128);
    if (network === undefined || (family === 'ipv6' && !isIPv6(network)) || !fits || rest.length > 0) {
      throw new DomicileError('BAD_INPUT', 'expected an address prefix such as 10.0.0.0/8 or fd00::/8');
    }
    blocks.addSubnet(network, bits, family);
  }
  return blocks;
}
