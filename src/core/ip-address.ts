/** An address as a number: 32 bits for IPv4, 128 bits for IPv6. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** A CIDR block: the addresses that share the first `length` bits with `value`. */
export interface Prefix {
  readonly family: 4 | 6;
  /** The first address of the block. */
  readonly value: bigint;
  readonly length: number;
}

export const BITS: Readonly<Record<Address['family'], number>> = { 4: 32, 6: 128 };

const OCTET = /^(?:0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;
const LONGEST_TEXT = 45;
const MAPPED = 0xffffn << 32n;

/**
 * An address from its text (RFC 4291 §2.2; dotted quads without leading zeros), or `null`.
 *
 * An IPv4-mapped IPv6 address (`::ffff:a.b.c.d`, RFC 4291 §2.5.5.2) is returned as the IPv4 address that
 * packets really go to: an auditor must not take it for a harmless IPv6 special case.
 */
export function parseAddress(text: string): Address | null {
  if (text.length > LONGEST_TEXT) return null;
  if (!text.includes(':')) {
    const value = parseQuad(text);
    return value === null ? null : { family: 4, value };
  }
  const value = parseGroups(text);
  if (value === null) return null;
  if (value >> 32n === MAPPED >> 32n) return { family: 4, value: value & 0xffffffffn };
  return { family: 6, value };
}

function parseQuad(text: string): bigint | null {
  const octets = text.split('.');
  if (octets.length !== 4) return null;
  let value = 0n;
  for (const octet of octets) {
    if (!OCTET.test(octet) || Number(octet) > 255) return null;
    value = (value << 8n) | BigInt(octet);
  }
  return value;
}

function parseGroups(text: string): bigint | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = groupsOf(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '', true) : [];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  // `::` stands for at least one group; without it all eight must be there.
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...new Array<bigint>(missing).fill(0n), ...tail];
  return groups.reduce((value, group) => (value << 16n) | group, 0n);
}

/** The 16-bit groups of one half; a dotted quad may stand only at the very end of an address. */
function groupsOf(text: string, atEnd: boolean): readonly bigint[] | null {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: bigint[] = [];
  for (const [index, part] of parts.entries()) {
    if (part.includes('.') && atEnd && index === parts.length - 1) {
      const quad = parseQuad(part);
      if (quad === null) return null;
      groups.push(quad >> 16n, quad & 0xffffn);
    } else if (GROUP.test(part)) {
      groups.push(BigInt(`0x${part}`));
    } else {
      return null;
    }
  }
  return groups;
}

/** The canonical text of an address (RFC 5952 for IPv6). */
export function formatAddress({ family, value }: Address): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  const { start, length } = longestZeroRun(groups);
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

/** The first of the longest runs of zero groups (RFC 5952 §4.2.3). */
function longestZeroRun(groups: readonly string[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let index = 0; index <= groups.length; index += 1) {
    if (groups[index] === '0') continue;
    if (index - start > best.length) best = { start, length: index - start };
    start = index + 1;
  }
  return best;
}

/**
 * A prefix from its text, or `null`. Host bits that are set make it `null`: two readers could take
 * `10.0.0.1/8` for different things.
 */
export function parsePrefix(text: string): Prefix | null {
  const slash = text.indexOf('/');
  if (slash < 0) return null;
  const address = parseAddress(text.slice(0, slash));
  const lengthText = text.slice(slash + 1);
  if (address === null || !OCTET.test(lengthText)) return null;
  const length = Number(lengthText);
  // A mapped address came back as IPv4; its prefix length still counts 128 bits.
  const bits = text.includes(':') ? 128 : 32;
  const own = address.family === 4 && bits === 128 ? length - 96 : length;
  if (own < 0 || own > BITS[address.family]) return null;
  const host = (1n << BigInt(BITS[address.family] - own)) - 1n;
  return (address.value & host) === 0n ? { family: address.family, value: address.value, length: own } : null;
}

export function formatPrefix({ family, value, length }: Prefix): string {
  return `${formatAddress({ family, value })}/${length}`;
}

/** The last address of a prefix. */
export function lastOf({ family, value, length }: Prefix): bigint {
  return value | ((1n << BigInt(BITS[family] - length)) - 1n);
}

export function prefixContains(prefix: Prefix, address: Address): boolean {
  return prefix.family === address.family && address.value >= prefix.value && address.value <= lastOf(prefix);
}
