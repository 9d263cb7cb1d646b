import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unionOfSpans } from '../../../src/evidence/index.ts';
import { createSpanCollector, spansOf } from '../../../src/scan/flow-log/span-collector.ts';

const LAST = 0xfffffffe;

/** Spans near each other, so that they touch and overlap, at both ends of the time there is. */
const spans = fc.array(
  fc
    .tuple(fc.constantFrom(0, 1_700_000_000, LAST - 12_000), fc.nat(9000), fc.nat(40))
    .map(([base, offset, length]): [number, number] => [base + offset, base + offset + length]),
  { maxLength: 3000, size: 'max' },
);

function gathered(list: readonly (readonly [number, number])[]): ReturnType<typeof spansOf> {
  const collector = createSpanCollector();
  for (const [start, end] of list) collector.add(start, end);
  return spansOf(collector.union());
}

describe('spans of time that are gathered', () => {
  it('are their union, in whatever order they come', () => {
    fc.assert(
      fc.property(spans, (list) => {
        const union = unionOfSpans(list);
        expect(gathered(list)).toEqual(union);
        expect(gathered([...list].sort((left, right) => left[0] - right[0]))).toEqual(union);
        expect(gathered([...list].sort((left, right) => right[0] - left[0]))).toEqual(union);
      }),
      { numRuns: 40 },
    );
  });

  it('can be asked for more than once, and added to after that', () => {
    const collector = createSpanCollector();
    collector.add(100, 159);
    const first = spansOf(collector.union());
    collector.add(0, 59);
    collector.add(160, LAST);
    expect(first).toEqual([[100, 159]]);
    expect(spansOf(collector.union())).toEqual([
      [0, 59],
      [100, LAST],
    ]);
  });

  it('keep a gap of one second', () => {
    expect(
      gathered(
        [
          [0, 59],
          [61, 90],
        ].map(([start = 0, end = 0]) => [start, end]),
      ),
    ).toHaveLength(2);
  });
});
