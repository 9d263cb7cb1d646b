import type { BackendFactory, ConnectionOptions } from 'bullmq';
import { AbstractConnector } from 'ioredis';
import { DomicileError } from '../../core/index.ts';
import type { Socket } from '../../net/index.ts';
import type { DialRule } from './guarded-dial.ts';
import { dialOwn, dialOwnTls, LateSocket } from './guarded-dial.ts';
import { postgresBackends } from './postgres-queue.ts';

/** Where a queue is, taken from its URL. */
export interface QueueAddress {
  readonly kind: 'redis' | 'postgres';
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/** What the queue library is given to connect with. */
export interface QueueBackend {
  readonly address: QueueAddress;
  readonly connection: ConnectionOptions;
  readonly factory: BackendFactory | undefined;
}

/** In Redis every key starts with it; in Postgres it is the schema. */
export const QUEUE_PREFIX = 'domicile';
const POSTGRES_SCHEMA = 'domicile_queue';
const PURPOSE = 'queue';
const LONGEST_RETRY_MS = 5_000;

const SCHEMES: Readonly<Record<string, Pick<QueueAddress, 'kind' | 'port' | 'tls'>>> = {
  'redis:': { kind: 'redis', port: 6379, tls: false },
  'rediss:': { kind: 'redis', port: 6379, tls: true },
  'postgres:': { kind: 'postgres', port: 5432, tls: false },
  'postgresql:': { kind: 'postgres', port: 5432, tls: false },
};

/** @throws DomicileError `BAD_INPUT` for another URL; the message never holds it, since it has a password. */
function queueAddress(url: string): QueueAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const scheme = SCHEMES[parsed?.protocol ?? ''];
  if (parsed === undefined || scheme === undefined || parsed.hostname === '') {
    throw new DomicileError('BAD_INPUT', {
      message: 'expected QUEUE_URL as redis://, rediss:// or postgres:// with a host, found another text',
      hint: 'special characters in the password must be percent-encoded',
    });
  }
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
  return { ...scheme, host, port: parsed.port === '' ? scheme.port : Number(parsed.port) };
}

/**
 * Every connection that the library opens is dialled by our rule, each time anew: after a failover the name leads
 * elsewhere, and there it is checked again.
 */
export function queueBackend(url: string, rule: DialRule): QueueBackend {
  const address = queueAddress(url);
  return address.kind === 'redis'
    ? { address, connection: redisConnection(new URL(url), address, rule), factory: undefined }
    : {
        address,
        connection: postgresConnection(url, rule),
        factory: postgresBackends,
      };
}

function redisConnection(url: URL, { host, port, tls }: QueueAddress, rule: DialRule): ConnectionOptions {
  const dial = tls ? dialOwnTls : dialOwn;
  class GuardedConnector extends AbstractConnector {
    constructor() {
      super(2_000);
    }

    /** Never fails: the driver tries again after a socket that broke, and gives up after a connector that did. */
    override async connect(): Promise<Socket> {
      this.connecting = true;
      const socket = new LateSocket((to, at, given) => dial(rule, to, at, PURPOSE, given)).connect(
        port,
        host,
      );
      socket.once('error', (error: Error) => {
        this.firstError = error;
      });
      this.stream = socket as unknown as Socket;
      return this.stream;
    }
  }
  const database = url.pathname.slice(1);
  return {
    Connector: GuardedConnector,
    username: decodeURIComponent(url.username) || undefined,
    password: decodeURIComponent(url.password) || undefined,
    db: database === '' ? 0 : Number(database),
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) => Math.min(100 * 2 ** Math.min(times, 10), LONGEST_RETRY_MS),
  };
}

/** The tables are made on the first connection; starting workers wait for each other by the library's own lock. */
function postgresConnection(url: string, rule: DialRule): ConnectionOptions {
  return {
    connectionString: url,
    schema: POSTGRES_SCHEMA,
    migrate: true,
    max: 4,
    application_name: 'domicile-queue',
    connectionTimeoutMillis: 15_000,
    stream: () => new LateSocket((host, port) => dialOwn(rule, host, port, PURPOSE)),
  };
}
