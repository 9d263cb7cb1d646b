import { isJsonObject } from '../../core/index.ts';
import type { Dialer, Socket } from '../../net/index.ts';
import { CallFault } from './call-fault.ts';

/** Keys of one identity. Secret; never in an error, a log or an item. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Where the first keys come from; a role is then taken on with them. */
export type BaseCredentials =
  /** Of a profile or the environment; read again whenever they are needed. */
  | { readonly kind: 'keys'; readonly read: () => AwsKeys }
  /** The role of the container that this runs in (ECS, `AWS_CONTAINER_CREDENTIALS_*`). */
  | { readonly kind: 'container'; readonly url: string; readonly token?: string }
  /** A role that a profile takes on with other keys. */
  | { readonly kind: 'role'; readonly role: AssumedRole; readonly base: BaseCredentials };

/** The role to read with. */
export interface AssumedRole {
  readonly arn: string;
  readonly externalId?: string;
}

/** Gives keys; throws a `CallFault`, which names no secret. */
export type KeyProvider = () => Promise<AwsKeys>;

const LARGEST_CREDENTIALS = 64 * 1024;
const CONTAINER_TIME = 5_000;

/** Asks the container agent through the dialer; the SDK's own provider would open its own connection. */
export async function containerKeys(
  { url, token }: Extract<BaseCredentials, { kind: 'container' }>,
  dialer: Dialer,
): Promise<AwsKeys> {
  const { hostname, port, pathname, search } = new URL(url);
  const socket = await dialer.connect(hostname, Number(port || 80), 'aws:container-credentials');
  const answer = await request(
    socket,
    `GET ${pathname}${search} HTTP/1.0\r\nHost: ${hostname}\r\n${token === undefined ? '' : `Authorization: ${token}\r\n`}\r\n`,
  );
  const keys = keysOf(answer);
  if (keys === undefined) throw new CallFault({ status: 'denied', code: 'ContainerCredentials' });
  return keys;
}

/** One HTTP/1.0 exchange: the agent closes the connection after its answer. */
function request(socket: Socket, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const fail = (): void => {
      socket.destroy();
      reject(new CallFault({ status: 'unreachable', code: 'ContainerCredentials' }));
    };
    socket.setTimeout(CONTAINER_TIME, fail);
    socket.on('error', fail);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (chunks.reduce((size, one) => size + one.length, 0) > LARGEST_CREDENTIALS) fail();
    });
    socket.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    socket.end(text);
  });
}

function keysOf(answer: string): AwsKeys | undefined {
  const [head = '', body = ''] = answer.split('\r\n\r\n', 2);
  if (!/^HTTP\/1\.[01] 200 /.test(head)) return undefined;
  const value = parsed(body);
  if (!isJsonObject(value)) return undefined;
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = value;
  if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string') return undefined;
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(typeof Token === 'string' ? { sessionToken: Token } : {}),
    ...(typeof Expiration === 'string' ? { expiration: new Date(Expiration) } : {}),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
