import { byCodeUnit, DomicileError } from '../../core/index.ts';
import type { FlowPort, FlowRow, TcpRole } from '../../evidence/index.ts';
import type { KernelExports } from './kernel.ts';

/** The names behind the numbers in a kernel's rows. */
export interface FlowNames {
  readonly endpoints: readonly string[];
  readonly addresses: readonly string[];
}

const ROW_WORDS = 16;
const SEGMENT_ROWS = 32_768;
const IPV4 = 1;
const IPV6 = 2;
const EPHEMERAL = 32_768;
const NO_PORT = 65_535;
const WORD = 2 ** 32;
const ROLES: readonly TcpRole[] = ['unknown', 'other', 'syn', 'syn-ack'];
const DIRECTIONS: readonly FlowRow['direction'][] = [null, 'ingress', 'egress'];
/** 0 to 255 in the order of their texts: the kernel keeps octets by their place here, so that numbers order as texts do. */
const OCTETS: readonly string[] = Array.from({ length: 256 }, (_, octet) => String(octet)).sort(byCodeUnit);

/**
 * A kernel's rows as values, in the order of `mergeFlowAggregates`, that of their keys' texts, which the kernel sorts by.
 *
 * @throws DomicileError `TOO_LARGE` where a total has 2^53 or more: it would not be exact.
 */
export function flowRows(kernel: KernelExports, names: FlowNames): readonly FlowRow[] {
  giveRanks(kernel, names);
  const sorted = kernel.sort();
  const count = kernel.rows();
  const words = new Uint32Array(kernel.memory.buffer);
  const owners = names.endpoints.map((text) => text.split(' '));
  const addressText = createAddressTexts(names.addresses);
  const texts: AddressTexts = {
    source: rememberingLast(addressText),
    destination: rememberingLast(addressText),
    packet: addressText,
  };
  const segmentsAt = kernel.segmentsAt() >> 2;
  const rows = new Array<FlowRow>(count);
  for (let index = 0; index < count; index += 1) {
    const row = words[(sorted >> 2) + index] ?? 0;
    const segment = words[segmentsAt + Math.floor(row / SEGMENT_ROWS)] ?? 0;
    rows[index] = rowAt(words, (segment >> 2) + (row % SEGMENT_ROWS) * ROW_WORDS, owners, texts);
  }
  return rows;
}

type AddressText = (value: number, family: number) => string | null;

interface AddressTexts {
  readonly source: AddressText;
  readonly destination: AddressText;
  readonly packet: AddressText;
}

function rowAt(
  words: Uint32Array,
  at: number,
  owners: readonly (readonly string[])[],
  texts: AddressTexts,
): FlowRow {
  const word = (offset: number): number => words[at + offset] ?? 0;
  const flags = word(1);
  const ports = word(6);
  const protocol = (flags & 511) - 1;
  const owner = owners[word(0)];
  return {
    account: owner?.[0] ?? '',
    interface: owner?.[1] ?? '',
    source: texts.source(word(2), (flags >>> 14) & 3) ?? '',
    destination: texts.destination(word(3), (flags >>> 16) & 3) ?? '',
    packetSource: texts.packet(word(4), (flags >>> 18) & 3),
    packetDestination: texts.packet(word(5), (flags >>> 20) & 3),
    protocol: protocol < 0 ? null : protocol,
    sourcePort: portOf(ports & 0xffff),
    destinationPort: portOf(ports >>> 16),
    action: (flags & 512) === 0 ? 'REJECT' : 'ACCEPT',
    tcp: ROLES[(flags >>> 10) & 3] ?? 'unknown',
    direction: DIRECTIONS[(flags >>> 12) & 3] ?? null,
    flows: word(7),
    packets: exact(word(8), word(9)),
    bytes: exact(word(10), word(11)),
    withoutBytes: word(14),
    first: word(12),
    last: word(13),
  };
}

/** A sum of 64 bits as a number, or an error: a total that lost bytes would be a quiet lie. */
function exact(low: number, high: number): number {
  const value = high * WORD + low;
  if (!Number.isSafeInteger(value))
    throw new DomicileError('TOO_LARGE', 'expected totals below 2^53, found a larger one');
  return value;
}

function portOf(value: number): FlowPort {
  if (value === EPHEMERAL) return 'ephemeral';
  return value === NO_PORT ? null : value;
}

/** Each address is one string, however many rows have it. */
function createAddressTexts(addresses: readonly string[]): AddressText {
  const quads = new Map<number, string>();
  return (value, family) => {
    if (family === IPV6) return addresses[value] ?? '';
    if (family !== IPV4) return null;
    let text = quads.get(value);
    if (text === undefined) {
      text = [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
        .map((rank) => OCTETS[rank])
        .join('.');
      quads.set(value, text);
    }
    return text;
  };
}

/** The rows are in order: one after the other mostly has the same source, or the same destination. */
function rememberingLast(addressText: AddressText): AddressText {
  let last: string | null = null;
  let lastValue = -1;
  let lastFamily = -1;
  return (value, family) => {
    if (value !== lastValue || family !== lastFamily) {
      last = addressText(value, family);
      lastValue = value;
      lastFamily = family;
    }
    return last;
  };
}

/**
 * Tells the kernel the order of the texts that it knows by number only. An IPv6 address has its place among the
 * others, and among IPv4 addresses: the first octets whose texts come before it.
 */
function giveRanks(kernel: KernelExports, { endpoints, addresses }: FlowNames): void {
  kernel.reserveRanks(endpoints.length, addresses.length);
  const buffer = kernel.memory.buffer;
  new Uint32Array(buffer, kernel.endpointRanksAt(), endpoints.length).set(ranksOf(endpoints));
  const ranks = ranksOf(addresses);
  new Uint32Array(buffer, kernel.addressRanksAt(), addresses.length * 2).set(
    addresses.flatMap((text, index) => [ranks[index] ?? 0, firstOctetsBefore(text)]),
  );
}

function ranksOf(texts: readonly string[]): readonly number[] {
  const ranks = new Array<number>(texts.length).fill(0);
  const ordered = texts.map((text, index) => ({ text, index }));
  ordered.sort((left, right) => byCodeUnit(left.text, right.text));
  for (const [rank, { index }] of ordered.entries()) ranks[index] = rank;
  return ranks;
}

function firstOctetsBefore(text: string): number {
  let low = 0;
  let high = OCTETS.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (`${OCTETS[middle]}.` < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
