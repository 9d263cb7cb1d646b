import { byCodeUnit, DomicileError } from '../core/index.ts';
import type { FlowAggregate, FlowRow, InterfaceLog, LogObjectRead } from './flow-aggregate.ts';
import { unionOfSpans } from './flow-aggregate.ts';

/**
 * Adds aggregates up. In time linear in their rows where these are in order, as a reducer gives them; any other order
 * gives the same.
 *
 * @throws DomicileError `BAD_INPUT` where one log object is in two of them: its records would count twice;
 * `TOO_LARGE` where a total would have 2^53 or more.
 */
export function mergeFlowAggregates(aggregates: readonly FlowAggregate[]): FlowAggregate {
  const interfaces = new Map<string, InterfaceLog>();
  const objects = new Map<string, LogObjectRead>();
  for (const aggregate of aggregates) {
    for (const log of aggregate.interfaces) {
      const key = `${log.account} ${log.interface}`;
      const known = interfaces.get(key);
      interfaces.set(key, known === undefined ? log : addLogs(known, log));
    }
    for (const object of aggregate.objects) {
      if (objects.has(object.key)) {
        throw new DomicileError('BAD_INPUT', 'expected each log object once, found one twice');
      }
      objects.set(object.key, object);
    }
  }
  return {
    schemaVersion: 1,
    rows: mergeRows(aggregates.map(({ rows }) => inRowOrder(rows))),
    interfaces: inOrder(interfaces),
    objects: inOrder(objects),
  };
}

function inOrder<T>(entries: ReadonlyMap<string, T>): readonly T[] {
  return [...entries].sort(([left], [right]) => byCodeUnit(left, right)).map(([, value]) => value);
}

/** What a record itself says, in the order that rows have: everything but the measures. */
const IDENTITY = [
  'account',
  'interface',
  'source',
  'destination',
  'packetSource',
  'packetDestination',
  'protocol',
  'sourcePort',
  'destinationPort',
  'action',
  'tcp',
  'direction',
] as const satisfies readonly (keyof FlowRow)[];

/** The order of rows: by the texts of what they are about, `-` for nothing. 0 for rows that are about the same. */
function compareRows(left: FlowRow, right: FlowRow): number {
  for (const member of IDENTITY) {
    if (left[member] === right[member]) continue;
    const order = byCodeUnit(String(left[member] ?? '-'), String(right[member] ?? '-'));
    if (order !== 0) return order;
  }
  return 0;
}

/** Rows in order, each once. Those that already are, as nearly all, stay the list they are. */
function inRowOrder(rows: readonly FlowRow[]): readonly FlowRow[] {
  const isInOrder = rows.every((row, index) => {
    const before = rows[index - 1];
    return before === undefined || compareRows(before, row) < 0;
  });
  if (isInOrder) return rows;
  const once: FlowRow[] = [];
  for (const row of rows.toSorted(compareRows)) addRow(once, row);
  return once;
}

/** Merges pairs of lists until one is left. */
function mergeRows(lists: readonly (readonly FlowRow[])[]): readonly FlowRow[] {
  const [first = [], second, ...others] = lists;
  if (second === undefined) return first;
  if (others.length === 0) return mergeTwo(first, second);
  const middle = lists.length >> 1;
  return mergeTwo(mergeRows(lists.slice(0, middle)), mergeRows(lists.slice(middle)));
}

function mergeTwo(left: readonly FlowRow[], right: readonly FlowRow[]): readonly FlowRow[] {
  const merged: FlowRow[] = [];
  let next = 0;
  for (const row of left) {
    for (let other = right[next]; other !== undefined && compareRows(other, row) < 0; other = right[next]) {
      addRow(merged, other);
      next += 1;
    }
    addRow(merged, row);
  }
  for (const row of right.slice(next)) addRow(merged, row);
  return merged;
}

/** Adds a row that is not before the last one. */
function addRow(rows: FlowRow[], row: FlowRow): void {
  const last = rows.at(-1);
  if (last !== undefined && compareRows(last, row) === 0) rows.splice(-1, 1, sumOf(last, row));
  else rows.push(row);
}

function sumOf(left: FlowRow, right: FlowRow): FlowRow {
  return {
    ...left,
    flows: exactSum(left.flows, right.flows),
    packets: exactSum(left.packets, right.packets),
    bytes: exactSum(left.bytes, right.bytes),
    withoutBytes: exactSum(left.withoutBytes, right.withoutBytes),
    first: Math.min(left.first, right.first),
    last: Math.max(left.last, right.last),
  };
}

function addLogs(left: InterfaceLog, right: InterfaceLog): InterfaceLog {
  return {
    ...left,
    observed: unionOfSpans([...left.observed, ...right.observed]),
    skipped: unionOfSpans([...left.skipped, ...right.skipped]),
    ok: left.ok + right.ok,
    nodata: left.nodata + right.nodata,
    skipdata: left.skipdata + right.skipdata,
  };
}

/** A sum that is exact or an error: a total that lost bytes would be a quiet lie. */
function exactSum(left: number, right: number): number {
  const sum = left + right;
  if (!Number.isSafeInteger(sum))
    throw new DomicileError('TOO_LARGE', 'expected totals below 2^53, found a larger one');
  return sum;
}
