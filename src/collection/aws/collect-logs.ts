import type { JsonObject, TimeWindow } from '../../core/index.ts';
import { DomicileError, toInstant } from '../../core/index.ts';
import type {
  EvidenceDraft,
  EvidenceStatus,
  FlowAggregate,
  ListedLogObject,
  LogListing,
} from '../../evidence/index.ts';
import { isLogObjectOf, logDays, logLayouts, textsAt } from '../../evidence/index.ts';
import type { FlowLogLimits } from '../../scan/index.ts';
import { FLOW_KERNEL, FLOW_LOG_LIMITS, unreadObject } from '../../scan/index.ts';
import { inParallel } from '../in-parallel.ts';
import { createLimiter } from '../limiter.ts';
import { listingByKey, listingOf } from '../log-objects.ts';
import { createLogReduction, usualThreads } from '../log-reduction.ts';
import type { FailedCall } from './call-fault.ts';
import type { AwsContext } from './collect-account.ts';
import { classifySdkError } from './error-class.ts';
import type { AwsLimits } from './limits.ts';
import { AWS_LIMITS } from './limits.ts';
import { memoryOf, readLogObject } from './log-object.ts';
import { callAllPages } from './pages.ts';
import type { AwsAccess, AwsSession } from './session.ts';
import { openSession } from './session.ts';

/** One log source of the inventory, and the time it is read for. */
export interface LogReading {
  /** Gets in to the account whose flow logs these are. */
  readonly access: AwsAccess;
  readonly source: { readonly id: string; readonly bucket?: string; readonly prefix?: string };
  /** Objects that cannot hold records of it are neither listed nor read; without one, all are. */
  readonly window?: TimeWindow;
  readonly limits?: AwsLimits;
  readonly logLimits?: FlowLogLimits;
}

/**
 * Reads the flow logs of one source from its bucket: the listing (key, size, ETag), and every object of the
 * window, reduced on the way in and held against its listing.
 *
 * Never throws for what AWS does: an object that could not be read is missing from the records while the listing
 * names it, and the item says why.
 */
export async function* collectLogs(reading: LogReading, context: AwsContext): AsyncGenerator<EvidenceDraft> {
  const limits = reading.limits ?? AWS_LIMITS;
  const draft = draftsOf(reading, context);
  const { bucket } = reading.source;
  if (bucket === undefined) {
    yield* draft.unread({ status: 'absent', code: 'NoBucketInInventory' });
    return;
  }
  const signals = [
    AbortSignal.timeout(limits.runTime),
    ...(context.signal === undefined ? [] : [context.signal]),
  ];
  const signal = AbortSignal.any(signals);
  let session: AwsSession;
  try {
    session = await openSession(reading.access, { ...context, limits, signal });
  } catch (error) {
    yield* draft.unread(classifySdkError(error));
    return;
  }
  try {
    const listed = await listObjects({ session, bucket, limits }, reading);
    yield draft.listing(listed);
    yield draft.records(await readObjects({ session, bucket, limits }, listed.objects, reading, context));
  } finally {
    session.close();
  }
}

interface Bucket {
  readonly session: AwsSession;
  readonly bucket: string;
  readonly limits: AwsLimits;
}

interface Listed {
  readonly status: EvidenceStatus;
  readonly reason: string;
  readonly objects: readonly ListedLogObject[];
}

/** Lists by region and day, so that years of older logs cost nothing. */
async function listObjects(bucket: Bucket, { access, source, window }: LogReading): Promise<Listed> {
  const found: ListedLogObject[] = [];
  const list = async (prefix: string, delimiter?: string): Promise<JsonObject | FailedCall> => {
    const { status, reason, body } = await callAllPages(
      bucket.session,
      's3:ListObjectsV2',
      { bucket: bucket.bucket, prefix, ...(delimiter === undefined ? {} : { delimiter }) },
      bucket.limits.pages,
    );
    found.push(...(listingOf(body ?? {})?.objects ?? []));
    if (status === 'complete') return body ?? {};
    return { status: status === 'partial' ? 'failed' : status, code: reason };
  };

  const failures: FailedCall[] = [];
  for (const { regions, day } of logLayouts(access.account, source.prefix)) {
    const folders = await list(regions, '/');
    if ('code' in folders) {
      failures.push(folders as FailedCall);
      continue;
    }
    for (const region of textsAt(folders, 'CommonPrefixes[].Prefix')) {
      const days = window === undefined ? [''] : logDays(window).map(day);
      const answers = await Promise.all(days.map(async (one) => list(`${region}${one}`)));
      failures.push(...answers.filter((answer): answer is FailedCall => 'code' in answer));
    }
  }
  const { objects } = listingByKey(
    found.filter(({ key }) => window === undefined || isLogObjectOf(window, key)),
  );
  const [first] = failures;
  if (first !== undefined) return { status: first.status, reason: first.code, objects };
  if (objects.length === 0) return { status: 'absent', reason: 'NoLogObjects', objects };
  return { status: 'complete', reason: '', objects };
}

