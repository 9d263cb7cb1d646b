import type { Clock } from '../../core/index.ts';
import { toInstant } from '../../core/index.ts';
import type { DataMap, EvidenceDraft, PostgresKind, Provenance } from '../../evidence/index.ts';
import { contentReducedWith } from '../../evidence/index.ts';
import type { Dialer } from '../../net/index.ts';
import { parseConnectionUrl } from './connection-url.ts';
import { failureOf } from './failure.ts';
import { readCatalog } from './read-catalog.ts';
import { readTables } from './read-tables.ts';
import type { Session, SessionLimits } from './session.ts';
import { DEFAULT_LIMITS, openSession } from './session.ts';

/** A database to read. `url` holds a secret. */
export interface DatabaseTarget {
  /** Inventory id. */
  readonly id: string;
  readonly url: string;
  readonly dataMap: DataMap;
  /** PEM certificates to trust instead of the system's. */
  readonly certificates?: string;
}

export interface DatabaseCollection {
  readonly dialer: Dialer;
  readonly clock: Clock;
  readonly provenance?: Provenance;
  readonly limits?: Partial<SessionLimits>;
  readonly signal?: AbortSignal;
}

/**
 * Reads one Postgres database into its two evidence items, `postgres.catalog` and `postgres.content`.
 *
 * Guarantees: connects through the dialer only; one read-only transaction with one snapshot; values are reduced
 * on the way in, none is kept; what could not be read is an item, or a table in an item, with a status and an
 * error code. Never throws for what the database does.
 *
 * @throws DomicileError `BAD_INPUT` for a malformed connection string.
 */
export async function collectDatabase(
  target: DatabaseTarget,
  collection: DatabaseCollection,
): Promise<readonly EvidenceDraft[]> {
  const settings = parseConnectionUrl(target.url);
  const draft = draftsOf(target, collection);
  let session: Session;
  try {
    session = await openSession({
      settings,
      dialer: collection.dialer,
      purpose: `postgres:${target.id}`,
      limits: { ...DEFAULT_LIMITS, ...collection.limits },
      ...(target.certificates === undefined ? {} : { certificates: target.certificates }),
      ...(collection.signal === undefined ? {} : { signal: collection.signal }),
    });
  } catch (error) {
    const { status, code } = failureOf(error);
    return [draft('postgres.catalog', status, code), draft('postgres.content', status, code)];
  }
  try {
    return await readDatabase(session, settings.tls, target.dataMap, draft);
  } finally {
    await session.close();
  }
}

/** The two evidence items of a database that nobody could try to read. */
export function unreadDatabase(id: string, code: string, clock: Clock): readonly EvidenceDraft[] {
  return (['postgres.catalog', 'postgres.content'] as const).map((kind) => ({
    key: databaseKey(kind, id),
    time: toInstant(clock.now()),
    status: 'absent',
    reason: code,
    provenance: 'live',
    dropped: [],
    body: undefined,
  }));
}

function databaseKey(kind: PostgresKind, target: string): EvidenceDraft['key'] {
  return {
    kind,
    partition: '',
    account: '',
    region: '',
    target,
    call: CALLS[kind],
    parameters: {},
    phase: 'start',
    part: 0,
  };
}

type MakeDraft = (
  kind: PostgresKind,
  status: EvidenceDraft['status'],
  code: string,
  body?: unknown,
) => EvidenceDraft;

async function readDatabase(
  session: Session,
  tls: boolean,
  map: DataMap,
  draft: MakeDraft,
): Promise<readonly EvidenceDraft[]> {
  try {
    const reading = await readCatalog(session, tls);
    const content = await readTables(session, reading, map);
    const gap = content.tables.find(({ status }) => status !== 'complete');
    return [
      draft('postgres.catalog', 'complete', '', reading.catalog),
      draft('postgres.content', gap === undefined ? 'complete' : 'partial', gap?.code ?? '', content),
    ];
  } catch (error) {
    const { status, code } = failureOf(error);
    return [draft('postgres.catalog', status, code), draft('postgres.content', status, code)];
  }
}

const CALLS: Readonly<Record<PostgresKind, string>> = {
  'postgres.catalog': 'postgres:ReadCatalog',
  'postgres.content': 'postgres:ReadTables',
};

function draftsOf(target: DatabaseTarget, { clock, provenance }: DatabaseCollection): MakeDraft {
  return (kind, status, code, body) => ({
    key: databaseKey(kind, target.id),
    time: toInstant(clock.now()),
    status,
    reason: code,
    provenance: provenance ?? 'live',
    dropped: [],
    ...(kind === 'postgres.content' ? { reducedWith: contentReducedWith(target.dataMap) } : {}),
    body,
  });
}
