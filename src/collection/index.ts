export type { DatabaseCollection, DatabaseTarget } from './database/collect-database.ts';
export { collectDatabase } from './database/collect-database.ts';
export type { SessionLimits } from './database/session.ts';
export type { ExportOptions, FolderReport } from './files/export-folder.ts';
export { collectExportFolder } from './files/export-folder.ts';
