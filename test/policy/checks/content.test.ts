import { describe, expect, it } from 'vitest';
import type {
  CatalogRelation,
  DataClass,
  DataMap,
  Deployment,
  EvidenceDraft,
  PostgresCatalog,
  TableContent,
} from '../../../src/evidence/index.ts';
import { contentReducedWith } from '../../../src/evidence/index.ts';
import type { CheckId } from '../../../src/policy/index.ts';
import { contentCanaries, createTableReducer } from '../../../src/scan/index.ts';
import { accountDrafts, DEPLOYMENT, verdictOf } from '../../support/check-case.ts';
import { runDraft } from '../../support/run-sample.ts';

const PROMPT = 'Please write a long letter to my grandmother about our summer holiday';
const KEY = `sk-proj-${'Ab9xQ2mT'.repeat(5)}`;
const SEALED = `enc:v1:${Buffer.from(Uint8Array.from({ length: 60 }, (_, at) => (at * 73 + 129) % 256)).toString('base64')}`;

interface Column {
  readonly holds?: DataClass;
  readonly promise?: 'identifier' | 'provider-key' | 'memory-fact' | 'operational-error';
  readonly value?: string;
  readonly type?: string;
}

/** A table `logs` of one row, with the columns that a test names; `holds` declares a column. */
interface Case {
  readonly columns: Readonly<Record<string, Column>>;
  readonly deployment?: Partial<Deployment>;
  readonly catalog?: (catalog: PostgresCatalog) => unknown;
  readonly tables?: (tables: readonly TableContent[]) => readonly unknown[];
  readonly draft?: (draft: EvidenceDraft) => EvidenceDraft;
}

const NOTE: Column = {
  holds: { class: 'operational-text', maxLength: 500 },
  promise: 'operational-error',
  value: 'timeout of upstream',
};
const SECRET: Column = {
  holds: { class: 'ciphertext', scheme: 'envelope' },
  promise: 'provider-key',
  value: SEALED,
};

async function told(check: CheckId, one: Case): Promise<readonly string[]> {
  const deployment: Deployment = { ...DEPLOYMENT, ...one.deployment };
  return verdictOf({ check, deployment, drafts: [...(await accountDrafts()), ...databaseDrafts(one)] });
}

function databaseDrafts({ columns, catalog, tables, draft }: Case): readonly EvidenceDraft[] {
  const map = mapOf(columns);
  const names = Object.keys(columns);
  const reducer = createTableReducer({
    schema: 'public',
    table: 'logs',
    located: true,
    columns: names.map((name) => ({
      name,
      type: columns[name]?.type ?? 'text',
      holds: columns[name]?.holds,
    })),
    unread: [],
  });
  reducer.push(
    new TextEncoder().encode(`(0,1)\t${names.map((name) => columns[name]?.value ?? '\\N').join('\t')}\n`),
  );
  const read = [reducer.finish('complete', '')];
  const relation: CatalogRelation = {
    schema: 'public',
    name: 'logs',
    kind: 'table',
    partitionOf: null,
    temporary: false,
    rowSecurity: false,
    estimatedRows: 1,
    readable: true,
    extension: '',
    columns: names.map((name) => ({ name, type: columns[name]?.type ?? 'text', readable: true })),
  };
  const found: PostgresCatalog = {
    schemaVersion: 1,
    server: { version: 170_000, systemIdentifier: '7', encoding: 'UTF8', inRecovery: false, tls: true },
    role: { superuser: false, bypassesRowSecurity: false },
    relations: [relation],
    extensions: [],
    largeObjects: 0,
    links: { publications: 0, subscriptions: 0, replicationSlots: 0, foreignServers: 0 },
    otherDatabases: 0,
  };
  const item = (
    kind: 'postgres.catalog' | 'postgres.content',
    call: string,
    body: unknown,
  ): EvidenceDraft => {
    const base = runDraft('run.clock', body);
    const made: EvidenceDraft = { ...base, key: { ...base.key, kind, call, target: 'gateway' } };
    return kind === 'postgres.content' ? { ...made, reducedWith: contentReducedWith(map) } : made;
  };
  return [
    runDraft('run.data-maps', [{ id: 'gateway-v1', sha256: '', map }]),
    item('postgres.catalog', 'postgres:ReadCatalog', catalog?.(found) ?? found),
    item('postgres.content', 'postgres:ReadTables', {
      schemaVersion: 1,
      canaries: contentCanaries(),
      tables: tables?.(read) ?? read,
    }),
  ].map((one) => draft?.(one) ?? one);
}

function mapOf(columns: Case['columns']): DataMap {
  return {
    apiVersion: 'domicile/v1',
    kind: 'DataMap',
    metadata: { id: 'gateway-v1', version: '1.0.0', title: { en: 'Test', zh: '测试' } },
    schemas: {
      public: {
        logs: {
          columns: Object.fromEntries(
            Object.entries(columns).flatMap(([name, { holds, promise }]) =>
              holds === undefined ? [] : [[name, { promise: promise ?? 'identifier', holds }]],
            ),
          ),
        },
      },
    },
  };
}

