import type { Json, JsonObject } from '../../core/index.ts';
import { isJsonObject } from '../../core/index.ts';
import type { ContentAggregate, PostgresCatalog } from '../../evidence/index.ts';
import { CONTENT_CLASSES, TABLE_STATUSES, VIOLATION_CLASSES } from '../../evidence/index.ts';

/**
 * The body of `postgres.catalog`, or `undefined` where it has another shape. Evidence can come from people: a
 * member that decides is checked before anything follows from it.
 */
export function parseCatalog(body: Json | undefined): PostgresCatalog | undefined {
  if (!isJsonObject(body) || body['schemaVersion'] !== 1) return undefined;
  const { server, role, links } = body;
  const shaped =
    isJsonObject(server) &&
    typeof server['version'] === 'number' &&
    typeof server['tls'] === 'boolean' &&
    isJsonObject(role) &&
    typeof role['superuser'] === 'boolean' &&
    isJsonObject(links) &&
    isCountOrNull(body['largeObjects']) &&
    isCount(body['otherDatabases']) &&
    isListOf(body['relations'], isRelation);
  return shaped ? (body as unknown as PostgresCatalog) : undefined;
}

function isRelation(relation: JsonObject): boolean {
  return (
    hasTexts(relation, ['schema', 'name', 'kind']) &&
    isListOf(relation['columns'], (column) => hasTexts(column, ['name', 'type'])) &&
    isRoot(relation['partitionOf'])
  );
}

function isRoot(root: Json | undefined): boolean {
  return root === null || (isJsonObject(root) && hasTexts(root, ['schema', 'name']));
}

/** The body of `postgres.content`, or `undefined` where it has another shape. */
export function parseContent(body: Json | undefined): ContentAggregate | undefined {
  if (!isJsonObject(body) || body['schemaVersion'] !== 1) return undefined;
  const shaped =
    isListOf(
      body['canaries'],
      (canary) => hasTexts(canary, ['id']) && typeof canary['caught'] === 'boolean',
    ) && isListOf(body['tables'], isTable);
  return shaped ? (body as unknown as ContentAggregate) : undefined;
}

function isTable(table: JsonObject): boolean {
  return (
    hasTexts(table, ['schema', 'table', 'code']) &&
    isOneOf(TABLE_STATUSES, table['status']) &&
    isCount(table['rows']) &&
    Array.isArray(table['unread']) &&
    isListOf(table['paths'], isPath)
  );
}

function isPath(path: JsonObject): boolean {
  return (
    hasTexts(path, ['column', 'path']) &&
    isCount(path['values']) &&
    isCount(path['nulls']) &&
    isJsonObject(path['types']) &&
    isListOf(path['violations'], (counted) => isClassCount(counted, VIOLATION_CLASSES)) &&
    isListOf(path['detections'], (counted) => isClassCount(counted, CONTENT_CLASSES))
  );
}

/** A class that this version does not know could be any: what it stands for was not judged. */
function isClassCount(counted: JsonObject, classes: readonly string[]): boolean {
  return (
    isOneOf(classes, counted['class']) &&
    isCount(counted['count']) &&
    Array.isArray(counted['lengths']) &&
    Array.isArray(counted['rows'])
  );
}

function isListOf(value: Json | undefined, test: (entry: JsonObject) => boolean): boolean {
  return Array.isArray(value) && value.every((entry: Json) => isJsonObject(entry) && test(entry));
}

function isOneOf(closed: readonly string[], value: Json | undefined): boolean {
  return typeof value === 'string' && closed.includes(value);
}

function hasTexts(value: JsonObject, members: readonly string[]): boolean {
  return members.every((member) => typeof value[member] === 'string');
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isCountOrNull(value: Json | undefined): boolean {
  return value === null || isCount(value);
}
