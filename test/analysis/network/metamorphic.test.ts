import { expect, it } from 'vitest';
import { renamed, withoutADeny, withoutAnObject, withUnknownTarget } from '../../oracle/changes.ts';
import type { Document } from '../../oracle/documents.ts';
import type { Exits } from '../../oracle/egress.ts';
import { exitsOf, holdsAll, isSealed, sameExits } from '../../oracle/egress.ts';
import { networkOf } from '../../oracle/generate/network.ts';
import { randomOf } from '../../oracle/generate/random.ts';
import { passesEgress } from '../../oracle/verdict.ts';

/** Laws that need no oracle: what must not change, or only in one direction, when the network does. */
const NETWORKS = 600;

interface Change {
  readonly what: string;
  readonly documents: readonly Document[];
}

/** The interfaces of random networks for which a law does not hold after a change. */
const broken = (
  change: (documents: readonly Document[], seed: number) => Change | undefined,
  law: (before: Exits, after: Exits, id: string) => boolean,
): { readonly tried: number; readonly faults: readonly string[] } => {
  let tried = 0;
  const faults: string[] = [];
  for (let seed = 1; seed <= NETWORKS; seed += 1) {
    const documents = networkOf(seed);
    const next = change(documents, seed);
    if (next === undefined) continue;
    tried += 1;
    const before = exitsOf(documents);
    const after = exitsOf(next.documents);
    for (const id of before.keys()) {
      if (!law(before, after, id)) faults.push(`network ${seed}, ${id}: ${next.what}`);
    }
  }
  return { tried, faults };
};

const sealed = (exits: Exits, id: string): boolean => {
  const own = exits.get(id);
  return own !== undefined && isSealed(own);
};

const same = (before: Exits, after: Exits, id: string): boolean => {
  const [left, right] = [before.get(id), after.get(id)];
  return left !== undefined && right !== undefined && sameExits(left, right);
};

it('loses no exit by the removal of a deny', { timeout: 60_000 }, () => {
  const { tried, faults } = broken(
    (documents, seed) => {
      const next = withoutADeny(documents, randomOf(seed));
      return next && { what: 'a deny removed', documents: next };
    },
    (before, after, id) => {
      const [less, more] = [before.get(id), after.get(id)];
      return less !== undefined && more !== undefined && holdsAll(more, less);
    },
  );
  expect(tried).toBeGreaterThan(NETWORKS / 2);
  expect(faults).toEqual([]);
});

it('answers the same beside a network that has nothing to do with it', { timeout: 60_000 }, () => {
  const { faults } = broken(
    (documents, seed) => ({
      what: 'another network beside it',
      documents: [...documents, ...elsewhere(networkOf(seed + 100_000))],
    }),
    same,
  );
  expect(faults).toEqual([]);
});

/** The same network under other ids and in other accounts. */
const elsewhere = (documents: readonly Document[]): readonly Document[] =>
  renamed(documents, (id) => id.replace(/-0/, '-f')).map((document) => ({
    ...document,
    account: `9${document.account.slice(1)}`,
  }));

it('answers the same whatever the ids are', { timeout: 60_000 }, () => {
  // The digits turned round: another order, another text, the same network.
  const turned = (id: string): string => {
    const at = id.lastIndexOf('-') + 1;
    return id.slice(0, at) + id.slice(at).split('').toReversed().join('');
  };
  const back = (exits: Exits): Exits =>
    new Map(
      [...exits].map(([id, { certain, possible, unknowns }]) => [
        turned(id),
        {
          certain: new Map([...certain].map(([exit, packets]) => [turned(exit), packets])),
          possible: new Map([...possible].map(([exit, packets]) => [turned(exit), packets])),
          unknowns: unknowns.map(turned).toSorted(),
        },
      ]),
    );
  const { faults } = broken(
    (documents) => ({ what: 'ids turned round', documents: renamed(documents, turned) }),
    (before, after, id) => same(before, back(after), id),
  );
  expect(faults).toEqual([]);
});

it('seals no interface by a route whose target nobody knows', { timeout: 60_000 }, () => {
  const { tried, faults } = broken(
    (documents, seed) => {
      const next = withUnknownTarget(documents, randomOf(seed));
      return next && { what: 'a route to an unknown target', documents: next };
    },
    (before, after, id) => sealed(before, id) || !sealed(after, id),
  );
  expect(tried).toBeGreaterThan(NETWORKS / 2);
  expect(faults).toEqual([]);
});

it('seals no interface by the absence of an object that others name', { timeout: 60_000 }, () => {
  const { tried, faults } = broken(
    (documents, seed) => withoutAnObject(documents, randomOf(seed)),
    (before, after, id) => sealed(before, id) || !sealed(after, id),
  );
  expect(tried).toBeGreaterThan(NETWORKS / 2);
  expect(faults).toEqual([]);
});

it('turns no verdict into a pass by an object or a target that is taken away', { timeout: 60_000 }, () => {
  const passed: string[] = [];
  const before = Array.from({ length: NETWORKS }, (_, index) => networkOf(index + 1));
  for (const [index, documents] of before.entries()) {
    if (passesEgress(documents)) continue;
    const random = randomOf(index);
    const less = withoutAnObject(documents, random);
    const strange = withUnknownTarget(documents, random);
    if (less !== undefined && passesEgress(less.documents)) passed.push(`network ${index + 1}: ${less.what}`);
    if (strange !== undefined && passesEgress(strange)) passed.push(`network ${index + 1}: unknown target`);
  }
  expect(passed).toEqual([]);
  expect(before.filter(passesEgress).length).toBeGreaterThan(NETWORKS / 50);
});

it('knows sealed interfaces and open ones, so that the laws above are about something', () => {
  const all = Array.from({ length: 100 }, (_, index) => exitsOf(networkOf(index + 1)));
  const states = all.flatMap((exits) => [...exits.keys()].map((id) => sealed(exits, id)));
  const share = states.filter(Boolean).length / states.length;
  expect(share).toBeGreaterThan(0.05);
  expect(share).toBeLessThan(0.95);
});
