import { createHash } from 'node:crypto';
import type { JsonObject } from '../../src/core/index.ts';
import type { LogObject } from '../flow-objects.ts';
import type { Stack } from '../stack.ts';
import { ApiError, denied, expiredToken, unknownKey } from './api-error.ts';
import type { ApiRequest } from './read-request.ts';
import { stackAnswers } from './stack-answers.ts';

/** One account in one region as the endpoint serves it. */
export interface EndpointAccount {
  readonly stack: Stack;
  /** Log objects by the bucket that they lie in. */
  readonly objects?: Readonly<Record<string, readonly LogObject[]>>;
  /** The only role that may be taken on; without one, any role of the account. */
  readonly role?: { readonly arn: string; readonly externalId: string };
}

/** Who asks. */
export interface Caller {
  readonly account: string;
  readonly arn: string;
}

/** Keys that the endpoint takes: the account is part of the id, the secret is nobody's. */
export function sampleKeys(account: string): {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
} {
  return { accessKeyId: `AKIASAMPLE${account}`, secretAccessKey: 'sample-secret-of-nobody' };
}

/** Sessions outlive any test: the SDK would renew one that ends within minutes of the real clock. */
const SESSION_END = new Date('2099-01-01T00:00:00Z');

/** What the accounts say to a call that no behaviour took. */
export interface Accounts {
  /** @throws ApiError where the keys are unknown or expired. */
  readonly callerOf: (request: ApiRequest) => Caller;
  /** @throws ApiError as AWS would answer. */
  readonly answer: (request: ApiRequest, caller: Caller) => Readonly<Record<string, unknown>>;
  readonly expireSessions: () => void;
}

export function createAccounts(accounts: readonly EndpointAccount[]): Accounts {
  const sessions = new Map<string, Caller & { readonly token: string }>();
  const answersOf = new Map(
    accounts.map(({ stack }) => [`${stack.account} ${stack.region}`, stackAnswers(stack)]),
  );
  const bucketsOf = new Map(
    accounts.flatMap(({ stack, objects }) =>
      stack.buckets.map(({ name, location }) => [
        name,
        { region: location ?? 'us-east-1', home: stack.region, objects: objects?.[name] ?? [] },
      ]),
    ),
  );
  let expired = false;

  const assumeRole = (request: ApiRequest, caller: Caller): Readonly<Record<string, unknown>> => {
    const arn = String(request.input['RoleArn']);
    const account = /^arn:aws(?:-cn)?:iam::(\d{12}):role\//.exec(arn)?.[1] ?? '';
    const own = accounts.filter(({ stack }) => stack.account === account);
    const role = own.find((one) => one.role !== undefined)?.role;
    const mayAssume =
      role === undefined
        ? own.length > 0
        : role.arn === arn && role.externalId === request.input['ExternalId'];
    if (!mayAssume) throw denied(request.service, 'sts:AssumeRole', caller.arn);
    const accessKeyId = `ASIASAMPLE${account}S${sessions.size}`;
    const token = `session-token-${sessions.size}-${'x'.repeat(64)}`;
    sessions.set(accessKeyId, { account, arn: arn.replace(':iam:', ':sts:'), token });
    expired = false;
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: 'sample-session-secret',
        SessionToken: token,
        Expiration: SESSION_END,
      },
      AssumedRoleUser: { AssumedRoleId: 'AROASAMPLE:domicile', Arn: arn },
    };
  };

  return {
    callerOf: ({ service, accessKeyId, sessionToken }) => {
      const account = /^AKIASAMPLE(\d{12})$/.exec(accessKeyId)?.[1];
      if (account !== undefined) return { account, arn: `arn:aws:iam::${account}:user/domicile` };
      const session = sessions.get(accessKeyId);
      if (session === undefined || session.token !== sessionToken) throw unknownKey(service);
      if (expired) throw expiredToken(service);
      return session;
    },
    answer: (request, caller) => {
      const { service, operation, input, region } = request;
      const call = `${service.name}:${operation.name}`;
      if (call === 'sts:AssumeRole') return assumeRole(request, caller);
      if (call === 'sts:GetCallerIdentity')
        return { Account: caller.account, Arn: caller.arn, UserId: 'AROASAMPLE' };
      if (service.name === 's3' && operation.name !== 'ListBuckets') {
        const bucket = bucketsOf.get(String(input['Bucket']));
        if (bucket === undefined)
          throw new ApiError('NoSuchBucket', 404, 'The specified bucket does not exist');
        if (bucket.region !== region) throw elsewhere(bucket.region);
        if (call === 's3:ListObjectsV2') return objectListing(bucket.objects, input);
        if (call === 's3:GetObject') return objectContent(bucket.objects, input);
      }
      const place = bucketsOf.get(String(input['Bucket']))?.home ?? region;
      const answer = answersOf.get(`${caller.account} ${place}`)?.(call, input);
      if (answer === undefined) throw new ApiError('InvalidAction', 400, `no answer for ${call}`);
      return answer;
    },
    expireSessions: () => {
      expired = true;
    },
  };
}

function elsewhere(region: string): ApiError {
  return new ApiError('PermanentRedirect', 301, 'The bucket must be addressed at another endpoint', {
    'x-amz-bucket-region': region,
  });
}

function objectListing(objects: readonly LogObject[], input: ApiRequest['input']): JsonObject {
  const prefix = String(input['Prefix'] ?? '');
  const own = objects.filter(({ key }) => key.startsWith(prefix));
  const delimiter = input['Delimiter'];
  if (typeof delimiter === 'string') {
    const folders = own.map(({ key }) => key.slice(0, key.indexOf(delimiter, prefix.length) + 1));
    return { CommonPrefixes: [...new Set(folders)].map((Prefix) => ({ Prefix })) };
  }
  const Contents = own
    .map(({ key, bytes }) => ({
      Key: key,
      Size: bytes.length,
      ETag: etagOf(bytes),
      StorageClass: 'STANDARD',
    }))
    .sort((left, right) => (left.Key < right.Key ? -1 : 1));
  return Contents.length === 0 ? { KeyCount: 0 } : { Contents };
}

function objectContent(
  objects: readonly LogObject[],
  input: ApiRequest['input'],
): Readonly<Record<string, unknown>> {
  const found = objects.find(({ key }) => key === input['Key']);
  if (found === undefined) throw new ApiError('NoSuchKey', 404, 'The specified key does not exist.');
  return { Body: found.bytes, ETag: etagOf(found.bytes), ContentLength: found.bytes.length };
}

function etagOf(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}
