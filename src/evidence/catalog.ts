/**
 * What a Postgres catalogue says: the body of `postgres.catalog`. Names, types and flags only; no default
 * expressions, comments, view texts or statistics, since these can quote values.
 */
export interface PostgresCatalog {
  readonly schemaVersion: 1;
  readonly server: CatalogServer;
  /** The role that read it. */
  readonly role: CatalogRole;
  /** Every table, view, sequence and foreign table that is not the server's own, ordered by schema and name. */
  readonly relations: readonly CatalogRelation[];
  readonly extensions: readonly { readonly name: string; readonly version: string }[];
  /** Large objects lie outside every table; null where they could not be counted. */
  readonly largeObjects: number | null;
  /** What could ship data elsewhere, counted; null where the role may not know. */
  readonly links: CatalogLinks;
  /** Other databases of the same server that accept connections. They were not read. */
  readonly otherDatabases: number;
}

export interface CatalogServer {
  /** As `server_version_num` says, such as 180004. */
  readonly version: number;
  /** From `pg_control_system()`, the same for all copies of one cluster; null where the role may not know. */
  readonly systemIdentifier: string | null;
  readonly encoding: string;
  /** True for a standby. */
  readonly inRecovery: boolean;
  /** Whether the scanner's own connection was encrypted and the server's certificate checked. */
  readonly tls: boolean;
}

export interface CatalogRole {
  readonly superuser: boolean;
  readonly bypassesRowSecurity: boolean;
}

export interface CatalogLinks {
  readonly publications: number | null;
  readonly subscriptions: number | null;
  readonly replicationSlots: number | null;
  readonly foreignServers: number | null;
}

/** pg_class.relkind in words. */
export type RelationKind =
  | 'table'
  | 'partitioned-table'
  | 'view'
  | 'materialized-view'
  | 'foreign-table'
  | 'sequence'
  | 'other';

export interface CatalogRelation {
  readonly schema: string;
  readonly name: string;
  readonly kind: RelationKind;
  /** For a partition: the table at the root of its tree, whose declaration it shares. */
  readonly partitionOf: { readonly schema: string; readonly name: string } | null;
  /** Temporary tables belong to one session; nobody else can read them. */
  readonly temporary: boolean;
  readonly rowSecurity: boolean;
  /** pg_class.reltuples: an estimate, -1 where the server has none. */
  readonly estimatedRows: number;
  /** Whether the role may read the whole relation. */
  readonly readable: boolean;
  /** The extension that owns it, empty for none. */
  readonly extension: string;
  readonly columns: readonly CatalogColumn[];
}

export interface CatalogColumn {
  readonly name: string;
  /** As format_type says, such as `character varying(64)`. */
  readonly type: string;
  readonly readable: boolean;
}
