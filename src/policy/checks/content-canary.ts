import type { DatabaseContent } from '../../analysis/index.ts';
import type {
  CatalogRelation,
  ClassCount,
  ContentAggregate,
  ContentClass,
  DataMap,
  PathContent,
  PostgresCatalog,
  ViolationClass,
} from '../../evidence/index.ts';

/**
 * A database in which everything is wrong, as the reducer would have reduced it. The reducer's own canaries run
 * where it runs, in collection, and stand in the aggregate; these show that the checks act on what it says.
 */
export function knownBadDatabase(): DatabaseContent {
  return { id: 'canary', resource: undefined, map: MAP, catalog: CATALOG, content: CONTENT, reasons: [] };
}

const MAP: DataMap = {
  apiVersion: 'domicile/v1',
  kind: 'DataMap',
  metadata: { id: 'canary', version: '1.0.0', title: { en: 'Canary', zh: '探针' } },
  schemas: {
    public: {
      logs: {
        columns: {
          model: { promise: 'model', holds: { class: 'model-name' } },
          error_text: { promise: 'operational-error', holds: { class: 'operational-text', maxLength: 2000 } },
          metadata: { promise: 'operational-state', holds: { class: 'json', keys: {} } },
          api_key: { promise: 'provider-key', holds: { class: 'ciphertext', scheme: 'envelope' } },
          spare_key: { promise: 'provider-key', holds: { class: 'ciphertext', scheme: 'envelope' } },
        },
      },
    },
  },
};

const CATALOG: PostgresCatalog = {
  schemaVersion: 1,
  server: { version: 170000, systemIdentifier: '1', encoding: 'UTF8', inRecovery: false, tls: true },
  role: { superuser: false, bypassesRowSecurity: false },
  relations: [
    relation('logs', ['model', 'error_text', 'metadata', 'api_key', 'spare_key', 'note']),
    relation('shadow_logs', ['id']),
  ],
  extensions: [],
  largeObjects: 0,
  links: { publications: 0, subscriptions: 0, replicationSlots: 0, foreignServers: 0 },
  otherDatabases: 0,
};

function relation(name: string, columns: readonly string[]): CatalogRelation {
  return {
    schema: 'public',
    name,
    kind: 'table',
    partitionOf: null,
    temporary: false,
    rowSecurity: false,
    estimatedRows: 1,
    readable: true,
    extension: '',
    columns: columns.map((column) => ({ name: column, type: 'text', readable: true })),
  };
}

const CONTENT: ContentAggregate = {
  schemaVersion: 1,
  canaries: [],
  tables: [
    {
      schema: 'public',
      table: 'logs',
      status: 'complete',
      code: '',
      rows: 1,
      unread: [],
      paths: [
        seen('api_key', '', ['not-ciphertext'], ['secret-key']),
        seen('error_text', '', [], ['prose']),
        seen('metadata', '.*', ['undeclared-key'], ['chat-structure']),
        seen('model', '', ['not-in-class'], ['cjk-prose']),
        seen('note', '', [], []),
        seen('spare_key', '', ['not-ciphertext'], []),
      ],
    },
  ],
};

function seen(
  column: string,
  path: string,
  violations: readonly ViolationClass[],
  detections: readonly ContentClass[],
): PathContent {
  return {
    column,
    path,
    values: 1,
    nulls: 0,
    types: { string: 1 },
    violations: violations.map(once),
    detections: detections.map(once),
  };
}

function once<C extends string>(name: C): ClassCount<C> {
  return { class: name, count: 1, lengths: [0, 1, 0, 0, 0, 0, 0, 0], rows: [[0, 1]] };
}
