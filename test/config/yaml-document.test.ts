import { describe, expect, it } from 'vitest';
import { locateYaml, projectSchema, validateJson } from '../../src/config/index.ts';
import type { JsonObject } from '../../src/core/index.ts';
import { assertNoFaults, DomicileError } from '../../src/core/index.ts';

const ANYTHING: JsonObject = {};
const read = (text: string, schema: JsonObject = ANYTHING, largest?: number) =>
  locateYaml({ file: 'x.yaml', bytes: new TextEncoder().encode(text) }, schema, largest);
const messages = (text: string, schema?: JsonObject): readonly string[] =>
  read(text, schema).faults.map(({ at, message }) => `${at?.line}:${at?.column} ${message}`);

describe('a YAML document', () => {
  it('becomes JSON with the place of every value and member name', () => {
    const document = read('a: 1\nb:\n  - x\n  - { c: true }\n');
    expect(document.value).toEqual({ a: 1, b: ['x', { c: true }] });
    expect(document.faults).toEqual([]);
    expect(document.at(['b', 1, 'c'])).toEqual({ file: 'x.yaml', line: 4, column: 10 });
    expect(document.at(['b', 1, 'c'], 'key')).toEqual({ file: 'x.yaml', line: 4, column: 7 });
    expect(document.at(['b', 1, 'absent'])).toEqual({ file: 'x.yaml', line: 4, column: 5 });
  });

  it('has the digest of its exact bytes', () => {
    // FIPS 180-4 example: the SHA-256 of "abc".
    expect(read('abc').sha256).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it.each([
    ['two documents', 'a: 1\n---\nb: 2', '2:1 expected one YAML document, found another one after it'],
    ['a repeated member', 'a: 1\na: 2', '2:1 expected each member once, found it again'],
    [
      'a member name that is no text',
      '1: a',
      '1:1 expected text as the name of a member, found something else',
    ],
    ['the name __proto__', '__proto__: { a: 1 }', '1:1 expected the name of a member, found __proto__'],
    ['an unknown tag', 'a: !secret x', '1:4 expected plain YAML, found a tag that is not known here'],
    ['an infinity', 'a: .inf', '1:4 expected a value that JSON can hold, found another (put it in quotes)'],
    ['an alias without an anchor', 'a: *b', '1:4 expected an anchor before its alias, found none'],
    ['an anchor inside itself', 'a: &a [*a]', '1:8 expected at most 20 uses of aliases, found more'],
  ])('is refused for %s', (_what, text, fault) => {
    expect(messages(text)).toEqual([fault]);
  });

  it('allows a few aliases, and refuses many (control)', () => {
    const withAliases = (count: number): string => `a: &a 1\nb: [${Array(count).fill('*a').join(', ')}]`;
    expect(messages(withAliases(20))).toEqual([]);
    expect(messages(withAliases(21))).toEqual(['2:85 expected at most 20 uses of aliases, found more']);
  });

  it('is refused before it is parsed where it is too large', () => {
    expect(read('a: 12345', ANYTHING, 8).faults).toEqual([]);
    expect(read('a: 123456', ANYTHING, 8).faults).toMatchObject([
      { message: 'expected at most 8 bytes, found 9' },
    ]);
  });

  it('is refused where it is no UTF-8', () => {
    const bytes = new Uint8Array([0x61, 0x3a, 0x20, 0xff]);
    expect(locateYaml({ file: 'x', bytes }, ANYTHING).faults).toMatchObject([
      { message: 'expected UTF-8 text, found other bytes' },
    ]);
  });

  it.each([
    ['brackets', '['.repeat(50_000)],
    ['dashes', '- '.repeat(50_000)],
    ['question marks', '? '.repeat(50_000)],
    ['nested mappings', Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('of nothing but %s is a fault, not a crash', (_what, text) => {
    expect(read(text).faults.length).toBeGreaterThan(0);
  });

  it('with ten thousand faults lists a hundred and counts the rest', () => {
    const schema: JsonObject = { type: 'array', items: { type: 'string' } };
    const text = Array.from({ length: 10_000 }, (_, index) => `- ${index}`).join('\n');
    const document = read(text, schema);
    expect(document.faults).toHaveLength(10_000);
    const error = caught(() => assertNoFaults(document.faults));
    expect(error.faults).toHaveLength(101);
    expect(error.faults[0]?.at).toEqual({ file: 'x.yaml', line: 1, column: 3 });
    expect(error.faults.at(-1)?.message).toBe('and 9900 more');
  });

  it('shows values that are short, and no secret, long text or address with a password', () => {
    const schema: JsonObject = {
      type: 'object',
      properties: {
        a: { enum: ['x'] },
        b: { enum: ['x'] },
        c: { enum: ['x'] },
        d: { enum: ['x'], writeOnly: true },
      },
    };
    const text = `a: short\nb: postgres://u:p@h/d\nc: ${'long'.repeat(20)}\nd: hush\n`;
    expect(messages(text, schema)).toEqual([
      '1:4 expected one of x, found "short"',
      '2:4 expected one of x, found another text',
      '3:4 expected one of x, found another text',
      '4:4 expected one of x, found another text',
    ]);
  });
});

describe('the schema machinery', () => {
  it('fills in defaults on a copy', () => {
    const given = { b: 1 };
    const { value } = validateJson(
      { type: 'object', properties: { a: { type: 'string', default: 'fail' } } },
      given,
    );
    expect(value).toEqual({ a: 'fail', b: 1 });
    expect(given).toEqual({ b: 1 });
  });

  it('tells the faults of the branch that a tag picks, and only those', () => {
    const branch = (tag: string, member: string): JsonObject => ({
      title: tag,
      type: 'object',
      additionalProperties: false,
      required: ['class', member],
      properties: { class: { const: tag }, [member]: { type: 'integer' } },
    });
    const schema: JsonObject = { oneOf: [branch('One', 'size'), branch('Two', 'length')] };
    expect(messages('{ class: Two, length: x }', schema)).toEqual([
      '1:23 expected a whole number, found text',
    ]);
    expect(messages('{ class: Three }', schema)).toEqual([
      '1:1 expected one of the forms One, Two, found a mapping',
    ]);
  });

  it('compiles every schema of the project in strict mode', () => {
    for (const name of ['inventory', 'waivers', 'policy', 'legal-texts', 'data-map'] as const) {
      expect(validateJson(projectSchema(name), null).problems).not.toEqual([]);
    }
  });
});

function caught(run: () => void): DomicileError {
  try {
    run();
  } catch (error) {
    if (error instanceof DomicileError) return error;
  }
  throw new Error('expected a DomicileError');
}
