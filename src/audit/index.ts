export type { AuditorFacts } from './auditor-facts.ts';
export type { DueRun } from './due-run.ts';
export { dueRun, nextSlot } from './due-run.ts';
export type { Instruments } from './evaluate-evidence.ts';

export type { CollectionContext, EvidenceSource, Progress } from './evidence-source.ts';
export { readSource } from './evidence-source.ts';
export { needsOf } from './plan-collection.ts';
export type { RunRequest } from './plan-run.ts';

export type { DeploymentScope, Project, ProjectFiles } from './project.ts';
export { loadInstruments, loadProject, scopeOf } from './project.ts';
export type { Difference, ReplayOutcome } from './replay.ts';
export { replayReport } from './replay.ts';
export { writeReportIndex } from './report-index.ts';
export type { AuditRun } from './run-audit.ts';
export { runAudit } from './run-audit.ts';
export type { RunInputs } from './run-inputs.ts';
export { deploymentDraft } from './run-inputs.ts';
export type { DeploymentStatus } from './run-status.ts';
export { deploymentStatus, readHistory } from './run-status.ts';
export type { AuditOutcome, BegunRun, RunSite } from './run-steps.ts';
export {
  abortRun,
  beginRun,
  collectSource,
  endRun,
  finishRun,
  joinRun,
  keepRun,
} from './run-steps.ts';
export type { SourceSettings } from './sources.ts';
export { sourcesOf } from './sources.ts';
export type { Workplace } from './workplace.ts';
