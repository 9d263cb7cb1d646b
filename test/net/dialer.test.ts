import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/core/index.ts';
import type { Locator } from '../../src/geo/index.ts';
import { createGuard, placeOf } from '../../src/net/destination.ts';
import type { DestinationRule } from '../../src/net/index.ts';
import { createDialer } from '../../src/net/index.ts';

const CLOCK = { now: () => Date.parse('2026-11-24T02:00:00Z') };
const LOOPBACK: DestinationRule = { id: 'loopback', to: { kind: 'loopback' } };

let server: Server;
let port: number;
let accepted = 0;

beforeAll(async () => {
  server = createServer((socket) => {
    accepted++;
    socket.on('error', () => undefined).pipe(socket);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  server.close();
});

describe('the guarded dialer', () => {
  it('dials the checked address and records the connection with its bytes', async () => {
    const dialer = createDialer({ allowed: [LOOPBACK], clock: CLOCK, resolve: async () => ['127.0.0.1'] });
    const socket = await dialer.connect('Db.Example.', port, 'postgres:gateway');
    await new Promise((done) => {
      socket.once('data', done);
      socket.write('hello');
    });
    expect(dialer.log().connections).toEqual([
      {
        time: '2026-11-24T02:00:00Z',
        purpose: 'postgres:gateway',
        host: 'db.example',
        port,
        address: '127.0.0.1',
        location: { kind: 'loopback' },
        decision: 'allowed',
        rule: 'loopback',
        outcome: 'connected',
        code: '',
        bytesSent: 5,
        bytesReceived: 5,
      },
    ]);
    socket.destroy();
  });

  it('resolves once, so that a name server cannot answer the check with one address and the dialling with another', async () => {
    const answers = [['127.0.0.1'], ['192.0.2.1']];
    const dialer = createDialer({
      allowed: [LOOPBACK],
      clock: CLOCK,
      resolve: async () => answers.shift() ?? [],
    });
    const socket = await dialer.connect('db.example', port, 'test');
    expect(answers).toHaveLength(1);
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });

  it.each([
    ['no rule at all', [], '127.0.0.1'],
    ['a rule for another host', [{ ...LOOPBACK, hosts: ['other.example'] }], '127.0.0.1'],
    ['a rule for another port', [{ ...LOOPBACK, ports: [1] }], '127.0.0.1'],
    ['a private rule', [{ id: 'private', to: { kind: 'private' } }], '127.0.0.1'],
    ['a public rule', [{ id: 'public', to: { kind: 'public', hosts: ['db.example'] } }], '127.0.0.1'],
    [
      'a country rule without a locator',
      [{ id: 'cn', to: { kind: 'countries', countries: ['CN'] } }],
      '127.0.0.1',
    ],
    [
      'an IPv4 loopback address in an IPv6 one',
      [{ id: 'public', to: { kind: 'public', hosts: ['db.example'] } }],
      '::ffff:7f00:1',
    ],
    ['a foreign address beside an allowed one', [LOOPBACK], '127.0.0.1 198.51.100.7'],
  ] satisfies [string, DestinationRule[], string][])(
    'refuses before any packet: %s',
    async (_, allowed, addresses) => {
      const before = accepted;
      const dialer = createDialer({ allowed, clock: CLOCK, resolve: async () => addresses.split(' ') });
      await expect(dialer.connect('db.example', port, 'test')).rejects.toMatchObject({
        code: 'EGRESS_REFUSED',
      });
      await new Promise((done) => setTimeout(done, 20));
      expect(accepted).toBe(before);
      expect(dialer.log().connections).toMatchObject([
        { decision: 'refused', outcome: 'not-dialled', rule: '' },
      ]);
    },
  );

  it('takes the instance metadata address for no private one', async () => {
    const dialer = createDialer({ allowed: [{ id: 'private', to: { kind: 'private' } }], clock: CLOCK });
    await expect(dialer.connect('169.254.169.254', 80, 'test')).rejects.toMatchObject({
      code: 'EGRESS_REFUSED',
    });
  });

  it.each([
    ['located', 'CN', 'cn'],
    ['located', 'SG', undefined],
    ['disputed', 'CN', undefined],
    ['unprovable', 'CN', undefined],
  ] as const)('lets a country rule pass only what is located there: %s %s', (kind, country, rule) => {
    // The guard alone, since a dialler that allows a public address would leave the machine.
    const locator = { locate: () => ({ kind, country, why: 'anycast', sources: [] }) } as unknown as Locator;
    const guard = createGuard([{ id: 'cn', to: { kind: 'countries', countries: ['CN'] } }]);
    const address = parseAddress('1.2.3.4');
    if (address === null) throw new Error('expected an address');
    const place = placeOf(address, locator);
    expect(guard({ host: 'api.example', port: 443, address, place })?.id).toBe(rule);
  });

  it('tells an unresolved name and a closed port by their codes', async () => {
    const dialer = createDialer({
      allowed: [LOOPBACK],
      clock: CLOCK,
      resolve: async () => Promise.reject(Object.assign(new Error('secret'), { code: 'ENOTFOUND' })),
    });
    const failure = await dialer.connect('db.example', port, 'test').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'UNREACHABLE' });
    expect(String(failure)).not.toContain('secret');
    await expect(dialer.connect('127.0.0.1', 1, 'test')).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(dialer.log().connections).toMatchObject([
      { decision: 'unresolved', code: 'ENOTFOUND' },
      { decision: 'allowed', outcome: 'failed', code: 'ECONNREFUSED' },
    ]);
  });

  it('refuses a malformed prefix', () => {
    const rule: DestinationRule = { id: 'x', to: { kind: 'prefixes', prefixes: ['10.0.0.0/33'] } };
    expect(() => createDialer({ allowed: [rule], clock: CLOCK })).toThrow(/address prefix/);
  });
});
