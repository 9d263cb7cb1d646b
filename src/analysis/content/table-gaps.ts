import type { Reason, ReasonCode } from '../../core/index.ts';
import { unreachable } from '../../core/index.ts';
import type {
  CatalogRelation,
  ContentAggregate,
  PostgresCatalog,
  TableContent,
  TableStatus,
} from '../../evidence/index.ts';
import { placeName } from './place-name.ts';

/** Whether a relation has rows of its own that a scan must have read. Unknown kinds count: nobody knows what they hold. */
function holdsOwnRows({ kind }: CatalogRelation): boolean {
  switch (kind) {
    case 'table':
    case 'materialized-view':
    case 'foreign-table':
    case 'other':
      return true;
    case 'partitioned-table':
    case 'view':
    case 'sequence':
      return false;
    default:
      // A kind that a later version knows, in evidence read by this one.
      return true;
  }
}

/** What of a database was not read although its catalogue lists it, named by table and column. */
export function tableGaps(
  id: string,
  catalog: PostgresCatalog,
  content: ContentAggregate,
): readonly Reason[] {
  const read = new Map(content.tables.map((table) => [keyOf(table.schema, table.table), table]));
  const gaps = catalog.relations
    .filter(holdsOwnRows)
    .flatMap((relation) => gapsOf(id, relation, read.get(keyOf(relation.schema, relation.name))));
  return [...gaps, ...largeObjectGap(id, catalog)];
}

function keyOf(schema: string, table: string): string {
  return JSON.stringify([schema, table]);
}

function gapsOf(id: string, relation: CatalogRelation, table: TableContent | undefined): readonly Reason[] {
  const scope = placeName(id, relation.schema, relation.name);
  if (relation.kind === 'foreign-table') {
    return [
      {
        code: 'UNSUPPORTED_CONSTRUCT',
        scope,
        detail: 'foreign table: its rows lie elsewhere and were not fetched',
      },
    ];
  }
  if (relation.kind === 'other') {
    return [
      { code: 'UNSUPPORTED_CONSTRUCT', scope, detail: 'a kind of relation that this version does not read' },
    ];
  }
  if (table === undefined)
    return [{ code: 'NOT_COLLECTED', scope, detail: 'in the catalogue, but not read' }];
  if (table.status === 'complete') return columnGaps(scope, relation, table);
  const unread = table.unread.map(
    (column): Reason => ({
      code: 'ACCESS_DENIED',
      scope: `${scope}.${placeName(column)}`,
      detail: 'the role may not read this column',
    }),
  );
  const columnsOnly =
    table.status === 'partial' && unread.length > 0 && table.unread.length < relation.columns.length;
  return columnsOnly ? unread : [{ code: codeOf(table.status), scope, detail: table.code }];
}

/** A table that says that it is complete must have said something of each of its columns. */
function columnGaps(scope: string, relation: CatalogRelation, table: TableContent): readonly Reason[] {
  const seen = new Set(table.paths.filter(({ path }) => path === '').map(({ column }) => column));
  return relation.columns
    .filter(({ name }) => !seen.has(name))
    .map(({ name }) => ({
      code: 'NOT_COLLECTED',
      scope: `${scope}.${placeName(name)}`,
      detail: 'this column was not read',
    }));
}

function codeOf(status: Exclude<TableStatus, 'complete'>): ReasonCode {
  switch (status) {
    case 'denied':
      return 'ACCESS_DENIED';
    case 'timeout':
      return 'TIMEOUT';
    case 'cancelled':
      return 'CANCELLED';
    case 'absent':
      return 'CHANGED_DURING_SCAN';
    case 'partial':
    case 'failed':
      return 'FAILED';
    default:
      return unreachable(status);
  }
}

function largeObjectGap(id: string, { largeObjects }: PostgresCatalog): readonly Reason[] {
  const scope = `${id} large objects`;
  if (largeObjects === null)
    return [{ code: 'ACCESS_DENIED', scope, detail: 'nobody knows whether there are any' }];
  if (largeObjects === 0) return [];
  return [{ code: 'UNSUPPORTED_CONSTRUCT', scope, detail: `${largeObjects} large objects were not read` }];
}
