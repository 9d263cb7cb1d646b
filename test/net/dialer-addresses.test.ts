import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dialer } from '../../src/net/index.ts';
import { createDialer } from '../../src/net/index.ts';

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer((socket) => socket.on('error', () => undefined).resume());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

const dialerTo = (...addresses: readonly string[]): Dialer =>
  createDialer({
    allowed: [{ id: 'loopback', to: { kind: 'loopback' } }],
    clock: { now: () => 0 },
    resolve: async () => addresses,
    timeout: 1000,
  });
const tried = (dialer: Dialer): readonly string[] =>
  dialer.log().connections.map(({ address, outcome }) => `${address} ${outcome}`.trim());

describe('a name with several addresses', () => {
  it('is tried until one answers, every try in the log', async () => {
    const dialer = dialerTo('::1', '127.0.0.2', '127.0.0.1');
    (await dialer.connect('db.example', port, 'test')).destroy();
    expect(tried(dialer)).toEqual(['::1 failed', '127.0.0.2 failed', '127.0.0.1 connected']);
  });

  it('is given up after a few', async () => {
    const dialer = dialerTo('127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5', '127.0.0.1');
    await expect(dialer.connect('db.example', port, 'test')).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(tried(dialer)).toHaveLength(4);
  });

  it.each(['192.0.2.1', '10.0.0.1', '169.254.169.254', '::', '64:ff9b::7f00:1', '2002:7f00:1::', '::7f00:1'])(
    'is refused whole where one of them is %s, wherever it stands',
    async (foreign) => {
      for (const addresses of [
        ['127.0.0.1', foreign],
        [foreign, '127.0.0.1'],
      ]) {
        const dialer = dialerTo(...addresses);
        await expect(dialer.connect('db.example', port, 'test')).rejects.toMatchObject({
          code: 'EGRESS_REFUSED',
        });
        expect(dialer.log().connections).toMatchObject([{ decision: 'refused', outcome: 'not-dialled' }]);
      }
    },
  );

  it.each([
    '127.0.0.1%lo',
    '127.1',
    '0x7f000001',
    '2130706433',
    '0177.0.0.1',
    'localhost',
    '',
    '127.0.0.1:80',
  ])('whose answer is %j, which is no address, is not dialled', async (odd) => {
    const dialer = dialerTo(odd);
    await expect(dialer.connect('db.example', port, 'test')).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(dialer.log().connections).toMatchObject([{ decision: 'unresolved' }]);
  });
});