const CONTENT = ['content.absent', 'content.closed-schema', 'content.keys-encrypted'] as const;

describe.each(CONTENT)('%s', (check) => {
  it('passes what is declared and clean', async () => {
    expect(await told(check, { columns: { note: NOTE, secret: SECRET } })).toEqual(['pass']);
  });

  it.each<[string, Partial<Case>, RegExp]>([
    [
      'a table that the role may not read',
      { tables: (read) => read.map((table) => ({ ...table, status: 'denied', code: '42501', paths: [] })) },
      /^ACCESS_DENIED gateway\.public\.logs/,
    ],
    ['a table that was not read', { tables: () => [] }, /^NOT_COLLECTED gateway\.public\.logs/],
    [
      'a column that was not read',
      { tables: (read) => read.map((table) => ({ ...table, paths: table.paths.slice(1) })) },
      /^NOT_COLLECTED gateway\.public\.logs\.note/,
    ],
    [
      'a foreign table',
      {
        catalog: (catalog) => ({
          ...catalog,
          relations: catalog.relations.map((one) => ({ ...one, kind: 'foreign-table' })),
        }),
      },
      /^UNSUPPORTED_CONSTRUCT gateway\.public\.logs/,
    ],
    [
      'large objects that nobody can count',
      { catalog: (catalog) => ({ ...catalog, largeObjects: null }) },
      /^ACCESS_DENIED gateway large objects/,
    ],
    ['another shape', { catalog: () => ({ schemaVersion: 1 }) }, /^UNREADABLE|^NOT_COLLECTED/],
    [
      'other detectors',
      {
        draft: (one) =>
          one.reducedWith === undefined
            ? one
            : { ...one, reducedWith: { ...one.reducedWith, detectors: 'prose@0' } },
      },
      /^NOT_COLLECTED gateway$/,
    ],
    [
      'another data map',
      {
        draft: (one) =>
          one.reducedWith === undefined
            ? one
            : { ...one, reducedWith: { ...one.reducedWith, dataMap: '0'.repeat(64) } },
      },
      /^NOT_COLLECTED gateway$/,
    ],
    [
      'a canary that was missed where it was read',
      {
        draft: (one) =>
          one.key.kind === 'postgres.content'
            ? { ...one, body: { ...(one.body as object), canaries: [{ id: 'bird', caught: false }] } }
            : one,
      },
      /^CANARY_MISSED gateway/,
    ],
    [
      'no canary',
      {
        draft: (one) =>
          one.key.kind === 'postgres.content'
            ? { ...one, body: { ...(one.body as object), canaries: [] } }
            : one,
      },
      /^CANARY_MISSED gateway/,
    ],
    [
      'a data map that is not among the inputs',
      { draft: (one) => (one.key.kind === 'run.data-maps' ? { ...one, body: [] } : one) },
      /^NOT_COLLECTED gateway/,
    ],
    ['no database in the inventory', { deployment: { databases: [] } }, /^NOT_COLLECTED databases/],
  ])('cannot tell for %s', async (_, change, reason) => {
    const [verdict, ...rest] = await told(check, { columns: { note: NOTE, secret: SECRET }, ...change });
    expect(verdict).toBe('inconclusive');
    expect(rest.filter((one) => reason.test(one)).length).toBeGreaterThan(0);
  });
});

describe('content.absent', () => {
  it('fails for content, declared or not, and names the place', async () => {
    expect(
      await told('content.absent', {
        columns: { note: { ...NOTE, value: PROMPT }, other: { value: PROMPT } },
      }),
    ).toEqual(['fail', 'CONTENT_FOUND gateway.public.logs.note', 'CONTENT_FOUND gateway.public.logs.other']);
  });

  it('allows language as a fact where memory was bought, and a conversation nowhere', async () => {
    const fact: Column = { holds: { class: 'fact', maxLength: 500 }, promise: 'memory-fact', value: PROMPT };
    const turn = '{"role": "user", "content": "hello"}';
    const FOUND = ['fail', 'CONTENT_FOUND gateway.public.logs.fact'];
    expect(await told('content.absent', { columns: { fact }, deployment: { memory: true } })).toEqual([
      'pass',
    ]);
    expect(await told('content.absent', { columns: { fact }, deployment: { memory: false } })).toEqual(FOUND);
    expect(
      await told('content.absent', {
        columns: { fact: { ...fact, promise: 'identifier' } },
        deployment: { memory: true },
      }),
    ).toEqual(FOUND);
    expect(
      await told('content.absent', {
        columns: { fact: { ...fact, value: turn } },
        deployment: { memory: true },
      }),
    ).toEqual(FOUND);
  });

  it('cannot tell of binary that nothing looks into', async () => {
    const noise = Buffer.from(Uint8Array.from({ length: 200 }, (_, at) => (at * 89 + 131) % 256)).toString(
      'hex',
    );
    const [verdict, ...rest] = await told('content.absent', {
      columns: { note: NOTE, blob: { type: 'bytea', value: `\\\\x${noise}` } },
    });
    expect({ verdict, rest }).toEqual({
      verdict: 'inconclusive',
      rest: ['UNSUPPORTED_CONSTRUCT gateway.public.logs.blob'],
    });
  });
});

