import type { Json, JsonObject } from '../../core/index.ts';
import { isJsonArray, isJsonObject, parseAddress } from '../../core/index.ts';
import type { FlowAggregate } from '../../evidence/index.ts';

/**
 * The body of `flow-logs.records`, or `undefined` where it has another shape. An evidence store can come from
 * people: a row whose action or address nobody knows must not count as traffic that never was.
 */
export function parseFlows(body: Json | undefined): FlowAggregate | undefined {
  if (!isJsonObject(body) || body['schemaVersion'] !== 1) return undefined;
  const shaped =
    isListOf(body['rows'], rowTest()) &&
    isListOf(body['interfaces'], isInterface) &&
    isListOf(body['objects'], isObjectRead);
  return shaped ? (body as unknown as FlowAggregate) : undefined;
}

/** Whether entries are rows. Millions of them have some thousands of addresses: each is parsed once. */
function rowTest(): (row: JsonObject) => boolean {
  const known = new Set<Json>();
  const isAddress = (value: Json | undefined): boolean => {
    if (typeof value !== 'string') return false;
    if (known.has(value)) return true;
    if (parseAddress(value) === null) return false;
    known.add(value);
    return true;
  };
  return (row) => isRow(row, isAddress);
}

function isRow(row: JsonObject, isAddress: (value: Json | undefined) => boolean): boolean {
  return (
    isText(row['account']) &&
    isText(row['interface']) &&
    isAddress(row['source']) &&
    isAddress(row['destination']) &&
    (row['packetSource'] === null || isAddress(row['packetSource'])) &&
    (row['packetDestination'] === null || isAddress(row['packetDestination'])) &&
    isOneOf(['ACCEPT', 'REJECT'], row['action']) &&
    isOneOf(['syn', 'syn-ack', 'other', 'unknown'], row['tcp']) &&
    (row['direction'] === null || isOneOf(['ingress', 'egress'], row['direction'])) &&
    (row['protocol'] === null || isCount(row['protocol'])) &&
    isPort(row['sourcePort']) &&
    isPort(row['destinationPort']) &&
    areCounts(row, ['flows', 'packets', 'bytes', 'withoutBytes', 'first', 'last'])
  );
}

function isInterface(log: JsonObject): boolean {
  return (
    isText(log['account']) &&
    isText(log['interface']) &&
    isSpans(log['observed']) &&
    isSpans(log['skipped']) &&
    areCounts(log, ['ok', 'nodata', 'skipdata'])
  );
}

function isObjectRead(read: JsonObject): boolean {
  const statuses = ['complete', 'truncated', 'too-large', 'unreadable', 'mismatch'];
  return isText(read['key']) && isOneOf(statuses, read['status']) && isJsonObject(read['malformed']);
}

function isSpans(value: Json | undefined): boolean {
  return (
    isJsonArray(value) &&
    value.every((span: Json) => isJsonArray(span) && span.length === 2 && span.every(isCount))
  );
}

function isListOf(value: Json | undefined, test: (entry: JsonObject) => boolean): boolean {
  return isJsonArray(value) && value.every((entry: Json) => isJsonObject(entry) && test(entry));
}

function isPort(value: Json | undefined): boolean {
  return value === null || value === 'ephemeral' || isCount(value);
}

function isText(value: Json | undefined): boolean {
  return typeof value === 'string' && value !== '';
}

function isOneOf(closed: readonly string[], value: Json | undefined): boolean {
  return typeof value === 'string' && closed.includes(value);
}

function areCounts(value: JsonObject, members: readonly string[]): boolean {
  return members.every((member) => isCount(value[member]));
}

function isCount(value: Json | undefined): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
