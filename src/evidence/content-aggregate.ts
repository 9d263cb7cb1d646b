import { digestOf } from '../core/index.ts';
import type { DataMap } from './generated/data-map.ts';
import type { ReducedWith } from './model.ts';

/**
 * What is kept of a database's values: exact counts, never a value and never a hash of one (short values can
 * be guessed from it). The body of `postgres.content`.
 *
 * Policy-free: says which classes were met where, never whether that is allowed. Aggregates of parts of a
 * database merge to that of the whole in any order.
 */
export interface ContentAggregate {
  readonly schemaVersion: 1;
  /** Known-bad rows that were fed to the same reducer in the same run, and whether it said so. Ordered by id. */
  readonly canaries: readonly ReducerCanary[];
  /** Ordered by schema and name. */
  readonly tables: readonly TableContent[];
}

/** Whether a table was read to its end. Anything but `complete` is a gap. Ordered from good to bad. */
export type TableStatus = (typeof TABLE_STATUSES)[number];

export const TABLE_STATUSES = [
  'complete',
  'partial',
  'cancelled',
  'timeout',
  'absent',
  'denied',
  'failed',
] as const;

export interface ReducerCanary {
  readonly id: string;
  readonly caught: boolean;
}

export interface TableContent {
  readonly schema: string;
  readonly table: string;
  readonly status: TableStatus;
  /** SQLSTATE or a system error code (ECONNRESET); empty for `complete`. Never the server's message, which quotes values. */
  readonly code: string;
  /** Rows read. */
  readonly rows: number;
  /** Columns that the role may not read, by name. */
  readonly unread: readonly string[];
  /** Ordered by column and path. */
  readonly paths: readonly PathContent[];
}

/** What was met at one place: a column, or a declared key inside its JSON. */
export interface PathContent {
  readonly column: string;
  /**
   * Where inside the column: empty for the value itself, then `.key` for a declared key, `[]` for the elements
   * of an array, `{}` for the values of a map, and `.*` for everything below an undeclared key, since such a
   * key can itself be content.
   */
  readonly path: string;
  /** Values met here, nulls not counted. */
  readonly values: number;
  readonly nulls: number;
  /** How many of the values were of which JSON type; a value of a text column is a string. */
  readonly types: Readonly<Partial<Record<JsonType, number>>>;
  /** Values that their declared data class does not allow. Ordered by class. */
  readonly violations: readonly ClassCount<ViolationClass>[];
  /** What the detectors said. Ordered by class. */
  readonly detections: readonly ClassCount<ContentClass>[];
}

export type JsonType = 'string' | 'number' | 'boolean' | 'object' | 'array';

/** How a value can be outside its data class. */
export type ViolationClass = (typeof VIOLATION_CLASSES)[number];

export const VIOLATION_CLASSES = ['not-in-class', 'too-long', 'undeclared-key', 'not-ciphertext'] as const;

/** What the content detectors can say of a value. */
export type ContentClass = (typeof CONTENT_CLASSES)[number];

/** `unexamined`: larger or deeper than the bound, examined in part only. */
export const CONTENT_CLASSES = [
  'prose',
  'cjk-prose',
  'chat-structure',
  'secret-key',
  'high-entropy-token',
  'opaque-binary',
  'unexamined',
] as const;

export interface ClassCount<C extends string> {
  readonly class: C;
  readonly count: number;
  /** How many values had up to 16, 64, 256, 1024, 4096, 16384, 65536 characters, and more: eight numbers. */
  readonly lengths: readonly number[];
  /** The first few rows, by physical place. */
  readonly rows: readonly RowLocator[];
}

/** A row by its place in the table's file (ctid): block and offset. Says nothing of what is in it. */
export type RowLocator = readonly [block: number, offset: number];

/**
 * What made an aggregate: the version of the reduction, and of every detector. An aggregate of others is not
 * comparable and counts as not collected. A test holds this against the detectors themselves.
 */
export const CONTENT_REDUCTION = {
  kernel: 'content/1',
  detectors: 'prose@4 cjk-prose@3 chat-structure@3 secret-key@3 high-entropy-token@1 unwrap@4',
} as const;

/** What an aggregate says that it was reduced with, under a data map. */
export function contentReducedWith(map: DataMap): Required<ReducedWith> {
  return { ...CONTENT_REDUCTION, dataMap: digestOf(map) };
}

/** Upper bounds of the length buckets, in characters; the eighth bucket has none. */
export const LENGTH_BOUNDS = [16, 64, 256, 1024, 4096, 16384, 65536] as const;

/** How many rows are named per class and place. */
export const MAX_ROWS_NAMED = 5;
