/**
 * The oracle's own reading of addresses. It shares nothing with the product's: an error in one of the two
 * must not be able to hide in the other.
 */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

export interface Block extends Address {
  readonly length: number;
}

const WIDTH = { 4: 32n, 6: 128n } as const;
const blocks = new Map<string, Block>();

/** @throws RangeError of text that is no address: generated networks and packets hold none. */
export function address(text: string): Address {
  return text.includes(':') ? { family: 6, value: groups(text) } : { family: 4, value: quad(text) };
}

function quad(text: string): bigint {
  const octets = text.split('.').map(Number);
  if (octets.length !== 4 || octets.some((octet) => !Number.isInteger(octet) || octet < 0 || octet > 255)) {
    throw new RangeError('expected an address');
  }
  return octets.reduce((value, octet) => value * 256n + BigInt(octet), 0n);
}

function groups(text: string): bigint {
  const [head = '', tail] = text.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : new Array<string>(8 - left.length - right.length).fill('0');
  const all = [...left, ...zeros, ...right];
  if (all.length !== 8) throw new RangeError('expected an address');
  return all.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n);
}

export function block(text: string): Block {
  const known = blocks.get(text);
  if (known !== undefined) return known;
  const [base = '', length = ''] = text.split('/');
  const parsed = { ...address(base), length: Number(length) };
  blocks.set(text, parsed);
  return parsed;
}

export function holds(outer: Block, inner: Address): boolean {
  if (outer.family !== inner.family) return false;
  const rest = WIDTH[outer.family] - BigInt(outer.length);
  return outer.value >> rest === inner.value >> rest;
}

/** Whether an address lies in any of some blocks. */
export function inside(texts: readonly string[], one: Address): boolean {
  return texts.some((text) => holds(block(text), one));
}

export function sameAddress(left: Address, right: Address): boolean {
  return left.family === right.family && left.value === right.value;
}

/** A map key of an address. */
export function keyOf({ family, value }: Address): string {
  return `${family}/${value}`;
}

/** The text of an address; IPv6 in full, without `::`, which every reader must understand. */
export function textOf({ family, value }: Address): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  return Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(112 - 16 * index)) & 65535n).toString(16),
  ).join(':');
}
