import type { PostgresCatalog } from '../../evidence/index.ts';
import type { Dialer } from '../../net/index.ts';
import { parseConnectionUrl } from './connection-url.ts';
import { failureOf } from './failure.ts';
import { readCatalog } from './read-catalog.ts';
import { DEFAULT_LIMITS, openSession } from './session.ts';

/** What a database says before a scan: its catalogue, or why it cannot be read. */
export type DatabaseProbe =
  | { readonly status: 'ok'; readonly catalog: PostgresCatalog }
  | { readonly status: 'failed'; readonly code: string };

/**
 * Connects as a scan would and reads the catalogue only.
 *
 * @throws DomicileError `BAD_INPUT` for a malformed connection string.
 */
export async function probeDatabase(id: string, url: string, dialer: Dialer): Promise<DatabaseProbe> {
  const settings = parseConnectionUrl(url);
  try {
    const session = await openSession({
      settings,
      dialer,
      purpose: `postgres:${id}`,
      limits: { ...DEFAULT_LIMITS, statement: 30_000 },
    });
    try {
      return { status: 'ok', catalog: (await readCatalog(session, settings.tls)).catalog };
    } finally {
      await session.close();
    }
  } catch (error) {
    return { status: 'failed', code: failureOf(error).code };
  }
}
