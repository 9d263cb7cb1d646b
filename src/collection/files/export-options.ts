import type { Deployment, Provenance } from '../../evidence/index.ts';
import type { FlowLogLimits } from '../../scan/index.ts';

/** What an export folder is read for. */
export interface ExportOptions {
  readonly deployment: Deployment;
  readonly provenance: Provenance;
  /** For a folder without account or region levels whose content does not say. */
  readonly account?: string;
  readonly region?: string;
  /** The time that a person declares for files whose index gives none. */
  readonly asOf?: string;
  readonly logLimits?: FlowLogLimits;
  /** Threads to reduce log objects in; as many as help by default. The evidence is the same. */
  readonly threads?: number;
  readonly onProgress?: (step: string, done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** What became of the files of a folder. Every file is in one of the lists, or is one of the log objects. */
export interface FolderReport {
  readonly recognised: readonly string[];
  /** No answer that any check needs: other JSON, other files, other accounts, logs of no log source. */
  readonly unused: readonly string[];
  readonly unreadable: readonly string[];
  /** Answers whose account or region nobody says, or of which path and content say different things. */
  readonly unplaced: readonly string[];
  readonly logObjects: number;
  /** Entries of indexes that say of a command that failed, and of which nothing is needed or nobody knows where it ran. */
  readonly failuresIgnored: number;
}
