import { byCodeUnit } from '../../core/index.ts';
import type {
  ClassCount,
  ContentClass,
  JsonType,
  PathContent,
  RowLocator,
  ViolationClass,
} from '../../evidence/index.ts';
import { firstRows, LENGTH_BOUNDS, MAX_ROWS_NAMED } from '../../evidence/index.ts';
import type { Hits } from './content-classes.ts';
import { classesOf, NO_HITS } from './content-classes.ts';

interface Counter {
  count: number;
  readonly lengths: number[];
  rows: readonly RowLocator[];
}

/** What is counted at one place while a table is read. The mutable half of `PathContent`. */
export interface Tally {
  values: number;
  nulls: number;
  /** Violations and detections so far. */
  told: number;
  readonly types: Partial<Record<JsonType, number>>;
  readonly violations: Map<ViolationClass, Counter>;
  readonly detections: Map<ContentClass, Counter>;
}

/** Where a value was met: its row's ctid text, or `undefined` where rows have no place. */
export type RowText = string | undefined;

export function createTally(): Tally {
  return { values: 0, nulls: 0, told: 0, types: {}, violations: new Map(), detections: new Map() };
}

export function countValue(tally: Tally, type: JsonType): void {
  tally.values++;
  tally.types[type] = (tally.types[type] ?? 0) + 1;
}

export function countViolation(tally: Tally, violation: ViolationClass, length: number, row: RowText): void {
  tally.told++;
  count(tally.violations, violation, length, row);
}

export function countHits(tally: Tally, hits: Hits, length: number, row: RowText): void {
  if (hits === NO_HITS) return;
  tally.told++;
  for (const contentClass of classesOf(hits)) count(tally.detections, contentClass, length, row);
}

function count<C>(counters: Map<C, Counter>, key: C, length: number, row: RowText): void {
  let counter = counters.get(key);
  if (counter === undefined) {
    counter = { count: 0, lengths: new Array<number>(LENGTH_BOUNDS.length + 1).fill(0), rows: [] };
    counters.set(key, counter);
  }
  counter.count++;
  const bucket = bucketOf(length);
  counter.lengths[bucket] = (counter.lengths[bucket] ?? 0) + 1;
  const locator = locatorOf(row);
  if (locator !== undefined && isAmongFirst(counter.rows, locator))
    counter.rows = firstRows([...counter.rows, locator]);
}

function bucketOf(length: number): number {
  const bucket = LENGTH_BOUNDS.findIndex((bound) => length <= bound);
  return bucket === -1 ? LENGTH_BOUNDS.length : bucket;
}

function isAmongFirst(rows: readonly RowLocator[], [block, offset]: RowLocator): boolean {
  const last = rows[MAX_ROWS_NAMED - 1];
  return last === undefined || block < last[0] || (block === last[0] && offset < last[1]);
}

/** `(block,offset)`, as Postgres writes a ctid. */
function locatorOf(row: RowText): RowLocator | undefined {
  const match = row === undefined ? null : /^\((\d{1,10}),(\d{1,5})\)$/.exec(row);
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
}

/** The kept form of a tally. */
export function pathContent(column: string, path: string, tally: Tally): PathContent {
  return {
    column,
    path,
    values: tally.values,
    nulls: tally.nulls,
    types: { ...tally.types },
    violations: classCounts(tally.violations),
    detections: classCounts(tally.detections),
  };
}

function classCounts<C extends string>(counters: ReadonlyMap<C, Counter>): readonly ClassCount<C>[] {
  return [...counters]
    .map(([name, { count: counted, lengths, rows }]) => ({
      class: name,
      count: counted,
      lengths: [...lengths],
      rows,
    }))
    .sort((left, right) => byCodeUnit(left.class, right.class));
}
