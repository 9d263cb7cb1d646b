import type { DatabaseContent } from '../../analysis/index.ts';
import {
  columnOf,
  contentFact,
  contentNeeds,
  contentPlaces,
  placeName,
  tableOf,
} from '../../analysis/index.ts';
import type { Reason } from '../../core/index.ts';
import type { CatalogRelation, DataMap } from '../../evidence/index.ts';
import type { Check, Observation, Outcome } from '../check.ts';
import { knownBadDatabase } from './content-canary.ts';
import {
  basisOf,
  examinedDatabases,
  noDatabaseReasons,
  placeObservation,
  READING_LIMITATIONS,
  readingEvidence,
  readingLimitations,
  unexaminedReasons,
} from './content-place.ts';

/** Only declared tables, columns and JSON keys exist, and hold only what their data class allows. */
export const contentClosedSchema: Check = {
  id: 'content.closed-schema',
  parameters: { type: 'object', additionalProperties: false, properties: {} },
  words: {
    claim: {
      en: 'The databases hold only the tables, columns and JSON keys that the data map declares, each with only such values as its data class allows.',
      zh: '数据库仅包含数据地图所申报的表、列与 JSON 键，且其值均符合所申报的数据类别。',
    },
    findings: {
      UNDECLARED_TABLE: {
        en: '{resource} ({kind}) is not declared in the data map.',
        zh: '{resource}（{kind}）未在数据地图中申报。',
      },
      UNDECLARED_COLUMN: {
        en: 'The column {resource} is not declared in the data map.',
        zh: '列 {resource} 未在数据地图中申报。',
      },
      UNDECLARED_KEY: {
        en: 'JSON at {resource} holds keys that the data map does not declare ({count} {count#time|times}).',
        zh: '{resource} 处的 JSON 含有数据地图未申报的键（{count} 次）。',
      },
      CLASS_VIOLATED: {
        en: '{count} {count#value|values} at {resource} {count#is|are} not of the declared class {holds} ({classes}).',
        zh: '{resource} 处有 {count} 个值不属于所申报的类别 {holds}（{classes}）。',
      },
      LARGE_OBJECTS: {
        en: 'The database {resource} holds {count} large {count#object|objects}, which no table declares.',
        zh: '数据库 {resource} 含有 {count} 个大对象，未由任何表申报。',
      },
    },
    disclosures: {},
    positive: {
      declared: {
        en: 'Database {database}: {tables} {tables#table|tables} with {columns} {columns#column|columns} and {rows} {rows#row|rows}, all declared; {values} {values#value|values}, all of their declared classes.',
        zh: '数据库 {database}：{tables} 个表、{columns} 个列、{rows} 行均已申报；{values} 个值均符合所申报的类别。',
      },
    },
    coverage: {
      databases: { en: 'Databases read whole', zh: '完整读取的数据库' },
      tables: { en: 'Tables read to the end', zh: '读取完毕的表' },
    },
    limitations: {
      ...READING_LIMITATIONS,
      alwaysClasses: {
        en: 'A data class bounds what a value looks like. It does not prove that an identifier or a number means what the data map says.',
        zh: '数据类别仅约束值的形式，不证明某一标识符或数字的含义与数据地图一致。',
      },
      alwaysViews: {
        en: 'Views store nothing and were not read; that they exist undeclared is a finding.',
        zh: '视图不存储数据，未予读取；存在未申报的视图即构成发现。',
      },
    },
  },
  needs: (_parameters, deployment) => contentNeeds(deployment),
  evaluate: (view) => judge(view.fact(contentFact)),
  canary: () => {
    const caught = new Set(judge([knownBadDatabase()]).findings.map((finding) => finding.class));
    return ['UNDECLARED_TABLE', 'UNDECLARED_COLUMN', 'UNDECLARED_KEY', 'CLASS_VIOLATED'].map((name) => ({
      id: `content.closed-schema/${name}`,
      caught: caught.has(name),
    }));
  },
};

