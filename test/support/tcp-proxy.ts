import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** How a proxy ends a connection once the server has sent so many bytes. */
export interface Cut {
  /** Bytes from the server that still pass. */
  readonly after: number;
  /** `close`: an orderly end. `reset`: the connection breaks. `stall`: nothing more comes, for ever. */
  readonly how: 'close' | 'reset' | 'stall';
}

/** A proxy on the loopback address that hears what the client says and can fail in the server's name. */
export interface TcpProxy {
  readonly port: number;
  /** Everything that clients sent so far. */
  readonly heard: () => Buffer;
  readonly stop: () => Promise<void>;
}

export async function startProxy(target: number, cut?: Cut): Promise<TcpProxy> {
  const heard: Buffer[] = [];
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    let passed = 0;
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => open.delete(socket));
    }
    client.on('data', (chunk) => {
      heard.push(chunk);
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      const left = cut === undefined ? chunk.length : Math.max(0, cut.after - passed);
      passed += chunk.length;
      if (left > 0) client.write(chunk.subarray(0, left));
      if (left >= chunk.length || cut === undefined || cut.how === 'stall') return;
      if (cut.how === 'close') client.end();
      else client.resetAndDestroy();
      upstream.destroy();
    });
    client.on('end', () => upstream.end());
    upstream.on('end', () => client.end());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    heard: () => Buffer.concat(heard),
    stop: () =>
      new Promise((done) => {
        for (const socket of open) socket.destroy();
        server.close(() => done());
      }),
  };
}
