import type { Clock, TimeWindow } from '../core/index.ts';
import { toInstant } from '../core/index.ts';
import type { EvidenceDraft, EvidenceKey } from '../evidence/index.ts';
import type { AddressLocator, DestinationRule, Dialer } from '../net/index.ts';
import { createDialer } from '../net/index.ts';

/** How far a step has come. `total` is absent where nobody can know it. */
export interface Progress {
  readonly source: string;
  readonly step: string;
  readonly done: number;
  readonly total?: number;
}

/** What a source is given to read with: it has no other way out than the dialer. */
export interface CollectionContext {
  readonly dialer: Dialer;
  readonly clock: Clock;
  /** The period that the run speaks of; logs of other times need not be read. */
  readonly window?: TimeWindow;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** One audited system that is read on its own: an export folder, an account in a region, a log bucket, a database. */
export interface EvidenceSource {
  /** Unique in a run, such as `database/gateway`. */
  readonly id: string;
  /** Where its connections may go. Whatever is not named here is refused and listed. */
  readonly allowed: readonly DestinationRule[];
  /** Whether it is read after all others: what changed meanwhile shows in the difference. */
  readonly atEnd?: boolean;
  /** Never throws for what the audited system does: what could not be read is an item that says so. */
  readonly collect: (context: CollectionContext) => AsyncIterable<EvidenceDraft>;
}

export interface SourceReading {
  readonly locator: AddressLocator;
  readonly clock: Clock;
  readonly window?: TimeWindow;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Names the list of the connections of a source. */
export function connectionsKey(source: string): EvidenceKey {
  return {
    kind: 'auditor.connections',
    partition: '',
    account: '',
    region: '',
    target: '',
    call: 'auditor:Connections',
    parameters: { source },
    phase: 'start',
    part: 0,
  };
}

/** Everything that a source brings, and last the list of the connections that it made. */
export async function* readSource(
  source: EvidenceSource,
  { locator, ...reading }: SourceReading,
): AsyncIterable<EvidenceDraft> {
  const dialer = createDialer({ allowed: source.allowed, locator, clock: reading.clock });
  yield* source.collect({ ...reading, dialer });
  yield {
    key: connectionsKey(source.id),
    time: toInstant(reading.clock.now()),
    status: 'complete',
    reason: '',
    provenance: 'live',
    dropped: [],
    body: dialer.log(),
  };
}
