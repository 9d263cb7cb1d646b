import type { JsonObject } from '../core/index.ts';
import type { CallSpec, EvidenceDraft } from '../evidence/index.ts';
import { project } from '../evidence/index.ts';

/** What came of a call, as an evidence item says it. */
export type Answer = Pick<EvidenceDraft, 'status' | 'reason' | 'dropped' | 'body'>;

/**
 * What is kept of an answer, live or exported. A left-over page token means that there was more; a missing
 * member, that it is another answer.
 */
export function readAnswer(spec: CallSpec, body: JsonObject): Answer {
  const { kept, dropped } = project(spec.projection, body);
  if (!Object.hasOwn(body, spec.member))
    return { status: 'unreadable', reason: `no ${spec.member}`, dropped, body: undefined };
  if (isCut(body)) return { status: 'partial', reason: 'more pages follow', dropped, body: kept };
  return { status: 'complete', reason: '', dropped, body: kept };
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
  const token = PAGE_TOKENS.some((name) => typeof body[name] === 'string' && body[name] !== '');
  return token || body['IsTruncated'] === true || body['Truncated'] === true;
}
