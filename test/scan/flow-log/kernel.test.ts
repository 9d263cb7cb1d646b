import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/core/index.ts';
import type { FlowAggregate } from '../../../src/evidence/index.ts';
import type { FlowReducer } from '../../../src/scan/index.ts';
import { createFlowReducer, FLOW_LOG_LIMITS, readLogObject } from '../../../src/scan/index.ts';
import { hostileText } from './hostile-lines.ts';
import { referenceAggregate } from './reference.ts';

const RUNS = 150;

interface TextObject {
  readonly key: string;
  readonly text: Buffer;
}

async function addAll(reducer: FlowReducer, objects: readonly TextObject[]): Promise<FlowReducer> {
  for (const { key, text } of objects) await readLogObject({ key, bytes: text }, reducer, FLOW_LOG_LIMITS);
  return reducer;
}

async function aggregateOf(objects: readonly TextObject[]): Promise<FlowAggregate> {
  return (await addAll(createFlowReducer(10_000), objects)).finish();
}

async function* inPieces(text: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield text.subarray(at, at + size);
    at += size;
  }
}

describe('the flow-log kernel says what the plain implementation says', () => {
  it('of any lines, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostileText, { maxLength: 3 }), async (texts) => {
        const objects = texts.map((text, index) => ({ key: `${index}.log`, text }));
        expect(canonicalJson(await aggregateOf(objects))).toBe(canonicalJson(referenceAggregate(objects)));
      }),
      { numRuns: RUNS },
    );
  });

  it('however the text is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        hostileText,
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }),
        async (text, sizes) => {
          const reducer = createFlowReducer(10_000);
          await readLogObject({ key: 'a', bytes: inPieces(text, sizes) }, reducer, FLOW_LOG_LIMITS);
          expect(canonicalJson(reducer.finish())).toBe(
            canonicalJson(referenceAggregate([{ key: 'a', text }])),
          );
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('however the objects are shared out among reducers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(hostileText, { minLength: 1, maxLength: 6 }),
        fc.infiniteStream(fc.nat(2)),
        async (texts, owners) => {
          const objects = texts.map((text, index) => ({
            key: `${index}.log`,
            text,
            owner: Number(owners.next().value),
          }));
          const parts = await Promise.all(
            [0, 1, 2].map(async (owner) => {
              const own = objects.filter((object) => object.owner === owner);
              return (await addAll(createFlowReducer(10_000), own)).part();
            }),
          );
          const whole = createFlowReducer(10_000);
          for (const part of parts.toReversed()) whole.absorb(structuredClone(part));
          expect(canonicalJson(whole.finish())).toBe(canonicalJson(referenceAggregate(objects)));
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('and these lines are not all turned away', async () => {
    const met = new Set<string>();
    await fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        const { objects, rows, interfaces } = await aggregateOf([{ key: 'a', text }]);
        for (const kind of Object.keys(objects[0]?.malformed ?? {})) if (kind !== 'too-long') met.add(kind);
        if (rows.length > 3) met.add('rows');
        if (rows.some(({ source }) => source.includes(':'))) met.add('IPv6');
        if (rows.some(({ packetSource }) => packetSource !== null)) met.add('packet addresses');
        if (rows.some(({ flows }) => flows > 1)) met.add('rows of several records');
        if (interfaces.some(({ skipdata }) => skipdata > 0)) met.add('SKIPDATA');
      }),
      // What a generator reaches is a matter of its seed; which one is no matter.
      { numRuns: RUNS, seed: 7 },
    );
    expect([...met].sort()).toEqual(
      [
        ...['IPv6', 'SKIPDATA', 'packet addresses', 'rows', 'rows of several records'],
        ...['address', 'fields', 'no-header', 'number', 'value'],
      ].sort(),
    );
  });
});
