import type { NormalizedSchema } from '@smithy/core/schema';
import type { Operation, Service } from './services.ts';

/** An answer on the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

type Members = Readonly<Record<string, unknown>>;

/** Writes an output in the service's protocol, member by member of the SDK's schema. */
export function writeAnswer(
  service: Service,
  { name, output, http }: Operation,
  value: Members,
  requestId: string,
): WireAnswer {
  const xml = { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId };
  switch (service.protocol) {
    case 'json':
    case 'json-1.0':
    case 'rest-json':
      return {
        status: http?.status ?? 200,
        headers: { 'content-type': JSON_TYPES[service.protocol], 'x-amzn-requestid': requestId },
        body: JSON.stringify(jsonOf(output, value)),
      };
    case 'ec2':
      return {
        status: 200,
        headers: xml,
        body: `<?xml version="1.0" encoding="UTF-8"?>\n<${name}Response xmlns="${service.xmlNamespace}"><requestId>${requestId}</requestId>${membersOf(output, value, 'item')}</${name}Response>`,
      };
    case 'query':
      return {
        status: 200,
        headers: xml,
        body: `<${name}Response xmlns="${service.xmlNamespace}"><${name}Result>${membersOf(output, value, 'member')}</${name}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${name}Response>`,
      };
    case 'rest-xml':
      return restAnswer(service, { name, output, ...(http === undefined ? {} : { http }) }, value, requestId);
    default:
      return service.protocol satisfies never;
  }
}

export const JSON_TYPES = {
  json: 'application/x-amz-json-1.1',
  'json-1.0': 'application/x-amz-json-1.0',
  'rest-json': 'application/json',
} as const;

function restAnswer(
  service: Service,
  { name, output, http }: Omit<Operation, 'input'>,
  value: Members,
  requestId: string,
): WireAnswer {
  const headers: Record<string, string> = {
    'content-type': 'application/xml',
    'x-amz-request-id': requestId,
  };
  let payload: readonly [string, NormalizedSchema] | undefined;
  for (const [member, schema] of output.structIterator()) {
    const { httpHeader, httpPayload } = schema.getMergedTraits();
    const inner = value[member];
    if (httpHeader !== undefined && inner !== undefined)
      headers[httpHeader.toLowerCase()] = scalar(schema, inner);
    if (httpPayload !== undefined) payload = [member, schema];
  }
  const status = http?.status ?? 200;
  if (payload === undefined) {
    const root = output.getMergedTraits().xmlName ?? ROOTS[name] ?? `${name}Result`;
    const content =
      name === 'GetBucketLocation'
        ? escapeXml(String(value['LocationConstraint'] ?? ''))
        : membersOf(output, value, 'member');
    return { status, headers, body: element(root, content, service.xmlNamespace) };
  }
  const [member, schema] = payload;
  const inner = value[member];
  if (inner instanceof Uint8Array)
    return { status, headers: { ...headers, 'content-type': 'application/octet-stream' }, body: inner };
  const root = schema.getMergedTraits().xmlName ?? schema.getName() ?? member;
  return {
    status,
    headers,
    body: element(root, membersOf(schema, (inner ?? {}) as Members, 'member'), service.xmlNamespace),
  };
}

/** Roots that the S3 model names only in its examples. */
const ROOTS: Readonly<Record<string, string>> = {
  ListBuckets: 'ListAllMyBucketsResult',
  ListObjectsV2: 'ListBucketResult',
  GetBucketLocation: 'LocationConstraint',
};

function element(name: string, content: string, namespace: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="${namespace}">${content}</${name}>`;
}

type ItemName = 'item' | 'member';

function membersOf(schema: NormalizedSchema, value: Members, item: ItemName): string {
  return [...schema.structIterator()]
    .map(([member, inner]) => {
      const held = value[member];
      const { httpHeader, xmlName } = inner.getMergedTraits();
      if (held === undefined || held === null || httpHeader !== undefined) return '';
      return memberElement(xmlName ?? member, inner, held, item);
    })
    .join('');
}

function memberElement(name: string, schema: NormalizedSchema, value: unknown, item: ItemName): string {
  if (schema.isListSchema()) {
    const entry = schema.getValueSchema();
    const flat = schema.getMergedTraits().xmlFlattened !== undefined;
    const entryName = flat ? name : (entry.getMergedTraits().xmlName ?? item);
    const entries = (value as readonly unknown[])
      .map((one) => memberElement(entryName, entry, one, item))
      .join('');
    return flat ? entries : `<${name}>${entries}</${name}>`;
  }
  if (schema.isStructSchema()) return `<${name}>${membersOf(schema, value as Members, item)}</${name}>`;
  return `<${name}>${escapeXml(scalar(schema, value))}</${name}>`;
}

function jsonOf(schema: NormalizedSchema, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (schema.isListSchema())
    return (value as readonly unknown[]).map((one) => jsonOf(schema.getValueSchema(), one));
  if (schema.isMapSchema())
    return Object.fromEntries(
      Object.entries(value as Members).map(([key, one]) => [key, jsonOf(schema.getValueSchema(), one)]),
    );
  if (schema.isStructSchema())
    return Object.fromEntries(
      [...schema.structIterator()].map(([member, inner]) => [
        inner.getMergedTraits().jsonName ?? member,
        jsonOf(inner, (value as Members)[member]),
      ]),
    );
  // Smithy's timestampFormat: date-time is 5; JSON has seconds where nothing is said.
  if (schema.isTimestampSchema())
    return schema.getSchema() === 5
      ? new Date(timeOf(value)).toISOString()
      : Math.floor(timeOf(value) / 1000);
  return value;
}

function scalar(schema: NormalizedSchema, value: unknown): string {
  if (!schema.isTimestampSchema()) return String(value);
  const time = new Date(timeOf(value));
  // Last-Modified and other headers are HTTP dates (Smithy, timestampFormat http-date is 6).
  return schema.getSchema() === 6 || schema.getMergedTraits().httpHeader !== undefined
    ? time.toUTCString()
    : time.toISOString();
}

function timeOf(value: unknown): number {
  return value instanceof Date ? value.getTime() : Date.parse(String(value));
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
