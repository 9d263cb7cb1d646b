import type { Address, IpSet, Prefix } from '../core/index.ts';
import {
  allAddresses,
  parsePrefix,
  prefixContains,
  setOfPrefixes,
  subtract,
  unionAll,
} from '../core/index.ts';

/** The source id of the registries below. */
export const REGISTRY_ID = 'iana-special-purpose';

/**
 * Special-purpose addresses (IANA IPv4 and IPv6 Special-Purpose Address Registries, RFC 6890 and updates):
 * packets to them do not cross the Internet. Globally reachable entries of the registries, such as anycast
 * AS112 or 6to4, are not here.
 */
const SPECIAL: readonly (readonly [prefix: string, name: string])[] = [
  ['0.0.0.0/8', 'this-network'],
  ['10.0.0.0/8', 'private-use'],
  ['100.64.0.0/10', 'shared-address-space'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private-use'],
  ['192.0.2.0/24', 'documentation'],
  ['192.168.0.0/16', 'private-use'],
  ['198.18.0.0/15', 'benchmarking'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['100::/64', 'discard-only'],
  ['2001:2::/48', 'benchmarking'],
  ['2001:db8::/32', 'documentation'],
  ['3fff::/20', 'documentation'],
  ['fc00::/7', 'unique-local'],
  ['fe80::/10', 'link-local'],
  ['ff00::/8', 'multicast'],
];

/** Prefixes whose addresses stand for an IPv4 host elsewhere: NAT64 (RFC 6052), Teredo (RFC 4380), 6to4 (RFC 3056). */
const EMBEDDED: readonly string[] = ['64:ff9b::/96', '64:ff9b:1::/48', '2001::/32', '2002::/16'];

/** IPv6 global unicast as allocated so far (RFC 4291 §2.4, IANA); everything outside is reserved. */
const GLOBAL_UNICAST = '2000::/3';

const prefixOf = (text: string): Prefix => {
  const prefix = parsePrefix(text);
  if (prefix === null) throw new Error(`expected a prefix, found ${text}`);
  return prefix;
};

const SPECIAL_PREFIXES = SPECIAL.map(([text, name]) => ({ prefix: prefixOf(text), name }));
const EMBEDDED_PREFIXES = EMBEDDED.map(prefixOf);

/** Addresses that embed another one. */
export const EMBEDDED_SET: IpSet = setOfPrefixes(EMBEDDED_PREFIXES);

/** Every special-purpose and unallocated address. */
export const SPECIAL_SET: IpSet = unionAll([
  setOfPrefixes(SPECIAL_PREFIXES.map(({ prefix }) => prefix)),
  subtract(subtract(allAddresses(6), setOfPrefixes([prefixOf(GLOBAL_UNICAST)])), EMBEDDED_SET),
]);

/** The registry's name for a special address. */
export function specialName(address: Address): string {
  return SPECIAL_PREFIXES.find(({ prefix }) => prefixContains(prefix, address))?.name ?? 'reserved';
}
