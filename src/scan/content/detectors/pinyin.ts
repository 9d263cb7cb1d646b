/** One syllable of Mandarin in Latin letters, with or without a tone's number. */
const SYLLABLE =
  '(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|ie|iu|ia|ua|uo|ui|un|ue|a|o|e|i|u)|ang|ai|ao|an|ou|en|er|e|a|o)';
const PINYIN = new RegExp(`^(?:${SYLLABLE}){1,6}$`);
/** Pronouns, question words, particles and what is asked for, by their sound; none is an English word. */
const TALK = new Set(
  `wo ni ta wen women nimen qing bang xie gei shenme zenme zenmeyang weishenme weishenmo nali nar shei ruhe jieshi
  fanyi zongjie tuijian xiexie nihao jiang gaosu ban zuo shuo jiao xiang yao neng hui keyi zhidao shi de le ma ne bu ye
  hen dou zai yi ge shou feng pian zhe na zhege nage you mei meiyou duo shao ji`.split(/\s+/),
);
const MANY_LETTERS = 5;

/** Chinese written in Latin letters: a run of words that are all syllables of it, several of them of talk. */
export function isPinyin(words: readonly string[]): boolean {
  let run = 0;
  let score = 0;
  let talk = new Set<string>();
  for (const word of words) {
    if (!PINYIN.test(word)) {
      run = 0;
      score = 0;
      talk = new Set();
      continue;
    }
    run++;
    if (TALK.has(word)) talk.add(word);
    score += TALK.has(word) ? 1 : word.length >= MANY_LETTERS ? 0.75 : 0.25;
    if (run >= 3 && score >= 3 && talk.size >= (run === 3 ? 1 : 2)) return true;
  }
  return false;
}