describe('content.closed-schema', () => {
  it.each<[string, Case, string]>([
    [
      'a column',
      { columns: { note: NOTE, shadow: { value: '1' } } },
      'UNDECLARED_COLUMN gateway.public.logs.shadow',
    ],
    [
      'a view',
      {
        columns: { note: NOTE },
        catalog: (catalog) => ({
          ...catalog,
          relations: [...catalog.relations, { ...catalog.relations[0], name: 'peek', kind: 'view' }],
        }),
      },
      'UNDECLARED_TABLE gateway.public.peek',
    ],
    [
      'a table of an odd name',
      {
        columns: { note: NOTE },
        catalog: (catalog) => ({
          ...catalog,
          relations: [...catalog.relations, { ...catalog.relations[0], name: 'constructor', kind: 'view' }],
        }),
      },
      'UNDECLARED_TABLE gateway.public.constructor',
    ],
  ])('fails for %s that nobody declared', async (_, one, finding) => {
    expect(await told('content.closed-schema', one)).toEqual(['fail', finding]);
  });

  it('fails for large objects, and says that they were not read', async () => {
    const [verdict, ...rest] = await told('content.closed-schema', {
      columns: { note: NOTE },
      catalog: (catalog) => ({ ...catalog, largeObjects: 2 }),
    });
    expect({ verdict, rest }).toEqual({
      verdict: 'fail',
      rest: ['LARGE_OBJECTS gateway', 'UNSUPPORTED_CONSTRUCT gateway large objects'],
    });
  });

  it('fails for a value outside its class, and cannot tell without a declared table', async () => {
    expect(
      await told('content.closed-schema', { columns: { note: { holds: { class: 'integer' }, value: 'x' } } }),
    ).toEqual(['fail', 'CLASS_VIOLATED gateway.public.logs.note']);
    const gone = await told('content.closed-schema', {
      columns: { note: NOTE },
      catalog: (catalog) => ({ ...catalog, relations: [] }),
      tables: () => [],
    });
    expect(gone).toEqual(['inconclusive', 'NOT_COLLECTED gateway.public.logs']);
  });
});

describe('content.keys-encrypted', () => {
  const PLACE = 'gateway.public.logs.secret';

  it.each<[string, Column, string]>([
    ['a key in plain text', { ...SECRET, value: KEY }, `PLAINTEXT_KEY ${PLACE}`],
    ['a key in plain text anywhere', { ...NOTE, value: `key ${KEY} refused` }, `PLAINTEXT_KEY ${PLACE}`],
    [
      'a value that is no ciphertext',
      { ...SECRET, value: 'enc:v1:aGVsbG8gd29ybGQ=' },
      `KEY_NOT_CIPHERTEXT ${PLACE}`,
    ],
    [
      'a column for keys that is declared open',
      { ...SECRET, holds: { class: 'label', maxLength: 200 }, value: 'x' },
      `KEY_NOT_CIPHERTEXT ${PLACE}`,
    ],
  ])('fails for %s', async (_, secret, finding) => {
    expect(await told('content.keys-encrypted', { columns: { other: SECRET, secret } })).toEqual([
      'fail',
      finding,
    ]);
  });

  it('cannot tell without a column for keys, nor without the database’s storage', async () => {
    expect(await told('content.keys-encrypted', { columns: { note: NOTE } })).toEqual([
      'inconclusive',
      'NOT_COLLECTED gateway',
    ]);
    const [database] = DEPLOYMENT.databases;
    const named = (resource: string | undefined): Partial<Deployment> => {
      const { resource: _, ...rest } = database ?? {
        id: 'gateway',
        engine: 'postgres',
        dataMap: 'gateway-v1',
        connection: { urlFrom: 'X' },
      };
      return { databases: [resource === undefined ? rest : { ...rest, resource }] };
    };
    expect(
      await told('content.keys-encrypted', { columns: { secret: SECRET }, deployment: named('elsewhere') }),
    ).toEqual(['inconclusive', 'NOT_COLLECTED elsewhere']);
    expect(
      await told('content.keys-encrypted', { columns: { secret: SECRET }, deployment: named(undefined) }),
    ).toEqual(['inconclusive', 'NOT_COLLECTED gateway']);
    const own = { ...named(undefined), tenancy: 'private' as const };
    expect(await told('content.keys-encrypted', { columns: { secret: SECRET }, deployment: own })).toEqual([
      'pass',
    ]);
  });
});
