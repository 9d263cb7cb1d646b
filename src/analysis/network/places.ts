import type { Address, IpSet } from '../../core/index.ts';
import {
  allAddresses,
  containsAddress,
  DomicileError,
  parseAddress,
  parsePrefix,
  setOfAddress,
  setOfPrefixes,
  subtract,
  union,
  unionAll,
} from '../../core/index.ts';
import type { Locator } from '../../geo/index.ts';
import { isCountryCode } from '../../geo/index.ts';
import type { OutsideGoal } from './all-interfaces.ts';
import { calledAt } from './balancers.ts';
import type { Interface, Network } from './model.ts';
import { behindNat64 } from './nat64.ts';
import type { SiteEntry } from './sites.ts';
import { entriesOf } from './sites.ts';

/** Where a question starts. */
export type Start =
  | {
      readonly kind: 'interface';
      readonly one: Interface;
      readonly source: Address | null;
      /** The VPC, where that is what was asked about. */
      readonly within?: string;
    }
  /** An address of a subnet that no interface has. */
  | { readonly kind: 'subnet'; readonly id: string; readonly vpc: string; readonly source: Address }
  | { readonly kind: 'internet'; readonly source: Address | null }
  /** A site behind a virtual private or transit gateway. */
  | (SiteEntry & { readonly source: Address | null });

export interface Outside extends Pick<OutsideGoal, 'includesRegion'> {
  /** The addresses, and the IPv4 ones as IPv6 hosts write them for a gateway that translates. */
  readonly written: IpSet;
}

/** Where a question wants to go: addresses, and the interfaces that count as having been reached (all, if `null`). */
export interface Goal {
  readonly addresses: IpSet;
  readonly interfaces: ReadonlySet<string> | null;
  /** Only packets that leave reach it (`internet`, a country). `null`: packets that stay inside can reach it as well. */
  readonly outside: Outside | null;
}

/**
 * The places that `from` means, in a stable order.
 *
 * @throws DomicileError `BAD_INPUT` where the model knows no such place.
 */
export function startsOf(network: Network, from: string, fromIp: string | undefined): readonly Start[] {
  const source = fromIp === undefined || fromIp === '*' ? null : addressIn(fromIp);
  const interfaces = [...network.interfaces.values()];
  const at = (own: readonly Interface[]): readonly (Start & { readonly kind: 'interface' })[] =>
    own.map((one) => ({ kind: 'interface', one, source }));
  const holders = (all: readonly Interface[], address: Address): readonly Interface[] =>
    all.filter(({ owned }) => containsAddress(owned, address));

  if (from === 'internet') return [{ kind: 'internet', source }];
  const named = network.interfaces.get(from);
  if (named !== undefined) return at([named]);
  const ofInstance = interfaces.filter(({ instance }) => instance === from && from !== '');
  if (ofInstance.length > 0) {
    const own = source === null ? ofInstance : holders(ofInstance, source);
    return at(own.length > 0 ? own : ofInstance);
  }
  const subnet = network.subnets.get(from);
  if (subnet !== undefined) {
    const inside = interfaces.filter((one) => one.subnet === from);
    const own = source === null ? inside : holders(inside, source);
    if (source !== null && own.length === 0) return [{ kind: 'subnet', id: from, vpc: subnet.vpc, source }];
    return at(own);
  }
  if (network.vpcs.has(from)) {
    const inside = interfaces.filter(({ vpc }) => vpc === from);
    const own = at(source === null ? inside : holders(inside, source));
    return own.map((start) => ({ ...start, within: from }));
  }
  const entries = entriesOf(network, from);
  if (entries.length > 0) return entries.map((entry) => ({ ...entry, source }));
  const address = parseAddress(from);
  if (address === null) {
    throw new DomicileError('BAD_INPUT', {
      message:
        'expected `from` to be the id of something described, an address or internet, found none of them',
      hint: 'give an interface, instance, subnet, VPC, or gateway or connection of a site, of the evidence',
    });
  }
  const own = holders(interfaces, address);
  if (own.length > 0) return own.map((one) => ({ kind: 'interface', one, source: address }));
  const within = [...network.subnets.values()].filter(({ cidrs }) => containsAddress(cidrs, address));
  if (within.length > 0) {
    return within.map(({ id, vpc }) => ({ kind: 'subnet', id, vpc, source: address }));
  }
  return [{ kind: 'internet', source: address }];
}

