import { to as copyTo } from 'pg-copy-streams';
import { byCodeUnit } from '../../core/index.ts';
import type {
  CatalogRelation,
  ContentAggregate,
  DataMap,
  DataMapTable,
  TableContent,
} from '../../evidence/index.ts';
import { EMPTY_CONTENT, mergeContent } from '../../evidence/index.ts';
import type { TablePlan } from '../../scan/index.ts';
import { contentCanaries, createTableReducer } from '../../scan/index.ts';
import type { Failure } from './failure.ts';
import { failureOf, tableFailure } from './failure.ts';
import type { CatalogReading, RelationFile } from './read-catalog.ts';
import type { Session } from './session.ts';
import { quoteIdentifier } from './sql-identifier.ts';

const INSUFFICIENT_PRIVILEGE = '42501';
const FEATURE_NOT_SUPPORTED = '0A000';
/** Ours, in the place of an SQLSTATE: the server reports nothing. */
const REWRITTEN = 'REWRITTEN';

/** Relations that hold rows of their own. Views show others' rows; a foreign table's rows lie, and would be fetched from, elsewhere. */
function holdsRows(relation: CatalogRelation): boolean {
  return relation.kind === 'table' || relation.kind === 'materialized-view';
}

/**
 * Reads every table that holds rows, in one snapshot, and reduces it on the way in. Never throws: what could not
 * be read has its status and code, by table. After a lost connection the rest is not tried again, since another
 * connection would be another snapshot.
 */
export async function readTables(
  session: Session,
  reading: CatalogReading,
  map: DataMap,
): Promise<ContentAggregate> {
  const tables: TableContent[] = [];
  let lost: Failure | undefined;
  for (const relation of reading.catalog.relations.filter(holdsRows)) {
    const plan = planOf(relation, map);
    const known = lost ?? obstacleOf(relation);
    if (known !== undefined) {
      const { status, code } = tableFailure(known);
      tables.push(createTableReducer(plan).finish(status, code));
    } else if (reading.unpopulated.has(nameOf(relation))) {
      tables.push(createTableReducer(plan).finish('complete', ''));
    } else {
      const { table, failure } = await readTable(session, plan, reading.files.get(nameOf(relation)));
      tables.push(table);
      if (failure !== undefined && isLost(failure)) lost = failure;
    }
  }
  // Temporary tables of several sessions can share a name: merging makes them one entry.
  return mergeContent(EMPTY_CONTENT, { schemaVersion: 1, canaries: contentCanaries(), tables });
}

function nameOf({ schema, name }: CatalogRelation): string {
  return JSON.stringify([schema, name]);
}

/** Why reading a table need not be tried, from the catalogue. */
function obstacleOf(relation: CatalogRelation): Failure | undefined {
  if (relation.temporary) return { status: 'denied', code: FEATURE_NOT_SUPPORTED };
  const unreadable = relation.columns.length > 0 && relation.columns.every(({ readable }) => !readable);
  return unreadable ? { status: 'denied', code: INSUFFICIENT_PRIVILEGE } : undefined;
}

interface TableReading {
  readonly table: TableContent;
  readonly failure?: Failure;
}

async function readTable(
  session: Session,
  plan: TablePlan,
  before: RelationFile | undefined,
): Promise<TableReading> {
  const reducer = createTableReducer(plan);
  try {
    await session.attempt(() => drain(session, copyStatement(plan), reducer.push));
    if (await isRewritten(session, before)) return { table: reducer.finish('absent', REWRITTEN) };
    return { table: reducer.finish('complete', '') };
  } catch (error) {
    const failure = failureOf(error);
    const { status, code } = tableFailure(failure);
    return { table: reducer.finish(status, code), failure };
  }
}

/**
 * Whether a table's rows moved to another file since the snapshot was taken. TRUNCATE and the forms of ALTER TABLE
 * that rewrite a table show it empty to older snapshots (PostgreSQL manual §13.6, Caveats): what was read then says
 * nothing. The function looks at the catalogue as it is now, and our lock keeps it so.
 */
async function isRewritten(session: Session, before: RelationFile | undefined): Promise<boolean> {
  if (before === undefined || !/^[1-9]\d*$/.test(before.oid)) return false;
  const [row] = await session.query(
    `SELECT pg_catalog.pg_relation_filenode(${before.oid}::oid)::text AS file`,
  );
  return row?.['file'] !== before.file;
}

function drain(session: Session, sql: string, push: (chunk: Uint8Array) => void): Promise<void> {
  return new Promise((done, fail) => {
    const stream = session.client.query(copyTo(sql));
    // A connection that dies while nothing is read ends the client, not always the stream.
    const onEnd = (): void => settle(() => fail(new Error('the connection ended')));
    const settle = (end: () => void): void => {
      session.client.off('end', onEnd);
      end();
    };
    session.client.once('end', onEnd);
    stream.once('end', () => settle(done)).once('error', (error) => settle(() => fail(error)));
    stream.on('data', push);
  });
}

/** Whether the connection itself is gone, rather than one statement refused: classes 08 and 57P of SQLSTATE. */
function isLost({ status, code }: Failure): boolean {
  return (
    status === 'unreachable' ||
    status === 'cancelled' ||
    code === 'CONNECTION_LOST' ||
    /^(?:08|57P|25P03)/.test(code)
  );
}

/** ONLY: rows of inheriting tables are read, and declared, under their own names. */
function copyStatement(plan: TablePlan): string {
  const fields = [
    ...(plan.located ? ['ctid'] : []),
    ...plan.columns.map(({ name }) => quoteIdentifier(name)),
  ];
  const table = `${quoteIdentifier(plan.schema)}.${quoteIdentifier(plan.table)}`;
  return `COPY (SELECT ${fields.join(', ')} FROM ONLY ${table}) TO STDOUT`;
}

function planOf(relation: CatalogRelation, map: DataMap): TablePlan {
  const declared = declarationOf(relation, map);
  const readable = relation.columns.filter((column) => column.readable);
  return {
    schema: relation.schema,
    table: relation.name,
    // A system column cannot be granted singly: with column grants alone, ctid is denied.
    located: relation.readable,
    columns: readable.map(({ name, type }) => ({ name, type, holds: holdsOf(declared, name) })),
    unread: relation.columns
      .filter((column) => !column.readable)
      .map(({ name }) => name)
      .sort(byCodeUnit),
  };
}

/** The declaration of a table; a partition shares that of the table at the root of its tree. */
function declarationOf(relation: CatalogRelation, map: DataMap): DataMapTable | undefined {
  const { schema, name } = relation.partitionOf ?? relation;
  const tables = Object.hasOwn(map.schemas, schema) ? map.schemas[schema] : undefined;
  return tables !== undefined && Object.hasOwn(tables, name) ? tables[name] : undefined;
}

function holdsOf(table: DataMapTable | undefined, column: string): TablePlan['columns'][number]['holds'] {
  if (table === undefined || !Object.hasOwn(table.columns, column)) return undefined;
  return table.columns[column]?.holds;
}
