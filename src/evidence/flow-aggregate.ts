import type { TimeWindow } from '../core/index.ts';
import { parseInstant } from '../core/index.ts';

/** A port as a record-local class: exact below 32768, else `ephemeral`, so that client ports do not multiply the rows. */
export type FlowPort = number | 'ephemeral' | null;

/** What the TCP flags of a record say (VPC flow logs, `tcp-flags`): bit 2 is SYN, bit 16 comes only with SYN-ACK. */
export type TcpRole = 'syn' | 'syn-ack' | 'other' | 'unknown';

/** Records that say the same apart from time and volume. Nothing here depends on a policy, a country or another record. */
export interface FlowRow {
  readonly account: string;
  /** The interface, or the resource id where AWS names no interface (regional NAT gateways). */
  readonly interface: string;
  readonly source: string;
  readonly destination: string;
  /** Packet-level addresses; null where the format has none. */
  readonly packetSource: string | null;
  readonly packetDestination: string | null;
  readonly protocol: number | null;
  readonly sourcePort: FlowPort;
  readonly destinationPort: FlowPort;
  readonly action: 'ACCEPT' | 'REJECT';
  readonly tcp: TcpRole;
  readonly direction: 'ingress' | 'egress' | null;
  readonly flows: number;
  readonly packets: number;
  readonly bytes: number;
  /** Records that carry no byte count (Block Public Access). */
  readonly withoutBytes: number;
  /** Unix seconds. */
  readonly first: number;
  readonly last: number;
}

/** A span of Unix seconds, both ends included, as flow logs give it. */
export type LogSpan = readonly [start: number, end: number];

/** What the logs say of one interface's time. */
export interface InterfaceLog {
  readonly account: string;
  readonly interface: string;
  /** Union of the spans of OK and NODATA records. */
  readonly observed: readonly LogSpan[];
  /** Union of the spans in which AWS lost records (SKIPDATA). */
  readonly skipped: readonly LogSpan[];
  readonly ok: number;
  readonly nodata: number;
  readonly skipdata: number;
}

/** Why a line could not be read. */
export type MalformedLine = 'fields' | 'number' | 'address' | 'value' | 'too-long' | 'no-header';

/** One log object that was read, or not. */
export interface LogObjectRead {
  readonly key: string;
  /** Bytes as stored. */
  readonly size: number;
  readonly sha256: string;
  readonly status: 'complete' | 'truncated' | 'too-large' | 'unreadable' | 'mismatch';
  readonly records: number;
  readonly malformed: Readonly<Partial<Record<MalformedLine, number>>>;
  /** The field lists met, by their closed names; `?` for a name that is not known. */
  readonly formats: readonly string[];
}

/**
 * Exact totals of flow logs. A commutative monoid under `mergeFlowAggregates`: any order and any grouping of
 * the same objects give the same aggregate, so one worker or fifty give the same bytes.
 */
export interface FlowAggregate {
  readonly schemaVersion: 1;
  readonly rows: readonly FlowRow[];
  readonly interfaces: readonly InterfaceLog[];
  readonly objects: readonly LogObjectRead[];
}

export const EMPTY_FLOWS: FlowAggregate = { schemaVersion: 1, rows: [], interfaces: [], objects: [] };

/** Sorted, disjoint spans. Adjacent seconds join: 0-59 and 60-119 leave no gap. */
export function unionOfSpans(spans: readonly LogSpan[]): readonly LogSpan[] {
  const merged: [number, number][] = [];
  for (const [start, end] of [...spans].sort((left, right) => left[0] - right[0] || left[1] - right[1])) {
    const previous = merged.at(-1);
    if (previous !== undefined && start <= previous[1] + 1) previous[1] = Math.max(previous[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

const KEY_TIME =
  /_vpcflowlogs_[a-z0-9-]+_fl-[0-9a-f]+_(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})Z_[0-9a-z]+\.log(?:\.gz|\.parquet)?$/;

/**
 * The time in an object's name, in Unix seconds, or `undefined` where the name has none. Its rows end in the
 * five minutes from then on, or later where AWS delivered late (VPC user guide, flow logs to S3).
 */
function logObjectTime(key: string): number | undefined {
  const parts = KEY_TIME.exec(key)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts;
  return Date.UTC(year, month - 1, day, hour, minute) / 1000;
}

/** AWS delivers up to this late ("traffic delayed for more than one day", VPC user guide). */
const LATEST_DELIVERY_SECONDS = 48 * 3600;
const SLOT_SECONDS = 600;

/** The times that names of objects with records of a window can have, in Unix seconds, the end excluded. */
export function logObjectTimes(window: TimeWindow): readonly [from: number, to: number] {
  return [
    parseInstant(window.start) / 1000 - SLOT_SECONDS * 3,
    parseInstant(window.end) / 1000 + LATEST_DELIVERY_SECONDS,
  ];
}

/** Whether an object can hold records of the window; one whose name has no time might. */
export function isLogObjectOf(window: TimeWindow, key: string): boolean {
  const time = logObjectTime(key);
  const [from, to] = logObjectTimes(window);
  return time === undefined || (time >= from && time < to);
}

/** One entry of a listing of log objects. */
export interface ListedLogObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
}

/** The body of `flow-logs.listing`. */
export interface LogListing {
  readonly schemaVersion: 1;
  readonly objects: readonly ListedLogObject[];
}
