import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContentAggregate, DataClass, PathContent } from '../../src/evidence/index.ts';
import { EMPTY_CONTENT, mergeContent } from '../../src/evidence/index.ts';
import type { ScannedColumn } from '../../src/scan/index.ts';
import { createTableReducer } from '../../src/scan/index.ts';

const PROMPT = 'Please write a short poem about my garden';

function reduce(columns: readonly ScannedColumn[], rows: readonly string[], pieces = 1): ContentAggregate {
  const reducer = createTableReducer({ schema: 'public', table: 't', located: true, columns, unread: [] });
  const bytes = new TextEncoder().encode(rows.map((row) => `${row}\n`).join(''));
  const size = Math.max(1, Math.ceil(bytes.length / pieces));
  for (let at = 0; at < bytes.length; at += size) reducer.push(bytes.subarray(at, at + size));
  return { schemaVersion: 1, canaries: [], tables: [reducer.finish('complete', '')] };
}

function pathsOf(
  type: string,
  holds: DataClass | undefined,
  fields: readonly string[],
): readonly PathContent[] {
  const rows = fields.map((field, index) => `(0,${index + 1})\t${field}`);
  return reduce([{ name: 'c', type, holds }], rows).tables[0]?.paths ?? [];
}

/** As `path class`, for what was met. */
function told(type: string, holds: DataClass | undefined, ...fields: readonly string[]): readonly string[] {
  return pathsOf(type, holds, fields).flatMap(({ path, violations, detections }) =>
    [...violations, ...detections].map((counted) => `${path} ${counted.class} ${counted.count}`),
  );
}

const HEX = (text: string): string => `\\\\x${Buffer.from(text).toString('hex')}`;

describe('the table reducer', () => {
  it('counts values, nulls and types, and names rows by place', () => {
    const [path] = pathsOf('text', undefined, ['a', '\\N', PROMPT, PROMPT]);
    expect(path).toEqual({
      column: 'c',
      path: '',
      values: 3,
      nulls: 1,
      types: { string: 3 },
      violations: [],
      detections: [
        {
          class: 'prose',
          count: 2,
          lengths: [0, 2, 0, 0, 0, 0, 0, 0],
          rows: [
            [0, 3],
            [0, 4],
          ],
        },
      ],
    });
  });

  it.each([
    [
      'an undeclared key, whatever it is called',
      'jsonb',
      { class: 'json', keys: {} },
      '{"__proto__": 1, "constructor": 2}',
      ['.* undeclared-key 2'],
    ],
    [
      'a prompt below an undeclared key',
      'jsonb',
      { class: 'json', keys: {} },
      `{"a": {"b": "${PROMPT}"}}`,
      ['.* undeclared-key 1', '.* prose 1'],
    ],
    [
      'a prompt in a declared key',
      'jsonb',
      { class: 'json', keys: { e: { class: 'operational-text', maxLength: 99 } } },
      `{"e": "${PROMPT}"}`,
      ['.e prose 1'],
    ],
    [
      'a document where a number belongs',
      'jsonb',
      { class: 'json', keys: { n: { class: 'integer' } } },
      '{"n": {"role": "user", "content": "x"}}',
      ['.n not-in-class 1', '.n chat-structure 1'],
    ],
    [
      'JSON in a text column',
      'text',
      { class: 'json', keys: { n: { class: 'integer' } } },
      '{"n": "x"}',
      ['.n not-in-class 1'],
    ],
    ['no JSON in a JSON column of text', 'text', { class: 'json', keys: {} }, 'nothing', [' not-in-class 1']],
    [
      'a map’s keys and values',
      'jsonb',
      { class: 'map', keys: { class: 'model-name' }, values: { class: 'decimal' } },
      '{"gpt-4o": 1.5, "no model": "x"}',
      [' not-in-class 1', '{} not-in-class 1'],
    ],
    [
      'an element of a Postgres array',
      'text[]',
      { class: 'array', items: { class: 'model-name' } },
      '{gpt-4o,NULL,"no model, \\\\"x\\\\""}',
      ['[] not-in-class 1'],
    ],
    [
      'nothing where all belongs',
      'text[]',
      { class: 'array', items: { class: 'model-name' } },
      '{gpt-4o,claude}',
      [],
    ],
    ['text in bytea', 'bytea', undefined, HEX(PROMPT), [' prose 1']],
    [
      'text inside MessagePack',
      'bytea',
      undefined,
      `\\\\x82a4726f6c65a475736572a7636f6e74656e74d929${Buffer.from(PROMPT).toString('hex')}`,
      [' prose 1'],
    ],
    [
      'a text-search vector',
      'tsvector',
      undefined,
      "'cook':5 'dinner':7 'fish':9 'onion':11 'tomato':12 'garlic':13",
      [' prose 1'],
    ],
    ['too long a text', 'text', { class: 'label', maxLength: 4 }, 'Acme Labs', [' too-long 1']],
    ['what should be empty', 'jsonb', { class: 'empty' }, '{"a": 1}', [' not-in-class 1']],
    ['nothing in what is empty', 'jsonb', { class: 'empty' }, '{}', []],
    [
      'text written as a hash',
      'text',
      { class: 'hash' },
      Buffer.from('tell me about my mother and cats').toString('hex'),
      [' not-in-class 1', ' prose 1'],
    ],
    [
      'an escaped tab and newline',
      'text',
      undefined,
      'Please\\twrite a poem\\nabout my \\\\ garden',
      [' prose 1'],
    ],
  ] satisfies [string, string, DataClass | undefined, string, string[]][])(
    'tells %s',
    (_, type, holds, field, expected) => {
      expect(told(type, holds, field)).toEqual(expected);
    },
  );

  it('gives the same aggregate wherever the chunks end', () => {
    const columns = [
      { name: 'a', type: 'text', holds: undefined },
      { name: 'b', type: 'jsonb', holds: { class: 'json', keys: {} } },
    ] as const;
    const rows = ['(0,1)\t请帮我写一封给房东的信\t{"k": "é"}', `(0,2)\t${PROMPT}\t\\N`, '(1,1)\t\t{}'];
    const whole = reduce(columns, rows);
    for (const pieces of [2, 3, 7, 1000]) expect(reduce(columns, rows, pieces)).toEqual(whole);
  });

  it('examines a row beyond the bound in part and says so, and goes on with the next', () => {
    const columns = ['a', 'b', 'c'].map((name) => ({ name, type: 'text', holds: undefined }));
    const paths = reduce(
      columns,
      [`(0,1)\t${PROMPT}\t${'x '.repeat(5_000_000)}\t${PROMPT}`, `(0,2)\ta\tb\t${PROMPT}`],
      40,
    ).tables[0];
    expect(paths?.rows).toBe(2);
    const classes = paths?.paths.map(({ column, detections }) => [
      column,
      detections.map((d) => `${d.class} ${d.count}`),
    ]);
    expect(classes).toEqual([
      ['a', ['prose 1']],
      ['b', ['unexamined 1']],
      ['c', ['prose 1', 'unexamined 1']],
    ]);
  });

  it('never lets a value or an undeclared key into the aggregate', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z]{12,20}$/), (marker) => {
        const text = JSON.stringify(
          reduce(
            [
              { name: 'a', type: 'text', holds: { class: 'model-name' } },
              { name: 'b', type: 'jsonb', holds: { class: 'json', keys: {} } },
            ],
            [`(0,1)\t${marker} ${PROMPT}\t{"${marker}": "${marker} ${PROMPT}"}`],
          ),
        );
        return !text.includes(marker);
      }),
    );
  });
});

