/**
 * The UTF-16 units that people write most texts with, by script. Of all Han and Hangul only those count that the
 * national character sets hold in their first part, the commonest few thousand, since random bytes hit any of the
 * others so easily.
 */

/** No letter of everyday writing. */
export const UNCOMMON = 0;
/** ASCII, and marks that go with any script. */
export const ANY_SCRIPT = 1;
/** Letters of Europe: with a high byte of zero, or nearly. */
export const LATIN = 2;
const HAN = 3;
const HANGUL = 4;
/** The first of the scripts that have blocks of their own. */
const FIRST_BLOCK = 5;

type Span = readonly [first: number, last: number];

/** First and last unit of each block. */
const BLOCKS: readonly Span[] = [
  [0x370, 0x3ff],
  [0x400, 0x52f],
  [0x5d0, 0x5ea],
  [0x600, 0x6ff],
  [0x900, 0x97f],
  [0x980, 0x9ff],
  [0xb80, 0xbff],
  [0xc00, 0xc7f],
  [0xe00, 0xe7f],
];

/** The script of each unit. */
export const SCRIPTS: Uint8Array = scripts();

function scripts(): Uint8Array {
  const units = new Uint8Array(65_536);
  for (const unit of [0x09, 0x0a, 0x0d]) units[unit] = ANY_SCRIPT;
  units.fill(ANY_SCRIPT, 0x20, 0x7f);
  units.fill(ANY_SCRIPT, 0x2010, 0x2028);
  // The byte-order mark.
  units[0xfeff] = ANY_SCRIPT;
  units.fill(HAN, 0x3000, 0x3100);
  units.fill(HAN, 0xff01, 0xff66);
  units.fill(LATIN, 0xa0, 0x250);
  units.fill(LATIN, 0x1e00, 0x1f00);
  for (const [index, [first, last]] of BLOCKS.entries()) units.fill(FIRST_BLOCK + index, first, last + 1);
  // GB 2312 level 1, Big5 level 1, JIS X 0208 level 1 (as EUC), KS X 1001: rows and columns of two bytes.
  mark(units, HAN, 'gb18030', [0xb0, 0xd7], [0xa1, 0xfe]);
  mark(units, HAN, 'big5', [0xa4, 0xc6], [0x40, 0x7e]);
  mark(units, HAN, 'big5', [0xa4, 0xc5], [0xa1, 0xfe]);
  mark(units, HAN, 'euc-jp', [0xb0, 0xcf], [0xa1, 0xfe]);
  mark(units, HANGUL, 'euc-kr', [0xb0, 0xc8], [0xa1, 0xfe]);
  return units;
}

function mark(units: Uint8Array, script: number, encoding: string, rows: Span, columns: Span): void {
  const decoder = new TextDecoder(encoding);
  const pairs: number[] = [];
  for (let row = rows[0]; row <= rows[1]; row++)
    for (let column = columns[0]; column <= columns[1]; column++) pairs.push(row, column);
  const text = decoder.decode(Uint8Array.from(pairs));
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x3400 && unit < 0xd800) units[unit] = script;
  }
}
