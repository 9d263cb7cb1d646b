import type { Signer } from '../attestation/index.ts';
import { RESULT_FILE, STATEMENT_FILE } from '../attestation/index.ts';
import type { Clock, TimeWindow } from '../core/index.ts';
import { DomicileError, sha256Hex, toInstant } from '../core/index.ts';
import type { EvidenceDraft, EvidenceStore } from '../evidence/index.ts';
import { loadEvidence } from '../evidence/index.ts';
import type { Policy, Result } from '../policy/index.ts';
import type {
  ChainEntry,
  Lease,
  LeaseRequest,
  Ledger,
  ReportDraft,
  RunFolder,
  RunHistory,
} from '../storage/index.ts';
import {
  acquireLease,
  currentLease,
  discardOtherRuns,
  openEvidenceDirectory,
  openLedger,
  openReport,
  openRunFolder,
} from '../storage/index.ts';
import { openEnvelope } from '../verification/index.ts';
import { attestReport, reportName } from './attest-report.ts';
import { auditorPlaceDraft } from './auditor-facts.ts';
import { unfinishedRuns } from './due-run.ts';
import { evaluateEvidence } from './evaluate-evidence.ts';
import type { EvidenceSource, Progress } from './evidence-source.ts';
import { readSource } from './evidence-source.ts';
import type { RunRequest } from './plan-run.ts';
import { planRun, runIdOf } from './plan-run.ts';
import type { Project } from './project.ts';
import { scopeOf } from './project.ts';
import { readRunInputs, runInputDrafts } from './run-inputs.ts';
import { hasSameInputs } from './same-inputs.ts';
import { storedResult } from './stored-result.ts';

/** Where a run works and with what; the same for every step, in whichever process. */
export interface RunSite {
  /** The folder of all reports. */
  readonly root: string;
  readonly project: Project;
  readonly clock: Clock;
  readonly toolVersion: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Whether other processes take steps of the same runs, as workers do. */
  readonly shared?: boolean;
}

/** A run that was begun, or that was found finished. */
export interface BegunRun {
  readonly runId: string;
  readonly deployment: string;
  readonly lease: Lease;
  /** Present where this run has its report already. */
  readonly finished?: AuditOutcome;
}

/** What a run leaves behind. */
export interface AuditOutcome {
  readonly result: Result;
  /** The stored report's folder. */
  readonly folder: string;
}

/** The shard that holds what the verdict depends on besides the audited systems. */
const RUN_SHARD = 'run';

/**
 * Takes the lease, leaves the trace that a run was started, and fixes its inputs. A run that was begun before
 * goes on with the inputs that it had; runs of the deployment that were left behind end here.
 *
 * @throws DomicileError `BUSY` where another run holds the lease, `OTHER_INPUTS` where workers share the run and
 * began it with another version or inventory, `USAGE` for a slot that is none.
 */
export async function beginRun(site: RunSite, request: RunRequest): Promise<BegunRun> {
  const startedAt = toInstant(site.clock.now());
  const runId = runIdOf(request, startedAt);
  const { deployment } = request;
  const lease = await acquireLease(site.root, deployment, leaseRequest(site, runId), site.clock);
  try {
    const ledger = openLedger(site.root, deployment);
    await publishLeftOver(site, deployment, ledger);
    const history = await ledger.history();
    const begun = { runId, deployment, lease };
    const finished = await finishedRun(site, begun, history);
    if (finished !== undefined) return { ...begun, finished };
    for (const left of unfinishedRuns(history)) {
      if (left.runId !== runId)
        await ledger.append({ type: 'aborted', runId: left.runId, at: startedAt, why: 'INTERRUPTED' });
    }
    await discardOtherRuns(site.root, deployment, runId);

    const { sealed, store } = await openRunFolder(site.root, deployment, runId).shard(RUN_SHARD);
    if (!sealed) await fixInputs(site, request, { startedAt, history, ledger, store });
    else if (await hasSameInputs(site, deployment, store))
      await ledger.append({ type: 'started', runId, slot: slotOf(request), at: startedAt });
    else if (lease.shared) throw otherInputs(runId);
    else {
      // Nobody works on it any more, and nobody could finish it: it begins anew, which the ledger shows.
      await abortRun(site, begun, otherInputs(runId));
      const { store: fresh } = await openRunFolder(site.root, deployment, runId).shard(RUN_SHARD);
      await fixInputs(site, request, { startedAt, history: await ledger.history(), ledger, store: fresh });
    }
    return begun;
  } catch (error) {
    await lease.release();
    throw error;
  }
}

function slotOf({ slot, window }: RunRequest): string | null {
  return window === undefined ? (slot ?? null) : null;
}

interface Beginning {
  readonly startedAt: string;
  readonly history: RunHistory;
  readonly ledger: Ledger;
  readonly store: EvidenceStore;
}

