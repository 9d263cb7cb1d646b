import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonText } from '../../../src/collection/files/json-text.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const utf16 = (text: string, bigEndian: boolean): Uint8Array => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return new Uint8Array(bigEndian ? bytes.swap16() : bytes);
};
const read = (text: string | Uint8Array) => readJsonText(typeof text === 'string' ? utf8(text) : text);

describe('the text of an exported file', () => {
  it('is the value that any JSON says, however it is written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        const expected = { kind: 'json', value: JSON.parse(text) as unknown };
        expect(read(text)).toEqual(expected);
        expect(read(`\ufeff${text}`)).toEqual(expected);
        expect(read(utf16(text, false))).toEqual(expected);
        expect(read(utf16(text, true))).toEqual(expected);
      }),
    );
  });

  it.each<[string, string | Uint8Array, string]>([
    ['a member twice', '{"Vpcs":[1],"Vpcs":[]}', 'JSON with a member twice'],
    ['a member twice, deep inside', '{"a":[{"b":1,"c":{},"b":1}]}', 'JSON with a member twice'],
    ['a member twice by an escape', String.raw`{"a":1,"\u0061":2}`, 'JSON with a member twice'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}', 'JSON with a member twice'],
    ['two documents', '{"Vpcs":[]}\n{"Vpcs":[]}', 'not JSON'],
    ['a trailing comma', '{"Vpcs":[],}', 'not JSON'],
    ['YAML', 'Vpcs:\n- VpcId: vpc-1\n', 'not JSON'],
    ['a table', '-----\n|DescribeVpcs|\n-----', 'not JSON'],
    ['half of it', '{"Vpcs":[{"VpcId":"vpc-', 'not JSON'],
    ['nothing', '', 'not JSON'],
    ['NaN', '{"a":NaN}', 'not JSON'],
    ['a number beyond all bounds', '{"a":1e999}', 'JSON with a number or text that cannot be'],
    ['half a character', String.raw`{"a":"\ud800"}`, 'JSON with a number or text that cannot be'],
    ['half a character in a name', String.raw`{"\udfff":1}`, 'JSON with a number or text that cannot be'],
    ['invalid UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'neither UTF-8 nor UTF-16 text'],
    ['gzip', new Uint8Array([0x1f, 0x8b, 8, 0, 0]), 'neither UTF-8 nor UTF-16 text'],
    ['UTF-16 without a mark', utf16('{}', false).slice(2), 'not JSON'],
    [
      'a hundred thousand brackets',
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      'JSON nested deeper than 100 levels',
    ],
    [
      'a hundred thousand objects',
      `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
      'JSON nested deeper than 100 levels',
    ],
  ])('is none with %s', (_what, text, why) => {
    expect(read(text)).toEqual({ kind: 'other', why });
  });

  it('may hold colons, quotes and brackets in its texts, a hundred levels, and __proto__ once (controls)', () => {
    for (const text of [
      String.raw`{"a:b":"{[\":\\","c":"\\\""}`,
      `${'['.repeat(100)}${']'.repeat(100)}`,
      '{"__proto__":{"a":1}}',
      '{"a":{"b":1},"c":{"b":1}}',
    ]) {
      expect(read(text).kind).toBe('json');
    }
  });
});
