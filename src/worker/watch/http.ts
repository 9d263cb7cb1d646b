import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DomicileError } from '../../core/index.ts';

/** How the worker is, for a load balancer or an orchestrator: codes only. */
export interface Health {
  readonly status: 'ok' | 'degraded';
  readonly reasons: readonly string[];
}

export interface WatchPages {
  readonly health: () => Health;
  readonly metrics: () => Promise<string>;
}

export interface WatchServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/**
 * Serves `/health` and `/metrics`, both without content. On the loopback address unless somebody chose another.
 *
 * @throws DomicileError `UNREACHABLE` where the port cannot be taken.
 */
export async function serveWatch(host: string, port: number, pages: WatchPages): Promise<WatchServer> {
  const server = createServer((request, response) => {
    const send = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    };
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (request.method !== 'GET') return send(405, 'text/plain', 'GET only\n');
    if (path === '/health') {
      const health = pages.health();
      return send(health.status === 'ok' ? 200 : 503, 'application/json', `${JSON.stringify(health)}\n`);
    }
    if (path !== '/metrics') return send(404, 'text/plain', '/health and /metrics\n');
    pages.metrics().then(
      (text) => send(200, 'text/plain; version=0.0.4; charset=utf-8', text),
      () => send(500, 'text/plain', 'no metrics\n'),
    );
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((ready, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      failed(
        new DomicileError('UNREACHABLE', {
          message: `expected port ${port} for health and metrics to be free, found ${error.code ?? 'FAILED'}`,
          hint: '--watch-port chooses another one, 0 any free one',
        }),
      ),
    );
    server.listen(port, host, () => ready());
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
