import type { Clock } from '../../core/index.ts';
import { isJsonObject } from '../../core/index.ts';
import { CallFault } from './call-fault.ts';
import type { Middleware } from './sdk-client.ts';

/** `NotAws`: HTML or another page. `CutAnswer`: it ends in the middle. `ClockSkew`: the clocks disagree. */
type AnswerFault = 'NotAws' | 'CutAnswer' | 'TooLarge' | 'ClockSkew';

/** A response of the SDK's HTTP handler, as far as it is looked at. */
interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body: AsyncIterable<Uint8Array> | Uint8Array | undefined;
}

const LARGEST_ANSWER = 64 * 1024 * 1024;
/** AWS refuses requests that are more than five minutes off; a clock that is would date the evidence wrongly. */
const LARGEST_SKEW = 5 * 60_000;

/**
 * Reads an answer whole before the SDK parses it: its parser takes a list that ends in the middle, and a page
 * of HTML for an answer without members, and both would look like "there are none". Judged by what the body is,
 * not by what its header says. Log objects are left alone: they are held against the size and digest of their listing.
 */
export function wholeAnswerMiddleware(service: string, clock: Clock): Middleware {
  return (next, { commandName }) =>
    async (step) => {
      const call = `${service}:${(commandName ?? '').replace(/Command$/, '')}`;
      const result = await next(step);
      if (!isHttpResponse(result.response)) return result;
      const { response } = result;
      requireSameClock(response, clock);
      if (call === 's3:GetObject' && response.statusCode < 300) return result;
      response.body = await wholeBody(response, call);
      return result;
    };
}

function isHttpResponse(value: unknown): value is HttpResponse {
  return isJsonObject(value) && typeof value['statusCode'] === 'number' && isJsonObject(value['headers']);
}

function requireSameClock(response: HttpResponse, clock: Clock): void {
  const { date } = response.headers;
  const said = date === undefined ? Number.NaN : Date.parse(date);
  if (Math.abs(said - clock.now()) > LARGEST_SKEW) throw fault('ClockSkew', response);
}

async function wholeBody(response: HttpResponse, call: string): Promise<Uint8Array> {
  const bytes = await collected(response);
  const text = new TextDecoder().decode(bytes).trim();
  if (text === '') {
    if (response.statusCode < 300 && rootOf(call) !== undefined) throw fault('CutAnswer', response);
    return bytes;
  }
  if (text.startsWith('<')) {
    const root = /^(?:<\?xml[^>]*\?>)?\s*<([A-Za-z][\w.-]*)/.exec(text)?.[1];
    if (root === undefined || root.toLowerCase() === 'html') throw fault('NotAws', response);
    if (response.statusCode < 300 && root !== (rootOf(call) ?? root)) throw fault('NotAws', response);
    if (!text.endsWith(`</${root}>`) && !isEmptyElement(text)) throw fault('CutAnswer', response);
    return bytes;
  }
  if (!text.startsWith('{')) throw fault('NotAws', response);
  if (!isJson(text)) throw fault('CutAnswer', response);
  return bytes;
}

const S3_ROOTS: Readonly<Record<string, string>> = {
  's3:ListBuckets': 'ListAllMyBucketsResult',
  's3:GetBucketLocation': 'LocationConstraint',
  's3:GetBucketEncryption': 'ServerSideEncryptionConfiguration',
  's3:ListObjectsV2': 'ListBucketResult',
};

/** Services that answer in XML under the operation's own name. */
const QUERY_SERVICES: ReadonlySet<string> = new Set(['ec2', 'elasticloadbalancing', 'rds', 'sts']);

/** The element that a successful answer is; an empty one of another kind would else read as "none". */
function rootOf(call: string): string | undefined {
  const [service = '', operation = ''] = call.split(':');
  if (QUERY_SERVICES.has(service)) return `${operation}Response`;
  return Object.hasOwn(S3_ROOTS, call) ? S3_ROOTS[call] : undefined;
}

/** A document of one empty element, as `<LocationConstraint xmlns="…"/>`. */
function isEmptyElement(text: string): boolean {
  return /^(?:<\?xml[^>]*\?>)?\s*<[^<>]*\/>$/.test(text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function collected(response: HttpResponse): Promise<Uint8Array> {
  if (response.body === undefined) return new Uint8Array();
  if (response.body instanceof Uint8Array) return response.body;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > LARGEST_ANSWER) throw fault('TooLarge', response);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function fault(code: AnswerFault, { statusCode }: HttpResponse): CallFault {
  return new CallFault({ status: code === 'ClockSkew' ? 'failed' : 'unreadable', code }, statusCode);
}
