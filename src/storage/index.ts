export { createDirectoryStore, isEvidenceDirectory, openEvidenceDirectory } from './directory-store.ts';
export { writeWhole } from './files.ts';
export type { Lease, LeaseRecord, LeaseRequest } from './lease.ts';
export { acquireLease, currentLease, whileRenewing } from './lease.ts';
export type { ChainEntry, Ledger, RunEntry, RunHistory } from './ledger.ts';
export { openLedger } from './ledger.ts';
export { listReports, openReport, readReportFiles } from './report-store.ts';
export type { FileDigest, ReportDraft, RunFolder, Shard } from './run-folder.ts';
export { discardOtherRuns, openRunFolder } from './run-folder.ts';
