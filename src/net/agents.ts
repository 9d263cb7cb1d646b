import type { ClientRequestArgs } from 'node:http';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as startTls } from 'node:tls';
import { DomicileError } from '../core/index.ts';
import type { Dialer } from './dialer.ts';

export interface AgentOptions {
  readonly dialer: Dialer;
  /** Stands in the connection log, such as `aws:ec2`; never a secret. */
  readonly purpose: string;
  /** PEM certificates to trust instead of the system's. */
  readonly certificates?: string;
  /** Connections at once; 25 by default. */
  readonly connections?: number;
  /** Milliseconds that a TLS handshake may take; 10,000 by default. */
  readonly handshake?: number;
}

/** What an HTTP client of an SDK is given instead of its own agents, so that it has no other way out. */
export interface DialedAgents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  /** Closes every connection. */
  readonly destroy: () => void;
}

const DEFAULT_CONNECTIONS = 25;
const DEFAULT_HANDSHAKE = 10_000;

/**
 * HTTP agents whose sockets come from the dialer: checked, recorded, resolved once. TLS is layered on the
 * connected socket with the name that was asked for, and certificates are always checked, whatever the
 * environment says (NODE_TLS_REJECT_UNAUTHORIZED).
 */
export function createAgents(options: AgentOptions): DialedAgents {
  const settings = { keepAlive: true, maxSockets: options.connections ?? DEFAULT_CONNECTIONS };
  const httpAgent = new DialedHttpAgent(options, settings);
  const httpsAgent = new DialedHttpsAgent(options, settings);
  return {
    httpAgent,
    httpsAgent,
    destroy: () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

type Connected = (error: Error | null, stream: Duplex) => void;
type Target = ClientRequestArgs & { readonly servername?: string };

class DialedHttpAgent extends HttpAgent {
  readonly #options: AgentOptions;

  constructor(options: AgentOptions, settings: { readonly keepAlive: boolean; readonly maxSockets: number }) {
    super(settings);
    this.#options = options;
  }

  override createConnection(target: Target, connected: Connected): null {
    hand(dial(this.#options, target), connected);
    return null;
  }
}

class DialedHttpsAgent extends HttpsAgent {
  readonly #options: AgentOptions;

  constructor(options: AgentOptions, settings: { readonly keepAlive: boolean; readonly maxSockets: number }) {
    super(settings);
    this.#options = options;
  }

  override createConnection(target: Target, connected: Connected): null {
    const secured = dial(this.#options, target).then(async (socket) =>
      secure(socket, target.servername ?? '', this.#options),
    );
    hand(secured, connected);
    return null;
  }
}

async function dial({ dialer, purpose }: AgentOptions, target: Target): Promise<Socket> {
  return dialer.connect(target.host ?? '', Number(target.port), purpose);
}

function secure(
  socket: Socket,
  servername: string,
  { certificates, handshake }: AgentOptions,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const secured = startTls({
      socket,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      // An address has no server name (RFC 6066); the certificate is then checked against the address.
      ...(servername === '' ? {} : { servername }),
      ...(certificates === undefined ? {} : { ca: certificates }),
    });
    const timer = setTimeout(
      () => give(new DomicileError('UNREACHABLE', 'expected a TLS handshake, found silence')),
      handshake ?? DEFAULT_HANDSHAKE,
    );
    const give = (error: Error): void => {
      clearTimeout(timer);
      secured.destroy();
      reject(error);
    };
    secured.once('error', give).once('close', () => give(new DomicileError('UNREACHABLE', LOST)));
    secured.once('secureConnect', () => {
      clearTimeout(timer);
      secured.removeListener('error', give);
      resolve(secured);
    });
  });
}

const LOST = 'expected a TLS handshake, found a closed connection';

/** Hands a connection to whom the agent says; the error goes to the request that wanted it. */
function hand(connection: Promise<Duplex>, connected: Connected): void {
  connection.then(
    (stream) => connected(null, stream),
    (error: unknown) => connected(error instanceof Error ? error : new Error('no connection'), NO_STREAM),
  );
}

/** Node reads the error first and then does not touch the stream. */
const NO_STREAM = undefined as unknown as Duplex;
