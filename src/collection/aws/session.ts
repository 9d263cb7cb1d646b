import type { Clock } from '../../core/index.ts';
import { isJsonObject } from '../../core/index.ts';
import type { Dialer } from '../../net/index.ts';
import { CallFault } from './call-fault.ts';
import { commandOf, serviceOf, takesParameter } from './clients.ts';
import type { AssumedRole, BaseCredentials, KeyProvider } from './credentials.ts';
import { classifySdkError } from './error-class.ts';
import { keysOf, roleKeys, untilExpired } from './key-chain.ts';
import type { AwsLimits } from './limits.ts';
import type { OpenService } from './open-service.ts';
import { openService } from './open-service.ts';
import type { AwsPartition } from './partition.ts';
import { isRegionOf } from './partition.ts';
import { assertReadOnly } from './read-only.ts';

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
export type Parameters = Readonly<Record<string, string | number | readonly (string | object)[]>>;

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
    const take = (role: AssumedRole, base: KeyProvider): KeyProvider =>
      untilExpired(roleKeys(role, connect(base)), transport.clock);
    const base = keysOf(access.base, transport.dialer, take);
    const keys = access.role === undefined ? base : take(access.role, base);
    const session = connect(keys);
    await keys();
    await requireAccount(session, access.account);
    return { ...session, close: () => opened.forEach(({ close }) => close()) };
  } catch (error) {
    opened.forEach(({ close }) => close());
    throw error;
  }
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
        // Where the bucket lies is what was asked; another region need not be dialled for it.
        if (call === 's3:GetBucketLocation') return locatedIn(elsewhere);
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

function locatedIn(region: string): object {
  return region === 'us-east-1' ? {} : { LocationConstraint: region };
}
