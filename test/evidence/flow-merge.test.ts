import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byCodeUnit } from '../../src/core/index.ts';
import type { FlowAggregate, FlowRow } from '../../src/evidence/index.ts';
import { EMPTY_FLOWS, mergeFlowAggregates } from '../../src/evidence/index.ts';

/** Few values each, so that rows meet; texts whose order is not that of their numbers. */
const row: fc.Arbitrary<FlowRow> = fc.record({
  account: fc.constantFrom('111111111111', '111111111111', '-'),
  interface: fc.constantFrom('eni-1', 'eni-10', 'eni-2'),
  source: fc.constantFrom('10.0.0.1', '9.0.0.1'),
  destination: fc.constant('100.0.0.1'),
  packetSource: fc.constantFrom(null, '10.0.0.1'),
  packetDestination: fc.constant(null),
  protocol: fc.constantFrom(null, 6, 17),
  sourcePort: fc.constantFrom('ephemeral' as const, 443),
  destinationPort: fc.constantFrom(null, 1000, 9),
  action: fc.constant('ACCEPT' as const),
  tcp: fc.constantFrom('syn' as const, 'other' as const),
  direction: fc.constantFrom(null, 'egress' as const),
  flows: fc.nat(9),
  packets: fc.nat(99),
  bytes: fc.nat(9999),
  withoutBytes: fc.nat(2),
  first: fc.nat(1000),
  last: fc.nat(1000),
});

function keyOf(one: FlowRow): string {
  const { flows: _f, packets: _p, bytes: _b, withoutBytes: _w, first: _s, last: _l, ...identity } = one;
  return Object.values(identity)
    .map((value) => String(value ?? '-'))
    .join(' ');
}

/** The same by a map of keys: plain, and slow. */
function plainMerge(rows: readonly FlowRow[]): readonly FlowRow[] {
  const met = new Map<string, FlowRow>();
  for (const one of rows) {
    const known = met.get(keyOf(one));
    met.set(
      keyOf(one),
      known === undefined
        ? one
        : {
            ...known,
            flows: known.flows + one.flows,
            packets: known.packets + one.packets,
            bytes: known.bytes + one.bytes,
            withoutBytes: known.withoutBytes + one.withoutBytes,
            first: Math.min(known.first, one.first),
            last: Math.max(known.last, one.last),
          },
    );
  }
  return [...met].sort(([left], [right]) => byCodeUnit(left, right)).map(([, value]) => value);
}

function withRows(rows: readonly FlowRow[]): FlowAggregate {
  return { ...EMPTY_FLOWS, rows };
}

describe('aggregates of flows add up', () => {
  it('to what a map of keys gives, in any order and any grouping', () => {
    let met = 0;
    fc.assert(
      fc.property(fc.array(fc.array(row, { maxLength: 30 }), { maxLength: 5 }), (lists) => {
        const expected = plainMerge(lists.flat());
        if (expected.length < lists.flat().length) met += 1;
        expect(mergeFlowAggregates(lists.map(withRows)).rows).toEqual(expected);
        const ordered = lists.map((rows) => withRows(plainMerge(rows)));
        expect(mergeFlowAggregates(ordered.toReversed()).rows).toEqual(expected);
        const grouped = [mergeFlowAggregates(ordered.slice(0, 2)), mergeFlowAggregates(ordered.slice(2))];
        expect(mergeFlowAggregates(grouped).rows).toEqual(expected);
      }),
      { numRuns: 200 },
    );
    expect(met).toBeGreaterThan(5);
  });

  it('or are refused where a sum would not be exact', () => {
    const [half] = fc.sample(row, 1);
    const large = withRows(half === undefined ? [] : [{ ...half, bytes: 2 ** 52 }]);
    expect(mergeFlowAggregates([large]).rows).toHaveLength(1);
    expect(() => mergeFlowAggregates([large, large])).toThrow(/2\^53/);
  });

  it('in time that grows with their rows', () => {
    const rows = Array.from({ length: 40_000 }, (_, index): FlowRow => {
      const [one] = ROWS;
      if (one === undefined) throw new Error('expected a row');
      return { ...one, interface: `eni-${String(index).padStart(8, '0')}` };
    });
    // Already in order: the list itself, and no copy of it.
    expect(mergeFlowAggregates([withRows(rows)]).rows).toBe(rows);
  });
});

const ROWS = fc.sample(row, { numRuns: 1, seed: 1 });
