import { brotliCompressSync, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyLine } from '../../sim/database/copy-text.ts';
import type { DataClass, TableContent } from '../../src/evidence/index.ts';
import { KEY_STARTS } from '../../src/scan/content/detectors/secret-key.ts';
import type { ScannedColumn } from '../../src/scan/index.ts';
import { createTableReducer } from '../../src/scan/index.ts';

/**
 * Plain values are counted from their bytes, without any detector having seen them. Whatever is in a table, that
 * must give the very counts which the detectors give.
 */
function counts(
  columns: readonly ScannedColumn[],
  copied: Uint8Array,
  shortcuts: boolean,
  sizes: readonly number[] = [65_536],
): TableContent {
  const reducer = createTableReducer(
    { schema: 'public', table: 't', located: true, columns, unread: [] },
    shortcuts,
  );
  for (let at = 0, turn = 0; at < copied.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    reducer.push(copied.subarray(at, at + size));
    at += size;
  }
  return reducer.finish('complete', '');
}

const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const hex = (length: number): fc.Arbitrary<string> =>
  fc
    .array(oneOf(...'0123456789abcdef'.split('')), { minLength: length, maxLength: length })
    .map((digits) => digits.join(''));
const key = fc
  .tuple(
    oneOf(
      ...KEY_STARTS,
      ...'sk- AKIA ghp_ github_pat_ xoxb- AIza gsk_ hf_ r8_ xai- pplx- glpat- npm_ sk_live_ tvly- fw_ LTAI AKID dapi ABSK'.split(
        ' ',
      ),
      'api_key=',
      'password:',
    ),
    fc.array(oneOf(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.split('')), { minLength: 8, maxLength: 40 }),
  )
  .map(([start, rest]) => start + rest.join(''));
const wrapped = fc
  .tuple(oneOf('', 'x', 'id:', '_', 'a-', '(', '"'), key, oneOf('', ' ', '.', 'z', ')'))
  .map((parts) => parts.join(''));
const base64 = fc
  .oneof(
    fc.string({ maxLength: 24 }),
    // Short enough that its base64 is a short token, and something all the same.
    oneOf(
      'tell me who you are',
      'please help my mom',
      '你好，请问你是谁',
      `sk-${'a1B2'.repeat(5)}`,
      '{"prompt":"hi you"}',
    ),
  )
  .chain((plain) =>
    oneOf(
      Buffer.from(plain).toString('base64'),
      Buffer.from(plain, 'utf16le').toString('base64'),
      deflateRawSync(plain).toString('base64'),
      brotliCompressSync(plain).toString('base64'),
      Buffer.from(plain).toString('hex'),
      Buffer.from(plain).toString('hex').toUpperCase(),
    ),
  )
  .map((encoded) => encoded.replace(/=+$/, ''));

