import type { Json } from '../../core/index.ts';
import { hasRepeatedMember } from '../../core/index.ts';
import type { DataClass, JsonType } from '../../evidence/index.ts';
import { createByteMemory } from './byte-memory.ts';
import { hitOf } from './content-classes.ts';
import type { Place } from './place.ts';
import { createPlace, detectAt, examineJson, examineScalar } from './place.ts';
import { isPlainToken } from './plain-bytes.ts';
import type { CountDocument } from './plain-document.ts';
import { createDocumentReader, createLiteralCounter } from './plain-document.ts';
import { isPlainScalar } from './plain-scalar.ts';
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

/**
 * Examines the values of a column. `examine` says everything; `isPlain` counts, from their bytes alone, values of
 * which it is certain that `examine` would only count them, and those found so before.
 */
export interface ColumnExaminer {
  readonly name: string;
  readonly place: Place;
  /** Takes one field of a row, with COPY's escapes undone; null for NULL. */
  readonly examine: (field: string | null, row: RowText) => void;
  /**
   * Takes one field as COPY writes it, not NULL. `ascii`: it has neither a backslash nor anything beyond ASCII.
   * False where nothing was counted.
   */
  readonly isPlain: (bytes: Uint8Array, from: number, to: number, ascii: boolean) => boolean;
  /**
   * The same without knowing where the field ends: where it does, or -1 where nothing was counted. Only for documents,
   * which end where their brackets close.
   */
  readonly plainEnd: (bytes: Uint8Array, from: number, to: number) => number;
  /** Takes note of a field, as COPY writes it, of which `examine` had nothing to tell. */
  readonly remember: (bytes: Uint8Array, from: number, to: number) => void;
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

export function createColumnExaminer(column: ScannedColumn): ColumnExaminer {
  const place = createPlace(column.holds, column.name);
  const examineText = textExaminer(column, place);
  return {
    name: column.name,
    place,
    examine: (field, row) => {
      if (field === null) place.tally.nulls++;
      else examineText(field, row);
    },
    ...shortcutOf(column, place),
  };
}

type Shortcut = Pick<ColumnExaminer, 'isPlain' | 'plainEnd' | 'remember'>;

/** Of an examiner that examines everything. */
export const NO_SHORTCUT: Shortcut = { isPlain: () => false, plainEnd: () => -1, remember: () => undefined };

function shortcutOf(column: ScannedColumn, place: Place): Shortcut {
  const { holds } = column;
  const { tally } = place;
  const native = nativeTypeOf(column);
  if (native !== undefined) {
    return { ...NO_SHORTCUT, isPlain: () => counted(tally, native) };
  }
  if (column.type === 'bytea' || column.type === 'tsvector') return NO_SHORTCUT;
  if (column.type.endsWith('[]')) return documentShortcut(createLiteralCounter(place));
  if (holds?.class === 'json' || holds?.class === 'map' || holds?.class === 'array')
    return { ...NO_SHORTCUT, plainEnd: createDocumentReader(place) ?? NO_SHORTCUT.plainEnd };
  const memory = createByteMemory();
  // Under the name of a key any value may be one, which is known from its whole text.
  const mayBeToken = place.keyName === undefined ? isPlainToken : () => false;
  const isPlain =
    holds === undefined
      ? (bytes: Uint8Array, from: number, to: number) =>
          memory.has(bytes, from, to) || mayBeToken(bytes, from, to)
      : (bytes: Uint8Array, from: number, to: number) =>
          isPlainScalar(bytes, from, to, holds, memory, mayBeToken);
  return {
    ...NO_SHORTCUT,
    isPlain: (bytes, from, to, ascii) =>
      (ascii ? isPlain(bytes, from, to) : memory.has(bytes, from, to)) && counted(tally, 'string'),
    remember: memory.add,
  };
}

function documentShortcut(count: CountDocument | undefined): Shortcut {
  if (count === undefined) return NO_SHORTCUT;
  return { ...NO_SHORTCUT, isPlain: (bytes, from, to, ascii) => ascii && count(bytes, from, to) };
}

function counted(tally: Place['tally'], type: JsonType): true {
  countValue(tally, type);
  return true;
}

/** What a value of a type is counted as, where type and class say all there is to say. */
function nativeTypeOf({ type, holds }: ScannedColumn): JsonType | undefined {
  const native = NATIVE.find(([pattern]) => pattern.test(type))?.[1];
  if (native === undefined || (holds !== undefined && !native.includes(holds.class))) return undefined;
  if (native.includes('boolean')) return 'boolean';
  return native.includes('decimal') ? 'number' : 'string';
}

type ExamineText = (field: string, row: RowText) => void;

function textExaminer(column: ScannedColumn, place: Place): ExamineText {
  const { holds } = column;
  const native = nativeTypeOf(column);
  if (native !== undefined) return () => countValue(place.tally, native);
  if (column.type === 'bytea') return bytesExaminer(place, holds);
  if (column.type === 'tsvector') return vectorExaminer(place, holds);
  if (column.type.endsWith('[]')) return arrayExaminer(place);
  if (holds === undefined) return undeclaredExaminer(place);
  if (holds.class === 'json' || holds.class === 'map' || holds.class === 'array')
    return documentExaminer(place, column.type === 'jsonb');
  return (field, row) => {
    countValue(place.tally, 'string');
    examineScalar(place, holds, field, row);
  };
}

function undeclaredExaminer(place: Place): ExamineText {
  return (field, row) => {
    countValue(place.tally, 'string');
    countHits(place.tally, detectAt(place, field), field.length, row);
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
