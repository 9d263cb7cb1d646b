import { lookup } from 'node:dns/promises';
import type { Socket } from 'node:net';
import { connect as openSocket } from 'node:net';
import type { Address, Clock } from '../core/index.ts';
import { DomicileError, formatAddress, parseAddress, toInstant } from '../core/index.ts';
import type { ConnectionLog, ConnectionRecord } from './connection-log.ts';
import type { AddressLocator, Destination, DestinationRule } from './destination.ts';
import { createGuard, placeOf } from './destination.ts';

/** All addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export interface DialerOptions {
  /** What may be dialled. Whatever no rule names is refused. */
  readonly allowed: readonly DestinationRule[];
  /** Needed by `countries` rules: without it they let nothing through. */
  readonly locator?: AddressLocator;
  readonly clock: Clock;
  /** By default the system's resolver. */
  readonly resolve?: Resolve;
  /** Milliseconds until a connection attempt is given up; 10,000 by default. */
  readonly timeout?: number;
}

/**
 * The one way out. Guarantees: no packet goes to an address before it was checked; the address dialled is the
 * one checked (no second resolution, which a hostile name server could answer otherwise); every attempt is in
 * the log, refused ones too. Safe for concurrent use.
 */
export interface Dialer {
  /**
   * A connected socket to `host`, which may be a name or an address.
   *
   * @param purpose stands in the log, such as `postgres:gateway`; never a secret.
   * @throws DomicileError `EGRESS_REFUSED` where any address of the host is outside the allowed destinations,
   *   `UNREACHABLE` where it does not resolve or does not answer.
   */
  readonly connect: (host: string, port: number, purpose: string) => Promise<Socket>;
  /** Every attempt so far, with the bytes moved so far. */
  readonly log: () => ConnectionLog;
}

const DEFAULT_TIMEOUT = 10_000;
/** A machine without IPv6 must get past the IPv6 addresses of a name; more than a few tries are no help. */
const MOST_CANDIDATES = 4;

/**
 * @throws DomicileError `BAD_INPUT` for a malformed rule.
 */
export function createDialer(options: DialerOptions): Dialer {
  const guard = createGuard(options.allowed);
  const attempts: (() => ConnectionRecord)[] = [];
  const resolve = options.resolve ?? resolveAll;

  const connect = async (declared: string, port: number, purpose: string): Promise<Socket> => {
    const host = declared.toLowerCase().replace(/\.$/, '');
    const attempt = { time: toInstant(options.clock.now()), purpose, host, port };
    const record = (rest: Omit<ConnectionRecord, keyof typeof attempt>): void => {
      attempts.push(() => ({ ...attempt, ...rest }));
    };

    const addresses = await addressesOf(host, resolve).catch((error: unknown) => {
      record({ ...NOT_DIALLED, decision: 'unresolved', code: codeOf(error) });
      throw new DomicileError(
        'UNREACHABLE',
        {
          message: `expected ${hostText(host)} to resolve, found ${codeOf(error)}`,
          hint: 'check the name and the resolver of this machine',
        },
        // A name that does not exist says more than a server that does not answer.
        { cause: codeOf(error) },
      );
    });

    const candidates = addresses.map(
      (address): Destination => ({ host, port, address, place: placeOf(address, options.locator) }),
    );
    // All candidates, not only the first: an answer that mixes in a foreign address is not one to trust.
    const refused = candidates.find((candidate) => guard(candidate) === undefined);
    if (refused !== undefined || candidates.length === 0) {
      record({ ...NOT_DIALLED, ...seen(refused), decision: 'refused', code: '' });
      throw new DomicileError('EGRESS_REFUSED', {
        message: `expected an allowed destination for ${purpose}, found ${hostText(host)} port ${port}${placeText(refused)}`,
        hint: 'declare the destination in the inventory if it is meant',
      });
    }

    let failure = '';
    for (const candidate of candidates.slice(0, MOST_CANDIDATES)) {
      const allowed = { ...seen(candidate), decision: 'allowed', rule: guard(candidate)?.id ?? '' } as const;
      const socket = openSocket({ host: formatAddress(candidate.address), port });
      failure = await settled(socket, options.timeout ?? DEFAULT_TIMEOUT);
      if (failure === '') {
        attempts.push(() => ({
          ...attempt,
          ...allowed,
          outcome: 'connected',
          code: '',
          bytesSent: socket.bytesWritten,
          bytesReceived: socket.bytesRead,
        }));
        return socket;
      }
      socket.destroy();
      record({ ...allowed, outcome: 'failed', code: failure, bytesSent: 0, bytesReceived: 0 });
    }
    throw new DomicileError('UNREACHABLE', {
      message: `expected an answer from ${hostText(host)} port ${port}, found ${failure}`,
      hint: 'check that the system runs and that this machine may reach it',
    });
  };

  return { connect, log: () => ({ schemaVersion: 1, connections: attempts.map((attempt) => attempt()) }) };
}

const NOT_DIALLED = {
  address: '',
  location: { kind: 'unknown' },
  rule: '',
  outcome: 'not-dialled',
  bytesSent: 0,
  bytesReceived: 0,
} as const;

function seen(destination: Destination | undefined): Pick<ConnectionRecord, 'address' | 'location'> {
  if (destination === undefined) return { address: '', location: { kind: 'unknown' } };
  return { address: formatAddress(destination.address), location: destination.place };
}

function placeText(destination: Destination | undefined): string {
  if (destination === undefined) return '';
  const { address, place } = destination;
  return ` at ${formatAddress(address)} (${place.kind}${place.country === undefined ? '' : ` ${place.country}`})`;
}

/** IPv4-mapped IPv6 addresses come out as the IPv4 addresses that packets really go to. */
async function addressesOf(host: string, resolve: Resolve): Promise<readonly Address[]> {
  const literal = parseAddress(host);
  if (literal !== null) return [literal];
  const addresses = (await resolve(host)).map(parseAddress);
  const unusable = addresses.includes(null) || addresses.length === 0;
  if (unusable) throw new DomicileError('UNREACHABLE', 'expected addresses, found none or malformed ones');
  return addresses.filter((address) => address !== null);
}

const resolveAll: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/** Waits until a socket is connected: empty text, or the error's code. */
function settled(socket: Socket, timeout: number): Promise<string> {
  return new Promise((done) => {
    const timer = setTimeout(() => finish('ETIMEDOUT'), timeout);
    const onError = (error: unknown): void => finish(codeOf(error));
    const onConnect = (): void => finish('');
    const finish = (code: string): void => {
      clearTimeout(timer);
      socket.off('error', onError).off('connect', onConnect);
      // A late error of a socket that was given up would otherwise end the process.
      if (code !== '') socket.on('error', () => undefined);
      done(code);
    };
    socket.once('error', onError).once('connect', onConnect);
  });
}

/** The code of a system error; its message may hold what it was given. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? code : 'FAILED';
}

/** A host as it may stand in a message: names from a database URL are not trusted to be names. */
function hostText(host: string): string {
  return /^[a-z0-9._:-]{1,253}$/.test(host) ? host : 'a host';
}
