import { createHash } from 'node:crypto';
import { formatAddress, parseAddress } from '../../../src/core/index.ts';
import type {
  FlowAggregate,
  FlowPort,
  FlowRow,
  LogObjectRead,
  MalformedLine,
  TcpRole,
} from '../../../src/evidence/index.ts';
import { mergeFlowAggregates } from '../../../src/evidence/index.ts';

/**
 * What flow logs come to, written as slowly and as plainly as possible: a line is a string, a record is an
 * aggregate of its own, and the merge of the evidence model adds them up. The kernel must say the same.
 */
export function referenceAggregate(
  objects: readonly { readonly key: string; readonly text: Buffer }[],
): FlowAggregate {
  return mergeFlowAggregates(objects.flatMap(({ key, text }) => aggregatesOf(key, text)));
}

const DEFAULT =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const NEEDED = 'interface-id srcaddr dstaddr protocol start end action log-status'.split(' ');
const KNOWN = new Set([
  ...DEFAULT.split(' '),
  'vpc-id',
  'subnet-id',
  'instance-id',
  'tcp-flags',
  'type',
  'pkt-srcaddr',
  'pkt-dstaddr',
  'flow-direction',
  'resource-id',
  'region',
  'traffic-path',
  'az-id',
  'sublocation-type',
  'sublocation-id',
  'pkt-src-aws-service',
  'pkt-dst-aws-service',
]);

function aggregatesOf(key: string, text: Buffer): readonly FlowAggregate[] {
  const parts: FlowAggregate[] = [];
  const malformed = new Map<MalformedLine, number>();
  const formats = new Set<string>();
  let layout: readonly string[] | 'unknown' | 'unusable' = 'unknown';
  let records = 0;
  for (const raw of linesOf(text)) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const fields = line.split(' ');
    let wrong: MalformedLine | undefined;
    if (raw.length > 8192) {
      wrong = 'too-long';
    } else if (line === '') {
      continue;
    } else if (line > ':' && fields.includes('srcaddr')) {
      layout = isUsable(fields) && line.length <= 2000 ? fields : 'unusable';
      if (layout !== 'unusable') formats.add(formatOf(layout));
      continue;
    } else {
      if (layout === 'unknown') {
        layout = DEFAULT.split(' ');
        formats.add(DEFAULT);
      }
      if (layout === 'unusable') wrong = 'no-header';
      else if (fields.length !== layout.length) wrong = 'fields';
      else {
        const names: readonly string[] = layout;
        const record = recordOf((name) => fields[names.indexOf(name)]);
        if (typeof record === 'string') wrong = record;
        else {
          parts.push(record);
          records += 1;
        }
      }
    }
    if (wrong !== undefined) malformed.set(wrong, (malformed.get(wrong) ?? 0) + 1);
  }
  const object: LogObjectRead = {
    key,
    size: text.length,
    sha256: createHash('sha256').update(text).digest('hex'),
    status: 'complete',
    records,
    malformed: Object.fromEntries([...malformed].sort(([left], [right]) => (left < right ? -1 : 1))),
    formats: [...formats].sort(),
  };
  return [...parts, { schemaVersion: 1, rows: [], interfaces: [], objects: [object] }];
}

