import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locateYaml, projectSchema, readYamlFile } from '../../src/config/index.ts';
import type { JsonObject } from '../../src/core/index.ts';
import { temporaryFolder } from '../support/temporary.ts';

const ANYTHING: JsonObject = {};
const read = (text: string | Uint8Array, schema: JsonObject = ANYTHING) =>
  locateYaml(
    { file: 'x.yaml', bytes: typeof text === 'string' ? new TextEncoder().encode(text) : text },
    schema,
  );
const messages = (text: string | Uint8Array): readonly string[] =>
  read(text).faults.map(({ message }) => message);

describe('YAML that means two things', () => {
  it.each<[string, string, unknown]>([
    ['a byte order mark is no part of it', '\ufeffa: 1', { a: 1 }],
    ['a merge key is a member like any other', 'x: { <<: 1 }', { x: { '<<': 1 } }],
    ['a time is text', 'a: 2026-11-24T02:00:00Z', { a: '2026-11-24T02:00:00Z' }],
    ['a date is text', 'a: 2026-11-24', { a: '2026-11-24' }],
    ['no, off and y are text (the Norway problem)', 'a: [no, off, y, NO]', { a: ['no', 'off', 'y', 'NO'] }],
    ['sixty-based numbers are text', 'a: 22:22', { a: '22:22' }],
    ['an account number keeps its zeros only as text', 'a: "012345678901"', { a: '012345678901' }],
    ['carriage returns are line ends', 'a: 1\r\nb: 2\r\n', { a: 1, b: 2 }],
    ['an empty value is null', 'a:', { a: null }],
    ['a question mark makes a member without a value', '? a\n? b', { a: null, b: null }],
  ])('%s', (_what, text, value) => {
    expect(read(text).value).toEqual(value);
    expect(messages(text)).toEqual([]);
  });

  it.each<[string, string | Uint8Array]>([
    ['a tab as indentation', 'a:\n\tb: 1'],
    ['an escape that a terminal obeys', String.raw`a: "\e[2J"`],
    ['a control character in a name', String.raw`"a\u0007": 1`],
    ['a binary tag', 'a: !!binary aGk='],
    ['a JavaScript tag', 'a: !!js/function "x"'],
    ['a timestamp tag', 'a: !!timestamp 2026-11-24'],
    [
      'a merge of a bomb',
      'a: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c]',
    ],
    ['UTF-16', new Uint8Array(Buffer.from('\ufeffa: 1', 'utf16le'))],
    ['a NUL', 'a: "x\0y"'],
    ['a directive', '%FOO bar\n---\na: 1'],
    ['a number beyond all bounds', `a: ${'9'.repeat(400)}`],
    ['a member twice by quotes', 'a: 1\n"a": 2'],
    ['a member twice by an escape', String.raw`{ a: 1, "\x61": 2 }`],
    ['two documents by three dots', 'a: 1\n...\nb: 2'],
  ])('%s is refused', (_what, text) => {
    expect(messages(text).length).toBeGreaterThan(0);
  });
});

describe('a hostile file', () => {
  it('is told about, never crashed on, whatever its bytes are', () => {
    const pieces = fc.constantFrom(
      ...[
        'a',
        ': ',
        '- ',
        '\n',
        '  ',
        '\t',
        '&a ',
        '*a',
        '!x ',
        '"',
        "'",
        '{',
        '}',
        '[',
        ']',
        ',',
        '|',
        '>',
        '#',
        '%',
        '? ',
        '---\n',
        '...\n',
        '\\',
        '\u0000',
        '\ufeff',
        '\u2028',
        '<<',
        '0x',
        '.inf',
        '~',
        '@',
        '`',
        '北',
      ],
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          const document = read(text);
          for (const { message, at } of document.faults) {
            expect(message).toMatch(/^(?:expected|and \d+ more)/);
            expect(at?.line).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('of thousands of faults within choices is told about before anybody gives up', () => {
    const columns = Array.from(
      { length: 2000 },
      (_, at) => `        c${at}: { holds: { class: nonsense }, promise: x }`,
    );
    const text = [
      'apiVersion: domicile/v1',
      'kind: DataMap',
      'metadata: { id: a, version: 1.0.0, title: { en: a, zh: b } }',
      'schemas:\n  public:\n    t:\n      columns:',
      ...columns,
    ].join('\n');
    expect(read(text, projectSchema('data-map')).faults.length).toBeGreaterThan(3999);
  }, 20_000);

  it('of nothing but aliases, anchors or names is bounded', () => {
    for (const text of [
      '&a '.repeat(50_000),
      '*a '.repeat(50_000),
      `${'a'.repeat(2000)}: `.repeat(100),
      `[${'a,'.repeat(200_000)}]`,
    ]) {
      expect(messages(text).length).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('what is not a file', () => {
  const folder = temporaryFolder();

  it('is a fault, not a crash: absent, a folder, a device', () => {
    mkdirSync(join(folder, 'folder'));
    for (const path of [join(folder, 'absent'), join(folder, 'folder'), '/dev/zero', '']) {
      const { faults } = readYamlFile(path, 'waivers');
      expect(faults, path).toHaveLength(1);
      expect(faults[0]?.message).toMatch(/^expected a file/);
    }
  });

  it('nor one that is too large', () => {
    writeFileSync(join(folder, 'large.yaml'), Buffer.alloc(1024 * 1024 + 1, 'a'));
    expect(readYamlFile(join(folder, 'large.yaml'), 'waivers').faults[0]?.message).toMatch(
      /^expected at most 1048576 bytes/,
    );
  });
});
