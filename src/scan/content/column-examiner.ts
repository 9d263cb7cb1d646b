import type { Json } from '../../core/index.ts';
import { hasRepeatedMember } from '../../core/index.ts';
import type { DataClass } from '../../evidence/index.ts';
import { hitOf } from './content-classes.ts';
import type { Place } from './place.ts';
import { createPlace, examineJson, examineScalar } from './place.ts';
import { parseArrayLiteral } from './postgres-text.ts';
import type { RowText } from './tally.ts';
import { countHits, countValue, countViolation } from './tally.ts';
import { detectBytes, detectLexemes, detectText } from './unwrap.ts';

/** A column as it is read: its name, its Postgres type, and what the data map says that it holds. */
export interface ScannedColumn {
  readonly name: string;
  /** As format_type says. */
  readonly type: string;
  /** `undefined` for a column that the data map does not declare. */
  readonly holds: DataClass | undefined;
}

export interface ColumnExaminer {
  readonly name: string;
  readonly place: Place;
  /** Takes one field of a row, with COPY's escapes undone; null for NULL. */
  readonly examine: (field: string | null, row: RowText) => void;
}

const MAX_JSON = 1_048_576;
/** Types whose text form cannot hold anything but itself, with the classes that each belongs to by nature. */
const NATIVE: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(?:smallint|integer|bigint|oid)$/, ['integer', 'decimal']],
  [/^(?:real|double precision)$/, ['decimal']],
  [/^(?:timestamp|time|date)(?:\(\d\))?(?: with(?:out)? time zone)?$/, ['timestamp']],
  [/^boolean$/, ['boolean']],
  [/^uuid$/, ['uuid']],
];
/** Short values repeat (models, states, users): what was found clean once is not examined again. */
const REMEMBERED_VALUES = 1024;
const REMEMBERED_LENGTH = 64;

export function createColumnExaminer(column: ScannedColumn): ColumnExaminer {
  const place = createPlace(column.holds);
  const examineText = textExaminer(column, place);
  return {
    name: column.name,
    place,
    examine: (field, row) => {
      if (field === null) place.tally.nulls++;
      else examineText(field, row);
    },
  };
}

type ExamineText = (field: string, row: RowText) => void;

function textExaminer(column: ScannedColumn, place: Place): ExamineText {
  const native = NATIVE.find(([type]) => type.test(column.type));
  const { holds } = column;
  if (native !== undefined && (holds === undefined || native[1].includes(holds.class))) {
    const type = native[1].includes('boolean')
      ? 'boolean'
      : native[1].includes('decimal')
        ? 'number'
        : 'string';
    return () => countValue(place.tally, type);
  }
  if (column.type === 'bytea') return bytesExaminer(place, holds);
  if (column.type === 'tsvector') return vectorExaminer(place, holds);
  if (column.type.endsWith('[]')) return arrayExaminer(place);
  if (holds === undefined) return plainExaminer(place, detectText);
  if (holds.class === 'json' || holds.class === 'map' || holds.class === 'array')
    return documentExaminer(place, column.type === 'jsonb');
  return remembering(place, (field, row) => {
    countValue(place.tally, 'string');
    return examineScalar(place, holds, field, row) === 'sealed';
  });
}

function plainExaminer(place: Place, detect: (text: string) => number): ExamineText {
  return remembering(place, (field, row) => {
    countValue(place.tally, 'string');
    const hits = detect(field);
    countHits(place.tally, hits, field.length, row);
    return hits === 0;
  });
}

/** Skips short values already found clean; stops remembering in a column where values do not repeat. */
function remembering(place: Place, examine: (field: string, row: RowText) => boolean): ExamineText {
  const clean = new Set<string>();
  let repeats = 0;
  return (field, row) => {
    if (clean.has(field)) {
      repeats++;
      countValue(place.tally, 'string');
      return;
    }
    const isClean = examine(field, row);
    if (!isClean || field.length > REMEMBERED_LENGTH) return;
    if (clean.size < REMEMBERED_VALUES) clean.add(field);
    else if (repeats < REMEMBERED_VALUES) clean.clear();
  };
}

/** `normal`: written by the server from a parsed value (jsonb), so that no member can be there twice. */
function documentExaminer(place: Place, normal: boolean): ExamineText {
  return (field, row) => {
    const value = field.length <= MAX_JSON ? parsed(field) : undefined;
    if (value !== undefined && (normal || !hasRepeatedMember(field, value))) {
      examineJson(place, value, row);
      return;
    }
    countValue(place.tally, 'string');
    if (field === '') return;
    countViolation(place.tally, 'not-in-class', field.length, row);
    countHits(place.tally, detectText(field), field.length, row);
  };
}

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value as Json;
  } catch {
    return undefined;
  }
}

function arrayExaminer(place: Place): ExamineText {
  return (field, row) => {
    const elements = field.length <= MAX_JSON ? parseArrayLiteral(field) : undefined;
    if (elements !== undefined) {
      examineJson(place, elements, row);
      return;
    }
    countValue(place.tally, 'string');
    countHits(place.tally, detectText(field) | hitOf('unexamined'), field.length, row);
  };
}

function bytesExaminer(place: Place, holds: DataClass | undefined): ExamineText {
  return (field, row) => {
    countValue(place.tally, 'string');
    if (holds?.class === 'ciphertext' || holds?.class === 'hash') {
      if (examineScalar(place, holds, field, row) === 'sealed') return;
    } else if (holds !== undefined && !(holds.class === 'empty' && field === '\\x')) {
      countViolation(place.tally, 'not-in-class', field.length, row);
    }
    // Postgres writes bytea as \x and two digits for each byte (bytea_output = hex).
    const hits = detectBytes(Buffer.from(field.slice(2), 'hex'));
    countHits(place.tally, hits, Math.ceil(field.length / 2) - 1, row);
  };
}

function vectorExaminer(place: Place, holds: DataClass | undefined): ExamineText {
  return (field, row) => {
    countValue(place.tally, 'string');
    if (holds !== undefined && !(holds.class === 'empty' && field === '')) {
      countViolation(place.tally, 'not-in-class', field.length, row);
    }
    countHits(place.tally, detectLexemes(field), field.length, row);
  };
}