function linesOf(text: Buffer): readonly string[] {
  const lines = text.toString('latin1').split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function isUsable(names: readonly string[]): boolean {
  return new Set(names).size === names.length && NEEDED.every((name) => names.includes(name));
}

function formatOf(names: readonly string[]): string {
  return names.map((name) => (KNOWN.has(name) ? name : '?')).join(' ');
}

type Field = (name: string) => string | undefined;

function recordOf(field: Field): FlowAggregate | MalformedLine {
  const start = secondsOf(field('start'));
  const end = secondsOf(field('end'));
  if (start === undefined || end === undefined || end < start) return 'number';
  const log = { ...ownerOf(field), observed: [], skipped: [], ok: 0, nodata: 0, skipdata: 0 };
  const part = (seen: object, rows: readonly FlowRow[]): FlowAggregate => ({
    schemaVersion: 1,
    rows,
    interfaces: [{ ...log, ...seen }],
    objects: [],
  });
  const isOwner =
    /^(\d{12}|unknown|-)$/.test(log.account) && /^(eni|nat|vpce|tgw|igw)-[0-9a-f]{4,32}$/.test(log.interface);
  const status = field('log-status');
  const isSilent = ['srcaddr', 'dstaddr', 'pkt-srcaddr', 'pkt-dstaddr'].every(
    (name) => (field(name) ?? '-') === '-',
  );
  if ((status === 'NODATA' || status === 'SKIPDATA') && isOwner && !isSilent) return 'value';
  switch (status) {
    case 'NODATA':
      return isOwner ? part({ observed: [[start, end]], nodata: 1 }, []) : 'address';
    case 'SKIPDATA':
      return isOwner ? part({ skipped: [[start, end]], skipdata: 1 }, []) : 'address';
    case 'OK': {
      const row = rowOf(field, start, end, isOwner);
      return typeof row === 'string' ? row : part({ observed: [[start, end]], ok: 1 }, [row]);
    }
    default:
      return 'value';
  }
}

function ownerOf(field: Field): { readonly account: string; readonly interface: string } {
  const own = field('interface-id') ?? '';
  return {
    account: field('account-id') ?? '-',
    interface: own.startsWith('-') ? (field('resource-id') ?? own) : own,
  };
}

function rowOf(field: Field, first: number, last: number, isOwner: boolean): FlowRow | MalformedLine {
  const action = field('action');
  if (action !== 'ACCEPT' && action !== 'REJECT') return 'value';
  if (!isOwner) return 'address';
  const [source, destination, packetSource, packetDestination] = [
    addressOf(field('srcaddr') ?? ''),
    addressOf(field('dstaddr') ?? ''),
    ...[field('pkt-srcaddr') ?? '-', field('pkt-dstaddr') ?? '-'].map((text) =>
      text === '-' ? null : addressOf(text),
    ),
  ];
  if (typeof source !== 'string' || typeof destination !== 'string') return 'address';
  if (packetSource === undefined || packetDestination === undefined) return 'address';
  const numbers = numbersOf(field);
  if (numbers === undefined) return 'number';
  const { flags, packets, bytes, ...ports } = numbers;
  const direction = directionOf(field('flow-direction') ?? '-');
  if (direction === undefined) return 'value';
  return {
    ...ownerOf(field),
    source,
    destination,
    packetSource,
    packetDestination,
    protocol: ports.protocol,
    sourcePort: portOf(ports.source),
    destinationPort: portOf(ports.destination),
    action,
    tcp: roleOf(flags),
    direction,
    flows: 1,
    packets: packets ?? 0,
    bytes: bytes ?? 0,
    withoutBytes: bytes === null ? 1 : 0,
    first,
    last,
  };
}

function directionOf(text: string): FlowRow['direction'] | undefined {
  if (text === 'ingress' || text === 'egress') return text;
  return text === '-' ? null : undefined;
}

type Numbers = Readonly<
  Record<'protocol' | 'source' | 'destination' | 'flags' | 'packets' | 'bytes', number | null>
>;

function numbersOf(field: Field): Numbers | undefined {
  const numbers = {
    protocol: numberOf(field('protocol'), 255),
    source: numberOf(field('srcport'), 65_535),
    destination: numberOf(field('dstport'), 65_535),
    flags: numberOf(field('tcp-flags')),
    packets: numberOf(field('packets')),
    bytes: numberOf(field('bytes')),
  };
  return Object.values(numbers).includes(undefined) ? undefined : (numbers as Numbers);
}

function portOf(port: number | null): FlowPort {
  return port !== null && port >= 32_768 ? 'ephemeral' : port;
}

function roleOf(flags: number | null): TcpRole {
  if (flags === null) return 'unknown';
  const isSyn = Math.floor(flags / 2) % 2 === 1;
  const isAck = Math.floor(flags / 16) % 2 === 1;
  if (!isSyn) return 'other';
  return isAck ? 'syn-ack' : 'syn';
}

function addressOf(text: string): string | undefined {
  const address = parseAddress(text);
  return address === null ? undefined : formatAddress(address);
}

/** `null` for `-` and for a field that the format lacks, `undefined` for what is no number, or too large. */
function numberOf(text: string | undefined, most = Number.POSITIVE_INFINITY): number | null | undefined {
  if (text === undefined || text === '-') return null;
  return /^\d{1,15}$/.test(text) && Number(text) <= most ? Number(text) : undefined;
}

function secondsOf(text: string | undefined): number | undefined {
  const time = numberOf(text);
  if (time === null || time === undefined) return undefined;
  const seconds = time > 100_000_000_000 ? Math.floor(time / 1000) : time;
  return seconds < 2 ** 32 - 1 ? seconds : undefined;
}
