import type { Detector } from '../detector.ts';
import type { TextShape } from '../text-shape.ts';
import { isLanguage } from './language-score.ts';
import { isSourceCode } from './source-code.ts';
import { withoutStockPhrases } from './stock-phrases.ts';

/** Letters beside digits are no word: identifiers in hexadecimal are full of `a`, `de` and `be`. */
const WORD = /(?<![\p{L}\p{M}\p{N}])\p{L}[\p{L}\p{M}'’]*(?![\p{L}\p{M}\p{N}])/gu;
/** A question: operational texts state. */
const QUESTION = /\p{L}["'”»)]{0,2}\s?[?？؟]/u;
const SHORTEST = 10;
const FEWEST_WORDS = 3;
const FEWEST_JOINED_WORDS = 4;
const MOST_WORDS = 100_000;

/**
 * Natural language of scripts that set spaces: what people ask and models answer.
 *
 * A score over runs of words, first as English, then as each other language of which several common words are met.
 * Function words and the words of talk (who, please, write, my) speak for it, the vocabulary of operations (limit,
 * token, exceeded) against it, since error columns rightly hold that. Words joined by dashes, commas or capitals
 * are read as words: a client can send a question as a model name. Programs are what people ask about, too.
 */
export const PROSE: Detector = {
  id: 'prose',
  version: 4,
  class: 'prose',
  test: (value) =>
    value.kind === 'text' &&
    value.text.length >= SHORTEST &&
    (readsAsProse(value.text, value.shape) ||
      readsAsJoinedProse(value.text, value.shape) ||
      (value.shape.spaces >= FEWEST_WORDS - 1 && isSourceCode(value.text))),
};

function readsAsProse(text: string, { spaces, nonAscii }: TextShape): boolean {
  if (spaces < FEWEST_WORDS - 1) return false;
  const words = wordsOf(withoutStockPhrases(text));
  return (
    words.length >= FEWEST_WORDS && isLanguage(words, nonAscii > 0, QUESTION.test(text) ? 'question' : 'text')
  );
}

/** A token of four words at least, between other joints than spaces, or between capitals. */
function readsAsJoinedProse(text: string, { longestToken, joints, humps, nonAscii }: TextShape): boolean {
  if (longestToken < 14 || joints + humps + nonAscii < FEWEST_JOINED_WORDS - 1) return false;
  return (text.match(JOINED_TOKEN) ?? []).some((token) => {
    const parts = token.replaceAll(JOINT, ' ');
    if (isJoined(parts, nonAscii > 0, 'joined')) return true;
    if (wordRuns(parts).some((run) => isJoined(run, nonAscii > 0, 'joined'))) return true;
    if (humps + nonAscii < FEWEST_JOINED_WORDS - 1 || CLUTTERED.test(token)) return false;
    const setting = CLEAN.test(token) ? 'joined' : 'capitals';
    return isJoined(parts.replaceAll(HUMP, '$& '), nonAscii > 0, setting);
  });
}

/** Runs of words between parts that are none: an order number in the middle does not make a sentence an identifier. */
function wordRuns(spaced: string): readonly string[] {
  const runs: string[] = [];
  let run: string[] = [];
  for (const part of [...spaced.split(' '), '0']) {
    if (!DIGIT.test(part)) run.push(part);
    else {
      if (run.length >= FEWEST_JOINED_WORDS) runs.push(run.join(' '));
      run = [];
    }
  }
  return runs.length === 1 && runs[0] === spaced ? [] : runs;
}

function isJoined(spaced: string, beyondAscii: boolean, setting: 'joined' | 'capitals'): boolean {
  const words = wordsOf(spaced);
  return (
    words.length >= FEWEST_JOINED_WORDS &&
    isWordy(words, spaced.length) &&
    isLanguage(words, beyondAscii, setting)
  );
}

const JOINED_TOKEN = /(?:[^\s"'()[\]{}]|(?<=\p{L})'(?=\p{L})){14,}/gu;
const HUMP = /\p{Ll}(?=\p{Lu})|\p{Lu}(?=\p{Lu}\p{Ll})/gu;
const JOINT = /[^\p{L}\p{M}\p{N}'’]+/gu;
/** Nothing but words with a capital each. */
const CLEAN = /^\p{Ll}*(?:\p{Lu}[\p{Ll}'’]*|\d)+$/u;
const DIGIT = /\p{N}/u;
/** Capitals in a row before small letters, other than the words I and A. */
const CLUTTERED = /(?![IA])\p{Lu}\p{Lu}\p{Ll}/u;

/** Random letters fall into pieces of one or two, and between digits; words are longer, and most of the token. */
function isWordy(words: readonly string[], length: number): boolean {
  const letters = words.reduce((sum, word) => sum + word.length, 0);
  return letters >= 2.4 * words.length && letters >= 0.65 * length;
}

function wordsOf(text: string): readonly string[] {
  const words = text.match(WORD) ?? [];
  return words.length > MOST_WORDS ? words.slice(0, MOST_WORDS) : words;
}
