import { byCodeUnit, formatAddress, parseAddress, sha256Hex } from '../../core/index.ts';
import type {
  FlowAggregate,
  FlowPort,
  FlowRow,
  InterfaceLog,
  LogObjectRead,
  MalformedLine,
  TcpRole,
} from '../../evidence/index.ts';
import { mergeFlowAggregates } from '../../evidence/index.ts';
import { inflate } from './inflate.ts';
import { LineReader } from './line-reader.ts';
import type { TableRow } from './row-table.ts';
import { createRowTable } from './row-table.ts';
import type { SpanCollector } from './span-collector.ts';
import { createSpanCollector } from './span-collector.ts';

/** Names what reduced the logs. Evidence reduced by another kernel is not comparable and counts as not collected. */
export const FLOW_KERNEL = 'flow-log/1';

/** Bounds of one object: what may come out of it, and how many distinct rows. */
export interface FlowLogLimits {
  readonly inflatedBytes: number;
  readonly rows: number;
}

export const FLOW_LOG_LIMITS: FlowLogLimits = { inflatedBytes: 1024 * 1024 * 1024, rows: 2_000_000 };

/** A log object as it was fetched. */
export interface LogObjectBytes {
  readonly key: string;
  readonly bytes: Uint8Array;
}

const LONGEST_LINE = 8192;
const NEWLINE = 10;

/**
 * Reduces one text log object to its exact aggregate. A line that cannot be read is counted with its reason;
 * an object that cannot be read is listed as such: nothing is dropped in silence.
 */
export function scanFlowLogObject(
  object: LogObjectBytes,
  limits: FlowLogLimits = FLOW_LOG_LIMITS,
): FlowAggregate {
  const described = { key: object.key, size: object.bytes.length, sha256: sha256Hex(object.bytes) };
  const inflated = inflate(object.bytes, limits.inflatedBytes);
  if (inflated.status !== 'complete') {
    const read: LogObjectRead = {
      ...described,
      status: inflated.status,
      records: 0,
      malformed: {},
      formats: [],
    };
    return { schemaVersion: 1, rows: [], interfaces: [], objects: [read] };
  }
  return reduceLines(inflated.bytes, described, limits);
}

function reduceLines(
  text: Uint8Array,
  described: Pick<LogObjectRead, 'key' | 'size' | 'sha256'>,
  limits: FlowLogLimits,
): FlowAggregate {
  const reader = new LineReader();
  const table = createRowTable(limits.rows);
  const spans = new Map<number, SpanCollector>();
  const malformed = new Map<MalformedLine, number>();
  let records = 0;
  for (let from = 0; from < text.length; ) {
    const newline = text.indexOf(NEWLINE, from);
    const to = newline < 0 ? text.length : newline;
    const kind = to - from > LONGEST_LINE ? 'too-long' : reader.read(text, from, to);
    from = to + 1;
    if (kind === 'record') {
      records += 1;
      const row = table.add(reader.key, reader.length, reader.hash, reader.measures);
      let own = spans.get(row);
      if (own === undefined) spans.set(row, (own = createSpanCollector()));
      own.add(reader.measures.start, reader.measures.end);
    } else if (kind !== 'header' && kind !== 'blank') {
      malformed.set(kind, (malformed.get(kind) ?? 0) + 1);
    }
  }
  return assemble(
    table.rows(),
    spans,
    { ...described, status: 'complete', records, malformed: {}, formats: [...reader.formats].sort() },
    malformed,
  );
}

/** Turns key bytes into rows. Addresses are checked here, once a row, instead of once a record. */
function assemble(
  tableRows: readonly TableRow[],
  spans: ReadonlyMap<number, SpanCollector>,
  object: LogObjectRead,
  malformed: Map<MalformedLine, number>,
): FlowAggregate {
  const parts: FlowAggregate[] = [];
  for (const [index, measured] of tableRows.entries()) {
    const [status = '', account = '', name = '', ...rest] = measured.key.split(' ');
    const observed = spans.get(index)?.spans() ?? [];
    const row = status === 'O' ? rowOf(account, name, rest, measured) : undefined;
    if (!INTERFACE.test(name) || !ACCOUNT.test(account) || (status === 'O' && row === undefined)) {
      malformed.set('address', (malformed.get('address') ?? 0) + measured.flows);
      continue;
    }
    parts.push({
      schemaVersion: 1,
      rows: row === undefined ? [] : [row],
      interfaces: [logOf(account, name, status, measured.flows, observed)],
      objects: [],
    });
  }
  const read: LogObjectRead = {
    ...object,
    malformed: Object.fromEntries([...malformed].sort(([left], [right]) => byCodeUnit(left, right))),
  };
  return mergeFlowAggregates([...parts, { schemaVersion: 1, rows: [], interfaces: [], objects: [read] }]);
}

const INTERFACE = /^(?:eni|nat|vpce|tgw|igw)-[0-9a-f]{4,32}$/;
const ACCOUNT = /^(?:\d{12}|unknown|-)$/;

function logOf(
  account: string,
  name: string,
  status: string,
  count: number,
  observed: InterfaceLog['observed'],
): InterfaceLog {
  const lost = status === 'S';
  return {
    account,
    interface: name,
    observed: lost ? [] : observed,
    skipped: lost ? observed : [],
    ok: status === 'O' ? count : 0,
    nodata: status === 'N' ? count : 0,
    skipdata: lost ? count : 0,
  };
}

const ROLE: Readonly<Record<string, TcpRole>> = { s: 'syn', a: 'syn-ack', o: 'other', u: 'unknown' };

function rowOf(
  account: string,
  name: string,
  rest: readonly string[],
  measured: TableRow,
): FlowRow | undefined {
  const [
    source,
    destination,
    packetSource,
    packetDestination,
    protocol,
    sourcePort,
    destinationPort,
    action,
    role,
    direction,
  ] = rest;
  const addresses = [source, destination].map(canonicalAddress);
  const packetAddresses = [packetSource, packetDestination].map((text) =>
    text === '-' ? null : canonicalAddress(text),
  );
  const tcp = ROLE[role ?? ''];
  const number = protocol === '-' ? null : Number(protocol);
  if (
    addresses.includes(undefined) ||
    packetAddresses.includes(undefined) ||
    tcp === undefined ||
    (number !== null && !(Number.isInteger(number) && number >= 0 && number < 256)) ||
    (action !== 'ACCEPT' && action !== 'REJECT') ||
    (direction !== 'ingress' && direction !== 'egress' && direction !== '-')
  ) {
    return undefined;
  }
  const { key: _key, ...measures } = measured;
  return {
    account,
    interface: name,
    source: addresses[0] ?? '',
    destination: addresses[1] ?? '',
    packetSource: packetAddresses[0] ?? null,
    packetDestination: packetAddresses[1] ?? null,
    protocol: number,
    sourcePort: portOf(sourcePort),
    destinationPort: portOf(destinationPort),
    action,
    tcp,
    direction: direction === '-' ? null : direction,
    ...measures,
  };
}

function canonicalAddress(text: string | undefined): string | undefined {
  const address = text === undefined ? null : parseAddress(text);
  return address === null ? undefined : formatAddress(address);
}

function portOf(text: string | undefined): FlowPort {
  if (text === 'e') return 'ephemeral';
  return text === undefined || text === '-' ? null : Number(text);
}