/** What stands in text columns: names, ids and states, and what must not be there, in every dress. */
const text = fc.oneof(
  {
    weight: 3,
    arbitrary: oneOf(
      'success',
      'failure',
      'gpt-4o',
      'claude-sonnet-4-5',
      '',
      'a',
      'f',
      'null',
      '{}',
      '[]',
      'NULL',
      '\\N',
      'https://api.example.com/v1',
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(oneOf('req_', 'sess-', '', 'r8_', 'x'), fc.integer({ min: 0, max: 40 }).chain(hex))
      .map((parts) => parts.join('')),
  },
  { weight: 2, arbitrary: oneOf(32, 40, 64, 96).chain(hex) },
  oneOf(
    'hello my friend',
    'who-are-you-please',
    'tell_me.my/story',
    'please write my poem for me',
    '你好，请问你是谁？',
    'sehr geehrte damen',
    'TellMeWhoYouAre',
    'tell,me,who,you,are',
    'fix my cv?',
    '<|user|>hello',
    'MZUXQIDNPEQHEZLTOVWWK',
    'x'.repeat(90),
    'Rate limit exceeded, retry after 12 seconds',
  ),
  { weight: 2, arbitrary: fc.oneof(key, wrapped) },
  fc.oneof(
    base64,
    base64.map((token) => `id-${token}`),
    fc.string({ maxLength: 14 }).map((one) => Buffer.from(one).toString('hex')),
  ),
  fc.uuid(),
  fc.string({ unit: 'binary', maxLength: 40 }).map((one) => one.replaceAll(/[\0\ud800-\udfff]/g, '')),
  fc.string({ maxLength: 90 }),
  fc
    .tuple(fc.nat(30), fc.nat(30))
    .map(([left, right]) => `${'aB3'.repeat(left)}${'_'.repeat(right % 4)}${'x9Z'.repeat(right)}`),
);

const DOCUMENT: DataClass = {
  class: 'json',
  keys: {
    id: { class: 'uuid' },
    name: { class: 'identifier', pattern: 'slug', maxLength: 40 },
    note: { class: 'operational-text', maxLength: 60 },
    count: { class: 'integer' },
    cost: { class: 'decimal' },
    on: { class: 'boolean' },
    nothing: { class: 'empty' },
    list: { class: 'array', items: { class: 'model-name' } },
    deep: {
      class: 'json',
      keys: {
        hash: { class: 'hash' },
        tags: { class: 'array', items: { class: 'json', keys: { n: { class: 'integer' } } } },
      },
    },
  },
};

const number = fc.oneof(
  fc.integer().map(String),
  fc.double().map(String),
  oneOf(
    '0',
    '-0',
    '1e3',
    '1E-7',
    '0.00000001',
    '123456789012345678901234567890',
    '1.5',
    '-1.25',
    '00',
    '01',
    '1.',
    '.5',
    '0.1234567890123456789012345678901234',
    '99999999999999999999.5',
  ),
);
const scalarJson = fc.oneof(
  text.map((one) => JSON.stringify(one)),
  number,
  oneOf('true', 'false', 'null', '{}', '[]', '[ ]', '{ }', '"\\u0041"', '"\\n"'),
);
const member = (name: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(oneOf(`"${name}"`, `"${name}" `, `"${name.toUpperCase()}"`), value)
    .map(([label, one]) => `${label}:${one}`);
const goodMember = fc.oneof(
  member(
    'id',
    fc.uuid().map((one) => `"${one}"`),
  ),
  member('name', oneOf('"presidio-pii"', '"a"')),
  member('count', fc.nat().map(String)),
  member('cost', fc.double({ noNaN: true, noDefaultInfinity: true }).map(String)),
  member('on', oneOf('true', 'false')),
  member('nothing', oneOf('{}', '[]', '""', 'null')),
  member('list', oneOf('[]', '["gpt-4o", "b"]', '["gpt-4o",null]', '["tell","me","who","you","are"]')),
  member(
    'deep',
    fc.tuple(hex(64), fc.nat(3)).map(([hash, n]) => ` {"hash": "${hash}", "tags": [{"n": ${n}},{}]}`),
  ),
);
const anyMember = fc.oneof(
  { weight: 8, arbitrary: goodMember },
  ...[
    'id',
    'name',
    'note',
    'count',
    'cost',
    'on',
    'nothing',
    'list',
    'deep',
    'role',
    'prompt',
    'other',
    '__proto__',
  ].map((name) => member(name, scalarJson)),
);
const document = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(
        fc.array(anyMember, { maxLength: 6 }),
        oneOf('{', '{ '),
        oneOf(',', ', '),
        oneOf('}', ' }', '', '} ', '}}'),
      )
      .map(([members, open, comma, close]) => open + members.join(comma) + close),
  },
  scalarJson,
  text,
);

