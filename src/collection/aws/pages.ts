import type { Json, JsonObject } from '../../core/index.ts';
import { isJsonArray, isJsonObject } from '../../core/index.ts';
import type { EvidenceStatus } from '../../evidence/index.ts';
import { classifySdkError, isEmptyAnswer } from './error-class.ts';
import type { AwsSession, Parameters } from './session.ts';

/** All pages of one call together, or what stood in the way of the rest. */
export interface PagedAnswer {
  readonly status: EvidenceStatus;
  /** An error code; empty for `complete`. */
  readonly reason: string;
  /** The pages that came, merged; `undefined` where none did. */
  readonly body: JsonObject | undefined;
  /** The thing asked for is not configured: an error of AWS that is an answer. */
  readonly isNone?: true;
  /** Of the last page, or of the request that failed. */
  readonly requestId?: string;
}

/** Which member of an answer names the next page, and which parameter asks for it; the first that is there counts. */
const NEXT_PAGE: readonly (readonly [answer: string, parameter: string])[] = [
  ['NextContinuationToken', 'ContinuationToken'],
  ['NextToken', 'NextToken'],
  ['nextToken', 'nextToken'],
  ['NextMarker', 'Marker'],
  ['Marker', 'Marker'],
  // ListBuckets gives under one name what it takes; ListObjectsV2 repeats what it was given, and so comes first.
  ['ContinuationToken', 'ContinuationToken'],
];

/** What belongs to the paging and not to the answer. */
const PAGING_MEMBERS: ReadonlySet<string> = new Set([
  '$metadata',
  ...NEXT_PAGE.map(([answer]) => answer),
  'IsTruncated',
  'Truncated',
  'MaxResults',
  'MaxKeys',
  'KeyCount',
]);

/** Page sizes (EC2 API reference): without one, EC2 answers all at once or not at all. */
const EC2_PAGE = 100;
const LARGE_EC2_PAGES: ReadonlySet<string> = new Set([
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
]);

/**
 * Makes one call, page after page, and merges the pages.
 *
 * Guarantees: never throws for what AWS does; a listing whose end was not seen is never `complete`.
 */
export async function callAllPages(
  session: AwsSession,
  call: string,
  parameters: Parameters,
  mostPages: number,
): Promise<PagedAnswer> {
  const pages: JsonObject[] = [];
  const tokens = new Set<string>();
  let requestId: string | undefined;
  const stopped = (status: EvidenceStatus, reason: string): PagedAnswer => ({
    status,
    reason,
    body: pages.length === 0 ? undefined : mergePages(pages),
    ...(requestId === undefined ? {} : { requestId }),
  });

  let next: Parameters = await withPageSize(session, call, parameters);
  for (;;) {
    let page: JsonObject;
    try {
      const output = await session.send(call, next);
      requestId = requestIdOf(output);
      page = answerOf(call, output);
    } catch (error) {
      requestId = requestIdOf(error) ?? requestId;
      const failed = classifySdkError(error);
      if (isEmptyAnswer(failed.code)) return { ...stopped('complete', ''), body: {}, isNone: true };
      return stopped(failed.status, failed.code);
    }
    pages.push(page);
    const following = nextPage(page);
    if (following === undefined)
      return isTruncated(page) ? stopped('partial', 'more pages follow') : stopped('complete', '');
    const [parameter, token] = following;
    if (tokens.has(token)) return stopped('partial', 'the same page again');
    if (pages.length >= mostPages || !(await session.takes(call, parameter)))
      return stopped('partial', 'more pages follow');
    tokens.add(token);
    next = { ...next, [parameter]: token };
  }
}

async function withPageSize(session: AwsSession, call: string, parameters: Parameters): Promise<Parameters> {
  if (!call.startsWith('ec2:')) return parameters;
  // A size without a way to the next page would cut the answer.
  const takes = async (name: string): Promise<boolean> => session.takes(call, name).catch(() => false);
  if (!(await takes('MaxResults')) || !(await takes('NextToken'))) return parameters;
  return { ...parameters, 'max-results': LARGE_EC2_PAGES.has(call) ? EC2_PAGE * 10 : EC2_PAGE };
}

function nextPage(page: JsonObject): readonly [parameter: string, token: string] | undefined {
  if (page['IsTruncated'] === false || page['Truncated'] === false) return undefined;
  for (const [answer, parameter] of NEXT_PAGE) {
    const token = page[answer];
    if (typeof token === 'string' && token !== '') return [parameter, token];
  }
  return undefined;
}

function isTruncated(page: JsonObject): boolean {
  return page['IsTruncated'] === true || page['Truncated'] === true;
}

/** Lists of all pages one after the other; of anything else the last page's. */
function mergePages(pages: readonly JsonObject[]): JsonObject {
  const merged: Record<string, Json> = {};
  for (const page of pages) {
    for (const [member, value] of Object.entries(page)) {
      if (PAGING_MEMBERS.has(member)) continue;
      const before = merged[member];
      merged[member] = isJsonArray(before) && isJsonArray(value) ? [...before, ...value] : value;
    }
  }
  return merged;
}

function answerOf(call: string, output: unknown): JsonObject {
  const answer = toJson(output);
  if (!isJsonObject(answer)) return {};
  // A bucket in us-east-1 has no location constraint (S3 API); the AWS CLI prints null.
  return call === 's3:GetBucketLocation' ? { LocationConstraint: null, ...answer } : answer;
}

/** An SDK output as the AWS CLI prints it, so that live and exported evidence are the same. */
export function toJson(value: unknown): Json | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return cliTime(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map((entry: unknown) => toJson(entry) ?? null);
  if (typeof value !== 'object') return undefined;
  const members = Object.entries(value).flatMap(([name, inner]) => {
    const json = toJson(inner);
    return json === undefined ? [] : [[name, json] as const];
  });
  return Object.fromEntries(members);
}

/** Python's isoformat of a UTC time: microseconds only where there are any. */
function cliTime(time: Date): string {
  if (Number.isNaN(time.getTime())) return '';
  const text = time.toISOString();
  const milliseconds = text.slice(20, 23);
  return `${text.slice(0, 19)}${milliseconds === '000' ? '' : `.${milliseconds}000`}+00:00`;
}

const REQUEST_ID = /^[A-Za-z0-9-]{4,80}$/;

function requestIdOf(outcome: unknown): string | undefined {
  const metadata: unknown =
    typeof outcome === 'object' && outcome !== null && '$metadata' in outcome ? outcome.$metadata : undefined;
  const id = isJsonObject(metadata) ? metadata['requestId'] : undefined;
  return typeof id === 'string' && REQUEST_ID.test(id) ? id : undefined;
}
