import type { AddressRange } from '../core/index.ts';
import type { CountryCode } from './countries.ts';
import type { CountryTable } from './country-table.ts';
import { indexAtOrAfter } from './country-table.ts';

/** A stretch of addresses on which both tables name the same country. */
export interface AgreedRange extends AddressRange {
  readonly country: CountryCode;
}

/**
 * Walks two country tables side by side over one stretch and yields where they agree, in order. Only rows
 * inside the stretch are touched, so that a small question over the whole world's data stays small.
 */
export function* agreedRanges(
  left: CountryTable,
  right: CountryTable,
  within: AddressRange,
): Generator<AgreedRange> {
  let i = indexAtOrAfter(left, within.first);
  let j = indexAtOrAfter(right, within.first);
  while (i < left.size && j < right.size) {
    const first = max(left.firstAt(i), right.firstAt(j), within.first);
    const leftLast = left.lastAt(i);
    const rightLast = right.lastAt(j);
    const last = min(leftLast, rightLast, within.last);
    if (first > within.last) return;
    const country = left.countryAt(i);
    if (first <= last && country === right.countryAt(j) && country !== '??') {
      yield { family: within.family, first, last, country };
    }
    if (leftLast <= rightLast) i += 1;
    if (rightLast <= leftLast) j += 1;
  }
}

function max(...values: readonly bigint[]): bigint {
  return values.reduce((highest, value) => (value > highest ? value : highest));
}

function min(...values: readonly bigint[]): bigint {
  return values.reduce((lowest, value) => (value < lowest ? value : lowest));
}
