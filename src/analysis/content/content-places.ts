import type {
  CatalogRelation,
  ClassCount,
  DataClass,
  DataMap,
  DataMapColumn,
  DataMapTable,
} from '../../evidence/index.ts';
import type { DatabaseContent } from './content-fact.ts';
import { placeName } from './place-name.ts';

/** What was met at one place of a database; the partitions of a table are one place. */
export interface ContentPlace {
  /** `database.schema.table.column` and the path, as findings name it: the same from month to month. */
  readonly name: string;
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly path: string;
  readonly declared: DataMapColumn | undefined;
  /** The data class at this path; `undefined` where nothing is declared. */
  readonly holds: DataClass | undefined;
  readonly values: number;
  readonly violations: readonly PlaceCount[];
  readonly detections: readonly PlaceCount[];
}

export interface PlaceCount {
  readonly class: string;
  readonly count: number;
  readonly lengths: readonly number[];
  /** As `table (block,offset)`. */
  readonly rows: readonly string[];
}

/** Every place of a database at which a value was met. */
export function contentPlaces({ id, map, catalog, content }: DatabaseContent): readonly ContentPlace[] {
  if (content === undefined) return [];
  const roots = rootsOf(catalog?.relations ?? []);
  const places = new Map<string, ContentPlace>();
  for (const table of content.tables) {
    const root = roots.get(JSON.stringify([table.schema, table.table])) ?? {
      schema: table.schema,
      name: table.table,
    };
    for (const seen of table.paths) {
      const name = `${placeName(id, root.schema, root.name, seen.column)}${seen.path}`;
      const declared = columnOf(tableOf(map, root.schema, root.name), seen.column);
      const known = places.get(name);
      places.set(name, {
        name,
        schema: root.schema,
        table: root.name,
        column: seen.column,
        path: seen.path,
        declared,
        holds: classAt(declared?.holds, seen.path),
        values: (known?.values ?? 0) + seen.values,
        violations: addCounts(known?.violations ?? [], seen.violations, table.table),
        detections: addCounts(known?.detections ?? [], seen.detections, table.table),
      });
    }
  }
  return [...places.values()];
}

/** The declaration of a table, looked up by own name only: a table can be called `constructor`. */
export function tableOf(map: DataMap | undefined, schema: string, table: string): DataMapTable | undefined {
  const tables = map !== undefined && Object.hasOwn(map.schemas, schema) ? map.schemas[schema] : undefined;
  return tables !== undefined && Object.hasOwn(tables, table) ? tables[table] : undefined;
}

export function columnOf(table: DataMapTable | undefined, column: string): DataMapColumn | undefined {
  return table !== undefined && Object.hasOwn(table.columns, column) ? table.columns[column] : undefined;
}

function rootsOf(
  relations: readonly CatalogRelation[],
): ReadonlyMap<string, { readonly schema: string; readonly name: string }> {
  return new Map(
    relations.flatMap(({ schema, name, partitionOf }) =>
      partitionOf === null ? [] : [[JSON.stringify([schema, name]), partitionOf] as const],
    ),
  );
}

/** The class declared for a path such as `.usage.tokens` or `.guardrails[].name`. */
function classAt(holds: DataClass | undefined, path: string): DataClass | undefined {
  return (path.match(/\.[^.[{]+|\[\]|\{\}/g) ?? []).reduce<DataClass | undefined>((at, step) => {
    if (step === '[]') return at?.class === 'array' ? at.items : undefined;
    if (step === '{}') return at?.class === 'map' ? at.values : undefined;
    const key = step.slice(1);
    return at?.class === 'json' && Object.hasOwn(at.keys, key) ? at.keys[key] : undefined;
  }, holds);
}

const MAX_ROWS = 5;

function addCounts(
  known: readonly PlaceCount[],
  more: readonly ClassCount<string>[],
  table: string,
): readonly PlaceCount[] {
  const counts = new Map(known.map((counted) => [counted.class, counted]));
  for (const { class: name, count, lengths, rows } of more) {
    const before = counts.get(name);
    const located = rows.map(([block, offset]) => `${placeName(table)} (${block},${offset})`);
    counts.set(name, {
      class: name,
      count: (before?.count ?? 0) + count,
      lengths: lengths.map((inBucket, bucket) => inBucket + (before?.lengths[bucket] ?? 0)),
      rows: [...(before?.rows ?? []), ...located].slice(0, MAX_ROWS),
    });
  }
  return [...counts.values()];
}
