import type { Instant } from '../core/index.ts';
import type { DestinationPlace } from './destination.ts';

/** One connection that the auditor made, tried or was refused: a line of the evidence `auditor.connections`. */
export interface ConnectionRecord {
  readonly time: Instant;
  /** Why it was dialled, such as `postgres:gateway`. */
  readonly purpose: string;
  /** The host as declared, in lower case: a name or an address. */
  readonly host: string;
  readonly port: number;
  /** The address that was checked, and the only one dialled; empty where the name did not resolve. */
  readonly address: string;
  readonly location: DestinationPlace;
  /** `unresolved`: the name gave no address, so that there was nothing to decide on. */
  readonly decision: 'allowed' | 'refused' | 'unresolved';
  /** The rule that allowed it; empty where it was refused. */
  readonly rule: string;
  readonly outcome: 'connected' | 'failed' | 'not-dialled';
  /** System error code such as ECONNREFUSED; empty where all went well. */
  readonly code: string;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** The body of the evidence `auditor.connections`, in the order of dialling. */
export interface ConnectionLog {
  readonly schemaVersion: 1;
  readonly connections: readonly ConnectionRecord[];
}