describe('merging content aggregates', () => {
  const row = fc.tuple(
    fc.nat(9),
    fc.nat(9),
    fc.constantFrom('a', '\\N', PROMPT, '请帮我写一封给房东的信', 'x'.repeat(300)),
    fc.constantFrom('{}', '{"n": 1}', '{"n": "x", "z": 2}', '\\N'),
  );
  const columns: readonly ScannedColumn[] = [
    { name: 'a', type: 'text', holds: { class: 'model-name' } },
    { name: 'b', type: 'jsonb', holds: { class: 'json', keys: { n: { class: 'integer' } } } },
  ];
  const toLines = (rows: readonly (readonly [number, number, string, string])[]): readonly string[] =>
    rows.map(([block, offset, a, b]) => `(${block},${offset + 1})\t${a}\t${b}`);

  it('of the parts of a table is the aggregate of the whole, in any order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(row, { selector: ([block, offset]) => `${block},${offset}` }),
        fc.nat(20),
        (rows, cut) => {
          const lines = toLines(rows);
          const left = reduce(columns, lines.slice(0, cut));
          const right = reduce(columns, lines.slice(cut));
          const whole = mergeContent(EMPTY_CONTENT, reduce(columns, lines));
          expect(mergeContent(left, right)).toEqual(whole);
          expect(mergeContent(right, left)).toEqual(whole);
        },
      ),
    );
  });

  it('is associative, and the empty aggregate changes nothing', () => {
    fc.assert(
      fc.property(fc.array(row), fc.array(row), fc.array(row), (a, b, c) => {
        const [x, y, z] = [a, b, c].map((rows) => reduce(columns, toLines(rows))) as [
          ContentAggregate,
          ContentAggregate,
          ContentAggregate,
        ];
        expect(mergeContent(mergeContent(x, y), z)).toEqual(mergeContent(x, mergeContent(y, z)));
        expect(mergeContent(x, EMPTY_CONTENT)).toEqual(mergeContent(EMPTY_CONTENT, x));
        expect(mergeContent(mergeContent(x, EMPTY_CONTENT), EMPTY_CONTENT)).toEqual(
          mergeContent(x, EMPTY_CONTENT),
        );
      }),
    );
  });

  it('keeps the worst status', () => {
    const table = (status: 'complete' | 'denied' | 'timeout', code: string): ContentAggregate => ({
      schemaVersion: 1,
      canaries: [],
      tables: [{ schema: 's', table: 't', status, code, rows: 1, unread: [], paths: [] }],
    });
    const merged = [table('complete', ''), table('denied', '42501'), table('timeout', '57014')].reduce(
      mergeContent,
    );
    expect(merged.tables).toMatchObject([{ status: 'denied', code: '42501', rows: 3 }]);
  });
});
