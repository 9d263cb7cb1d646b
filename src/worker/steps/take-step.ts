import type { BegunRun, EvidenceSource, RunSite, Workplace } from '../../audit/index.ts';
import {
  beginRun,
  collectSource,
  dueRun,
  endRun,
  finishRun,
  joinRun,
  readHistory,
  scopeOf,
  writeReportIndex,
} from '../../audit/index.ts';
import { DomicileError, parseInstant, unreachable } from '../../core/index.ts';
import type { CollectionTally, StepOutcome, StepReason } from '../step.ts';
import { partsOfRunId, reasonOf } from '../step.ts';

/** What a thread is asked to do. */
export type StepOrder =
  /** Asks for which of many deployments something is due; nothing is begun. */
  | { readonly step: 'look'; readonly deployments: readonly string[] }
  | { readonly step: 'due'; readonly deployment: string }
  | {
      readonly step: 'begin';
      readonly deployment: string;
      readonly slot: string;
      readonly missed: readonly string[];
    }
  | { readonly step: 'collect'; readonly runId: string; readonly shard: string; readonly last: boolean }
  | { readonly step: 'finish'; readonly runId: string; readonly last: boolean }
  /** Lists every report anew in the folder's page. */
  | { readonly step: 'index' }
  /** Ends a run that cannot be finished. */
  | { readonly step: 'end'; readonly runId: string; readonly why: StepReason };

/** How long a run of other inputs is left to the workers that began it; then it is ended, so that the next can begin. */
const PATIENCE_MS = 10 * 60_000;

/** Codes that no later try changes. */
const FINAL: ReadonlySet<StepReason> = new Set([
  'USAGE',
  'BAD_INPUT',
  'NOT_FOUND',
  'TOO_LARGE',
  'DIGEST_MISMATCH',
  'UNDECLARED_EVIDENCE',
  'EGRESS_REFUSED',
]);

/**
 * Takes one step of a run, whichever process began it. Never throws: what went wrong is part of the outcome, as a
 * code. A step taken twice has the effect of one.
 */
export async function takeStep(
  place: Workplace,
  order: StepOrder,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const site: RunSite = { ...place.site, shared: true, signal };
  try {
    switch (order.step) {
      case 'look':
        return await look(site, order.deployments);
      case 'due':
        return await lookUpDue(site, order.deployment);
      case 'begin':
        return await begin(place, site, order);
      case 'collect':
        return await collect(place, site, order);
      case 'finish':
        return await finish(place, site, order);
      case 'index':
        await writeReportIndex(site.root);
        return { kind: 'done', why: 'DONE' };
      case 'end':
        return await end(site, order.runId, order.why);
      default:
        return unreachable(order);
    }
  } catch (error) {
    return { kind: 'retry', why: signal.aborted ? 'CANCELLED' : reasonOf(error) };
  }
}

async function lookUpDue(site: RunSite, deployment: string): Promise<StepOutcome> {
  const { schedule } = scopeOf(site.project, deployment).deployment;
  const due = dueRun(schedule, await readHistory(site.root, deployment), site.clock.now());
  switch (due.kind) {
    case 'none':
      return { kind: 'done', why: 'NOTHING_DUE' };
    case 'clock-behind':
      return { kind: 'done', why: 'CLOCK_OFF' };
    case 'resume':
      return { kind: 'open', runId: due.runId, slot: due.slot, begun: due.begun };
    case 'begin':
      return { kind: 'due', slot: due.slot, missed: due.missed };
    default:
      return unreachable(due);
  }
}

async function look(site: RunSite, deployments: readonly string[]): Promise<StepOutcome> {
  const [due, behind]: [string[], string[]] = [[], []];
  for (const deployment of deployments) {
    if (site.signal?.aborted === true) break;
    const found = await lookUpDue(site, deployment).catch(() => undefined);
    // A ledger that cannot be read is looked at again as a step of its own, which says why.
    if (found === undefined || found.kind !== 'done') due.push(deployment);
    else if (found.why === 'CLOCK_OFF') behind.push(deployment);
  }
  return { kind: 'looked', due, behind };
}

async function begin(
  place: Workplace,
  site: RunSite,
  { deployment, slot, missed }: Extract<StepOrder, { step: 'begin' }>,
): Promise<StepOutcome> {
  const runId = `${deployment}-${slot.replaceAll(/[:-]/g, '')}`;
  try {
    const sources = await place.sources(deployment);
    const ids = (atEnd: boolean): readonly string[] =>
      sources.filter((source) => (source.atEnd ?? false) === atEnd).map(({ id }) => id);
    const request = { deployment, slot, runBy: place.runBy, marks: await place.marks(deployment) };
    const run = await beginRun(site, request);
    if (run.finished !== undefined) {
      await run.lease.release();
      return reported(run, false);
    }
    return { kind: 'begun', runId: run.runId, sources: ids(false), ends: ids(true), missed };
  } catch (error) {
    return afterFailure(site, runId, error, { last: false, signal: site.signal });
  }
}

