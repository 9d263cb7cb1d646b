import type { Json, Reason } from '../../core/index.ts';
import { isJsonObject } from '../../core/index.ts';
import type {
  ContentAggregate,
  DataMap,
  Deployment,
  EvidenceAnswer,
  EvidenceView,
  Fact,
  Need,
  PostgresCatalog,
} from '../../evidence/index.ts';
import {
  contentReducedWith,
  EMPTY_CONTENT,
  mergeContent,
  runNeed,
  targetNeed,
} from '../../evidence/index.ts';
import { parseCatalog, parseContent } from './parse-content.ts';
import { tableGaps } from './table-gaps.ts';

/** One database of the inventory: what may be in it, what is in it, and what could not be seen. */
export interface DatabaseContent {
  readonly id: string;
  /** RDS identifier, where the inventory names one. */
  readonly resource: string | undefined;
  readonly map: DataMap | undefined;
  readonly catalog: PostgresCatalog | undefined;
  /** Merged of all parts that were reduced with this version and this data map. */
  readonly content: ContentAggregate | undefined;
  /** Why the content is not all there, by table. What the items' own status says is not repeated. */
  readonly reasons: readonly Reason[];
}

/** What checks of database content must be shown. */
export function contentNeeds(deployment: Deployment): readonly Need[] {
  const databases = deployment.databases.flatMap(({ id }) => [
    targetNeed('postgres.catalog', id),
    targetNeed('postgres.content', id),
  ]);
  return [runNeed('run.data-maps'), ...databases];
}

/** Every database of the deployment, held against its own catalogue and data map. */
export const contentFact: Fact<readonly DatabaseContent[]> = {
  id: 'content',
  needs: contentNeeds,
  compute: (view) => {
    const maps = view.answers(runNeed('run.data-maps')).flatMap(({ body }) => dataMapsOf(body));
    return view.deployment.databases.map(({ id, resource, dataMap }) =>
      databaseContent(view, { id, resource, map: maps.find(({ metadata }) => metadata.id === dataMap) }),
    );
  },
};

/** The maps as the run recorded them. They were checked against their schema when they were written. */
function dataMapsOf(body: Json | undefined): readonly DataMap[] {
  if (!Array.isArray(body)) return [];
  return body
    .map((entry: Json) => (isJsonObject(entry) ? entry['map'] : undefined))
    .filter((map) => isJsonObject(map) && map['kind'] === 'DataMap' && isJsonObject(map['metadata']))
    .map((map) => map as unknown as DataMap);
}

function databaseContent(
  view: EvidenceView,
  database: Pick<DatabaseContent, 'id' | 'resource' | 'map'>,
): DatabaseContent {
  const { id, map } = database;
  const catalog = catalogOf(view, id);
  const { content, reasons } = contentOf(view.answers(targetNeed('postgres.content', id)), id, map);
  const undeclared: readonly Reason[] =
    map === undefined ? [reason('NOT_COLLECTED', id, 'its data map is not among the run’s inputs')] : [];
  // One that is not there is the runner's to tell; one of another shape says nothing of tables.
  const answered = view.answers(targetNeed('postgres.catalog', id)).some(({ body }) => isJsonObject(body));
  const unreadable: readonly Reason[] =
    catalog === undefined && answered ? [reason('UNREADABLE', id, 'the catalogue has another shape')] : [];
  const gaps = catalog === undefined || content === undefined ? [] : tableGaps(id, catalog, content);
  return { ...database, catalog, content, reasons: [...undeclared, ...unreadable, ...reasons, ...gaps] };
}

function catalogOf(view: EvidenceView, id: string): PostgresCatalog | undefined {
  return view
    .answers(targetNeed('postgres.catalog', id))
    .map(({ body }) => parseCatalog(body))
    .find((catalog) => catalog !== undefined);
}

interface ContentReading {
  readonly content: ContentAggregate | undefined;
  readonly reasons: readonly Reason[];
}

/** Merges the parts. One that was reduced by other detectors or under another data map says nothing here. */
function contentOf(answers: readonly EvidenceAnswer[], id: string, map: DataMap | undefined): ContentReading {
  if (map === undefined) return { content: undefined, reasons: [] };
  const readings = answers
    .filter(({ body }) => body !== undefined && body !== null)
    .map((answer) => partOf(answer, id, map));
  const parts = readings.flatMap(({ content }) => (content === undefined ? [] : [content]));
  return {
    content: parts.length === 0 ? undefined : parts.reduce(mergeContent, EMPTY_CONTENT),
    reasons: readings.flatMap(({ reasons }) => reasons),
  };
}

function partOf({ item, body }: EvidenceAnswer, id: string, map: DataMap): ContentReading {
  const expected = contentReducedWith(map);
  const { kernel, detectors, dataMap } = item.reducedWith ?? {};
  if (kernel !== expected.kernel || detectors !== expected.detectors || dataMap !== expected.dataMap) {
    return without(reason('NOT_COLLECTED', id, 'reduced with other detectors or another data map'));
  }
  const content = parseContent(body);
  if (content === undefined)
    return without(reason('UNREADABLE', id, 'the content aggregate has another shape'));
  const missed = content.canaries.filter(({ caught }) => !caught).map(({ id: canary }) => canary);
  if (content.canaries.length === 0) missed.push('none was tried');
  return {
    content,
    reasons: missed.map((canary) => reason('CANARY_MISSED', id, `known-bad row in the reducer: ${canary}`)),
  };
}

function without(why: Reason): ContentReading {
  return { content: undefined, reasons: [why] };
}

function reason(code: Reason['code'], scope: string, detail: string): Reason {
  return { code, scope, detail };
}
