import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { containerKeys } from '../../../src/collection/aws/credentials.ts';
import { createDialer } from '../../../src/net/index.ts';
import { loopbackDialer, SAMPLE_CLOCK } from '../../support/live-sample.ts';

const KEYS = {
  AccessKeyId: 'ASIACONTAINER',
  SecretAccessKey: 'container-secret',
  Token: 'container-token',
  Expiration: '2026-11-22T21:10:00Z',
};

let server: Server;
let url = '';
let asked: IncomingMessage['headers'] | undefined;
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked = request.headers;
    answer(response);
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/credentials/x?a=b`;
});
afterEach(() => {
  asked = undefined;
});
afterAll(() => server.close());

describe("the role of the container's agent", () => {
  it('is asked through the dialer, with the token that the agent wants', async () => {
    answer = (response) => response.end(JSON.stringify(KEYS));
    const dialer = loopbackDialer();
    expect(await containerKeys({ kind: 'container', url, token: 'agent-token' }, dialer)).toEqual({
      accessKeyId: 'ASIACONTAINER',
      secretAccessKey: 'container-secret',
      sessionToken: 'container-token',
      expiration: new Date('2026-11-22T21:10:00Z'),
    });
    expect(asked).toMatchObject({ authorization: 'agent-token' });
    expect(dialer.log().connections).toMatchObject([
      { purpose: 'aws:container-credentials', outcome: 'connected' },
    ]);
  });

  it.each([
    ['an error', (response: ServerResponse) => response.writeHead(403).end('{"code":"secret reason"}')],
    ['a page of HTML', (response: ServerResponse) => response.end('<html>secret reason</html>')],
    ['half an answer', (response: ServerResponse) => response.end('{"AccessKeyId":"A"')],
    ['an answer without a secret', (response: ServerResponse) => response.end('{"AccessKeyId":"A"}')],
    ['a broken connection', (response: ServerResponse) => response.destroy()],
    ['more than any answer', (response: ServerResponse) => response.end('x'.repeat(100_000))],
  ] as const)('tells %s by a code of ours alone', async (_, reply) => {
    answer = reply;
    const failure = await containerKeys({ kind: 'container', url }, loopbackDialer()).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ failed: { code: 'ContainerCredentials' } });
    expect(String(failure)).not.toContain('secret reason');
  });

  it('is not asked where no destination allows it', async () => {
    const dialer = createDialer({ allowed: [], clock: SAMPLE_CLOCK });
    await expect(
      containerKeys({ kind: 'container', url: 'http://169.254.170.2/v2/credentials/x' }, dialer),
    ).rejects.toMatchObject({ code: 'EGRESS_REFUSED' });
  });
});
