export type { DatabaseCollection, DatabaseTarget } from './database/collect-database.ts';
export { collectDatabase, unreadDatabase } from './database/collect-database.ts';
export { databaseHost } from './database/connection-url.ts';
export type { DatabaseProbe } from './database/probe.ts';
export { probeDatabase } from './database/probe.ts';
export type { SessionLimits } from './database/session.ts';
export type { ExportOptions, FolderReport } from './files/export-folder.ts';
export { collectExportFolder } from './files/export-folder.ts';
export { readFlowLogFiles } from './files/loose-logs.ts';
