import { folded } from './folded.ts';
import { glueLanguages, LANGUAGES, otherScriptWord, talkLanguages } from './language-words.ts';
import { isPinyin } from './pinyin.ts';
import { CONVERSATION_WORDS, EVERYDAY_WORDS, FUNCTION_WORDS, OPERATIONAL_WORDS } from './word-lists.ts';

const ASCII_ONLY = /^[\x00-\x7f]*$/;
const LATIN = /^[\p{Script=Latin}'\p{M}]/u;
/** Left to the detector of scripts that set no spaces. */
const WITHOUT_SPACES =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]/u;
/** Scripts of whole countries' names and companies, where a few words need not be a sentence. */
const WIDELY_USED = /^[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}]/u;
const THRESHOLD = 3;
const ASKING_THRESHOLD = 2.25;
const MANY_WORDS = 10;
const MOST_LANGUAGES = 3;

/** How much a word says for a language, and whether it is one of its common words. */
interface Weight {
  readonly score: number;
  readonly telling: number;
}

const NOTHING: Weight = { score: 0, telling: 0 };
const AGAINST: Weight = { score: -1.25, telling: 0 };
const UNKNOWN: Weight = { score: 0.25, telling: 0 };
const ACCENTED: Weight = { score: 0.75, telling: 1 };
const GLUE: Weight = { score: 0.75, telling: 1 };
const TALK: Weight = { score: 1.5, telling: 2 };
const ENGLISH_GLUE: Weight = { score: 0.5, telling: 1 };

/** How sure one has to be: of running text, of one with a question in it, of words between joints, of words in capitals. */
export type Setting = 'text' | 'question' | 'joined' | 'capitals';

/**
 * Whether some run of words reads as a language: as English, as one of a script of its own, or as that of the Latin
 * script of which most common words are met.
 */
export function isLanguage(text: readonly string[], beyondAscii: boolean, setting: Setting): boolean {
  const words = beyondAscii ? text.map(folded) : text.map((word) => word.toLowerCase());
  if (hasHeavyRun(words, englishWeight, setting)) return true;
  if (beyondAscii && hasHeavyRun(words, otherScriptWeight, setting)) return true;
  const accented = (at: number): boolean => beyondAscii && !ASCII_ONLY.test(text[at] ?? '');
  return (
    languagesOf(words, setting).some((bit) =>
      hasHeavyRun(words, (word, at) => latinWeight(word, bit, accented(at)), setting),
    ) || isPinyin(words)
  );
}

/** The heaviest run (Kadane), so that an echo inside an error is not outvoted. A word counts once in a run. */
function hasHeavyRun(
  words: readonly string[],
  weightOf: (word: string, at: number) => Weight,
  setting: Setting,
): boolean {
  const threshold = setting === 'question' ? ASKING_THRESHOLD : THRESHOLD;
  const run: Run = { score: 0, words: 0, telling: 0, known: 0, letters: 0, knownLetters: 0 };
  const met = new Set<string>();
  for (const [at, word] of words.entries()) {
    if (run.score <= 0) {
      Object.assign(run, EMPTY_RUN);
      met.clear();
    }
    run.words++;
    run.letters += word.length;
    const weight = weightOf(word, at);
    if (weight.score > 0 && met.has(word)) continue;
    if (weight.telling > 0) {
      run.known++;
      run.knownLetters += word.length;
    }
    met.add(word);
    run.score += weight.score;
    run.telling += weight.telling;
    if (run.score >= threshold && isConvincing(run, setting)) return true;
  }
  return false;
}

interface Run {
  score: number;
  words: number;
  telling: number;
  known: number;
  letters: number;
  knownLetters: number;
}

const EMPTY_RUN: Run = { score: 0, words: 0, telling: 0, known: 0, letters: 0, knownLetters: 0 };

/** Of a random token some pieces are short words by chance; of joined words most letters are in known ones. */
function isConvincing(run: Run, setting: Setting): boolean {
  switch (setting) {
    case 'joined':
      return run.words >= 4 && run.telling >= 2 && run.known >= 0.5 * run.words;
    case 'capitals':
      return run.words >= 4 && run.telling >= 2 && run.knownLetters >= 0.6 * run.letters;
    case 'text':
    case 'question':
      return run.words >= 3 && (run.telling >= 2 || run.words >= MANY_WORDS);
  }
}

function englishWeight(word: string): Weight {
  if (CONVERSATION_WORDS.has(word)) return TALK;
  if (FUNCTION_WORDS.has(word)) return ENGLISH_GLUE;
  if (OPERATIONAL_WORDS.has(word)) return AGAINST;
  if (EVERYDAY_WORDS.has(word)) return GLUE;
  return word.length > 2 && ASCII_ONLY.test(word) ? UNKNOWN : NOTHING;
}

function isEnglish(word: string): boolean {
  return (
    CONVERSATION_WORDS.has(word) ||
    FUNCTION_WORDS.has(word) ||
    OPERATIONAL_WORDS.has(word) ||
    EVERYDAY_WORDS.has(word)
  );
}

function latinWeight(word: string, bit: number, accented: boolean): Weight {
  const talk = (talkLanguages(word) & bit) !== 0;
  const glue = (glueLanguages(word) & bit) !== 0;
  if (isEnglish(word)) {
    // A word of both languages says little; one of operations speaks against, unless it is that language's too.
    if (talk || glue) return { score: talk ? 0.75 : 0.25, telling: 0 };
    return OPERATIONAL_WORDS.has(word) ? AGAINST : NOTHING;
  }
  if (talk) return TALK;
  if (glue) return GLUE;
  if (accented && LATIN.test(word)) return ACCENTED;
  return word.length > 2 && LATIN.test(word) ? UNKNOWN : NOTHING;
}

/** The languages of which two words are met that are no English, those of most words first. */
function languagesOf(words: readonly string[], setting: Setting): readonly number[] {
  const counts = new Array<number>(LANGUAGES.length).fill(0);
  for (const word of new Set(words)) {
    let languages = talkLanguages(word) | glueLanguages(word);
    if (languages === 0 || isEnglish(word)) continue;
    for (let at = 0; languages !== 0; at++, languages >>>= 1)
      if ((languages & 1) === 1) counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts
    .map((count, at) => ({ count, bit: 1 << at }))
    .filter(({ count }) => count >= (setting === 'text' || setting === 'question' ? 1 : 3))
    .sort((left, right) => right.count - left.count)
    .slice(0, MOST_LANGUAGES)
    .map(({ bit }) => bit);
}

function otherScriptWeight(word: string): Weight {
  if (ASCII_ONLY.test(word)) return OPERATIONAL_WORDS.has(word) ? AGAINST : NOTHING;
  if (LATIN.test(word) || WITHOUT_SPACES.test(word)) return NOTHING;
  switch (otherScriptWord(word)) {
    case 'talk':
      return TALK;
    case 'glue':
      return { score: 1, telling: 1 };
    case 'unknown':
      if (word.length < 2) return NOTHING;
      return { score: WIDELY_USED.test(word) ? 0.75 : 1, telling: 1 };
  }
}
