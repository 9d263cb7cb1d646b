import { to as copyTo } from 'pg-copy-streams';
import { parseConnectionUrl } from '../../src/collection/database/connection-url.ts';
import { DEFAULT_LIMITS, openSession } from '../../src/collection/database/session.ts';
import { createDialer } from '../../src/net/index.ts';

/** The floor under every reader of a table: the same session, COPY, and the bytes are only counted. Usage: drain-copy.ts URL TABLE. */
const [url = '', table = ''] = process.argv.slice(2);
const dialer = createDialer({
  allowed: [{ id: 'loopback', to: { kind: 'loopback' } }],
  clock: { now: () => Date.now() },
});
const session = await openSession({
  settings: parseConnectionUrl(url),
  dialer,
  purpose: 'bench',
  limits: DEFAULT_LIMITS,
});
let bytes = 0;
const stream = session.client.query(copyTo(`COPY (SELECT ctid, * FROM ONLY public.${table}) TO STDOUT`));
for await (const chunk of stream) bytes += (chunk as Buffer).length;
await session.close();
console.log(bytes);
