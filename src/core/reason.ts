/**
 * Why something could not be seen, as a closed list. Each of them forbids a pass; none of them is a finding.
 * The codes stand in reports, so they are never renamed.
 */
export const REASON_CODES = [
  'ACCESS_DENIED',
  'SCP_DENIED',
  'NOT_COLLECTED',
  'NOT_IMPLEMENTED',
  'NOT_IN_PARTITION',
  'UNSUPPORTED_CONSTRUCT',
  'UNKNOWN_VALUE',
  'OUT_OF_SCOPE_ACCOUNT',
  'LOG_GAP',
  'LOG_SKIPDATA',
  'LOG_UNVERIFIED',
  'STALE',
  'SAMPLED',
  'THROTTLED',
  'TIMEOUT',
  'UNREACHABLE',
  'FAILED',
  'CANCELLED',
  'CHANGED_DURING_SCAN',
  'LOCATION_DISPUTED',
  'UNREADABLE',
  'DIGEST_MISMATCH',
  'CANARY_MISSED',
] as const;

export type ReasonCode = (typeof REASON_CODES)[number];

/** Something that could not be seen: what kind of obstacle, where, and in a few words what. Never free text of an audited system. */
export interface Reason {
  readonly code: ReasonCode;
  readonly scope: string;
  readonly detail: string;
}
