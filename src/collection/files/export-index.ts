import { isJsonObject } from '../../core/index.ts';

/** What a person's `index.json` says of one command: what the output alone does not. */
export interface IndexEntry {
  /** Relative to the index; absent where the command wrote nothing. */
  readonly file?: string;
  readonly command: string;
  readonly time: string | null;
  readonly exitCode: number;
  readonly error: string;
}

/** An index entry with the folder that its index lies in. */
export interface PlacedEntry {
  readonly entry: IndexEntry;
  readonly folder: string;
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** The entries of an index, or `undefined` where it is none. An entry that cannot be read makes it none too: an index that cannot be trusted in part cannot be trusted. */
export function parseIndex(value: unknown): readonly IndexEntry[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const entries = value.map(entryOf);
  const found = entries.filter((entry) => entry !== undefined);
  return found.length === entries.length ? found : undefined;
}

function entryOf(value: unknown): IndexEntry | undefined {
  if (!isJsonObject(value)) return undefined;
  const { file, command, time, error } = value;
  if (typeof command !== 'string' || (file !== undefined && typeof file !== 'string')) return undefined;
  const said = typeof error === 'string' ? error : '';
  const exitCode = exitCodeOf(value['exitCode'], said);
  if (exitCode === undefined) return undefined;
  return {
    ...(file === undefined ? {} : { file: file.replace(/^\.\//, '') }),
    command,
    time: typeof time === 'string' && TIME.test(time) && !Number.isNaN(Date.parse(time)) ? utc(time) : null,
    exitCode,
    error: said,
  };
}

/** Scripts write numbers as text. Without a code, an error text says that the command failed. */
function exitCodeOf(value: unknown, error: string): number | undefined {
  if (value === undefined || value === null) return error === '' ? 0 : 1;
  if (typeof value === 'string' && /^\d{1,3}$/.test(value)) return Number(value);
  return typeof value === 'number' ? value : undefined;
}

function utc(time: string): string {
  return `${new Date(Date.parse(time)).toISOString().slice(0, 19)}Z`;
}
