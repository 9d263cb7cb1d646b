// Lines: which are headers, which cannot be read and why, and which are records.

import { CR, NINE } from './characters';
import { isFull } from './fullness';
import { countMalformed, FIELDS, forgetMalformed, NO_HEADER, NOTHING_WRONG, TOO_LONG } from './malformed';
import { record } from './records';
import { finishBatch } from './rows';
import { endOfLine, index, lineCount, LONGEST_LINE, separatorAt } from './separators';

// What scan() stopped for.
const DONE: i32 = 0;
const AT_HEADER: i32 = 1;
const AT_FIRST_LINE: i32 = 2;
const FULL: i32 = 3;

// States of the layout.
const UNKNOWN: u32 = 0;
const KNOWN: u32 = 1;
const UNUSABLE: u32 = 2;

let layout: u32 = UNKNOWN;
let columnCount: u32 = 0;
let records: u32 = 0;
let headerAt: usize = 0;
let headerLength: u32 = 0;

let nextLine: u32 = 0;
let nextSeparator: u32 = 0;

/** Indexes a stretch of text, whose lines scan() then reads. Gives how many bytes its whole lines take. */
export function indexText(start: usize, length: u32): u32 {
  nextLine = 0;
  nextSeparator = 0;
  return index(start, length);
}

export function beginObject(): void {
  layout = UNKNOWN;
  records = 0;
  forgetMalformed();
}

export function recordCount(): u32 {
  return records;
}

/** Takes the columns that were written to `columnsAt()`: byte offsets into a line's separators, -4 where there is none. */
export function useLayout(count: u32): void {
  columnCount = count;
  layout = count === 0 ? UNUSABLE : KNOWN;
}

export function countTooLong(): void {
  countMalformed(TOO_LONG);
}

export function headerStart(): usize {
  return headerAt;
}
export function headerBytes(): u32 {
  return headerLength;
}

/** Goes past the header line that scan() stopped at. */
export function passHeader(): void {
  nextSeparator = endOfLine(nextLine) + 1;
  nextLine++;
}

/** Reads the indexed lines from where it stopped; says why it stopped. */
export function scan(): i32 {
  while (nextLine < lineCount) {
    const first = nextSeparator;
    const last = endOfLine(nextLine);
    const here = separatorAt(first);
    const lastAt = separatorAt(last);
    const from = <usize>load<u32>(here - 4) + 1;
    const newline = load<u32>(lastAt);
    let wrong = NOTHING_WRONG;
    if (newline - <u32>from > LONGEST_LINE) {
      wrong = TOO_LONG;
    } else {
      const end = newline > <u32>from && load<u8>(newline - 1) === CR ? newline - 1 : newline;
      if (end !== <u32>from) {
        const letter = load<u8>(from) > NINE;
        if (letter || layout !== KNOWN) {
          if (letter && isHeader(from, end, here, lastAt)) return AT_HEADER;
          if (layout === UNKNOWN) return AT_FIRST_LINE;
        }
        if (layout === UNUSABLE) wrong = NO_HEADER;
        else if (last - first + 1 !== columnCount) wrong = FIELDS;
        else {
          // The last field ends before a carriage return, but the next line still starts after the newline.
          store<u32>(lastAt, end);
          wrong = record(here);
          if (wrong === NOTHING_WRONG) records++;
          store<u32>(lastAt, newline);
          if (isFull()) return FULL;
        }
      }
    }
    if (wrong !== NOTHING_WRONG) countMalformed(wrong);
    nextSeparator = last + 1;
    nextLine++;
  }
  finishBatch();
  return isFull() ? FULL : DONE;
}

/** Whether a field of the line is the word `srcaddr`, which no format can do without and no value is. */
function isHeader(from: usize, end: u32, here: usize, lastAt: usize): bool {
  let field = <u32>from;
  for (let at = here; at <= lastAt; at += 4) {
    const fieldEnd = at === lastAt ? end : load<u32>(at);
    if (fieldEnd - field === 7 && (load<u64>(field) & 0xffffffffffffff) === 0x72646461637273) {
      headerAt = from;
      headerLength = end - <u32>from;
      return true;
    }
    field = fieldEnd + 1;
  }
  return false;
}
