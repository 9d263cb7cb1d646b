import type { Clock } from '../../core/index.ts';
import { isJsonObject } from '../../core/index.ts';
import type { Dialer } from '../../net/index.ts';
import { CallFault } from './call-fault.ts';
import type { AssumedRole, AwsKeys, BaseCredentials, KeyProvider } from './credentials.ts';
import { containerKeys } from './credentials.ts';
import { classifySdkError } from './error-class.ts';
/** What asks STS for the keys of a role. */
export interface RoleAsker {
  readonly send: (call: string, parameters: Readonly<Record<string, string>>) => Promise<unknown>;
}

/** The first keys; roles of a profile are taken on one after the other. */
export function keysOf(
  base: BaseCredentials,
  dialer: Dialer,
  take: (role: AssumedRole, base: KeyProvider) => KeyProvider,
): KeyProvider {
  switch (base.kind) {
    case 'keys':
      return async () => readKeys(base.read);
    case 'container':
      return named('credentials', async () => containerKeys(base, dialer));
    case 'role':
      return take(base.role, keysOf(base.base, dialer, take));
    default:
      return base satisfies never;
  }
}

/** A reader's own words may name files and profiles; a report says only that there were no keys. */
function readKeys(read: () => AwsKeys): AwsKeys {
  try {
    return read();
  } catch {
    throw new CallFault({ status: 'denied', code: 'credentials NotConfigured' });
  }
}

const RENEWAL = 5 * 60_000;

/** Keys that all clients of a session share, renewed some minutes before they expire. */
export function untilExpired(provider: KeyProvider, clock: Clock): KeyProvider {
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
export function roleKeys({ arn, externalId }: AssumedRole, sts: RoleAsker): KeyProvider {
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