const COLUMNS: readonly {
  readonly column: Omit<ScannedColumn, 'name'>;
  /** Where it matters. */
  readonly name?: string;
  readonly values: fc.Arbitrary<string>;
}[] = [
  { column: { type: 'bigint', holds: { class: 'integer' } }, values: fc.nat().map(String) },
  { column: { type: 'text', holds: undefined }, values: text },
  { column: { type: 'text', holds: { class: 'identifier', pattern: 'slug', maxLength: 64 } }, values: text },
  {
    column: { type: 'text', holds: { class: 'identifier', pattern: 'prefixed-id', maxLength: 64 } },
    values: text,
  },
  { column: { type: 'text', holds: { class: 'hash' } }, values: text },
  {
    column: { type: 'text', holds: { class: 'uuid' } },
    values: fc.oneof(
      text,
      fc.uuid(),
      fc.uuid().map((one) => one.toUpperCase()),
    ),
  },
  { column: { type: 'text', holds: { class: 'model-name' } }, values: text },
  { column: { type: 'text', holds: { class: 'operational-text', maxLength: 60 } }, values: text },
  { column: { type: 'text', holds: { class: 'enum', values: ['success', 'failure', ''] } }, values: text },
  { column: { type: 'text', holds: { class: 'ciphertext', scheme: 'raw' } }, values: text },
  { column: { type: 'text', holds: undefined }, name: 'api_key', values: text },
  {
    column: { type: 'text', holds: { class: 'identifier', pattern: 'slug', maxLength: 64 } },
    name: 'client_secret',
    values: text,
  },
  { column: { type: 'uuid', holds: undefined }, values: fc.uuid() },
  { column: { type: 'jsonb', holds: { class: 'empty' } }, values: oneOf('{}', '[]', 'null', '{"a": 1}') },
  { column: { type: 'jsonb', holds: DOCUMENT }, values: document },
  { column: { type: 'json', holds: DOCUMENT }, values: document },
  {
    column: { type: 'jsonb', holds: { class: 'array', items: { class: 'integer' } } },
    values: fc.oneof(document, oneOf('[1, 2]', '[1,"2"]')),
  },
  {
    column: {
      type: 'jsonb',
      holds: { class: 'map', keys: { class: 'label', maxLength: 9 }, values: { class: 'integer' } },
    },
    values: document,
  },
  {
    column: {
      type: 'text[]',
      holds: { class: 'array', items: { class: 'identifier', pattern: 'slug', maxLength: 64 } },
    },
    values: fc.oneof(
      fc.array(text, { maxLength: 3 }).map((list) => `{${list.join(',')}}`),
      oneOf('{tell,me,who,you,are}'),
      oneOf('{}', '{a}', '{a,b}', '{NULL}', '{a,}', '{"a b",c}', '{{a},{b}}', '[0:1]={a,b}'),
    ),
  },
  { column: { type: 'text[]', holds: undefined }, values: text.map((one) => `{${one}}`) },
  {
    column: { type: 'bytea', holds: undefined },
    values: text.map((one) => `\\x${Buffer.from(one).toString('hex')}`),
  },
];

const columns = COLUMNS.map(
  ({ column, name = '' }, index): ScannedColumn => ({ name: `c${index}${name}`, ...column }),
);
const row = fc.tuple(
  ...COLUMNS.map(({ values }) => fc.oneof({ weight: 12, arbitrary: values }, fc.constant(null))),
);
const table = fc.array(row, { maxLength: 8 }).map((rows) =>
  // Every third row comes again, since values that were found clean are remembered.
  rows
    .flatMap((cells, index) => (index % 3 === 0 ? [cells, cells] : [cells]))
    .map((cells, index) => copyLine([`(0,${index + 1})`, ...cells]))
    .join(''),
);

describe('values counted from their bytes', () => {
  it('are counted as the detectors count them', () => {
    fc.assert(
      fc.property(table, (copied) => {
        const bytes = Buffer.from(copied);
        expect(counts(columns, bytes, true)).toEqual(counts(columns, bytes, false));
      }),
      { numRuns: 1500 },
    );
    // Every table is unwrapped twice in full: more than the usual time on a machine that others use.
  }, 180_000);

  it('wherever the chunks of COPY end', () => {
    fc.assert(
      fc.property(
        table,
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 }),
        (copied, sizes) => {
          const bytes = Buffer.from(copied);
          expect(counts(columns, bytes, true, sizes)).toEqual(counts(columns, bytes, false));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('and both ways have something to say of these tables', () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(table, (copied) => {
        for (const { violations, detections } of counts(columns, Buffer.from(copied), true).paths)
          for (const one of [...violations, ...detections]) met.add(one.class);
      }),
      { numRuns: 200 },
    );
    for (const told of [
      'prose',
      'cjk-prose',
      'secret-key',
      'high-entropy-token',
      'undeclared-key',
      'not-in-class',
      'too-long',
    ])
      expect([...met]).toContain(told);
  });
});
