import { byCodeUnit, DomicileError } from '../core/index.ts';
import { checkedBytes, sealDraft } from './item.ts';
import type { EvidenceItem, Manifest } from './model.ts';
import type { EvidenceStore } from './store.ts';

/** An evidence store in memory: for canaries, tests and short questions. */
export function createMemoryStore(): EvidenceStore {
  const items = new Map<string, EvidenceItem>();
  const bodies = new Map<string, Uint8Array>();
  let sealed: Manifest | undefined;

  return {
    put: async (draft) => {
      const { item, bytes } = sealDraft(draft);
      if (sealed !== undefined)
        throw new DomicileError('STORAGE', 'expected an open evidence store, found a sealed one');
      if (items.has(item.id))
        throw new DomicileError('BAD_INPUT', `expected one item per key, found a second ${item.id}`);
      items.set(item.id, item);
      bodies.set(item.id, bytes);
      return item;
    },
    seal: async () => (sealed ??= manifestOf([...items.values()])),
    manifest: async () => sealed ?? manifestOf([...items.values()]),
    read: async (item) => {
      const bytes = bodies.get(item.id);
      if (bytes === undefined)
        throw new DomicileError('NOT_FOUND', `expected evidence item ${item.id}, found none`);
      return checkedBytes(item, bytes);
    },
  };
}

/** The manifest of items, ordered by id, whatever order they came in. */
export function manifestOf(items: readonly EvidenceItem[]): Manifest {
  return { schemaVersion: 1, items: [...items].sort((left, right) => byCodeUnit(left.id, right.id)) };
}
