import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/index.ts';
import { hasRepeatedMember } from '../../src/core/index.ts';

const repeats = (text: string): boolean => hasRepeatedMember(text, JSON.parse(text) as Json);

describe('a member that is there twice', () => {
  it.each([
    '{"a":1,"a":1}',
    '{"a":{"b":1,"b":2}}',
    '[{"a":1},{"b":[{"c":1,"c":{}}]}]',
    String.raw`{"a":1,"\u0061":2}`,
    '{"__proto__":1,"__proto__":2}',
    '{"":1,"":2}',
    String.raw`{"a\\":1,"a\\":2}`,
  ])('is told in %s', (text) => {
    expect(repeats(text)).toBe(true);
  });

  it('is never told of what JSON.stringify wrote', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 2), (value, space) => {
        expect(repeats(JSON.stringify(value, null, space))).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('is told wherever one is put in', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }),
        fc.jsonValue(),
        (value, other) => {
          const [name = ''] = Object.keys(value);
          const text = `{${JSON.stringify(name)}:${JSON.stringify(other)},${JSON.stringify(value).slice(1)}`;
          expect(repeats(text)).toBe(true);
        },
      ),
    );
  });

  it('is told of a text that is nested deeper than the stack', () => {
    const deep = (inner: string): string => `${'{"a":'.repeat(5000)}${inner}${'}'.repeat(5000)}`;
    expect(repeats(deep('1'))).toBe(false);
    expect(repeats(deep('{"b":1,"b":2}'))).toBe(true);
  });
});
