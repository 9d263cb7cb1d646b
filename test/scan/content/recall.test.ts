import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/core/index.ts';
import { classify } from '../../../src/scan/index.ts';
import { KEYS, NAMED_KEYS, NO_KEYS } from './corpus/keys.ts';
import type { Wrapping } from './corpus/wrappings.ts';
import { CHAT_FORMS, ENCODINGS, JOININGS } from './corpus/wrappings.ts';

/**
 * Our own texts, in two halves: the detectors were made with the one before their makers' eyes, and measured on the
 * other. What is asked here of each half is a little less than what was measured; a change that loses more is seen.
 */
interface Halves<T> {
  readonly tuned: readonly T[];
  readonly heldOut: readonly T[];
}

const PROMPTS = read<string>('prompts.json');
const OPERATIONAL = read<Json>('operational.json');

function read<T>(name: string): Readonly<Record<string, Halves<T>>> {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'corpus', name), 'utf8')) as Readonly<
    Record<string, Halves<T>>
  >;
}

function classesOf(value: Json): readonly string[] {
  return classify(value)
    .filter(({ hit }) => hit)
    .map((verdict) => verdict.class);
}

const isContent = (value: Json): boolean =>
  classesOf(value).some((name) => ['prose', 'cjk-prose', 'chat-structure'].includes(name));
const isKey = (value: Json): boolean => classesOf(value).includes('secret-key');

function share<T>(values: readonly T[], test: (value: T) => boolean): number {
  return values.filter(test).length / values.length;
}

function promptsOf(half: keyof Halves<string>, ...languages: readonly string[]): readonly string[] {
  return languages.flatMap((language) => PROMPTS[language]?.[half] ?? []);
}

const SPACED = ['English', 'German', 'French', 'Spanish', 'Russian'];
const ANY = [...SPACED, 'Chinese', 'Japanese', 'Korean', 'Arabic', 'Hindi'];

describe('short prompts', () => {
  it.each([
    ['tuned', 0.95],
    ['heldOut', 0.85],
  ] as const)('of 36 languages and transliterations are recognised: %s', (half, atLeast) => {
    expect(share(promptsOf(half, ...Object.keys(PROMPTS)), isContent)).toBeGreaterThanOrEqual(atLeast);
  });

  // Arabic in Latin letters writes sounds as digits, so that its words are identifiers to us: a known gap.
  it.each(Object.keys(PROMPTS).filter((language) => language !== 'Arabic in Latin letters'))(
    'are mostly recognised in %s',
    (language) => {
      const { tuned, heldOut } = PROMPTS[language] ?? { tuned: [], heldOut: [] };
      expect(share([...tuned, ...heldOut], isContent)).toBeGreaterThanOrEqual(0.6);
    },
  );
});

describe('a recognised prompt', () => {
  const recognised = (languages: readonly string[]): readonly string[] =>
    [...promptsOf('tuned', ...languages), ...promptsOf('heldOut', ...languages)].filter(isContent);

  it.each(Object.entries(ENCODINGS))('is recognised as %s', (_, wrapping: Wrapping) => {
    expect(share(recognised(ANY).map(wrapping), isContent)).toBeGreaterThanOrEqual(0.9);
  });

  it.each(Object.entries(JOININGS))('is recognised with its words as %s', (_, wrapping: Wrapping) => {
    const four = recognised(SPACED).filter((text) => text.split(' ').length >= 4);
    expect(share(four.map(wrapping), isContent)).toBeGreaterThanOrEqual(0.75);
  });
});

describe('a turn of one word', () => {
  it.each(Object.entries(CHAT_FORMS))('is recognised in the form of %s', (_, form: Wrapping) => {
    expect(
      ['hello', 'ok', 'bonjour', 'привет', '你好吗'].map(form).filter((value) => !isContent(value)),
    ).toEqual([]);
  });
});

describe('keys', () => {
  it.each(Object.entries({ ...KEYS, ...NAMED_KEYS }))('are recognised: %s', (_, keyOf) => {
    for (const seed of ['1', '2', '3', '4', '5', '6']) expect(classesOf(keyOf(seed))).toContain('secret-key');
  });

  it.each(NO_KEYS)('are not seen in %j', (value) => {
    expect(classesOf(value)).not.toContain('secret-key');
  });
});

describe('what a gateway rightly stores', () => {
  const values = (half: keyof Halves<Json>): readonly Json[] =>
    Object.values(OPERATIONAL).flatMap((halves) => halves[half]);

  it.each(['tuned', 'heldOut'] as const)('is left alone but for a few long sentences: %s', (half) => {
    expect(share(values(half), isContent)).toBeLessThanOrEqual(0.05);
    expect(values(half).filter(isKey)).toEqual([]);
  });
});

describe('hostile texts', () => {
  it.each(
    'a | a|aA|{"|[1,|\\|\\u|%4|=41|&#65|a-|api_key=a|http://a:b@|\nuser: a|role: user |def f(|for (|你|あが|가 |\u200b|a b |Bearer |please |68 |AAAA\n|de la |é'
      .split('|')
      .map((seed) => seed.replaceAll('\\n', '\n')),
  )('take time in proportion to their length: %j, again and again', (seed) => {
    const text = seed.repeat(Math.ceil(100_000 / seed.length));
    const started = performance.now();
    classify(text);
    // Linear is some 50 ms; quadratic would be minutes.
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
