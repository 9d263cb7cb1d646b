import type { JsonObject } from '../../src/core/index.ts';
import { isJsonArray } from '../../src/core/index.ts';
import { ApiError } from './api-error.ts';
import type { ApiRequest } from './read-request.ts';

/** How an operation turns pages, by the members that it has (the SDK's schemas). */
const STYLES = [
  { answer: 'NextContinuationToken', parameter: 'ContinuationToken' },
  { answer: 'NextToken', parameter: 'NextToken' },
  { answer: 'nextToken', parameter: 'nextToken' },
  { answer: 'NextMarker', parameter: 'Marker' },
  { answer: 'Marker', parameter: 'Marker' },
  { answer: 'ContinuationToken', parameter: 'ContinuationToken' },
] as const;
const SIZES = [
  'MaxKeys',
  'MaxResults',
  'maxResults',
  'Limit',
  'MaxRecords',
  'MaxBuckets',
  'PageSize',
  'MaxItems',
];
/** Says besides the token whether more follows. */
const MORE = ['IsTruncated', 'Truncated'];

/** One page of an answer, and where it begins. Operations without pages give all at once. */
export function pageOf({ operation, input }: ApiRequest, answer: JsonObject, pageSize: number): JsonObject {
  const outputs = new Set([...operation.output.structIterator()].map(([member]) => member));
  const inputs = new Set([...operation.input.structIterator()].map(([member]) => member));
  const style = STYLES.find((one) => outputs.has(one.answer) && inputs.has(one.parameter));
  const list = Object.entries(answer).find(([, value]) => isJsonArray(value));
  if (style === undefined || list === undefined || !isJsonArray(list[1])) return answer;
  const [member, entries] = list;
  const from = offsetOf(input[style.parameter]);
  const wanted = SIZES.map((name) => input[name]).find((value) => value !== undefined);
  const size = Math.min(Number(wanted ?? pageSize), pageSize);
  const more = from + size < entries.length;
  return {
    ...answer,
    [member]: entries.slice(from, from + size),
    ...Object.fromEntries(MORE.filter((name) => outputs.has(name)).map((name) => [name, more])),
    ...(more ? { [style.answer]: tokenOf(from + size) } : {}),
  };
}

/** The number of the page that a request asks for, from 0. */
export function isFirstPage({ input }: ApiRequest): boolean {
  return STYLES.every(({ parameter }) => input[parameter] === undefined);
}

function tokenOf(offset: number): string {
  return Buffer.from(`offset:${offset}`).toString('base64url');
}

function offsetOf(token: unknown): number {
  if (token === undefined || token === '') return 0;
  const offset = /^offset:(\d+)$/.exec(Buffer.from(String(token), 'base64url').toString())?.[1];
  if (offset === undefined) throw new ApiError('InvalidNextToken', 400, 'the token is not valid');
  return Number(offset);
}
