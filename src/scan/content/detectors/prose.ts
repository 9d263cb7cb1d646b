import type { Detector } from '../detector.ts';
import { CONVERSATION_WORDS, FUNCTION_WORDS, OPERATIONAL_WORDS } from './word-lists.ts';

/** Letters beside digits are no word: identifiers in hexadecimal are full of `a`, `de` and `be`. */
const WORD = /(?<![\p{L}\p{M}\p{N}])\p{L}[\p{L}\p{M}'’]*(?!\p{N})/gu;
const ASCII_ONLY = /^[\x00-\x7f]*$/;
const FEWEST_WORDS = 4;
const THRESHOLD = 3;

/**
 * Natural language of scripts that set spaces: what people ask and models answer.
 *
 * A score over runs of words. Function words and the words of talk (who, please, write, my) speak for it,
 * the vocabulary of operations (limit, token, exceeded) against it, since error columns rightly hold that.
 * Words joined by dashes or dots are read as words: a client can send a question as a model name.
 */
export const PROSE: Detector = {
  id: 'prose',
  version: 3,
  class: 'prose',
  test: (value) => {
    if (value.kind !== 'text') return false;
    const { spaces, separators, nonAscii } = value.shape;
    if (spaces + separators < FEWEST_WORDS - 1 || value.text.length < 14) return false;
    const text = spaces < FEWEST_WORDS - 1 ? value.text.replaceAll(/[-_./+:]/g, ' ') : value.text;
    return isProse(text.match(WORD) ?? [], nonAscii > 0);
  },
};

/** Whether some run of words scores enough: the heaviest run (Kadane), so that an echo inside an error is not outvoted. */
function isProse(words: readonly string[], mayBeForeign: boolean): boolean {
  let score = 0;
  let run = 0;
  for (const word of words) {
    if (score <= 0) {
      score = 0;
      run = 0;
    }
    score += weightOf(word.toLowerCase(), mayBeForeign);
    run++;
    if (score >= THRESHOLD && run >= FEWEST_WORDS) return true;
  }
  return false;
}

function weightOf(word: string, mayBeForeign: boolean): number {
  if (CONVERSATION_WORDS.has(word)) return 1.5;
  if (FUNCTION_WORDS.has(word)) return 0.5;
  if (OPERATIONAL_WORDS.has(word)) return -1.25;
  if (mayBeForeign && word.length > 2 && !ASCII_ONLY.test(word)) return 0.75;
  return word.length > 2 ? 0.25 : 0;
}