async function fixInputs(
  site: RunSite,
  request: RunRequest,
  { startedAt, history, ledger, store }: Beginning,
): Promise<void> {
  const scope = scopeOf(site.project, request.deployment);
  const previousPolicies = await policiesOf(site, request.deployment, history.reports.at(-1));
  const inputs = planRun(site.project, scope, request, { history, previousPolicies }, site);
  await ledger.append({ type: 'started', runId: inputs.facts.runId, slot: inputs.facts.slot, at: startedAt });
  for (const draft of runInputDrafts(inputs)) await store.put(draft);
  await store.put(auditorPlaceDraft(scope.deployment, startedAt));
  await store.seal();
}

/**
 * Joins a run that another process began.
 *
 * @throws DomicileError `NOT_FOUND` where nobody did, or where it was ended; `OTHER_INPUTS` where it began with
 * another version of the tool or another inventory; `BUSY` where another run took over.
 */
export async function joinRun(site: RunSite, deployment: string, runId: string): Promise<BegunRun> {
  const { sealed, store } = await openRunFolder(site.root, deployment, runId).shard(RUN_SHARD);
  if (!sealed) {
    const history = await openLedger(site.root, deployment).history();
    const lease = { fence: 0, shared: true, renew: async () => undefined, release: async () => undefined };
    const finished = await finishedRun(site, { runId, deployment, lease }, history);
    if (finished !== undefined) return { runId, deployment, lease, finished };
    throw new DomicileError('NOT_FOUND', {
      message: `expected run ${runId} to have begun, found no trace of its inputs`,
      hint: 'it was ended meanwhile; its slot stands as aborted in the next report',
    });
  }
  if (!(await hasSameInputs(site, deployment, store))) throw otherInputs(runId);
  const lease = await acquireLease(site.root, deployment, leaseRequest(site, runId), site.clock);
  return { runId, deployment, lease };
}

function leaseRequest({ shared = false }: RunSite, runId: string): LeaseRequest {
  return { runId, shared };
}

function otherInputs(runId: string): DomicileError {
  return new DomicileError('OTHER_INPUTS', {
    message: `expected run ${runId} to have begun with this version, inventory, policies and data sets, found others`,
    hint: 'a worker like the one that began it finishes it; else it is ended, and the next run joins its window',
  });
}

/** Reads one source into its shard. Done once, it is not done again. */
export async function collectSource(site: RunSite, run: BegunRun, source: EvidenceSource): Promise<void> {
  await run.lease.renew();
  const folder = openRunFolder(site.root, run.deployment, run.runId);
  const { sealed, store } = await folder.shard(source.id);
  if (sealed) return;
  const begun = await folder.shard(RUN_SHARD);
  const { window } = readRunInputs(await loadEvidence(begun.store)).facts;
  for await (const draft of drafts(site, source, window)) {
    site.signal?.throwIfAborted();
    await store.put(draft);
  }
  await store.seal();
}

