import type { JsonObject } from '../../core/index.ts';
import type { EvidenceKind } from '../../evidence/index.ts';

/** What one account and region answered. `list` gives the entries of a call, none where it was not made. */
export interface NetworkSource {
  readonly account: string;
  readonly region: string;
  readonly list: (kind: EvidenceKind, call: string) => readonly JsonObject[];
  /** The answers of a call that repeats for ids: whose they are, only their parameters say. */
  readonly answers: (kind: EvidenceKind, call: string) => readonly NetworkAnswer[];
}

/** One answer of a call, with the entries of its list. */
export interface NetworkAnswer {
  readonly parameters: Readonly<Record<string, string>>;
  readonly complete: boolean;
  readonly body: JsonObject;
  readonly entries: readonly JsonObject[];
}
