import type { IncomingHttpHeaders } from 'node:http';
import type { Operation, Service } from './services.ts';
import { SERVICES } from './services.ts';

/** A request as it came. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request as AWS understands it. */
export interface ApiRequest {
  readonly service: Service;
  readonly operation: Operation;
  /** Input members by name; lists are arrays. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly accessKeyId: string;
  readonly region: string;
  readonly sessionToken: string | undefined;
}

const SCOPE = /Credential=([^/]+)\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request/;

/** Takes a signed request apart; `undefined` for one that no service here understands. The signature itself is not verified. */
export function readRequest(request: WireRequest): ApiRequest | undefined {
  const scope = SCOPE.exec(request.headers.authorization ?? '');
  const [, accessKeyId = '', region = '', name = ''] = scope ?? [];
  const service = SERVICES.get(name);
  if (service === undefined) return undefined;
  const found = operationOf(service, request);
  if (found === undefined) return undefined;
  const token = request.headers['x-amz-security-token'];
  return {
    ...found,
    service,
    accessKeyId,
    region,
    sessionToken: typeof token === 'string' ? token : undefined,
  };
}

type Found = Pick<ApiRequest, 'operation' | 'input'>;

function operationOf(service: Service, request: WireRequest): Found | undefined {
  switch (service.protocol) {
    case 'json':
    case 'json-1.0': {
      const target = String(request.headers['x-amz-target'] ?? '');
      const operation = service.operations.get(target.slice(target.lastIndexOf('.') + 1));
      const input = (request.body === '' ? {} : JSON.parse(request.body)) as Found['input'];
      return operation === undefined ? undefined : { operation, input };
    }
    case 'ec2':
    case 'query': {
      const form = new URLSearchParams(request.body);
      const operation = service.operations.get(form.get('Action') ?? '');
      return operation === undefined ? undefined : { operation, input: formInput(form) };
    }
    case 'rest-xml':
      return bucketOperation(service, request);
    case 'rest-json':
      return pathOperation(service, request);
    default:
      return service.protocol satisfies never;
  }
}

/** `Key.1=a&Key.2=b` and `Key.member.1=a` are lists; deeper parameters are not needed by any read call here. */
function formInput(form: URLSearchParams): Found['input'] {
  const input: Record<string, unknown> = {};
  for (const [name, value] of form) {
    const [member = '', ...rest] = name.split('.');
    if (member === 'Action' || member === 'Version') continue;
    const before = input[member];
    input[member] =
      rest.length === 0 ? value : [...(Array.isArray(before) ? (before as unknown[]) : []), value];
  }
  return input;
}

/** By method, path shape and the fixed part of the query: the operation whose query says most wins. */
function bucketOperation(service: Service, { method, url }: WireRequest): Found | undefined {
  const { pathname, searchParams } = new URL(url, 'http://endpoint');
  const [bucket = '', ...key] = decodeURIComponent(pathname).slice(1).split('/');
  const path = bucket === '' ? '/' : key.join('/') === '' ? '/{Bucket}' : '/{Bucket}/{Key+}';
  const matches = [...service.operations.values()]
    .filter(({ input }) => takesBucket(input) === (bucket !== ''))
    .filter(({ http }) => http?.method === method && templateOf(http.path, bucket) === path)
    .filter(({ http }) => (http?.query ?? []).every((part) => hasQuery(searchParams, part)))
    .sort((left, right) => weight(right) - weight(left));
  const [operation] = matches;
  if (operation === undefined) return undefined;
  return { operation, input: { ...queryInput(operation, searchParams), Bucket: bucket, Key: key.join('/') } };
}

function queryInput({ input }: Operation, searchParams: URLSearchParams): Found['input'] {
  return Object.fromEntries(
    [...input.structIterator()].flatMap(([member, schema]) => {
      const name = schema.getMergedTraits().httpQuery;
      const value = name === undefined ? null : searchParams.get(name);
      return value === null ? [] : [[member, value]];
    }),
  );
}

/** By method and path, whose `{labels}` are input as well; of two that fit, the one with fewer labels is meant. */
function pathOperation(service: Service, { method, url, body }: WireRequest): Found | undefined {
  const { pathname, searchParams } = new URL(url, 'http://endpoint');
  const found = [...service.operations.values()]
    .filter(({ http }) => http?.method === method)
    .flatMap((operation) => {
      const labels = labelsIn(operation.http?.path ?? '', pathname);
      return labels === undefined ? [] : [{ operation, labels }];
    })
    .sort((left, right) => Object.keys(left.labels).length - Object.keys(right.labels).length)[0];
  if (found === undefined) return undefined;
  const { operation, labels } = found;
  const content = (body === '' ? {} : JSON.parse(body)) as Found['input'];
  return { operation, input: { ...content, ...queryInput(operation, searchParams), ...labels } };
}

/** The values of a template's labels in a path; `undefined` where the path is another one. */
function labelsIn(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const [names, parts] = [template, path].map((one) => one.split('/').filter((part) => part !== ''));
  if (names === undefined || names.length !== parts?.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const value = decodeURIComponent(parts[index] ?? '');
    const label = /^\{(\w+)\+?\}$/.exec(name)?.[1];
    if (label !== undefined) labels[label] = value;
    else if (name !== value) return undefined;
  }
  return labels;
}

function takesBucket(input: Operation['input']): boolean {
  return [...input.structIterator()].some(([member]) => member === 'Bucket');
}

/** The S3 model leaves the bucket out of its paths, since it is meant to be in the host name. */
function templateOf(path: string, bucket: string): string {
  if (path.startsWith('/{Bucket}') || bucket === '') return path;
  return path === '/' ? '/{Bucket}' : `/{Bucket}${path}`;
}

/** The SDK marks a request with its operation's name in `x-id`; other clients do not. */
function hasQuery(searchParams: URLSearchParams, part: string): boolean {
  const [name = '', value] = part.split('=');
  if (name === 'x-id' && !searchParams.has(name)) return true;
  return searchParams.has(name) && (value === undefined || searchParams.get(name) === value);
}

function weight({ http, name }: Operation): number {
  const isUsual = name === 'ListBuckets' || name === 'GetObject';
  return (http?.query.length ?? 0) * 10 + (isUsual ? 1 : 0);
}
