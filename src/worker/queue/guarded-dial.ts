import { isIP } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as openTls } from 'node:tls';
import type { Clock } from '../../core/index.ts';
import type { AddressLocator, ConnectionRecord, Socket } from '../../net/index.ts';
import { createDialer } from '../../net/index.ts';

/** Where the worker's own connections may go: its own network, and the countries of its jurisdiction. */
export interface DialRule {
  readonly countries: readonly string[];
  readonly locator: AddressLocator;
  readonly clock: Clock;
  /** Each attempt, allowed or refused. */
  readonly onConnection: (record: ConnectionRecord) => void;
}

/**
 * Opens one connection of the operator's own infrastructure. A dialer each time: a queue that is down for days is
 * dialled very often, and a list of all attempts would grow without end.
 *
 * @throws DomicileError `EGRESS_REFUSED`, `UNREACHABLE`.
 */
export async function dialOwn(rule: DialRule, host: string, port: number, purpose: string): Promise<Socket> {
  const { countries, locator, clock, onConnection } = rule;
  const dialer = createDialer({
    allowed: [
      { id: 'own-machine', to: { kind: 'loopback' } },
      { id: 'own-network', to: { kind: 'private' } },
      { id: 'jurisdiction', to: { kind: 'countries', countries } },
    ],
    locator,
    clock,
  });
  try {
    return await dialer.connect(host, port, purpose);
  } finally {
    for (const record of dialer.log().connections) onConnection(record);
  }
}

/**
 * The same with TLS, by the name that was declared. The certificate is checked whatever the environment says of that
 * (`NODE_TLS_REJECT_UNAUTHORIZED`); a private authority is trusted by `NODE_EXTRA_CA_CERTS`.
 *
 * @param given ends a handshake that nobody waits for any more.
 * @throws DomicileError as `dialOwn`; an error of TLS by its code.
 */
export async function dialOwnTls(
  rule: DialRule,
  host: string,
  port: number,
  purpose: string,
  given: AbortSignal,
): Promise<Socket> {
  const socket = await dialOwn(rule, host, port, purpose);
  return new Promise((done, failed) => {
    // An address is no name to ask for (RFC 6066), and is checked all the same.
    const name = isIP(host) === 0 ? { servername: host } : { host };
    const secure = openTls({ socket, ...name, rejectUnauthorized: true });
    const giveUp = (): void => void secure.destroy(new Error('ECONNABORTED'));
    if (given.aborted) giveUp();
    given.addEventListener('abort', giveUp, { once: true });
    secure.once('secureConnect', () => {
      given.removeEventListener('abort', giveUp);
      done(secure);
    });
    secure.once('error', failed);
  });
}

/**
 * A socket for drivers that want one before it is connected: they call `connect(port, host)` on it, and what is
 * dialled is what was checked.
 */
export class LateSocket extends Duplex {
  readonly #dial: (host: string, port: number, given: AbortSignal) => Promise<Socket>;
  readonly #given = new AbortController();
  #socket: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param dial is told by its signal when nobody waits for it any more. */
  constructor(dial: (host: string, port: number, given: AbortSignal) => Promise<Socket>) {
    super({ allowHalfOpen: false });
    this.#dial = dial;
  }

  /** As sockets say it: whether the dialling goes on. */
  get connecting(): boolean {
    return this.#socket === undefined && !this.destroyed;
  }

  connect(port: number, host: string): this {
    this.#dial(host, port, this.#given.signal).then(
      (socket) => this.#adopt(socket),
      (error: unknown) => this.destroy(error instanceof Error ? error : new Error('UNREACHABLE')),
    );
    return this;
  }

  /** How long the dialling may take; 0 takes it back. */
  setTimeout(ms: number, onTimeout?: () => void): this {
    clearTimeout(this.#timer);
    if (ms > 0 && onTimeout !== undefined) this.#timer = setTimeout(onTimeout, ms).unref();
    return this;
  }

  setNoDelay(on?: boolean): this {
    this.#socket?.setNoDelay(on);
    return this;
  }

  setKeepAlive(on?: boolean, delay?: number): this {
    this.#socket?.setKeepAlive(on, delay);
    return this;
  }

  ref(): this {
    this.#socket?.ref();
    return this;
  }

  unref(): this {
    this.#socket?.unref();
    return this;
  }

  #adopt(socket: Socket): void {
    if (this.destroyed) return void socket.destroy();
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error: Error) => this.destroy(error));
    socket.on('close', () => this.destroy());
    socket.setNoDelay(true);
    this.emit('connect');
  }

  override _read(): void {
    this.#socket?.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#socket === undefined) done(new Error('UNREACHABLE'));
    else this.#socket.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#socket === undefined) done();
    else this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    this.#given.abort();
    this.#socket?.destroy();
    done(error);
  }
}
