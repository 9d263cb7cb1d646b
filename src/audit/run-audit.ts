import type { Signer } from '../attestation/index.ts';
import { whileRenewing } from '../storage/index.ts';
import type { EvidenceSource } from './evidence-source.ts';
import type { RunRequest } from './plan-run.ts';
import type { AuditOutcome, RunSite } from './run-steps.ts';
import { abortRun, beginRun, collectSource, finishRun } from './run-steps.ts';

/** One audit in one process. */
export interface AuditRun {
  readonly site: RunSite;
  readonly request: RunRequest;
  readonly sources: readonly EvidenceSource[];
  readonly signer: Signer;
}

/**
 * The whole audit: begin, collect, evaluate, sign, store. The report appears whole or not at all; a run that
 * ends without one leaves its trace in the ledger.
 */
export async function runAudit({ site, request, sources, signer }: AuditRun): Promise<AuditOutcome> {
  const run = await beginRun(site, request);
  try {
    if (run.finished !== undefined) return run.finished;
    return await whileRenewing(run.lease, async () => {
      for (const source of sources) await collectSource(site, run, source);
      const ids = sources.map(({ id }) => id);
      return finishRun(site, run, ids, signer);
    });
  } catch (error) {
    await abortRun(site, run, error);
    throw error;
  } finally {
    await run.lease.release();
  }
}