interface Read {
  /** `undefined` where the totals are too large to be exact, or to be held. */
  readonly aggregate: FlowAggregate | undefined;
  /** The first failure in the order of the listing. */
  readonly failed: FailedCall | undefined;
}

/** Stored bytes that may be in memory at once, whatever the objects' sizes. */
const MEMORY = 48 * 1024 * 1024;

/** After so many failures in a row the rest would fail too; each object that was not asked for stays a gap. */
const HOPELESS = 25;

async function readObjects(
  { session, bucket, limits }: Bucket,
  objects: readonly ListedLogObject[],
  { logLimits }: LogReading,
  { onCall, signal }: AwsContext,
): Promise<Read> {
  const memory = createLimiter(MEMORY);
  const reduction = createLogReduction({
    limits: logLimits ?? FLOW_LOG_LIMITS,
    threads: usualThreads(),
    expected: objects.reduce((sum, { size }) => sum + size, 0),
  });
  let done = 0;
  let row = 0;
  let failed: FailedCall | undefined;
  const readOne = async (object: ListedLogObject): Promise<void> => {
    if (row >= HOPELESS || signal?.aborted === true) return;
    const read = (): Promise<FailedCall | undefined> =>
      readLogObject({ session, bucket, limits }, object, reduction);
    const failure = await memory.run(read, memoryOf(object));
    done += 1;
    onCall?.(done, objects.length);
    if (failure === undefined) {
      row = 0;
      return;
    }
    row += 1;
    failed ??= failure;
    // An object that vanished is a gap by itself; one that is there and was changed is damage.
    if (failure.code === 'PreconditionFailed')
      reduction.note(unreadObject(object.key, 'mismatch', object.size));
  };
  try {
    await inParallel(objects, limits.concurrency['s3'] ?? limits.concurrency.other, readOne);
    if (signal?.aborted === true) failed = { status: 'cancelled', code: 'Cancelled' };
    return { aggregate: await reduction.finish(), failed };
  } catch (error) {
    if (!(error instanceof DomicileError && error.code === 'TOO_LARGE')) throw error;
    return { aggregate: undefined, failed: { status: 'failed', code: 'TooManyFlows' } };
  } finally {
    await reduction.close();
  }
}

interface LogDrafts {
  readonly unread: (failed: FailedCall) => readonly EvidenceDraft[];
  readonly listing: (listed: Listed) => EvidenceDraft;
  readonly records: (read: Read) => EvidenceDraft;
}

const CALLS = { 'flow-logs.listing': 's3:ListObjectsV2', 'flow-logs.records': 's3:GetObject' } as const;

function draftsOf({ access, source }: LogReading, { clock }: AwsContext): LogDrafts {
  const draft = (
    kind: keyof typeof CALLS,
    status: EvidenceStatus,
    reason: string,
    body: unknown,
  ): EvidenceDraft => ({
    key: {
      kind,
      partition: access.partition,
      account: '',
      region: '',
      target: source.id,
      call: CALLS[kind],
      parameters: {},
      phase: 'start',
      part: 0,
    },
    time: toInstant(clock.now()),
    status,
    reason,
    provenance: 'live',
    dropped: [],
    ...(kind === 'flow-logs.records' ? { reducedWith: { kernel: FLOW_KERNEL } } : {}),
    body,
  });
  return {
    unread: ({ status, code }) => [
      draft('flow-logs.listing', status, code, undefined),
      draft('flow-logs.records', status, code, undefined),
    ],
    listing: ({ status, reason, objects }) => {
      const body: LogListing = { schemaVersion: 1, objects };
      return draft('flow-logs.listing', status, reason, objects.length === 0 ? undefined : body);
    },
    records: ({ aggregate, failed }) =>
      draft('flow-logs.records', failed?.status ?? 'complete', failed?.code ?? '', aggregate),
  };
}