function judge(databases: readonly DatabaseContent[]): Outcome {
  const tables = databases.flatMap(({ content }) => content?.tables ?? []);
  return {
    findings: databases.flatMap((database) => [...undeclared(database), ...misfits(database)]),
    reasons: [
      ...noDatabaseReasons(databases),
      ...databases.flatMap((database) => [
        ...database.reasons,
        ...absentTables(database),
        ...unexaminedReasons(database),
      ]),
    ],
    disclosed: [],
    coverage: [
      {
        what: 'databases',
        examined: examinedDatabases(databases).length,
        expected: databases.length,
        unit: 'stores',
      },
      {
        what: 'tables',
        examined: tables.filter(({ status }) => status === 'complete').length,
        expected: databases.some(({ content }) => content === undefined) ? null : tables.length,
      },
    ],
    positive: examinedDatabases(databases).map((database) => readingEvidence('declared', database)),
    basis: basisOf(databases),
    limitations: readingLimitations(databases),
  };
}

/** What exists and is not declared, from the catalogue alone: it needs no right to read a single row. */
function undeclared({ id, map, catalog }: DatabaseContent): readonly Observation[] {
  if (map === undefined || catalog === undefined) return [];
  const objects = catalog.largeObjects ?? 0;
  const largeObjects: Observation = {
    class: 'LARGE_OBJECTS',
    resource: id,
    values: { count: objects },
    witness: [],
  };
  return [
    ...catalog.relations.filter(isDeclarable).flatMap((relation) => undeclaredIn(id, map, relation)),
    ...(objects > 0 ? [largeObjects] : []),
  ];
}

/** A partition is declared by its table; a sequence holds one number that a column of a table holds too. */
function isDeclarable(relation: CatalogRelation): boolean {
  return relation.partitionOf === null && relation.kind !== 'sequence';
}

function undeclaredIn(id: string, map: DataMap, relation: CatalogRelation): readonly Observation[] {
  const resource = placeName(id, relation.schema, relation.name);
  const table = tableOf(map, relation.schema, relation.name);
  if (table === undefined) {
    const witness = [
      { label: 'kind', value: relation.kind },
      { label: 'columns', value: String(relation.columns.length) },
      ...(relation.extension === '' ? [] : [{ label: 'extension', value: placeName(relation.extension) }]),
    ];
    return [{ class: 'UNDECLARED_TABLE', resource, values: { kind: relation.kind }, witness }];
  }
  return relation.columns
    .filter(({ name }) => columnOf(table, name) === undefined)
    .map(({ name, type }) => ({
      class: 'UNDECLARED_COLUMN',
      resource: `${resource}.${placeName(name)}`,
      values: { type },
      witness: [{ label: 'type', value: type }],
    }));
}

/** Values and keys outside what is declared for their place. */
function misfits(database: DatabaseContent): readonly Observation[] {
  return contentPlaces(database).flatMap((place) => {
    const keys = place.violations.filter((counted) => counted.class === 'undeclared-key');
    const values = place.violations.filter((counted) => counted.class !== 'undeclared-key');
    return [
      ...(keys.length > 0 ? [placeObservation('UNDECLARED_KEY', place, keys)] : []),
      ...(values.length > 0 ? [placeObservation('CLASS_VIOLATED', place, values)] : []),
    ];
  });
}

/** A declared table that is not there: another version of the service, or not the database that was meant. */
function absentTables({ id, map, catalog }: DatabaseContent): readonly Reason[] {
  if (map === undefined || catalog === undefined) return [];
  const present = new Set(catalog.relations.map(({ schema, name }) => JSON.stringify([schema, name])));
  return Object.entries(map.schemas).flatMap(([schema, tables]) =>
    Object.entries(tables)
      .filter(([table, { optional }]) => optional !== true && !present.has(JSON.stringify([schema, table])))
      .map(
        ([table]): Reason => ({
          code: 'NOT_COLLECTED',
          scope: placeName(id, schema, table),
          detail: 'declared in the data map, but not in the database that was read',
        }),
      ),
  );
}
