import { DomicileError } from '../../core/index.ts';

/** Where and how to connect. Holds a secret: never logged, never part of an error. */
export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** Whether to encrypt; if so, the server's certificate and name are always checked. */
  readonly tls: boolean;
}

const DEFAULT_PORT = 5432;
const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);
const PARAMETERS: ReadonlySet<string> = new Set(['sslmode', 'application_name']);

/**
 * A `postgres://user:password@host:port/database?sslmode=…` string, strictly.
 *
 * `sslmode` is `disable` or one of `require`, `verify-ca`, `verify-full`, which all check the certificate and the
 * name: an encrypted connection to nobody knows whom proves nothing. Without it, only loopback is unencrypted.
 *
 * @throws DomicileError `BAD_INPUT`, whose message holds nothing of the string.
 */
export function parseConnectionUrl(text: string): ConnectionSettings {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^postgres(?:ql)?:$/.test(url.protocol)) throw malformed('a postgres:// address');
  if (url.hostname === '') throw malformed('a host (sockets in the file system are not dialled)');
  const database = decoded(url.pathname.slice(1));
  if (database === '') throw malformed('a database name after the host');
  if (url.username === '') throw malformed('a role name before the host');
  const unknown = [...url.searchParams.keys()].find((name) => !PARAMETERS.has(name));
  if (unknown !== undefined) throw malformed('no parameters besides sslmode and application_name');
  return {
    host: url.hostname.replaceAll(/^\[|\]$/g, ''),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    database,
    user: decoded(url.username),
    password: decoded(url.password),
    tls: usesTls(url.searchParams.get('sslmode'), url.hostname),
  };
}

/** Where a connection string leads, without its secrets. @throws DomicileError `BAD_INPUT` as `parseConnectionUrl`. */
export function databaseHost(text: string): Pick<ConnectionSettings, 'host' | 'port'> {
  const { host, port } = parseConnectionUrl(text);
  return { host, port };
}

function usesTls(mode: string | null, host: string): boolean {
  if (mode === null) return !LOOPBACK_HOSTS.has(host);
  if (mode === 'disable') return false;
  if (['require', 'verify-ca', 'verify-full'].includes(mode)) return true;
  throw malformed('sslmode disable, require, verify-ca or verify-full');
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw malformed('percent-encoding that decodes');
  }
}

function malformed(expected: string): DomicileError {
  return new DomicileError('BAD_INPUT', {
    message: `expected in the database's connection string ${expected}, found something else`,
    hint: 'write it as postgres://role:password@host:5432/database?sslmode=verify-full',
  });
}
