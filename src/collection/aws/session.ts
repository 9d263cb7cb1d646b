import type { Clock } from '../../core/index.ts';
import { isJsonObject } from '../../core/index.ts';
import type { Dialer } from '../../net/index.ts';
import { createAgents } from '../../net/index.ts';
import { CallFault } from './call-fault.ts';
import type { AwsClient, LoadedService } from './clients.ts';
import { commandOf, loadService, serviceOf, takesParameter } from './clients.ts';
import type { AssumedRole, AwsKeys, BaseCredentials, KeyProvider } from './credentials.ts';
import { baseKeys } from './credentials.ts';
import { classifySdkError } from './error-class.ts';
import type { AwsLimits, Limiter } from './limits.ts';
import { createLimiter } from './limits.ts';
import type { AwsPartition } from './partition.ts';
import { isRegionOf } from './partition.ts';
import { assertReadOnly, readOnlyMiddleware } from './read-only.ts';
import { wholeAnswerMiddleware } from './whole-answer.ts';

/** One account in one region, and how to get in. */
export interface AwsAccess {
  readonly partition: AwsPartition;
  /** Whose evidence it is; keys of another account are refused. */
  readonly account: string;
  readonly region: string;
  readonly base: BaseCredentials;
  readonly role?: AssumedRole;
  /** Another endpoint for every service, such as the sample's: a report on it is not for reliance. */
  readonly endpoint?: string;
  /** PEM certificates to trust instead of the system's. */
  readonly certificates?: string;
}

export interface AwsTransport {
  readonly dialer: Dialer;
  readonly clock: Clock;
  readonly limits: AwsLimits;
  /** Ends every request that is under way. */
  readonly signal: AbortSignal;
}

/** Parameters by their command-line names. */
export type Parameters = Readonly<Record<string, string | number | readonly string[]>>;

/** A way to ask one account in one region. Safe for concurrent use. */
export interface AwsSession {
  /**
   * Sends one request, with retries, and gives the SDK's output.
   *
   * @throws whatever the SDK throws, for `classifySdkError`; its message must not leave this folder.
   */
  readonly send: (call: string, parameters: Parameters) => Promise<unknown>;
  /** Whether a call takes a parameter, by its API name as `MaxResults`. */
  readonly takes: (call: string, parameter: string) => Promise<boolean>;
  readonly close: () => void;
}

/**
 * Gets in: takes on the role and asks whose keys these are, since evidence of the wrong account would be worse
 * than none.
 *
 * @throws CallFault with what stood in the way.
 */
export async function openSession(access: AwsAccess, transport: AwsTransport): Promise<AwsSession> {
  if (!isRegionOf(access.partition, access.region))
    throw new CallFault({ status: 'not-in-partition', code: 'RegionOfAnotherPartition' });
  const opened: { readonly close: () => void }[] = [];
  const connect = (keys: KeyProvider): AwsSession => {
    const session = sessionWith(keys, access, transport);
    opened.push(session);
    return session;
  };
  try {
    const base = named('credentials', baseKeys(access.base, transport.dialer));
    const keys =
      access.role === undefined ? base : untilExpired(roleKeys(access.role, connect(base)), transport.clock);
    const session = connect(keys);
    await keys();
    await requireAccount(session, access.account);
    return { ...session, close: () => opened.forEach(({ close }) => close()) };
  } catch (error) {
    opened.forEach(({ close }) => close());
    throw error;
  }
}

const RENEWAL = 5 * 60_000;

/** Keys that all clients of a session share, renewed some minutes before they expire. */
function untilExpired(provider: KeyProvider, clock: Clock): KeyProvider {
  let held: Promise<AwsKeys> | undefined;
  const renew = async (): Promise<AwsKeys> => {
    held = provider();
    // A failure is told to who asked; the next one tries again.
    held.catch(() => (held = undefined));
    return held;
  };
  return async () => {
    const keys = await (held ?? renew());
    const end = keys.expiration?.getTime() ?? Infinity;
    return end - clock.now() > RENEWAL ? keys : renew();
  };
}

/** Keys of a role, asked for through the same guarded path. */
function roleKeys({ arn, externalId }: AssumedRole, sts: AwsSession): KeyProvider {
  return named('sts:AssumeRole', async () => {
    const output = await sts.send('sts:AssumeRole', {
      'role-arn': arn,
      'role-session-name': 'domicile',
      ...(externalId === undefined ? {} : { 'external-id': externalId }),
    });
    const keys = isJsonObject(output) ? output['Credentials'] : undefined;
    if (!isJsonObject(keys)) throw new CallFault({ status: 'unreadable', code: 'NoCredentials' });
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = keys;
    const expiration: unknown = Expiration;
    return {
      accessKeyId: String(AccessKeyId),
      secretAccessKey: String(SecretAccessKey),
      sessionToken: String(SessionToken),
      ...(expiration instanceof Date ? { expiration } : {}),
    };
  });
}

