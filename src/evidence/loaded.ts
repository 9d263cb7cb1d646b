import type { Json } from '../core/index.ts';
import { DomicileError } from '../core/index.ts';
import { checkedBytes } from './item.ts';
import type { EvidenceItem } from './model.ts';
import type { EvidenceStore } from './store.ts';

/** Why a listed item cannot be used although its status says that there is something. */
export type EvidenceProblem = 'DIGEST_MISMATCH' | 'UNREADABLE' | 'NOT_COLLECTED';

/** One manifest item with its parsed body, or with what is wrong with it. */
export interface LoadedItem {
  readonly item: EvidenceItem;
  readonly body: Json | undefined;
  readonly problem?: EvidenceProblem;
}

/** Everything a run collected, in the manifest's order. */
export type LoadedEvidence = readonly LoadedItem[];

/** Items larger than this are refused rather than parsed: 512 MiB. */
const MAX_ITEM_BYTES = 512 * 1024 * 1024;

/**
 * Reads every item of a store. A changed, missing or unparsable item does not stop the run: it becomes a
 * problem that makes its controls inconclusive, while findings on the other items stand.
 */
export async function loadEvidence(store: EvidenceStore): Promise<LoadedEvidence> {
  const { items } = await store.manifest();
  const loaded: LoadedItem[] = [];
  for (const item of items) loaded.push(await loadItem(store, item));
  return loaded;
}

async function loadItem(store: EvidenceStore, item: EvidenceItem): Promise<LoadedItem> {
  if (item.size > MAX_ITEM_BYTES) return { item, body: undefined, problem: 'UNREADABLE' };
  try {
    const bytes = checkedBytes(item, await store.read(item));
    const body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json;
    return { item, body };
  } catch (error) {
    return { item, body: undefined, problem: problemOf(error) };
  }
}

function problemOf(error: unknown): EvidenceProblem {
  if (!(error instanceof DomicileError)) return 'UNREADABLE';
  if (error.code === 'DIGEST_MISMATCH') return 'DIGEST_MISMATCH';
  return error.code === 'NOT_FOUND' ? 'NOT_COLLECTED' : 'UNREADABLE';
}
