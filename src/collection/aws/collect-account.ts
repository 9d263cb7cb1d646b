import type { Clock, JsonObject } from '../../core/index.ts';
import { toInstant } from '../../core/index.ts';
import type { EvidenceDraft, EvidenceKind, FanOut, Phase, SharedCall } from '../../evidence/index.ts';
import { KINDS, sharedCalls, textsAt, withOrigins } from '../../evidence/index.ts';
import type { Dialer } from '../../net/index.ts';
import { readAnswer } from '../answer.ts';
import type { FailedCall } from './call-fault.ts';
import { createChannel } from './channel.ts';
import { classifySdkError, inPartition } from './error-class.ts';
import type { AwsLimits } from './limits.ts';
import { AWS_LIMITS } from './limits.ts';
import type { PagedAnswer } from './pages.ts';
import { callAllPages } from './pages.ts';
import type { AwsAccess, AwsSession, Parameters } from './session.ts';
import { openSession } from './session.ts';

/** What to read of one account in one region. */
export interface AccountReading {
  readonly access: AwsAccess;
  readonly kinds: readonly EvidenceKind[];
  readonly phase: Phase;
  readonly limits?: AwsLimits;
}

export interface AwsContext {
  readonly dialer: Dialer;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** Calls that ended, of those known so far. */
  readonly onCall?: (done: number, known: number) => void;
}

/**
 * Reads one account in one region: every call of the kinds, all pages, and one call for each id that a listing
 * named. Children start as soon as what lists them is there.
 *
 * Guarantees: every connection goes through the dialer; only read-only calls are sent; of each answer only the
 * allow-listed projection is kept; each call becomes an item, also one that was denied, throttled, cut or never
 * answered. Never throws for what AWS does.
 */
export async function* collectAccount(
  reading: AccountReading,
  context: AwsContext,
): AsyncGenerator<EvidenceDraft> {
  const limits = reading.limits ?? AWS_LIMITS;
  const calls = sharedCalls(withOrigins(reading.kinds));
  const toDrafts = draftsOf(reading, context);
  const signals = [
    AbortSignal.timeout(limits.runTime),
    ...(context.signal === undefined ? [] : [context.signal]),
  ];
  let session: AwsSession;
  try {
    session = await openSession(reading.access, { ...context, limits, signal: AbortSignal.any(signals) });
  } catch (error) {
    const failed = failureOf(error, context.signal);
    for (const call of listings(calls)) yield* toDrafts(call, {}, unanswered(failed));
    return;
  }

  const drafts = createChannel<EvidenceDraft>();
  const run = createRun(
    { session, partition: reading.access.partition, limits, context },
    calls,
    (call, asked, answer) => {
      for (const draft of toDrafts(call, asked, answer)) drafts.push(draft);
    },
  );
  const done = Promise.all(calls.map(async ({ call }) => run(call))).then(drafts.close, drafts.fail);
  try {
    yield* drafts.items();
    await done;
  } finally {
    session.close();
  }
}

/** Calls without a listing above them: what is asked first, and what is told where nothing could be asked. */
function listings(calls: readonly SharedCall[]): readonly SharedCall[] {
  return calls.filter(({ forEach }) => forEach.length === 0);
}

function unanswered({ status, code }: FailedCall): PagedAnswer {
  return { status, reason: code, body: undefined };
}

/** One answer with the parameters that its evidence key names. */
interface Answered {
  readonly asked: Readonly<Record<string, string>>;
  readonly body: JsonObject | undefined;
}

interface Running {
  readonly session: AwsSession;
  readonly partition: string;
  readonly limits: AwsLimits;
  readonly context: AwsContext;
}

type Report = (call: SharedCall, asked: Answered['asked'], answer: PagedAnswer) => void;

