import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock, JsonObject } from '../../src/core/index.ts';
import type { EndpointAccount } from './accounts.ts';
import { createAccounts } from './accounts.ts';
import {
  ApiError,
  denied,
  deniedByScp,
  expiredToken,
  skewed,
  throttled,
  unknownKey,
  writeError,
} from './api-error.ts';
import type { Behaviour, BehaviourRule } from './behaviour.ts';
import { createBehaviours } from './behaviour.ts';
import { isFirstPage, pageOf } from './pagination.ts';
import type { ApiRequest } from './read-request.ts';
import { readRequest } from './read-request.ts';
import type { WireAnswer } from './write-answer.ts';
import { writeAnswer } from './write-answer.ts';

export interface EndpointOptions {
  readonly accounts: readonly EndpointAccount[];
  /** What the Date header says. */
  readonly clock: Clock;
  /** Entries a page; small, so that every listing has several. */
  readonly pageSize?: number;
}

/** One request that came, by what it asked. */
export interface RecordedCall {
  readonly call: string;
  readonly account: string;
  readonly region: string;
  readonly input: ApiRequest['input'];
}

/** A running endpoint on loopback that speaks as AWS does, for as many accounts as it was given. */
export interface AwsEndpoint {
  readonly url: string;
  /** Everything that was asked, in the order of arrival, whatever was answered. */
  readonly calls: () => readonly RecordedCall[];
  readonly behave: (rule: BehaviourRule) => void;
  /** Forgets behaviours and calls. */
  readonly reset: () => void;
  /** Makes every session handed out so far an expired one. */
  readonly expireSessions: () => void;
  readonly close: () => Promise<void>;
}

const DEFAULT_PAGE = 2;

export async function startAwsEndpoint(options: EndpointOptions): Promise<AwsEndpoint> {
  const accounts = createAccounts(options.accounts);
  const behaviours = createBehaviours();
  const pageSize = options.pageSize ?? DEFAULT_PAGE;
  let calls: RecordedCall[] = [];
  let served = 0;

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    served += 1;
    const requestId = `sample-${String(served).padStart(8, '0')}`;
    response.setHeader('date', new Date(options.clock.now()).toUTCString());
    const request = readRequest({
      method: incoming.method ?? '',
      url: incoming.url ?? '',
      headers: incoming.headers,
      body: await textOf(incoming),
    });
    if (request === undefined) {
      response.writeHead(501).end();
      return;
    }
    let caller = { account: '', arn: '' };
    let problem: ApiError | undefined;
    try {
      caller = accounts.callerOf(request);
    } catch (error) {
      problem = apiError(error, request);
    }
    const call = `${request.service.name}:${request.operation.name}`;
    const asked = { call, account: caller.account, region: request.region };
    calls.push({ ...asked, input: request.input });
    const chosen = behaviours.of({ ...asked, isFirstPage: isFirstPage(request) });
    await wait(chosen);

    const answer = (): WireAnswer => {
      if (problem !== undefined) throw problem;
      for (const behaviour of chosen) throwFor(behaviour, request, call, caller.arn);
      const page = pageOf(request, accounts.answer(request, caller) as JsonObject, pageSize);
      const endless = chosen.some(({ kind }) => kind === 'endless');
      return writeAnswer(request.service, request.operation, endless ? withSameToken(page) : page, requestId);
    };
    let wire: WireAnswer;
    try {
      wire = answer();
    } catch (error) {
      wire = writeError(request.service, apiError(error, request), requestId);
    }
    send(response, wire, chosen);
  };

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy());
  });
  const url = await listen(server);
  return {
    url,
    calls: () => calls,
    behave: behaviours.add,
    reset: () => {
      behaviours.clear();
      calls = [];
    },
    expireSessions: accounts.expireSessions,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function listen(server: Server): Promise<string> {
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function wait(chosen: readonly Behaviour[]): Promise<void> {
  for (const behaviour of chosen) {
    if (behaviour.kind === 'latency') await new Promise((done) => setTimeout(done, behaviour.milliseconds));
  }
}

function throwFor(behaviour: Behaviour, { service }: ApiRequest, call: string, caller: string): void {
  switch (behaviour.kind) {
    case 'deny':
      throw denied(service, call, caller);
    case 'deny-by-scp':
      throw deniedByScp(service, call, caller);
    case 'throttle':
      throw throttled(service);
    case 'expired-token':
      throw expiredToken(service);
    case 'skewed-clock':
      throw skewed(service);
    case 'unsupported':
      throw new ApiError('UnsupportedOperation', 400, 'The operation is not supported in this region');
    case 'error':
      throw new ApiError(behaviour.code, behaviour.status, 'as the test asked for');
    case 'redirect':
      throw new ApiError('PermanentRedirect', 301, 'Address the bucket at its endpoint', {
        'x-amz-bucket-region': behaviour.region,
      });
    case 'latency':
    case 'hang':
    case 'hang-in-body':
    case 'cut':
    case 'empty':
    case 'reset':
    case 'reset-in-body':
    case 'html':
    case 'endless':
      return;
    default:
      behaviour satisfies never;
  }
}

function apiError(error: unknown, { service }: ApiRequest): ApiError {
  if (error instanceof ApiError) return error;
  return error === undefined ? unknownKey(service) : new ApiError('InternalError', 500, 'An error occurred');
}

/** Puts the answer on the wire, or what a behaviour makes of it. */
function send(
  response: ServerResponse,
  { status, headers, body }: WireAnswer,
  chosen: readonly Behaviour[],
): void {
  const bytes = Buffer.from(body);
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  const [special] = chosen.filter(({ kind }) => SPECIAL.has(kind));
  switch (special?.kind) {
    case 'hang':
      return;
    case 'reset':
      response.destroy();
      return;
    case 'html':
      response
        .writeHead(special.status, { 'content-type': 'text/html' })
        .end('<!DOCTYPE html><html><body><h1>Please log in</h1></body></html>');
      return;
    case 'cut':
      response.writeHead(status, { ...headers, 'content-length': half.length }).end(half);
      return;
    case 'empty':
      response.writeHead(200, { ...headers, 'content-length': 0 }).end();
      return;
    case 'hang-in-body':
    case 'reset-in-body':
      response.writeHead(status, { ...headers, 'content-length': bytes.length }).write(half, () => {
        if (special.kind === 'reset-in-body') response.destroy();
      });
      return;
    default:
      response.writeHead(status, { ...headers, 'content-length': bytes.length }).end(bytes);
  }
}

const SPECIAL: ReadonlySet<Behaviour['kind']> = new Set([
  'hang',
  'hang-in-body',
  'cut',
  'empty',
  'reset',
  'reset-in-body',
  'html',
]);

function withSameToken(page: JsonObject): JsonObject {
  const names = [
    'NextToken',
    'nextToken',
    'Marker',
    'NextMarker',
    'ContinuationToken',
    'NextContinuationToken',
  ];
  return Object.fromEntries(
    Object.entries({ ...page, Truncated: true, IsTruncated: true }).map(([name, value]) => [
      name,
      names.includes(name) ? Buffer.from('offset:0').toString('base64url') : value,
    ]),
  );
}
