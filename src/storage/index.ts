export { createDirectoryStore, isEvidenceDirectory, openEvidenceDirectory } from './directory-store.ts';
export { writeWhole } from './files.ts';
export type { Lease } from './lease.ts';
export { acquireLease } from './lease.ts';
export type { ChainHead, FinishedEntry, Ledger, LedgerEntry } from './ledger.ts';
export { chainHead, openLedger } from './ledger.ts';
export type { FileDigest, ReportWorkspace } from './report-store.ts';
export { listReports, openReportWorkspace, readReportFiles } from './report-store.ts';
