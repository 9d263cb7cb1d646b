const MARKS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g;
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ı: 'i',
  æ: 'ae',
  œ: 'oe',
  '’': "'",
};
const ASCII_ONLY = /^[\x00-\x7f]*$/;

/** A word in lower case without its accents, as many people type it. Vowel signs of Indic scripts stay: they are no accents. */
export function folded(word: string): string {
  const lower = word.toLowerCase();
  if (ASCII_ONLY.test(lower)) return lower;
  return lower
    .normalize('NFD')
    .replace(MARKS, '')
    .replace(/[ßøłđıæœ’]/g, (letter) => LETTERS[letter] ?? letter);
}
