import { parseAddress } from '../../core/index.ts';
import type { FlowAggregate, FlowPort, FlowRow } from '../../evidence/index.ts';
import type { KnownInterface } from './interfaces.ts';

/** Who opened a conversation. `unknown` is treated as `inside` by every check. */
export type Initiator = 'inside' | 'outside' | 'unknown';

/** All accepted traffic of one interface with one far address over one pair of port classes. */
export interface Conversation {
  readonly interface: string;
  readonly peer: string;
  readonly protocol: number | null;
  readonly localPort: FlowPort;
  readonly peerPort: FlowPort;
  readonly initiator: Initiator;
  /** Seen on a NAT gateway, so that the interface behind it counts the same bytes again. */
  readonly translated: boolean;
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly flowsOut: number;
  /** Unix seconds. */
  readonly first: number;
  readonly last: number;
}

interface Sighting {
  readonly row: FlowRow;
  readonly peer: string;
  readonly outward: boolean;
}

/**
 * Groups accepted records into conversations and says who opened each. Initiators are derived here, after
 * merging, since a record alone does not know what the record before it said.
 */
export function conversations(
  aggregate: FlowAggregate,
  interfaces: readonly KnownInterface[],
): readonly Conversation[] {
  const own = new Map(interfaces.map(({ id, addresses }) => [id, new Set(addresses)]));
  const nats = new Set(interfaces.filter(({ translates }) => translates).map(({ id }) => id));
  const groups = new Map<string, Sighting[]>();
  for (const row of aggregate.rows) {
    if (row.action !== 'ACCEPT') continue;
    for (const sighting of sightings(row, own.get(row.interface) ?? new Set())) {
      const key = groupKey(sighting);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [sighting]);
      else group.push(sighting);
    }
  }
  return [...groups.values()].map((group) => conversationOf(group, nats));
}

/**
 * The far ends of a record. With packet-level addresses the true end counts, and so does a public middle hop:
 * the record proves that packets went there too.
 */
function sightings(row: FlowRow, own: ReadonlySet<string>): readonly Sighting[] {
  const outward = isOutward(row, own);
  // Nobody can tell which side is ours: both ends count as far, so that neither is overlooked.
  if (outward === undefined) {
    return [
      { row, peer: row.destination, outward: true },
      { row, peer: row.source, outward: true },
    ];
  }
  const near = outward ? row.destination : row.source;
  const far = (outward ? row.packetDestination : row.packetSource) ?? near;
  const peers = far === near || isPrivate(near) ? [far] : [far, near];
  return peers.map((peer) => ({ row, peer, outward }));
}

/** By the interface's own addresses, else by which end is private, else by the record's word. */
function isOutward(row: FlowRow, own: ReadonlySet<string>): boolean | undefined {
  if (own.has(row.source) !== own.has(row.destination)) return own.has(row.source);
  // What enters a middle box on its way to a public address is on its way out, whatever the box calls it.
  if (isPrivate(row.source) !== isPrivate(row.destination)) return isPrivate(row.source);
  if (row.direction !== null) return row.direction === 'egress';
  return isPrivate(row.source) ? true : undefined;
}

/** RFC 1918, RFC 6598, link-local and unique-local: addresses that only the inside has. */
function isPrivate(text: string): boolean {
  const address = parseAddress(text);
  if (address === null) return false;
  const { family, value } = address;
  if (family === 6) return value >> 121n === 0xfcn >> 1n || value >> 118n === 0xfe80n >> 6n;
  return (
    value >> 24n === 10n ||
    value >> 20n === 0xac1n ||
    value >> 16n === 0xc0a8n ||
    value >> 22n === 0x6440n >> 6n ||
    value >> 16n === 0xa9fen
  );
}

function groupKey({ row, peer, outward }: Sighting): string {
  const [local, far] = outward
    ? [row.sourcePort, row.destinationPort]
    : [row.destinationPort, row.sourcePort];
  return [row.interface, peer, row.protocol, local, far].join(' ');
}

function conversationOf(group: readonly Sighting[], nats: ReadonlySet<string>): Conversation {
  const [first] = group;
  if (first === undefined) throw new Error('expected a conversation to have a record');
  const { row, peer, outward } = first;
  const total = (outwards: boolean, measure: (row: FlowRow) => number): number =>
    group.filter((one) => one.outward === outwards).reduce((sum, one) => sum + measure(one.row), 0);
  return {
    interface: row.interface,
    peer,
    protocol: row.protocol,
    localPort: outward ? row.sourcePort : row.destinationPort,
    peerPort: outward ? row.destinationPort : row.sourcePort,
    initiator: initiatorOf(group),
    // A regional NAT gateway has no interface: its records carry its own id.
    translated: nats.has(row.interface) || row.interface.startsWith('nat-'),
    bytesOut: total(true, ({ bytes }) => bytes),
    bytesIn: total(false, ({ bytes }) => bytes),
    flowsOut: total(true, ({ flows }) => flows),
    first: Math.min(...group.map((one) => one.row.first)),
    last: Math.max(...group.map((one) => one.row.last)),
  };
}

/**
 * A SYN without ACK was sent by whoever opened; a SYN-ACK by whoever was called (VPC user guide, tcp-flags).
 * Signs of both mean that both opened some: the inside did, then.
 */
function initiatorOf(group: readonly Sighting[]): Initiator {
  const calls = group.filter(({ row }) => row.protocol === TCP);
  const openedInside = calls.some(({ row, outward }) => row.tcp === (outward ? 'syn' : 'syn-ack'));
  const openedOutside = calls.some(({ row, outward }) => row.tcp === (outward ? 'syn-ack' : 'syn'));
  if (openedInside) return 'inside';
  return openedOutside && !group.some(mayBeAnother) ? 'outside' : 'unknown';
}

const TCP = 6;

/**
 * Whether what was sent may belong to another conversation of the group. Ephemeral ports are one class, so that a
 * call from inside that was opened before the period looks like the answers to one who called another such port.
 */
function mayBeAnother({ row, outward }: Sighting): boolean {
  return outward && row.sourcePort === 'ephemeral' && row.tcp !== 'syn-ack';
}
