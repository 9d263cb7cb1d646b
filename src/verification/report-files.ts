/** The files of one report, wherever they lie. Paths are relative, with `/`, and sorted. */
export interface ReportFiles {
  readonly list: () => Promise<readonly string[]>;
  /** The whole file. Rejects for a file that is not listed or larger than the reader allows. */
  readonly read: (path: string) => Promise<Uint8Array>;
}

export const STATEMENT_FILE = 'statement.dsse.json';
export const PACK_FILE = 'pack.dsse.json';
export const RESULT_FILE = 'result.json';
export const PAGE_FILE = 'report.html';
export const MANIFEST_FILE = 'evidence/manifest.json';
