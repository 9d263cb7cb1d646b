import type { TextShape } from './text-shape.ts';

/**
 * What a text reads as, once encodings of characters as other characters are undone: escapes of JSON, C and Python,
 * HTML entities, percent-encoding, quoted-printable, full-width and styled letters, invisible characters. Gives only
 * what differs from the text; what is encoded twice is read again by the caller.
 */
export function readingsOf(text: string, shape: TextShape): readonly string[] {
  const plain = decoded(text, shape);
  const readings = shape.nonAscii > 0 || plain !== text ? unusualReadings(plain) : [plain];
  const spread = shape.spaces >= FEWEST_LONE_LETTERS && LONE_LETTERS.test(plain);
  return [
    ...new Set([...readings, ...(spread ? [plain.replaceAll(LONE_LETTERS_ALL, joinedLetters)] : [])]),
  ].filter((reading) => reading !== text);
}

function decoded(text: string, shape: TextShape): string {
  let plain = text;
  if (shape.backslashes > 0) plain = withoutEscapes(plain);
  if (plain.includes('&')) plain = withoutEntities(plain);
  if (plain.includes('%')) plain = withoutPercents(plain);
  return plain.includes('=') ? withoutQuotedPrintable(plain) : plain;
}

/** Invisible characters can stand inside words or between them. */
function unusualReadings(text: string): readonly string[] {
  return UNUSUAL.test(text) ? [usual(text, ''), usual(text, ' ')] : [text];
}

/** `\u4f60` with any number of backslashes, `\u{4f60}`, `\xe4`, `\344`, `\n` and escaped quotes. */
function withoutEscapes(text: string): string {
  return text
    .replaceAll(/\bb(?=["']\\{1,16}x)/g, '')
    .replaceAll(/\\{1,16}u([0-9a-fA-F]{4})/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )
    .replaceAll(/\\{1,16}(?:u\{|U000)([0-9a-fA-F]{1,6})\}?/g, (_, code: string) =>
      characterOf(Number.parseInt(code, 16)),
    )
    .replaceAll(/(?:\\{1,16}x[0-9a-fA-F]{2})+/g, (run) => textOfBytes(run.replaceAll(/\\{1,16}x/g, '')))
    .replaceAll(/(?:\\[0-3][0-7]{2})+/g, (run) =>
      Buffer.from((run.match(/\d{3}/g) ?? []).map((octal) => Number.parseInt(octal, 8))).toString('utf8'),
    )
    .replaceAll(/\\{1,16}(["'/])/g, '$1')
    .replaceAll(/\\{1,16}[nrt]/g, ' ');
}

/** `%20` and the like, as in a request that is logged with its URL or form, and `%u4f60` of old scripts. */
function withoutPercents(text: string): string {
  return text
    .replaceAll(/(?:%[0-9a-fA-F]{2}){1,100000}/g, (run) => textOfBytes(run.replaceAll('%', '')))
    .replaceAll(/%u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

function textOfBytes(hex: string): string {
  return Buffer.from(hex, 'hex').toString('utf8');
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  rsquo: '’',
  lsquo: '‘',
  ldquo: '“',
  rdquo: '”',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  szlig: 'ß',
  iquest: '¿',
};
/** Letters with marks have the letter and the mark in their names. */
const MARKS: Readonly<Record<string, string>> = {
  acute: '\u0301',
  grave: '\u0300',
  circ: '\u0302',
  uml: '\u0308',
  tilde: '\u0303',
  cedil: '\u0327',
  ring: '\u030a',
  caron: '\u030c',
};

function withoutEntities(text: string): string {
  return text
    .replaceAll(/&#(\d{1,7});?/g, (_, code: string) => characterOf(Number(code)))
    .replaceAll(/&#[xX]([0-9a-fA-F]{1,6});?/g, (_, code: string) => characterOf(Number.parseInt(code, 16)))
    .replaceAll(
      /&([a-zA-Z])(acute|grave|circ|uml|tilde|cedil|ring|caron);/g,
      (_, letter: string, mark: string) => `${letter}${MARKS[mark] ?? ''}`.normalize('NFC'),
    )
    .replaceAll(/&([a-z]{2,6});/g, (entity, name: string) => NAMED[name] ?? entity);
}

function characterOf(code: number): string {
  return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : ' ';
}

/** Three encoded bytes at least, or a line cut as mail cuts it: `a=10` is none. */
function withoutQuotedPrintable(text: string): string {
  const whole = text.replaceAll(/=\r?\n/g, '');
  if (whole === text && (text.match(/=[0-9A-F]{2}/g)?.length ?? 0) < 3) return text;
  return whole.replaceAll(/(?:=[0-9A-F]{2}){1,100000}/g, (run) => textOfBytes(run.replaceAll('=', '')));
}

/** Spaces of other widths, characters that nobody sees, and letters in other dress. */
const UNUSUAL =
  /\u034f|[\ufe00-\ufe0f]|[\u00a0\u00ad\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\uff01-\uff9f\u2460-\u24ff\u{1d400}-\u{1d7ff}\u{1f130}-\u{1f189}\u{e0020}-\u{e007f}]/u;
const INVISIBLE =
  /(?:\u034f|[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|[\ufe00-\ufe0f])+/gu;

/** As one would write it: the compatibility form of Unicode, invisible characters gone or in the place of a space. */
function usual(text: string, between: string): string {
  return text
    .replaceAll(/[\u{e0020}-\u{e007e}]/gu, (tag) =>
      String.fromCodePoint((tag.codePointAt(0) ?? 0) - 0xe_0000),
    )
    .replaceAll(INVISIBLE, between)
    .normalize('NFKC');
}

/** Letters set apart, `w r i t e   m e`: eight of them at least. */
const FEWEST_LONE_LETTERS = 7;
const LONE_LETTERS = /(?:^|\s)\p{L}(?:\s{1,3}\p{L}(?![\p{L}\p{M}])){7}/u;
const LONE_LETTERS_ALL = /\p{L}(?:\s{1,3}\p{L}(?![\p{L}\p{M}])){2,}/gu;

/** Words are set further apart than their letters. */
function joinedLetters(letters: string): string {
  return letters
    .replaceAll(/\s{2,}/g, '\u0000')
    .replaceAll(/\s/g, '')
    .replaceAll('\u0000', ' ');
}
