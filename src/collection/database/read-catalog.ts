import { byCodeUnit, DomicileError } from '../../core/index.ts';
import type { CatalogColumn, CatalogRelation, PostgresCatalog, RelationKind } from '../../evidence/index.ts';
import type { Session } from './session.ts';

const MAX_RELATIONS = 50_000;
const MAX_COLUMNS = 500_000;
/** FirstNormalObjectId: whatever the server did not bring itself has an id from here on, in whichever schema it lies. */
const FIRST_USER_OID = 16384;

/** pg_class, not information_schema: that hides what the role may not read, which must be named as denied. */
const RELATIONS = `
  SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, c.relkind::text AS kind,
         c.relpersistence::text = 't' AS temporary, c.relrowsecurity AS row_security, c.relispopulated AS populated,
         c.reltuples::float8 AS rows, c.relfilenode::text AS file,
         has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable,
         has_schema_privilege(n.oid, 'USAGE') AS usable,
         rn.nspname AS root_schema, r.relname AS root_name, COALESCE(e.extname, '') AS extension
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_class r ON c.relispartition AND r.oid = pg_catalog.pg_partition_root(c.oid)::oid
    LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
    LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
         AND d.deptype = 'e' AND d.refclassid = 'pg_catalog.pg_extension'::regclass
    LEFT JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
   WHERE c.relkind NOT IN ('i', 'I', 't', 'c') AND c.oid >= ${FIRST_USER_OID}
   LIMIT ${MAX_RELATIONS + 1}`;

const COLUMNS = `
  SELECT a.attrelid::text AS oid, a.attname AS name,
         format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE a.atttypid END, a.atttypmod) AS type,
         COALESCE(has_column_privilege(a.attrelid, a.attnum, 'SELECT'), false) AS readable
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
   WHERE a.attnum > 0 AND NOT a.attisdropped
     AND c.relkind NOT IN ('i', 'I', 't', 'c', 'S') AND c.oid >= ${FIRST_USER_OID}
   ORDER BY a.attrelid, a.attnum
   LIMIT ${MAX_COLUMNS + 1}`;

const SERVER = `
  SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
         pg_is_in_recovery() AS in_recovery, r.rolsuper AS superuser, r.rolbypassrls AS bypasses
    FROM pg_catalog.pg_roles r WHERE r.rolname = current_user`;

const KINDS: Readonly<Record<string, RelationKind>> = {
  r: 'table',
  p: 'partitioned-table',
  v: 'view',
  m: 'materialized-view',
  f: 'foreign-table',
  S: 'sequence',
};

/** The catalogue as evidence, and what of it only the scan itself needs. */
export interface CatalogReading {
  readonly catalog: PostgresCatalog;
  /** Relations that were never filled (unpopulated materialised views), as JSON of [schema, name]. */
  readonly unpopulated: ReadonlySet<string>;
  /** The id of each relation, and the file that held its rows when the snapshot was taken, by JSON of [schema, name]. */
  readonly files: ReadonlyMap<string, RelationFile>;
}

export interface RelationFile {
  readonly oid: string;
  readonly file: string;
}

/**
 * Reads the catalogue in the session's snapshot.
 *
 * @throws DomicileError `TOO_LARGE` where there are more relations or columns than are ever looked at.
 */
export async function readCatalog(session: Session, tls: boolean): Promise<CatalogReading> {
  const [server] = await session.query(SERVER);
  const relations = await session.query(RELATIONS);
  const columns = await session.query(COLUMNS);
  if (relations.length > MAX_RELATIONS || columns.length > MAX_COLUMNS) {
    throw new DomicileError(
      'TOO_LARGE',
      `expected at most ${MAX_RELATIONS} tables and ${MAX_COLUMNS} columns`,
    );
  }
  const columnsOf = Map.groupBy(columns, ({ oid }) => oid);
  const catalog: PostgresCatalog = {
    schemaVersion: 1,
    server: {
      version: Number(server?.['version']),
      systemIdentifier: await systemIdentifier(session),
      encoding: String(server?.['encoding']),
      inRecovery: server?.['in_recovery'] === true,
      tls,
    },
    role: { superuser: server?.['superuser'] === true, bypassesRowSecurity: server?.['bypasses'] === true },
    relations: relations
      .map((row) => toRelation(row, columnsOf.get(row['oid']) ?? []))
      .sort((left, right) => byCodeUnit(left.schema, right.schema) || byCodeUnit(left.name, right.name)),
    extensions: (
      await session.query('SELECT extname AS name, extversion AS version FROM pg_catalog.pg_extension')
    )
      .map(({ name, version }) => ({ name: String(name), version: String(version) }))
      .sort((left, right) => byCodeUnit(left.name, right.name)),
    largeObjects: await count(session, 'pg_catalog.pg_largeobject_metadata'),
    links: {
      publications: await count(session, 'pg_catalog.pg_publication'),
      subscriptions: await count(session, 'pg_catalog.pg_subscription'),
      replicationSlots: await count(
        session,
        '(SELECT slot_name AS oid FROM pg_catalog.pg_replication_slots) s',
      ),
      foreignServers: await count(session, 'pg_catalog.pg_foreign_server'),
    },
    otherDatabases: (await count(session, OTHER_DATABASES)) ?? 0,
  };
  const unpopulated = relations
    .filter(({ populated }) => populated === false)
    .map(({ schema, name }) => JSON.stringify([schema, name]));
  const files = relations.map(({ schema, name, oid, file }): readonly [string, RelationFile] => [
    JSON.stringify([schema, name]),
    { oid: String(oid), file: String(file) },
  ]);
  return { catalog, unpopulated: new Set(unpopulated), files: new Map(files) };
}

const OTHER_DATABASES = `(SELECT oid FROM pg_catalog.pg_database
  WHERE datallowconn AND NOT datistemplate AND datname <> current_database()) d`;

function toRelation(
  row: Record<string, unknown>,
  columns: readonly Record<string, unknown>[],
): CatalogRelation {
  const temporary = row['temporary'] === true;
  const usable = row['usable'] === true;
  return {
    // The number of a session's temporary schema differs from run to run.
    schema: temporary ? 'pg_temp' : String(row['schema']),
    name: String(row['name']),
    kind: KINDS[String(row['kind'])] ?? 'other',
    partitionOf:
      row['root_name'] === null || row['root_name'] === undefined
        ? null
        : { schema: String(row['root_schema']), name: String(row['root_name']) },
    temporary,
    rowSecurity: row['row_security'] === true,
    estimatedRows: Math.round(Number(row['rows'])),
    readable: row['readable'] === true,
    extension: String(row['extension']),
    columns: columns.map(
      (column): CatalogColumn => ({
        name: String(column['name']),
        type: String(column['type']),
        readable: usable && column['readable'] === true,
      }),
    ),
  };
}

async function systemIdentifier(session: Session): Promise<string | null> {
  const sql = 'SELECT system_identifier::text AS id FROM pg_catalog.pg_control_system()';
  const [row] = await session.query(sql).catch(() => []);
  return typeof row?.['id'] === 'string' ? row['id'] : null;
}

/** How many rows a system table has; null where the role may not know. The table's name is one of ours. */
async function count(session: Session, table: string): Promise<number | null> {
  const [row] = await session.query(`SELECT count(oid)::int AS n FROM ${table}`).catch(() => []);
  return typeof row?.['n'] === 'number' ? row['n'] : null;
}