/** A failure to get keys, named after the step, so that it does not look like one of the call that wanted them. */
function named(step: string, provider: KeyProvider): KeyProvider {
  return async (): Promise<AwsKeys> => {
    try {
      return await provider();
    } catch (error) {
      const { status, code } = classifySdkError(error);
      throw new CallFault({ status, code: code.includes(' ') ? code : `${step} ${code}` });
    }
  };
}

async function requireAccount(session: AwsSession, account: string): Promise<void> {
  let output: unknown;
  try {
    output = await session.send('sts:GetCallerIdentity', {});
  } catch (error) {
    const { status, code } = classifySdkError(error);
    throw new CallFault({ status, code: code.includes(' ') ? code : `sts:GetCallerIdentity ${code}` });
  }
  if (!isJsonObject(output) || output['Account'] !== account)
    throw new CallFault({ status: 'failed', code: 'KeysOfAnotherAccount' });
}

interface OpenService {
  readonly service: LoadedService;
  readonly client: AwsClient;
  readonly limiter: Limiter;
  readonly close: () => void;
}

function sessionWith(keys: KeyProvider, access: AwsAccess, transport: AwsTransport): AwsSession {
  const services = new Map<string, Promise<OpenService>>();
  const open = (name: string, region: string): Promise<OpenService> => {
    const id = `${name} ${region}`;
    const known = services.get(id) ?? openService(name, keys, { ...access, region }, transport);
    services.set(id, known);
    return known;
  };
  const sendIn = async (region: string, call: string, parameters: Parameters): Promise<unknown> => {
    assertReadOnly(call);
    const { service, client, limiter } = await open(serviceOf(call), region);
    const command = commandOf(service.module, call, parameters);
    return limiter.run(async () => client.send(command, { abortSignal: deadline(transport) }));
  };
  return {
    send: async (call, parameters) => {
      try {
        return await sendIn(access.region, call, parameters);
      } catch (error) {
        const elsewhere = redirectedTo(error);
        if (elsewhere === undefined || !isRegionOf(access.partition, elsewhere)) throw error;
        return sendIn(elsewhere, call, parameters);
      }
    },
    takes: async (call, parameter) => {
      const { service } = await open(serviceOf(call), access.region);
      return takesParameter(service.module, call, parameter);
    },
    close: () => {
      for (const service of services.values()) service.then(({ close }) => close()).catch(() => undefined);
    },
  };
}

/** The time of one request; the run's own end and a person's Ctrl-C come earlier. */
function deadline({ signal, limits }: AwsTransport): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(limits.callTime)]);
}

/**
 * Where S3 says that a bucket lies. Followed here rather than by the SDK (`followRegionRedirects`), which
 * changes the client's region for every request that is under way at the time.
 */
function redirectedTo(error: unknown): string | undefined {
  const response: unknown = error instanceof Error && '$response' in error ? error.$response : undefined;
  const headers = isJsonObject(response) ? response['headers'] : undefined;
  const region = isJsonObject(headers) ? headers['x-amz-bucket-region'] : undefined;
  const status = isJsonObject(response) ? response['statusCode'] : undefined;
  return typeof region === 'string' && (status === 301 || status === 400) ? region : undefined;
}

async function openService(
  name: string,
  keys: KeyProvider,
  access: AwsAccess,
  { dialer, limits, clock }: AwsTransport,
): Promise<OpenService> {
  const service = await loadService(name);
  const connections = limits.concurrency[name] ?? limits.concurrency.other;
  const agents = createAgents({
    dialer,
    purpose: `aws:${name}`,
    connections,
    ...(access.certificates === undefined ? {} : { certificates: access.certificates }),
  });
  const client = service.create({
    ...FIXED_SETTINGS,
    region: access.region,
    credentials: keys,
    maxAttempts: limits.attempts,
    requestHandler: {
      httpAgent: agents.httpAgent,
      httpsAgent: agents.httpsAgent,
      requestTimeout: limits.attemptTime,
      throwOnRequestTimeout: true,
    },
    ...(access.endpoint === undefined ? {} : { endpoint: access.endpoint }),
  });
  client.middlewareStack.add(readOnlyMiddleware(name), {
    step: 'initialize',
    name: 'domicileReadOnly',
    priority: 'high',
  });
  client.middlewareStack.add(wholeAnswerMiddleware(name, clock), {
    step: 'deserialize',
    name: 'domicileWholeAnswer',
    priority: 'low',
  });
  return {
    service,
    client,
    limiter: createLimiter(connections),
    close: () => {
      client.destroy();
      agents.destroy();
    },
  };
}

/**
 * Everything that the SDK would else take from environment variables and ~/.aws/config, which could turn the
 * endpoint elsewhere without the report saying so.
 */
const FIXED_SETTINGS = {
  retryMode: 'adaptive',
  defaultsMode: 'standard',
  ignoreConfiguredEndpointUrls: true,
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  forcePathStyle: true,
  followRegionRedirects: false,
  useArnRegion: false,
  disableS3ExpressSessionAuth: true,
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
  // A clock that is off dates the evidence wrongly: it is told (`wholeAnswerMiddleware`), not worked around.
  disableClockSkewCorrection: true,
  userAgentAppId: 'domicile',
} as const;
