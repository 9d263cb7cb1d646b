import type { Json, JsonObject } from '../core/index.ts';
import { isJsonArray, isJsonObject } from '../core/index.ts';
import type { CallSpec, EvidenceDraft, Projection } from '../evidence/index.ts';
import { project } from '../evidence/index.ts';

/** What came of a call, as an evidence item says it. */
export type Answer = Pick<EvidenceDraft, 'status' | 'reason' | 'dropped' | 'body'>;

/**
 * What is kept of an answer, live or exported. A left-over page token means that there was more. A missing member, a
 * value of another shape or an entry without its id mean that it is another answer, such as one that `--query`
 * reshaped: taken for the call's own, its empty entries would say that there is nothing.
 */
export function readAnswer(spec: CallSpec, body: JsonObject): Answer {
  const { kept, dropped, misshapen } = project(spec.projection, body);
  const unreadable = (reason: string): Answer => ({ status: 'unreadable', reason, dropped, body: undefined });
  if (!Object.hasOwn(body, spec.member)) return unreadable(`no ${spec.member}`);
  if (misshapen > 0 || !isAnswer(memberRule(spec), body[spec.member] ?? null))
    return unreadable(`${spec.member} of another shape`);
  if (isCut(body)) return { status: 'partial', reason: MORE_PAGES, dropped, body: kept };
  return { status: 'complete', reason: '', dropped, body: kept };
}

/** The reason of an answer that was cut at a page. */
export const MORE_PAGES = 'more pages follow';

function memberRule({ projection, member }: CallSpec): Projection | undefined {
  return projection === true || !isNamed(projection) ? undefined : projection[member];
}

function isNamed(projection: Projection): projection is { readonly [member: string]: Projection } {
  return typeof projection === 'object' && !Array.isArray(projection) && !(projection instanceof RegExp);
}

/** The first member of every allow-list is the id: an entry without one is no entry of this call. */
function isAnswer(rule: Projection | undefined, value: Json): boolean {
  if (rule === undefined || rule === true || rule instanceof RegExp) return true;
  if (!isNamed(rule)) return isJsonArray(value) && value.every((entry) => isEntry(rule[0], entry));
  return isEntry(rule, value);
}

function isEntry(rule: Projection | undefined, entry: Json): boolean {
  if (rule === undefined || !isNamed(rule)) return true;
  const [id] = Object.keys(rule);
  return isJsonObject(entry) && (id === undefined || (Object.hasOwn(entry, id) && entry[id] !== null));
}

const PAGE_TOKENS = [
  'NextToken',
  'nextToken',
  'NextContinuationToken',
  'Marker',
  'NextMarker',
  'ContinuationToken',
] as const;

/** Whether an answer says that there was more of it. */
export function isCut(body: JsonObject): boolean {
  const hasToken = PAGE_TOKENS.some((name) => !isNothing(body[name]));
  return hasToken || body['IsTruncated'] === true || body['Truncated'] === true;
}

/** A token of another shape says as well that there was more. */
function isNothing(token: Json | undefined): boolean {
  return token === undefined || token === null || token === '';
}

/** The token by which the next page was to be asked for. */
export function nextPage(body: JsonObject): string | undefined {
  return PAGE_TOKENS.map((name) => body[name]).find((token) => typeof token === 'string' && token !== '') as
    | string
    | undefined;
}
