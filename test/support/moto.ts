import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';

// A second opinion on the wire: another project's server, filled through its own API, must look the same to us.
export const HAS_MOTO = spawnSync('moto_server', ['--help']).error === undefined;
if (!HAS_MOTO) console.log('skipped: moto_server is not installed (PyPI moto[server,all])');

/** A running moto server. */
export interface Moto {
  readonly url: string;
  readonly stop: () => void;
}

export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (
      await fetch(`${url}/moto-api/`).then(
        () => true,
        () => false,
      )
    )
      return { url, stop: () => void server.kill() };
    await new Promise((done) => setTimeout(done, 200));
  }
  server.kill();
  throw new Error('expected moto_server to start');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
