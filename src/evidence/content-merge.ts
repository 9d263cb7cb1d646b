import { byCodeUnit } from '../core/index.ts';
import type {
  ClassCount,
  ContentAggregate,
  JsonType,
  PathContent,
  ReducerCanary,
  RowLocator,
  TableContent,
} from './content-aggregate.ts';
import { MAX_ROWS_NAMED, TABLE_STATUSES } from './content-aggregate.ts';

/** The aggregate of nothing: merging with it changes nothing. */
export const EMPTY_CONTENT: ContentAggregate = { schemaVersion: 1, canaries: [], tables: [] };

/** The aggregate of two parts of a database. Associative and commutative, so that any number of workers agree. */
export function mergeContent(left: ContentAggregate, right: ContentAggregate): ContentAggregate {
  return {
    schemaVersion: 1,
    canaries: mergeBy([...left.canaries, ...right.canaries], ({ id }) => [id], mergeCanary),
    tables: mergeBy([...left.tables, ...right.tables], ({ schema, table }) => [schema, table], mergeTable),
  };
}

function mergeCanary(left: ReducerCanary, right: ReducerCanary): ReducerCanary {
  return { id: left.id, caught: left.caught && right.caught };
}

function mergeTable(left: TableContent, right: TableContent): TableContent {
  const [worse, other] = worseFirst(left, right);
  return {
    schema: left.schema,
    table: left.table,
    status: worse.status,
    code: worse.status === other.status && other.code > worse.code ? other.code : worse.code,
    rows: left.rows + right.rows,
    unread: [...new Set([...left.unread, ...right.unread])].sort(byCodeUnit),
    paths: mergeBy([...left.paths, ...right.paths], ({ column, path }) => [column, path], mergePath),
  };
}

function worseFirst(left: TableContent, right: TableContent): readonly [TableContent, TableContent] {
  return TABLE_STATUSES.indexOf(left.status) >= TABLE_STATUSES.indexOf(right.status)
    ? [left, right]
    : [right, left];
}

function mergePath(left: PathContent, right: PathContent): PathContent {
  return {
    column: left.column,
    path: left.path,
    values: left.values + right.values,
    nulls: left.nulls + right.nulls,
    types: addTypes(left.types, right.types),
    violations: mergeBy([...left.violations, ...right.violations], (counted) => [counted.class], mergeCount),
    detections: mergeBy([...left.detections, ...right.detections], (counted) => [counted.class], mergeCount),
  };
}

function addTypes(left: PathContent['types'], right: PathContent['types']): PathContent['types'] {
  const sum: Partial<Record<JsonType, number>> = { ...left };
  for (const [type, count] of Object.entries(right) as [JsonType, number][])
    sum[type] = (sum[type] ?? 0) + count;
  return sum;
}

function mergeCount<C extends string>(left: ClassCount<C>, right: ClassCount<C>): ClassCount<C> {
  return {
    class: left.class,
    count: left.count + right.count,
    lengths: left.lengths.map((count, bucket) => count + (right.lengths[bucket] ?? 0)),
    rows: firstRows([...left.rows, ...right.rows]),
  };
}

/** The first few rows by physical place: which ones are named does not depend on who read what first. */
export function firstRows(rows: readonly RowLocator[]): readonly RowLocator[] {
  const ordered = [...rows].sort((left, right) => left[0] - right[0] || left[1] - right[1]);
  return ordered
    .filter((row, index) => row[0] !== ordered[index - 1]?.[0] || row[1] !== ordered[index - 1]?.[1])
    .slice(0, MAX_ROWS_NAMED);
}

/** Groups by key, merges each group, and orders by key. */
function mergeBy<T>(
  items: readonly T[],
  keyOf: (item: T) => readonly string[],
  merge: (left: T, right: T) => T,
): readonly T[] {
  const groups = new Map<string, { readonly key: readonly string[]; readonly item: T }>();
  for (const item of items) {
    const key = keyOf(item);
    const name = JSON.stringify(key);
    const known = groups.get(name);
    groups.set(name, { key, item: known === undefined ? item : merge(known.item, item) });
  }
  return [...groups.values()].sort((left, right) => compareKeys(left.key, right.key)).map(({ item }) => item);
}

function compareKeys(left: readonly string[], right: readonly string[]): number {
  for (const [index, part] of left.entries()) {
    const order = byCodeUnit(part, right[index] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}
