import { describe, expect, it } from 'vitest';
import { solveNetwork } from '../../../src/analysis/index.ts';
import {
  renamed,
  shuffled,
  withATwin,
  withHalves,
  withoutADeny,
  withoutAnObject,
  withUnknownTarget,
} from '../../oracle/changes.ts';
import type { Document } from '../../oracle/documents.ts';
import type { Exits } from '../../oracle/egress.ts';
import { exitsOf, holdsAll } from '../../oracle/egress.ts';
import { bigNetworkOf, networkOf } from '../../oracle/generate/network.ts';
import { randomOf } from '../../oracle/generate/random.ts';
import { broken, same, sealed } from '../../oracle/law.ts';
import { sourcesOf } from '../../oracle/solver-input.ts';
import { passesEgress } from '../../oracle/verdict.ts';

/** Laws that need no oracle: what must not change, or only in one direction, when the network does. */
const NETWORKS = 400;

it('loses no exit by the removal of a deny', { timeout: 60_000 }, () => {
  const { tried, faults } = broken(
    NETWORKS,
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
    NETWORKS,
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

/** Every exit of a network under other names, as it was under its own. */
const namedBack = (exits: Exits, back: (id: string) => string): Exits => {
  const keys = <T>(sets: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
    new Map([...sets].map(([exit, packets]) => [back(exit), packets]));
  return new Map(
    [...exits].map(([id, { certain, possible, unknowns }]) => [
      back(id),
      { certain: keys(certain), possible: keys(possible), unknowns: unknowns.map(back).toSorted() },
    ]),
  );
};

const HEX = '0123456789abcdef';

/** Renamings, each of which undoes itself when the one beside it is applied. */
const RENAMINGS: Readonly<
  Record<string, readonly [there: (id: string) => string, back: (id: string) => string]>
> = {
  'in another order': [turned, turned],
  'in the same order': [
    (id) => id.replace(/-0/, '-5'),
    (text) => text.replaceAll(/-5([0-9a-f]{16})/g, '-0$1'),
  ],
  'in the opposite order': [opposite, opposite],
};

/** The digits turned round: another order, another text, the same network. */
function turned(id: string): string {
  const at = id.lastIndexOf('-') + 1;
  return id.slice(0, at) + id.slice(at).split('').toReversed().join('');
}

/** Every digit of an id for its complement. */
function opposite(text: string): string {
  return text.replaceAll(/(?<=-)[0-9a-f]{17}\b/g, (digits) =>
    digits.replaceAll(/./g, (digit) => HEX[15 - HEX.indexOf(digit)] ?? digit),
  );
}

it.each(Object.entries(RENAMINGS))(
  'answers the same whatever the ids are: %s',
  { timeout: 60_000 },
  (_, [there, back]) => {
    const { faults } = broken(
      NETWORKS / 2,
      (documents) => ({ what: 'renamed', documents: renamed(documents, there) }),
      (before, after, id) => same(before, namedBack(after, back), id),
    );
    expect(faults).toEqual([]);
  },
);

it('answers the same whatever the order of lists', { timeout: 60_000 }, () => {
  const { faults } = broken(
    NETWORKS / 4,
    (documents, seed) => ({ what: 'shuffled', documents: shuffled(documents, randomOf(seed)) }),
    same,
  );
  expect(faults).toEqual([]);
});

it('answers the same where rules name halves instead of a whole', { timeout: 60_000 }, () => {
  const { faults } = broken(
    NETWORKS / 4,
    (documents) => ({ what: 'halves', documents: withHalves(documents) }),
    same,
  );
  expect(faults).toEqual([]);
});

it('answers the same where an object is listed twice, and names one that is listed in two ways', {
  timeout: 60_000,
}, () => {
  const { faults } = broken(
    NETWORKS / 4,
    (documents, seed) => {
      const next = withATwin(documents, randomOf(seed), true);
      return next && { what: 'a twin', documents: next };
    },
    same,
  );
  expect(faults).toEqual([]);
  for (let seed = 1; seed <= 50; seed += 1) {
    const next = withATwin(networkOf(seed), randomOf(seed), false);
    const told = next === undefined ? [] : solveNetwork(sourcesOf(next)).network.faults;
    expect(told.map(({ detail }) => detail)).toContain('described twice, and differently');
  }
});

describe('big networks', () => {
  const BIG = 16;

  it('lose no exit by the removal of a deny', { timeout: 120_000 }, () => {
    const { tried, faults } = broken(
      BIG,
      (documents, seed) => {
        const next = withoutADeny(documents, randomOf(seed));
        return next && { what: 'a deny removed', documents: next };
      },
      (before, after, id) => {
        const [less, more] = [before.get(id), after.get(id)];
        return less !== undefined && more !== undefined && holdsAll(more, less);
      },
      bigNetworkOf,
    );
    expect(tried).toBeGreaterThan(BIG / 2);
    expect(faults).toEqual([]);
  });

  it('answer the same whatever the ids and the order of lists', { timeout: 120_000 }, () => {
    const { faults } = broken(
      BIG,
      (documents, seed) => ({
        what: 'renamed and shuffled',
        documents: shuffled(renamed(documents, opposite), randomOf(seed)),
      }),
      (before, after, id) => same(before, namedBack(after, opposite), id),
      bigNetworkOf,
    );
    expect(faults).toEqual([]);
  });

  it('seal no interface by the absence of an object that others name', { timeout: 120_000 }, () => {
    const { faults } = broken(
      BIG,
      (documents, seed) => withoutAnObject(documents, randomOf(seed)),
      (before, after, id) => sealed(before, id) || !sealed(after, id),
      bigNetworkOf,
    );
    expect(faults).toEqual([]);
  });
});

it('seals no interface by a route whose target nobody knows', { timeout: 60_000 }, () => {
  const { tried, faults } = broken(
    NETWORKS,
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
    NETWORKS,
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
  expect(before.filter((documents) => passesEgress(documents)).length).toBeGreaterThan(NETWORKS / 50);
});

it('knows sealed interfaces and open ones, so that the laws above are about something', () => {
  const all = Array.from({ length: 100 }, (_, index) => exitsOf(networkOf(index + 1)));
  const states = all.flatMap((exits) => [...exits.keys()].map((id) => sealed(exits, id)));
  const share = states.filter(Boolean).length / states.length;
  expect(share).toBeGreaterThan(0.05);
  expect(share).toBeLessThan(0.95);
});