function drafts(site: RunSite, source: EvidenceSource, window: TimeWindow): AsyncIterable<EvidenceDraft> {
  const { clock, signal, onProgress } = site;
  return readSource(source, {
    locator: site.project.locator,
    clock,
    window,
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
}

/** Evaluates what was collected, signs it, and makes the report the next of its chain. Done twice it is done once. */
export async function finishRun(
  site: RunSite,
  run: BegunRun,
  sources: readonly string[],
  signer: Signer,
): Promise<AuditOutcome> {
  const folder = openRunFolder(site.root, run.deployment, run.runId);
  const ledger = openLedger(site.root, run.deployment);
  if (!(await folder.hasReport())) await writeReport(site, folder.draft(), sources, signer);
  const result = JSON.parse(new TextDecoder().decode(await folder.read(RESULT_FILE))) as Result;
  const statement = await statementDigest(folder);
  site.signal?.throwIfAborted();
  await run.lease.renew();
  const history = await ledger.history();
  if (history.reports.at(-1)?.runId !== run.runId) await ledger.advance(chainEntry(site, result, statement));
  return { result, folder: await folder.publish(reportName(result)) };
}

async function writeReport(
  site: RunSite,
  draft: ReportDraft,
  sources: readonly string[],
  signer: Signer,
): Promise<void> {
  const evidence = await draft.gather([RUN_SHARD, ...sources]);
  const manifest = await evidence.manifest();
  const result = evaluateEvidence(await loadEvidence(evidence), site.project);
  if (signer.demo && !result.marks.includes('demo-key')) {
    throw new DomicileError('OTHER_INPUTS', 'expected the key that the run began with, found a demo key');
  }
  await attestReport(draft, result, manifest, signer);
  await draft.complete();
}

/** Of the report that stands, which another worker may have written. */
async function statementDigest(folder: RunFolder): Promise<string> {
  const envelope = openEnvelope(await folder.read(STATEMENT_FILE));
  if (typeof envelope === 'string')
    throw new DomicileError('DIGEST_MISMATCH', `expected the run's own statement: ${envelope}`);
  return sha256Hex(envelope.payload);
}

/** Ends a run by an error: the ledger says so, and the next report counts it. A finished run stays finished. */
export async function abortRun(
  site: RunSite,
  run: Pick<BegunRun, 'runId' | 'deployment'>,
  error: unknown,
): Promise<void> {
  const code = error instanceof DomicileError ? error.code : 'INTERNAL';
  await endRun(site, run, site.signal?.aborted === true ? 'CANCELLED' : code);
}

/**
 * Ends a run without a report, with a reason code.
 *
 * @param run with its slot where it may not have begun: then it counts as started and aborted.
 */
export async function endRun(
  site: RunSite,
  run: Pick<BegunRun, 'runId' | 'deployment'> & { readonly slot?: string },
  why: string,
): Promise<void> {
  const { runId, deployment, slot } = run;
  const ledger = openLedger(site.root, deployment);
  const history = await ledger.history().catch(() => undefined);
  if (history?.reports.some((report) => report.runId === runId) === true) return;
  const at = toInstant(site.clock.now());
  const began = history?.runs.some((entry) => entry.type === 'started' && entry.runId === runId) ?? true;
  try {
    if (!began && slot !== undefined) await ledger.append({ type: 'started', runId, slot, at });
    await ledger.append({ type: 'aborted', runId, at, why });
  } catch {
    // A full disk is a likely reason for being here; that the run began stands in the ledger already.
  }
  await openRunFolder(site.root, deployment, runId)
    .discard()
    .catch(() => undefined);
  const lease = await currentLease(site.root, deployment, site.clock);
  if (lease?.runId !== runId) return;
  const own = await acquireLease(site.root, deployment, leaseRequest(site, runId), site.clock).catch(
    () => undefined,
  );
  await own?.release();
}

/**
 * Says that a shared run is being worked on or waits in a queue. Workers do so while they know of it, so that its
 * lease expires only when all of them are gone. False where it has ended.
 */
export async function keepRun(site: RunSite, deployment: string, runId: string): Promise<boolean> {
  const folder = openRunFolder(site.root, deployment, runId);
  const isBegun = async (): Promise<boolean> => (await folder.shard(RUN_SHARD)).sealed;
  const lease = await currentLease(site.root, deployment, site.clock);
  if (!(await isBegun()) || (lease !== undefined && lease.runId !== runId)) return false;
  const joined = await acquireLease(site.root, deployment, leaseRequest(site, runId), site.clock);
  if (await isBegun()) return true;
  // It ended between the two looks: what was renewed must not keep the next run waiting.
  await joined.release();
  return false;
}

function chainEntry(site: RunSite, result: Result, statement: string): ChainEntry {
  const { run, verdict } = result;
  return {
    runId: run.id,
    slot: run.slot,
    at: toInstant(site.clock.now()),
    sequence: run.sequence,
    statement,
    previous: run.previous,
    verdict,
    folder: reportName(result),
    windowEnd: run.window.end,
    validUntil: run.validUntil,
    scheduled: run.slot !== null && !result.marks.includes('adhoc-policy'),
  };
}

/** A run that was killed between its link of the chain and its publication has a whole report: it is published now. */
async function publishLeftOver(site: RunSite, deployment: string, ledger: Ledger): Promise<void> {
  const last = (await ledger.history()).reports.at(-1);
  if (last === undefined) return;
  const folder = openRunFolder(site.root, deployment, last.runId);
  if (await folder.hasReport()) await folder.publish(last.folder);
}

async function finishedRun(
  site: RunSite,
  { deployment, runId }: Omit<BegunRun, 'finished'>,
  { reports }: RunHistory,
): Promise<AuditOutcome | undefined> {
  const entry = reports.find((report) => report.runId === runId);
  if (entry === undefined) return undefined;
  const report = openReport(site.root, `${deployment}/${entry.folder}`);
  return { result: await storedResult(report, entry), folder: report.path };
}

/** The policies of a report, for what loosened since; null where its evidence cannot be read any more. */
async function policiesOf(
  site: RunSite,
  deployment: string,
  entry: ChainEntry | undefined,
): Promise<readonly Policy[] | null> {
  if (entry === undefined) return null;
  try {
    const { path } = openReport(site.root, `${deployment}/${entry.folder}`);
    const loaded = await loadEvidence(await openEvidenceDirectory(`${path}/evidence`));
    const found = loaded.find(({ item }) => item.key.kind === 'run.policies');
    const policies: unknown = found?.body;
    return Array.isArray(policies) ? (policies as readonly Policy[]) : null;
  } catch {
    return null;
  }
}
