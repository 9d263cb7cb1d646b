import type { Json, JsonObject, TimeWindow } from '../core/index.ts';
import type { Deployment } from './generated/inventory.ts';
import type { EvidenceItem } from './model.ts';
import type { Need } from './need.ts';

/** One evidence item with its parsed body. `body` is `undefined` where nothing usable was answered. */
export interface EvidenceAnswer {
  readonly item: EvidenceItem;
  readonly body: Json | undefined;
}

/**
 * What a check may see: the evidence that it declared, and nothing else.
 *
 * What is missing here is not the check's business: the runner turns missing, partial, stale or unreadable
 * evidence into reasons. A check only must not conclude anything from absence.
 */
export interface EvidenceView {
  readonly deployment: Deployment;
  readonly window: TimeWindow;
  /** @throws DomicileError `UNDECLARED_EVIDENCE` for a need that was not declared. */
  readonly answers: (need: Need) => readonly EvidenceAnswer[];
  /**
   * The entries of one call's list, all pages and parts together, or `undefined` where no answer was usable:
   * an empty list means "there are none", `undefined` means "nobody knows".
   */
  readonly list: (need: Need, call: string) => readonly JsonObject[] | undefined;
  /** A shared fact, computed once. Its needs must be among those declared. */
  readonly fact: <T>(fact: Fact<T>) => T;
}

/**
 * A function over evidence that several checks share, such as the network model. It says what it needs; the
 * runner computes it once per run; nobody stores it, since it follows from the evidence.
 */
export interface Fact<T> {
  readonly id: string;
  readonly needs: (deployment: Deployment) => readonly Need[];
  readonly compute: (view: EvidenceView) => T;
}