/** @throws DomicileError `BAD_INPUT` where `to` is none of the forms, or names what the model does not know. */
export function goalOf(network: Network, to: string, locator: Locator): Goal {
  const [word, list] = to.split(':', 2) as [string, string?];
  if (to === 'internet') return leavingTo(internetSet(locator), () => false);
  if ((word === 'country' || word === 'outside') && list !== undefined && parseAddress(to) === null) {
    const countries = list.split(',').map((code) => code.trim());
    if (!countries.every(isCountryCode)) {
      throw new DomicileError(
        'BAD_INPUT',
        'expected ISO 3166-1 alpha-2 codes, as country:CN or outside:CN,SG',
      );
    }
    const placed = locator.place(allAddresses(), countries);
    return leavingTo(word === 'country' ? placed.inside : placed.outside, (region) =>
      regionIncluded(word, countries, locator.regionCountry(region)),
    );
  }
  const interfaces = [...network.interfaces.values()].filter(
    ({ id, instance }) => id === to || (instance === to && to !== ''),
  );
  if (interfaces.length > 0) {
    const publicIps = interfaces.flatMap(({ addresses }) =>
      addresses.flatMap(({ publicIp }) => (publicIp === null ? [] : [setOfAddress(publicIp)])),
    );
    return {
      addresses: unionAll([...interfaces.map(({ owned }) => owned), ...publicIps]),
      interfaces: new Set(interfaces.map(({ id }) => id)),
      outside: null,
    };
  }
  const balancer =
    network.balancers.get(to) ??
    [...network.balancers.values()].find(({ name }) => name !== '' && name === to.toLowerCase());
  if (balancer !== undefined) {
    return { addresses: calledAt(network, balancer), interfaces: null, outside: null };
  }
  const address = parseAddress(to);
  const prefix = parsePrefix(to);
  if (address === null && prefix === null) {
    throw new DomicileError('BAD_INPUT', {
      message:
        'expected `to` to be something described, an address, a CIDR, country:XX, outside:XX or internet',
      hint: 'give an interface, instance or load balancer of the evidence, or one of these forms',
    });
  }
  const addresses = address === null ? setOfPrefixes(prefix === null ? [] : [prefix]) : setOfAddress(address);
  return { addresses, interfaces: null, outside: null };
}

function leavingTo(addresses: IpSet, includesRegion: Outside['includesRegion']): Goal {
  const written = union(addresses, behindNat64(addresses));
  return { addresses, interfaces: null, outside: { includesRegion, written } };
}

/** What a region of unknown country is, nobody can say: it may be there. */
function regionIncluded(
  word: 'country' | 'outside',
  countries: readonly string[],
  country: string | undefined,
): boolean {
  return country === undefined || countries.includes(country) === (word === 'country');
}

/** The goal of a question about every interface, with the AWS regions that count as being there. */
export function outsideGoal(network: Network, to: string, locator: Locator): OutsideGoal {
  const { addresses, outside } = goalOf(network, to, locator);
  return { addresses, includesRegion: outside?.includesRegion ?? (() => false) };
}

function internetSet(locator: Locator): IpSet {
  return subtract(allAddresses(), locator.place(allAddresses(), []).special);
}

function addressIn(text: string): Address {
  const address = parseAddress(text);
  if (address === null)
    throw new DomicileError('BAD_INPUT', 'expected `fromIp` to be an address, found another text');
  return address;
}
