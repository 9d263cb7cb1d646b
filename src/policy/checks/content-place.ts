import type { ContentPlace, DatabaseContent, PlaceCount } from '../../analysis/index.ts';
import { contentPlaces } from '../../analysis/index.ts';
import type { Reason } from '../../core/index.ts';
import type { DataMap, PostgresCatalog } from '../../evidence/index.ts';
import { contentReducedWith, isClosedMap, LENGTH_BOUNDS } from '../../evidence/index.ts';
import type { Observation, PositiveEvidence } from '../check.ts';
import type { Witness } from '../result.ts';

/** What the three content checks share: how a place is shown to a person, and when a claim rests on detection. */

/** How often, how long, and in which rows: enough to find the value, nothing of the value. */
function placeWitness(counts: readonly PlaceCount[]): Witness {
  return counts.flatMap((counted) => [
    { label: 'class', value: counted.class },
    { label: 'values', value: String(counted.count) },
    { label: 'characters', value: lengthText(counted.lengths) },
    ...(counted.rows.length > 0 ? [{ label: 'rows (ctid)', value: counted.rows.join(', ') }] : []),
  ]);
}

function lengthText(lengths: readonly number[]): string {
  return lengths
    .flatMap((count, bucket) => (count > 0 ? [`${bucketText(bucket)}: ${count}`] : []))
    .join(', ');
}

function bucketText(bucket: number): string {
  const bound = LENGTH_BOUNDS[bucket];
  return bound === undefined ? `> ${LENGTH_BOUNDS.at(-1)}` : `<= ${bound}`;
}

/** A finding about a place, with the classes that were met there. */
export function placeObservation(
  name: string,
  place: ContentPlace,
  counts: readonly PlaceCount[],
): Observation {
  return {
    class: name,
    resource: place.name,
    values: {
      classes: counts.map((counted) => counted.class).join(', '),
      count: Math.max(0, ...counts.map(({ count }) => count)),
      holds: place.holds?.class ?? place.declared?.holds.class ?? 'undeclared',
    },
    witness: placeWitness(counts),
  };
}

/** Detections at a place of any of the given classes. */
export function detected(place: ContentPlace, classes: readonly string[]): readonly PlaceCount[] {
  return place.detections.filter((counted) => classes.includes(counted.class));
}

/** Values that were examined only in part: no check may take them for clean. */
export function unexaminedReasons(database: DatabaseContent): readonly Reason[] {
  return contentPlaces(database).flatMap((place) =>
    detected(place, ['unexamined']).map(
      ({ count }): Reason => ({
        code: 'SAMPLED',
        scope: place.name,
        detail: `${count} values are larger or deeper than the bound and were examined in part`,
      }),
    ),
  );
}

/** Without a database in the inventory nothing was looked at: no claim about databases can hold. */
export function noDatabaseReasons(databases: readonly DatabaseContent[]): readonly Reason[] {
  if (databases.length > 0) return [];
  return [{ code: 'NOT_COLLECTED', scope: 'databases', detail: 'the inventory names no database' }];
}

/** Closed only where no declared column of any database can hold prose. */
export function basisOf(databases: readonly DatabaseContent[]): 'closed' | 'detected' {
  return databases.every(({ map }) => map !== undefined && isClosedMap(map)) ? 'closed' : 'detected';
}

/** What a reader should know of how the databases were read. */
export function readingLimitations(databases: readonly DatabaseContent[]): readonly string[] {
  const told = (key: string, test: (catalog: PostgresCatalog) => boolean): readonly string[] =>
    databases.some(({ catalog }) => catalog !== undefined && test(catalog)) ? [key] : [];
  return [
    ...told('superuser', ({ role }) => role.superuser),
    ...told('otherDatabases', ({ otherDatabases }) => otherDatabases > 0),
    ...told('plainConnection', ({ server }) => !server.tls),
  ];
}

/** The words of `readingLimitations`, and those that always apply to what is read from a database. */
export const READING_LIMITATIONS = {
  alwaysOneMoment: {
    en: 'The databases were read at one moment, in one snapshot. What was deleted before it, and files, backups and logs beside the tables, were not read.',
    zh: '数据库为某一时刻的单一快照读取结果；此前已删除的数据以及表以外的文件、备份与日志未读取。',
  },
  superuser: {
    en: 'The scanner’s database role is a superuser. It read in read-only transactions, but was granted more than it needs.',
    zh: '扫描使用的数据库角色为超级用户；读取均在只读事务中进行，但其权限超出所需。',
  },
  otherDatabases: {
    en: 'The same server holds other databases, which the inventory does not declare here and which were not read.',
    zh: '同一服务器上还有其他数据库，未在部署清单中就此部署申报，亦未读取。',
  },
  plainConnection: {
    en: 'A connection to a database was not encrypted, so that nothing proves which server answered.',
    zh: '与数据库的某一连接未加密，无法证明应答的服务器身份。',
  },
} as const;

/** Databases that were seen whole: with map, catalogue and content, and without a gap. */
export function examinedDatabases(databases: readonly DatabaseContent[]): readonly DatabaseContent[] {
  return databases.filter(
    ({ map, catalog, content, reasons }) =>
      map !== undefined && catalog !== undefined && content !== undefined && reasons.length === 0,
  );
}

/** What speaks for a database: how much was read, which server, under which data map. */
export function readingEvidence(text: string, database: DatabaseContent): PositiveEvidence {
  const tables = database.content?.tables ?? [];
  const places = contentPlaces(database);
  return {
    text,
    values: {
      database: database.id,
      tables: tables.length,
      rows: tables.reduce((sum, { rows }) => sum + rows, 0),
      values: places.reduce((sum, { values }) => sum + values, 0),
      columns: places.filter(({ path }) => path === '').length,
    },
    witness: [
      ...(database.map === undefined ? [] : mapWitness(database.map)),
      { label: 'system identifier', value: database.catalog?.server.systemIdentifier ?? 'not readable' },
    ],
  };
}

function mapWitness(map: DataMap): Witness {
  const { dataMap, detectors } = contentReducedWith(map);
  return [
    { label: 'data map', value: `${map.metadata.id} ${map.metadata.version} (SHA-256 ${dataMap})` },
    { label: 'detectors', value: detectors },
  ];
}