/** Makes each call once, after those that list its ids; the promise of a call is shared by all who wait for it. */
function createRun(
  { session, partition, limits, context }: Running,
  calls: readonly SharedCall[],
  report: Report,
): (call: string) => Promise<readonly Answered[]> {
  const byName = new Map(calls.map((call) => [call.call, call]));
  const promises = new Map<string, Promise<readonly Answered[]>>();
  let known = 0;
  let ended = 0;

  const ask = async (call: SharedCall, { asked, parameters }: Request): Promise<Answered> => {
    const input = { ...parameters, ...call.uses[0]?.spec.fixed?.input };
    const answer = await callAllPages(session, call.call, input, limits.pages);
    const told =
      context.signal?.aborted === true && answer.status === 'timeout'
        ? { ...answer, status: 'cancelled' as const, reason: 'Cancelled' }
        : toldByEndpoint(answer, partition, call);
    report(call, asked, told);
    ended += 1;
    context.onCall?.(ended, known);
    return { asked, body: told.body };
  };
  const make = async (name: string): Promise<readonly Answered[]> => {
    const call = byName.get(name);
    if (call === undefined) return [];
    const requests =
      call.forEach.length === 0
        ? [LISTING]
        : requestsFor(
            await Promise.all(
              call.forEach.map(async (origin) => ({ origin, parents: await run(origin.from) })),
            ),
          );
    known += requests.length;
    return Promise.all(requests.map(async (request) => ask(call, request)));
  };
  const run = (name: string): Promise<readonly Answered[]> => {
    const promise = promises.get(name) ?? make(name);
    promises.set(name, promise);
    return promise;
  };
  return run;
}

interface Request {
  readonly asked: Answered['asked'];
  readonly parameters: Parameters;
}

const LISTING: Request = { asked: {}, parameters: {} };

/** One request for each id, or batch of ids, that the origins listed; an id listed twice is asked for once. */
function requestsFor(
  origins: readonly { readonly origin: FanOut; readonly parents: readonly Answered[] }[],
): readonly Request[] {
  const requests = origins.flatMap(({ origin, parents }) => {
    const groups = Map.groupBy(parents, ({ asked }) => asked[origin.carries ?? ''] ?? '');
    return [...groups].flatMap(([carried, own]) => {
      const ids = [...new Set(own.flatMap(({ body }) => textsAt(body, origin.ids)))];
      const extra = origin.carries === undefined ? {} : { [origin.carries]: carried };
      return batches(ids, origin.batch ?? 1).map(
        (batch): Request => ({
          asked: { [origin.parameter]: batch.join(' ') },
          parameters: { ...extra, [origin.parameter]: origin.batch === undefined ? batch.join(' ') : batch },
        }),
      );
    });
  });
  return [...new Map(requests.map((request) => [JSON.stringify(request.asked), request])).values()];
}

function batches(ids: readonly string[], size: number): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, index) =>
    ids.slice(index * size, (index + 1) * size),
  );
}

/** The items of an answer: one for each kind that uses the call, each with its own projection. */
function draftsOf(
  { access, phase }: AccountReading,
  { clock }: AwsContext,
): (call: SharedCall, asked: Answered['asked'], answer: PagedAnswer) => readonly EvidenceDraft[] {
  return ({ uses }, asked, { status, reason, body, isNone, requestId }) =>
    uses.map(({ kind, spec }): EvidenceDraft => {
      const read =
        body === undefined || isNone === true
          ? { status, reason, dropped: [], body }
          : readAnswer(spec, body);
      return {
        key: {
          kind,
          partition: access.partition,
          account: access.account,
          region: access.region,
          target: '',
          call: spec.call,
          parameters: asked,
          phase,
          part: 0,
        },
        time: toInstant(clock.now()),
        provenance: 'live',
        ...(requestId === undefined ? {} : { requestId }),
        ...read,
        // Pages that came before a failure are kept for their findings; the item says that they are not all.
        ...(status === 'complete' ? {} : { status, reason }),
      };
    });
}

/** Of a service that the partition does not have, what its missing endpoint says. Only of a call that was made. */
function toldByEndpoint(answer: PagedAnswer, partition: string, { uses }: SharedCall): PagedAnswer {
  if (answer.status === 'complete' || answer.status === 'partial') return answer;
  const absentFrom = KINDS.get(uses[0]?.kind ?? 'run.clock')?.absentFrom;
  const { status, code } = inPartition({ status: answer.status, code: answer.reason }, partition, absentFrom);
  return { ...answer, status, reason: code };
}

function failureOf(error: unknown, signal: AbortSignal | undefined): FailedCall {
  return signal?.aborted === true ? { status: 'cancelled', code: 'Cancelled' } : classifySdkError(error);
}
