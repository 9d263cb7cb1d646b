import { byCodeUnit } from '../../core/index.ts';
import type { TableContent, TableStatus } from '../../evidence/index.ts';
import type { ColumnExaminer, ScannedColumn } from './column-examiner.ts';
import { createColumnExaminer, NO_SHORTCUT } from './column-examiner.ts';
import { hitOf } from './content-classes.ts';
import { talliesOf } from './place.ts';
import { copyField } from './postgres-text.ts';
import { countHits, pathContent } from './tally.ts';
import { detectText } from './unwrap.ts';

/** What is read of one table, in COPY's order of columns. */
export interface TablePlan {
  readonly schema: string;
  readonly table: string;
  /** Whether the first field of every row is its ctid. */
  readonly located: boolean;
  readonly columns: readonly ScannedColumn[];
  /** Columns that the role may not read. */
  readonly unread: readonly string[];
}

/**
 * Reduces the bytes of `COPY … TO STDOUT` (text format, UTF-8) of one table. Chunks may end anywhere. Memory is
 * bounded by one row of at most `MAX_ROW` bytes; what is beyond in a longer row is counted `unexamined`.
 */
export interface TableReducer {
  readonly push: (chunk: Uint8Array) => void;
  /** Ends the reading; bytes of an unfinished last row are dropped. */
  readonly finish: (status: TableStatus, code: string) => TableContent;
}

const MAX_ROW = 8 * 1024 * 1024;

/**
 * @param shortcuts whether plain values may be counted from their bytes alone. The counts are the same without,
 * which is what the tests hold them against.
 */
export function createTableReducer(plan: TablePlan, shortcuts = true): TableReducer {
  const examiners = plan.columns.map(createColumnExaminer);
  const examineRow = rowExaminer(
    shortcuts ? examiners : examiners.map((examiner) => ({ ...examiner, ...NO_SHORTCUT })),
    plan.located,
  );
  let pieces: Uint8Array[] = [];
  let carried = 0;
  let skipping = false;
  let rows = 0;

  const takeRow = (bytes: Buffer, from: number, to: number): void => {
    rows++;
    if (to - from <= MAX_ROW) examineRow(bytes, from, to);
    else examineCutRow(examiners, plan.located, bytes.toString('utf8', from, from + MAX_ROW));
  };
  const carry = (piece: Uint8Array): void => {
    pieces.push(piece);
    carried += piece.length;
  };
  const takeCarried = (): void => {
    const row = pieces.length === 1 ? Buffer.from(pieces[0] ?? []) : Buffer.concat(pieces);
    pieces = [];
    carried = 0;
    takeRow(row, 0, row.length);
  };

  const push = (chunk: Uint8Array): void => {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    if (skipping || carried > 0) {
      const end = bytes.indexOf(NEWLINE);
      if (!skipping) carry(new Uint8Array(bytes.subarray(0, end === -1 ? bytes.length : end)));
      if (end === -1) {
        if (carried <= MAX_ROW) return;
        takeCarried();
        skipping = true;
        return;
      }
      if (!skipping) takeCarried();
      skipping = false;
      start = end + 1;
    }
    const last = bytes.lastIndexOf(NEWLINE);
    while (start <= last) {
      const end = bytes.indexOf(NEWLINE, start);
      takeRow(bytes, start, end);
      start = end + 1;
    }
    // A copy: whoever gave the chunk may use its memory again.
    if (start < bytes.length) carry(new Uint8Array(bytes.subarray(start)));
  };

  const outcome = (status: TableStatus, code: string): Pick<TableContent, 'status' | 'code'> => {
    if (status !== 'complete') return { status, code };
    // Every row ends with a newline: one that does not was cut on its way here.
    if (carried > 0 || skipping) return { status: 'failed', code: CUT_ROW };
    return plan.unread.length > 0 ? { status: 'partial', code: INSUFFICIENT_PRIVILEGE } : { status, code };
  };

  const finish = (status: TableStatus, code: string): TableContent => ({
    schema: plan.schema,
    table: plan.table,
    ...outcome(status, code),
    rows,
    unread: [...plan.unread].sort(byCodeUnit),
    paths: examiners
      .flatMap(({ name, place }) => talliesOf(place).map(({ path, tally }) => pathContent(name, path, tally)))
      .filter(({ path, values, nulls }) => path === '' || values + nulls > 0)
      .sort((left, right) => byCodeUnit(left.column, right.column) || byCodeUnit(left.path, right.path)),
  });

  return { push, finish };
}

/** SQLSTATE of a missing grant. */
const INSUFFICIENT_PRIVILEGE = '42501';
/** Ours, in the place of an SQLSTATE. */
const CUT_ROW = 'CUT_ROW';

const TAB = 9;
const NEWLINE = 10;
const BACKSLASH = 0x5c;
/** 1 for bytes that an ASCII text without escapes does not have, 2 for the end of a field. */
const MARKS = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === TAB || byte === NEWLINE ? 2 : byte === BACKSLASH || byte > 0x7f ? 1 : 0,
);

type ExamineRow = (bytes: Buffer, from: number, to: number) => void;

function rowExaminer(examiners: readonly ColumnExaminer[], located: boolean): ExamineRow {
  return (bytes, from, to) => {
    let at = from;
    if (located) {
      while (at < to && bytes[at] !== TAB) at++;
      at++;
    }
    // A row of fewer fields than columns is none that COPY writes.
    for (let column = 0; column < examiners.length && at <= to; column++) {
      const examiner = examiners[column];
      const start = at;
      const plainEnd = examiner?.plainEnd(bytes, at, to) ?? -1;
      if (plainEnd !== -1) {
        at = plainEnd + 1;
        continue;
      }
      let marks = 0;
      for (; at < to; at++) {
        const mark = MARKS[bytes[at] ?? 0] ?? 0;
        if (mark === 2) break;
        marks |= mark;
      }
      const end = at++;
      if (examiner === undefined) continue;
      if (isNull(bytes, start, end)) {
        examiner.place.tally.nulls++;
        continue;
      }
      if (examiner.isPlain(bytes, start, end, marks === 0)) continue;
      const { told } = examiner.place.tally;
      const text = bytes.toString(marks === 0 ? 'latin1' : 'utf8', start, end);
      examiner.examine(copyField(text), located ? locatorText(bytes, from) : undefined);
      if (examiner.place.tally.told === told) examiner.remember(bytes, start, end);
    }
  };
}

function locatorText(bytes: Buffer, from: number): string {
  return bytes.toString('latin1', from, Math.max(bytes.indexOf(TAB, from), from));
}

/** `\N`, which no text is written as. */
function isNull(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from === 2 && bytes[from] === BACKSLASH && bytes[from + 1] === 0x4e;
}

/** A row beyond the bound: whole fields are examined, the cut one as far as it goes, and the rest is told as not examined. */
function examineCutRow(examiners: readonly ColumnExaminer[], located: boolean, line: string): void {
  const fields = line.split('\t');
  const row = located ? fields[0] : undefined;
  const first = located ? 1 : 0;
  const cut = fields.length - 1 - first;
  for (const [at, examiner] of examiners.entries()) {
    const field = fields[first + at];
    if (at < cut && field !== undefined) {
      examiner.examine(copyField(field), row);
      continue;
    }
    const seen = field === undefined ? '' : (copyField(field) ?? '');
    examiner.place.tally.values++;
    countHits(examiner.place.tally, hitOf('unexamined') | detectText(seen), seen.length, row);
  }
}
