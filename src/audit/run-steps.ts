import type { Signer } from '../attestation/index.ts';
import { RESULT_FILE } from '../attestation/index.ts';
import type { Clock } from '../core/index.ts';
import { DomicileError, toInstant } from '../core/index.ts';
import type { EvidenceDraft } from '../evidence/index.ts';
import { loadEvidence } from '../evidence/index.ts';
import type { Policy, Result } from '../policy/index.ts';
import type { ChainEntry, Lease, Ledger } from '../storage/index.ts';
import {
  acquireLease,
  discardOtherRuns,
  openEvidenceDirectory,
  openLedger,
  openReport,
  openRunFolder,
} from '../storage/index.ts';
import { attestReport, reportName } from './attest-report.ts';
import { auditorPlaceDraft } from './auditor-facts.ts';
import { evaluateEvidence } from './evaluate-evidence.ts';
import type { EvidenceSource, Progress } from './evidence-source.ts';
import { readSource } from './evidence-source.ts';
import type { RunRequest } from './plan-run.ts';
import { planRun, runIdOf } from './plan-run.ts';
import type { Project } from './project.ts';
import { scopeOf } from './project.ts';
import { runInputDrafts } from './run-inputs.ts';

/** Where a run works and with what; the same for every step, in whichever process. */
export interface RunSite {
  /** The folder of all reports. */
  readonly root: string;
  readonly project: Project;
  readonly clock: Clock;
  readonly toolVersion: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
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
 * goes on with the inputs that it had.
 */
export async function beginRun(site: RunSite, request: RunRequest): Promise<BegunRun> {
  const scope = scopeOf(site.project, request.deployment);
  const startedAt = toInstant(site.clock.now());
  const runId = runIdOf(request, startedAt);
  const lease = await acquireLease(site.root, request.deployment, runId, site.clock);
  try {
    const ledger = openLedger(site.root, request.deployment);
    await publishLeftOver(site, request.deployment, ledger);
    const history = await ledger.history();
    const known = history.reports.find((entry) => entry.runId === runId);
    const begun = { runId, deployment: request.deployment, lease };
    if (known !== undefined) return { ...begun, finished: await finishedRun(site, begun, known) };

    const { sealed, store } = await openRunFolder(site.root, request.deployment, runId).shard(RUN_SHARD);
    if (sealed) return begun;
    const inputs = planRun(
      site.project,
      scope,
      request,
      { history, previousPolicies: await policiesOf(site, request.deployment, history.reports.at(-1)) },
      site,
    );
    await discardOtherRuns(site.root, request.deployment, runId);
    await ledger.append({ type: 'started', runId, slot: inputs.facts.slot, at: startedAt });
    for (const draft of runInputDrafts(inputs)) await store.put(draft);
    await store.put(auditorPlaceDraft(scope.deployment, startedAt));
    await store.seal();
    return begun;
  } catch (error) {
    await lease.release();
    throw error;
  }
}

/**
 * Joins a run that another process began.
 *
 * @throws DomicileError `NOT_FOUND` where nobody did, or where it was ended.
 */
export async function joinRun(site: RunSite, deployment: string, runId: string): Promise<BegunRun> {
  const { sealed } = await openRunFolder(site.root, deployment, runId).shard(RUN_SHARD);
  if (!sealed) {
    throw new DomicileError('NOT_FOUND', {
      message: `expected run ${runId} to have begun, found no trace of its inputs`,
      hint: 'it was ended meanwhile; its slot stands as aborted in the next report',
    });
  }
  return { runId, deployment, lease: await acquireLease(site.root, deployment, runId, site.clock) };
}

/** Reads one source into its shard. Done once, it is not done again. */
export async function collectSource(site: RunSite, run: BegunRun, source: EvidenceSource): Promise<void> {
  await run.lease.renew();
  const { sealed, store } = await openRunFolder(site.root, run.deployment, run.runId).shard(source.id);
  if (sealed) return;
  for await (const draft of drafts(site, source)) {
    site.signal?.throwIfAborted();
    await store.put(draft);
  }
  await store.seal();
}

function drafts(site: RunSite, source: EvidenceSource): AsyncIterable<EvidenceDraft> {
  const { clock, signal, onProgress } = site;
  return readSource(source, {
    locator: site.project.locator,
    clock,
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
}

/** Evaluates what was collected, signs it, and makes the report the next of its chain. */
export async function finishRun(
  site: RunSite,
  run: BegunRun,
  sources: readonly string[],
  signer: Signer,
): Promise<AuditOutcome> {
  const folder = openRunFolder(site.root, run.deployment, run.runId);
  const evidence = await folder.gather([RUN_SHARD, ...sources]);
  const manifest = await evidence.seal();
  const result = evaluateEvidence(await loadEvidence(evidence), site.project);
  const statement = await attestReport(folder, result, manifest, signer);
  site.signal?.throwIfAborted();
  await run.lease.renew();
  await openLedger(site.root, run.deployment).advance(chainEntry(site, result, statement));
  return { result, folder: await folder.publish(reportName(result)) };
}

/** Ends a run without a report: the ledger says so, and the next report counts it. */
export async function abortRun(site: RunSite, run: BegunRun, error: unknown): Promise<void> {
  const why = error instanceof DomicileError ? error.code : 'INTERNAL';
  const entry = { type: 'aborted', runId: run.runId, at: toInstant(site.clock.now()), why } as const;
  await openLedger(site.root, run.deployment)
    .append(entry)
    // A full disk is a likely reason for being here; that the run began stands in the ledger already.
    .catch(() => undefined);
  await openRunFolder(site.root, run.deployment, run.runId)
    .discard()
    .catch(() => undefined);
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
  if (await folder.has(RESULT_FILE)) await folder.publish(last.folder);
}

async function finishedRun(site: RunSite, { deployment }: Omit<BegunRun, 'finished'>, entry: ChainEntry) {
  const report = openReport(site.root, `${deployment}/${entry.folder}`);
  const text = new TextDecoder().decode(await report.read(RESULT_FILE));
  return { result: JSON.parse(text) as Result, folder: report.path };
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
