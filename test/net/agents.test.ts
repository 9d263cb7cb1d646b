import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, RequestOptions, Server } from 'node:http';
import { createServer, request as httpRequest } from 'node:http';
import { createServer as createTlsServer, request as httpsRequest } from 'node:https';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { createServer as createSilentServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentOptions, Dialer } from '../../src/net/index.ts';
import { createAgents, createDialer } from '../../src/net/index.ts';

const CLOCK = { now: () => Date.parse('2026-11-24T02:00:00Z') };

function dialer(addresses: readonly string[] = ['127.0.0.1']): Dialer {
  return createDialer({
    allowed: [{ id: 'loopback', to: { kind: 'loopback' } }],
    clock: CLOCK,
    resolve: async () => addresses,
  });
}

/** One request by the agents, as an SDK would make it. */
async function fetchBy(
  options: Omit<AgentOptions, 'purpose'>,
  target: RequestOptions & { readonly protocol: 'http:' | 'https:' },
): Promise<string> {
  const agents = createAgents({ ...options, purpose: 'test' });
  const [send, agent] =
    target.protocol === 'https:' ? [httpsRequest, agents.httpsAgent] : [httpRequest, agents.httpAgent];
  try {
    return await new Promise((resolve, reject) => {
      const sent = send({ ...target, agent }, (answer: IncomingMessage) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => resolve(Buffer.concat(chunks).toString()));
      });
      sent.on('error', reject).end();
    });
  } finally {
    agents.destroy();
  }
}

async function listening(server: NetServer): Promise<number> {
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', () => done());
  });
  return (server.address() as AddressInfo).port;
}

let plain: Server;
let port: number;
beforeAll(async () => {
  plain = createServer((_, response) => response.end('hello'));
  port = await listening(plain);
});
afterAll(() => plain.close());

describe('the agents of an HTTP client', () => {
  it('take their connections from the dialer, which records them', async () => {
    const used = dialer();
    expect(await fetchBy({ dialer: used }, { protocol: 'http:', host: 'ec2.example', port })).toBe('hello');
    expect(used.log().connections).toMatchObject([
      { purpose: 'test', host: 'ec2.example', address: '127.0.0.1', outcome: 'connected' },
    ]);
  });

  it('have no other way out', async () => {
    const used = dialer(['192.0.2.7']);
    await expect(
      fetchBy({ dialer: used }, { protocol: 'http:', host: 'ec2.example', port }),
    ).rejects.toMatchObject({
      code: 'EGRESS_REFUSED',
    });
    expect(used.log().connections).toMatchObject([{ decision: 'refused', outcome: 'not-dialled' }]);
  });

  it('tell a server that speaks no TLS by the code of the failure', async () => {
    const failure = fetchBy({ dialer: dialer() }, { protocol: 'https:', host: 'ec2.example', port });
    await expect(failure).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:EPROTO|ERR_SSL_)/) as string,
    });
  });

  it('give a handshake that never ends up', async () => {
    const silent = createSilentServer(() => undefined);
    const options = { dialer: dialer(), handshake: 200 };
    const failure = fetchBy(options, {
      protocol: 'https:',
      host: 'ec2.example',
      port: await listening(silent),
    });
    await expect(failure).rejects.toMatchObject({ code: 'UNREACHABLE' });
    silent.close();
  });
});

describe('TLS on a dialled connection', () => {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-tls-'));
  const hasOpenssl = spawnSync('openssl', ['version']).error === undefined;
  let server: Server | undefined;
  let certificate = '';
  let tlsPort = 0;
  let askedName: string | false | null | undefined;

  beforeAll(async () => {
    if (!hasOpenssl) return;
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=ec2.example', '-addext', 'subjectAltName=DNS:ec2.example'];
    const options = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    execFileSync('openssl', ['req', ...options, '-keyout', key, '-out', cert, ...subject], {
      stdio: 'ignore',
    });
    certificate = readFileSync(cert, 'utf8');
    const tls = createTlsServer({ key: readFileSync(key), cert: certificate }, (_, response) =>
      response.end('sealed'),
    );
    tls.on('secureConnection', (socket) => {
      askedName = socket.servername;
    });
    tlsPort = await listening(tls);
    server = tls;
  });
  afterAll(() => {
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.skipIf(!hasOpenssl)(
    'asks for the name that was meant, not for the address that was dialled',
    async () => {
      const options = { dialer: dialer(), certificates: certificate };
      expect(await fetchBy(options, { protocol: 'https:', host: 'ec2.example', port: tlsPort })).toBe(
        'sealed',
      );
      expect(askedName).toBe('ec2.example');
    },
  );

  it.skipIf(!hasOpenssl)('refuses a certificate that nobody trusts, and one of another name', async () => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      await expect(
        fetchBy({ dialer: dialer() }, { protocol: 'https:', host: 'ec2.example', port: tlsPort }),
      ).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
      await expect(
        fetchBy(
          { dialer: dialer(), certificates: certificate },
          { protocol: 'https:', host: 'rds.example', port: tlsPort },
        ),
      ).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
  });
});
