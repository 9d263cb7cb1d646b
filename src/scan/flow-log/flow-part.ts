import type { LogObjectRead } from '../../evidence/index.ts';

/**
 * What one reducer gathered, in a form that another takes over: plain values and bytes, so that it can cross
 * from thread to thread. Numbers inside `rows` mean places in `endpoints` and `addresses`.
 */
export interface FlowPart {
  /** Rows of 64 bytes, as wasm/flow-log/rows.ts lays them out. */
  readonly rows: readonly Uint8Array<ArrayBuffer>[];
  /** "account interface" texts. */
  readonly endpoints: readonly string[];
  /** IPv6 addresses, canonical. */
  readonly addresses: readonly string[];
  /** One for each endpoint. */
  readonly logs: readonly EndpointLog[];
  readonly objects: readonly LogObjectRead[];
}

/** What was counted of one interface's time. */
export interface EndpointLog {
  readonly ok: number;
  readonly nodata: number;
  readonly skipdata: number;
  /** Start and end of each span of the union, one after the other. */
  readonly observed: Uint32Array<ArrayBuffer>;
  readonly skipped: Uint32Array<ArrayBuffer>;
}
