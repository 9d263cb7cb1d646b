import type {
  EvidenceItem,
  EvidenceKey,
  EvidenceStatus,
  Manifest,
  PathCount,
  Provenance,
  ReducedWith,
} from './model.ts';

/** What a collector hands in for one item; the store adds id, digest and size. */
export interface EvidenceDraft {
  readonly key: EvidenceKey;
  /** When the answer was received (RFC 3339, UTC); null where nobody said. */
  readonly time: string | null;
  readonly declaredTime?: boolean;
  readonly status: EvidenceStatus;
  /** An error code of the audited system; empty for `complete`. Never its free text. */
  readonly reason: string;
  readonly provenance: Provenance;
  readonly requestId?: string;
  readonly dropped: readonly PathCount[];
  readonly reducedWith?: ReducedWith;
  /** The kept answer; `undefined` where there was none. */
  readonly body: unknown;
}

/**
 * Where evidence is kept. Guarantees: `put` is durable when it resolves; an item is written whole or not at
 * all; the same draft gives the same id and digest; two drafts with one key are refused with `BAD_INPUT`.
 * `seal` ends the writing and stores the manifest, items ordered by id. `read` checks size and digest and
 * throws `DIGEST_MISMATCH` or `NOT_FOUND`. Not safe for concurrent writers of one key.
 */
export interface EvidenceStore {
  readonly put: (draft: EvidenceDraft) => Promise<EvidenceItem>;
  readonly seal: () => Promise<Manifest>;
  readonly manifest: () => Promise<Manifest>;
  /** The item's bytes, exactly as digested. */
  readonly read: (item: EvidenceItem) => Promise<Uint8Array>;
}
