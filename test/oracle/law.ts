import type { Document } from './documents.ts';
import type { Exits } from './egress.ts';
import { exitsOf, isSealed, sameExits } from './egress.ts';
import { networkOf } from './generate/network.ts';

/** A network after a change. */
export interface Change {
  readonly what: string;
  readonly documents: readonly Document[];
}

/** How often a law was tried, and the interfaces for which it did not hold. */
export interface Trial {
  readonly tried: number;
  readonly faults: readonly string[];
}

/** What must hold between what can leave before a change and after it, tried on random networks. */
export function broken(
  networks: number,
  change: (documents: readonly Document[], seed: number) => Change | undefined,
  law: (before: Exits, after: Exits, id: string, changed: Change) => boolean,
  draw: (seed: number) => readonly Document[] = networkOf,
): Trial {
  let tried = 0;
  const faults: string[] = [];
  for (let seed = 1; seed <= networks; seed += 1) {
    const documents = draw(seed);
    const next = change(documents, seed);
    if (next === undefined) continue;
    tried += 1;
    const before = exitsOf(documents);
    const after = exitsOf(next.documents);
    for (const id of before.keys()) {
      if (!law(before, after, id, next)) faults.push(`network ${seed}, ${id}: ${next.what}`);
    }
  }
  return { tried, faults };
}

/** Whether nothing leaves from an interface, and nothing about it is unknown. */
export function sealed(exits: Exits, id: string): boolean {
  const own = exits.get(id);
  return own !== undefined && isSealed(own);
}

export function same(before: Exits, after: Exits, id: string): boolean {
  const [left, right] = [before.get(id), after.get(id)];
  return left !== undefined && right !== undefined && sameExits(left, right);
}
