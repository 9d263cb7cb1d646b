import { byCodeUnit } from '../../core/index.ts';
import type { TableContent, TableStatus } from '../../evidence/index.ts';
import type { ColumnExaminer, ScannedColumn } from './column-examiner.ts';
import { createColumnExaminer } from './column-examiner.ts';
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
 * bounded by one row of at most `MAX_ROW` characters; what is beyond in a longer row is counted `unexamined`.
 */
export interface TableReducer {
  readonly push: (chunk: Uint8Array) => void;
  /** Ends the reading; bytes of an unfinished last row are dropped. */
  readonly finish: (status: TableStatus, code: string) => TableContent;
}

const MAX_ROW = 8 * 1024 * 1024;

export function createTableReducer(plan: TablePlan): TableReducer {
  const decoder = new TextDecoder('utf-8');
  const examiners = plan.columns.map(createColumnExaminer);
  let rest = '';
  let skipping = false;
  let rows = 0;

  const takeRow = (line: string): void => {
    rows++;
    examineRow(examiners, plan.located, line);
  };

  const push = (chunk: Uint8Array): void => {
    const text = decoder.decode(chunk, { stream: true });
    let start = 0;
    if (skipping) {
      const end = text.indexOf('\n');
      if (end === -1) return;
      skipping = false;
      start = end + 1;
    }
    for (;;) {
      const end = text.indexOf('\n', start);
      if (end === -1) break;
      takeRow(rest === '' ? text.slice(start, end) : rest + text.slice(start, end));
      rest = '';
      start = end + 1;
    }
    rest += text.slice(start);
    if (rest.length <= MAX_ROW) return;
    rows++;
    examineCutRow(examiners, plan.located, rest);
    rest = '';
    skipping = true;
  };

  const outcome = (status: TableStatus, code: string): Pick<TableContent, 'status' | 'code'> => {
    if (status !== 'complete') return { status, code };
    // Every row ends with a newline: one that does not was cut on its way here.
    if (rest !== '' || skipping) return { status: 'failed', code: CUT_ROW };
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

function examineRow(examiners: readonly ColumnExaminer[], located: boolean, line: string): void {
  const fields = examiners.length === 0 ? [] : line.split('\t');
  const row = located ? fields[0] : undefined;
  const first = located ? 1 : 0;
  for (let at = 0; at < examiners.length; at++) {
    const field = fields[first + at];
    if (field !== undefined) examiners[at]?.examine(copyField(field), row);
  }
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
