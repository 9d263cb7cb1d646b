import type { EvidenceKind } from './evidence-kind.ts';

/** Whether something was read when the run started or when it ended; two phases bound an interval. */
export type Phase = 'start' | 'end';

/**
 * What a check must be shown: a closed evidence kind of one account and region, or of one database or log
 * source. Not single calls: which calls there are is known only after a listing.
 */
export interface Need {
  readonly kind: EvidenceKind;
  /** 12 digits; empty where the kind has no account. */
  readonly account: string;
  /** Empty where the kind has no region. */
  readonly region: string;
  /** Inventory id of the database or log source; empty where the kind has none. */
  readonly target: string;
  readonly phase: Phase;
  /**
   * Matters only where the evaluation comes to rest on it, which its outcome then says: a transit gateway's tables
   * are nothing to a network without one.
   */
  readonly ifReferred?: true;
}

/** A need of an AWS kind. */
export function awsNeed(kind: EvidenceKind, account: string, region: string, phase: Phase = 'start'): Need {
  return { kind, account, region, target: '', phase };
}

/** A need of an AWS kind that matters only where something refers to it. */
export function referredNeed(
  kind: EvidenceKind,
  account: string,
  region: string,
  phase: Phase = 'start',
): Need {
  return { ...awsNeed(kind, account, region, phase), ifReferred: true };
}

/** A need of a database or a log source, by its inventory id. */
export function targetNeed(kind: EvidenceKind, target: string, phase: Phase = 'start'): Need {
  return { kind, account: '', region: '', target, phase };
}

/** A need of something that belongs to the run itself. */
export function runNeed(kind: EvidenceKind): Need {
  return { kind, account: '', region: '', target: '', phase: 'start' };
}

/** One text per need: two needs are the same exactly if their names are. */
export function needName(need: Need): string {
  return [need.kind, need.account || '-', need.region || '-', need.target || '-', need.phase].join('/');
}
