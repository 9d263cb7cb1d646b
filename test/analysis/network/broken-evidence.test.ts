import { describe, expect, it } from 'vitest';
import { solveNetwork } from '../../../src/analysis/index.ts';
import { withAWrongValue, withoutAnObject } from '../../oracle/changes.ts';
import type { Document } from '../../oracle/documents.ts';
import { networkOf } from '../../oracle/generate/network.ts';
import { randomOf } from '../../oracle/generate/random.ts';
import { sourcesOf } from '../../oracle/solver-input.ts';
import { passesEgress } from '../../oracle/verdict.ts';

const NETWORKS = 200;
const EACH = 8;

/**
 * A network with one sender: of many, some would be open whatever happens to the evidence, and no verdict could turn.
 * Gateways' and endpoints' own interfaces stay.
 */
const withOneSender = (seed: number): readonly Document[] => {
  const documents = networkOf(seed);
  const random = randomOf(seed);
  const sends = (entry: unknown): boolean =>
    ['interface', 'lambda'].includes(String((entry as Record<string, unknown>)['InterfaceType']));
  const all = documents
    .filter(({ call }) => call === 'ec2:DescribeNetworkInterfaces')
    .flatMap(({ answer }) => answer['NetworkInterfaces'] as readonly unknown[]);
  const one = random.any(all.filter(sends));
  return documents.map((document) =>
    document.call === 'ec2:DescribeNetworkInterfaces'
      ? {
          ...document,
          answer: {
            NetworkInterfaces: (document.answer['NetworkInterfaces'] as readonly unknown[]).filter(
              (entry) => entry === one || !sends(entry),
            ),
          },
        }
      : document,
  );
};

/** The classes of traffic, each by itself: the others are only disclosed. */
const CLASSES = ['initiated', 'reply'] as const;

const drawn = Array.from({ length: NETWORKS }, (_, index) => withOneSender(index + 1));

describe.each(CLASSES)('the verdict about traffic that is %s', (traffic) => {
  const passes = (documents: readonly Document[]): boolean => passesEgress(documents, traffic);

  it('passes some networks and not others, so that the laws below are about something', () => {
    const passed = drawn.filter(passes).length;
    expect(passed).toBeGreaterThan(NETWORKS / 10);
    expect(passed).toBeLessThan(NETWORKS - NETWORKS / 10);
  });

  it('becomes no pass by an object that is taken away', { timeout: 120_000 }, () => {
    const passed = drawn.flatMap((documents, index) => {
      if (passes(documents)) return [];
      const random = randomOf(index);
      return Array.from({ length: EACH }, () => withoutAnObject(documents, random)).flatMap((less) =>
        less !== undefined && passes(less.documents) ? [`network ${index + 1}: ${less.what}`] : [],
      );
    });
    expect(passed).toEqual([]);
  });

  it('becomes no pass by a value that is none', { timeout: 120_000 }, () => {
    const passed = drawn.flatMap((documents, index) => {
      if (passes(documents)) return [];
      const random = randomOf(index);
      return Array.from({ length: EACH }, () => withAWrongValue(documents, random)).flatMap((wrong) =>
        wrong !== undefined && passes(wrong.documents) ? [`network ${index + 1}: ${wrong.what}`] : [],
      );
    });
    expect(passed).toEqual([]);
  });
});

it('breaks at no value of another type, anywhere', { timeout: 120_000 }, () => {
  for (let seed = 1; seed <= NETWORKS; seed += 1) {
    let documents = networkOf(seed);
    const random = randomOf(seed);
    for (let count = 0; count < 5; count += 1)
      documents = withAWrongValue(documents, random)?.documents ?? documents;
    expect(() => solveNetwork(sourcesOf(documents)), `network ${seed}`).not.toThrow();
  }
});
