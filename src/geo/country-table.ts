import type { Address } from '../core/index.ts';
import { DomicileError } from '../core/index.ts';
import type { CountryCode } from './countries.ts';
import { isCountryCode } from './countries.ts';

/** Sorted, disjoint ranges of one family with a country each. */
export interface CountryTable {
  readonly size: number;
  readonly firstAt: (index: number) => bigint;
  readonly lastAt: (index: number) => bigint;
  readonly countryAt: (index: number) => CountryCode;
}

/** Countries that a source knows and ISO does not (`ZZ`, `EU`): kept, so that they agree with nothing. */
const NO_COUNTRY = '??';

const MOST_ROWS = 5_000_000;
const MASK_64 = (1n << 64n) - 1n;

/**
 * Reads `first,last,country` rows with decimal addresses, as the npm country sources ship them.
 *
 * @throws DomicileError `BAD_INPUT` naming the line, where a row is malformed, out of order or overlaps the
 * row before: binary search on such a table would answer, and be wrong.
 */
export function parseCountryTable(csv: string, family: Address['family'], id: string): CountryTable {
  const rows = countLines(csv);
  if (rows > MOST_ROWS)
    throw new DomicileError('TOO_LARGE', `expected at most ${MOST_ROWS} rows in ${id}, found ${rows}`);
  const columns = family === 4 ? narrowColumns(rows) : wideColumns(rows);
  const countries = new Uint16Array(rows);
  const names: CountryCode[] = [];
  const indexOf = new Map<string, number>();
  const highest = (1n << BigInt(family === 4 ? 32 : 128)) - 1n;

  let previous = -1n;
  let row = 0;
  for (let at = 0; at < csv.length; row += 1) {
    const end = csv.indexOf('\n', at) < 0 ? csv.length : csv.indexOf('\n', at);
    const one = csv.indexOf(',', at);
    const two = csv.indexOf(',', one + 1);
    const first = decimal(csv.slice(at, one));
    const last = decimal(csv.slice(one + 1, two));
    const country = csv.slice(two + 1, end).trimEnd();
    if (
      one < 0 ||
      two < 0 ||
      two > end ||
      first <= previous ||
      last < first ||
      last > highest ||
      country.length !== 2
    ) {
      throw new DomicileError('BAD_INPUT', {
        message: `expected ascending, disjoint rows of first,last,country in ${id}`,
        at: { file: id, line: row + 1, column: 1 },
      });
    }
    columns.set(row, first, last);
    const known = indexOf.get(country) ?? names.push(isCountryCode(country) ? country : NO_COUNTRY) - 1;
    indexOf.set(country, known);
    countries[row] = known;
    previous = last;
    at = end + 1;
  }
  return {
    size: row,
    firstAt: columns.firstAt,
    lastAt: columns.lastAt,
    countryAt: (index) => names[countries[index] ?? -1] ?? NO_COUNTRY,
  };
}

/** The table's country of an address, or `undefined`. */
export function countryOf(table: CountryTable, value: bigint): CountryCode | undefined {
  const index = indexAtOrAfter(table, value);
  if (index >= table.size || table.firstAt(index) > value) return undefined;
  const country = table.countryAt(index);
  return country === NO_COUNTRY ? undefined : country;
}

/** The first row that ends at or after a value: the row that holds it, or the next one. */
export function indexAtOrAfter(table: CountryTable, value: bigint): number {
  let low = 0;
  let high = table.size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (table.lastAt(middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Columns {
  readonly set: (row: number, first: bigint, last: bigint) => void;
  readonly firstAt: (row: number) => bigint;
  readonly lastAt: (row: number) => bigint;
}

function narrowColumns(rows: number): Columns {
  const firsts = new Uint32Array(rows);
  const lasts = new Uint32Array(rows);
  return {
    set: (row, first, last) => {
      firsts[row] = Number(first);
      lasts[row] = Number(last);
    },
    firstAt: (row) => BigInt(firsts[row] ?? 0),
    lastAt: (row) => BigInt(lasts[row] ?? 0),
  };
}

/** 128 bits as two columns of 64: a million bigints as objects would cost ten times the memory. */
function wideColumns(rows: number): Columns {
  const column = (): { set: (row: number, value: bigint) => void; at: (row: number) => bigint } => {
    const high = new BigUint64Array(rows);
    const low = new BigUint64Array(rows);
    return {
      set: (row, value) => {
        high[row] = value >> 64n;
        low[row] = value & MASK_64;
      },
      at: (row) => ((high[row] ?? 0n) << 64n) | (low[row] ?? 0n),
    };
  };
  const firsts = column();
  const lasts = column();
  return {
    set: (row, first, last) => {
      firsts.set(row, first);
      lasts.set(row, last);
    },
    firstAt: firsts.at,
    lastAt: lasts.at,
  };
}

/** A decimal number, or -1, which no row accepts. */
function decimal(text: string): bigint {
  return /^\d{1,39}$/.test(text) ? BigInt(text) : -1n;
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = 0; at < text.length; lines += 1) {
    const end = text.indexOf('\n', at);
    at = end < 0 ? text.length : end + 1;
  }
  return lines;
}