async function collect(
  place: Workplace,
  site: RunSite,
  { runId, shard, last }: Extract<StepOrder, { step: 'collect' }>,
): Promise<StepOutcome> {
  try {
    const run = await joined(site, runId);
    if (run === undefined || run.finished !== undefined) return { kind: 'done', why: 'RUN_ENDED' };
    const source = (await place.sources(run.deployment)).find(({ id }) => id === shard);
    if (source === undefined) throw new DomicileError('OTHER_INPUTS', 'expected a source that is known here');
    const { counted, tally } = counting(source);
    await collectSource(site, run, counted);
    return { kind: 'done', why: 'DONE', tally: tally() };
  } catch (error) {
    return afterFailure(site, runId, error, { last, signal: site.signal });
  }
}

async function finish(
  place: Workplace,
  site: RunSite,
  { runId, last }: Extract<StepOrder, { step: 'finish' }>,
): Promise<StepOutcome> {
  try {
    const run = await joined(site, runId);
    if (run === undefined) return { kind: 'done', why: 'RUN_ENDED' };
    if (run.finished !== undefined) return reported(run, false);
    const sources = (await place.sources(run.deployment)).map(({ id }) => id);
    const finished = await finishRun(site, run, sources, place.signer);
    await run.lease.release();
    return reported({ ...run, finished }, true);
  } catch (error) {
    return afterFailure(site, runId, error, { last, signal: site.signal });
  }
}

/** The run, or undefined where it was ended meanwhile. */
async function joined(site: RunSite, runId: string): Promise<BegunRun | undefined> {
  try {
    return await joinRun(site, partsOfRunId(runId).deployment, runId);
  } catch (error) {
    if (error instanceof DomicileError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

function reported({ deployment, finished }: BegunRun, fresh: boolean): StepOutcome {
  if (finished === undefined) return unreachableRun();
  const { result } = finished;
  return {
    kind: 'reported',
    verdict: result.verdict,
    report: `${deployment}/${result.run.sequence}-${result.run.id}`,
    fresh,
  };
}

function unreachableRun(): never {
  throw new DomicileError('INTERNAL', 'expected a finished run');
}

async function afterFailure(
  site: RunSite,
  runId: string,
  error: unknown,
  { last, signal }: { readonly last: boolean; readonly signal: AbortSignal | undefined },
): Promise<StepOutcome> {
  const why = signal?.aborted === true ? 'CANCELLED' : reasonOf(error);
  if (why === 'CANCELLED') return { kind: 'later', why };
  // Another worker may have finished while this one failed over what it had moved away.
  if (await hasReport(site, runId)) return { kind: 'done', why: 'RUN_ENDED' };
  if (why === 'BUSY') return { kind: 'later', why };
  if (why === 'OTHER_INPUTS') {
    if (await isYoung(site, runId)) return { kind: 'later', why };
    return end(site, runId, why);
  }
  if (last || FINAL.has(why)) return end(site, runId, why);
  return { kind: 'retry', why };
}

async function end(site: RunSite, runId: string, why: StepReason): Promise<StepOutcome> {
  const { deployment, slot } = partsOfRunId(runId);
  await endRun(site, { deployment, runId, slot }, why);
  return { kind: 'aborted', runId, why };
}

async function hasReport(site: RunSite, runId: string): Promise<boolean> {
  const { reports } = await readHistory(site.root, partsOfRunId(runId).deployment);
  return reports.some((report) => report.runId === runId);
}

async function isYoung(site: RunSite, runId: string): Promise<boolean> {
  const { runs } = await readHistory(site.root, partsOfRunId(runId).deployment);
  const first = runs.findLast((entry) => entry.type === 'started' && entry.runId === runId);
  return first !== undefined && site.clock.now() - parseInstant(first.at) < PATIENCE_MS;
}

/** The same source, with a count of what passes. */
function counting(source: EvidenceSource): {
  readonly counted: EvidenceSource;
  readonly tally: () => CollectionTally;
} {
  let [calls, throttled, bytes] = [0, 0, 0];
  const counted: EvidenceSource = {
    ...source,
    collect: async function* (context) {
      for await (const draft of source.collect(context)) {
        calls += 1;
        if (draft.status === 'throttled') throttled += 1;
        yield draft;
      }
      for (const { bytesReceived } of context.dialer.log().connections) bytes += bytesReceived;
    },
  };
  return { counted, tally: () => ({ calls, throttled, bytes }) };
}
