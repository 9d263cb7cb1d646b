import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson, DomicileError, isJsonObject } from '../core/index.ts';
import { storageError } from './files.ts';

/** One line of a deployment's run ledger: append-only, so that an aborted run leaves a trace. */
export type LedgerEntry =
  | { readonly type: 'started'; readonly runId: string; readonly slot: string | null; readonly at: string }
  | {
      readonly type: 'finished';
      readonly runId: string;
      readonly at: string;
      readonly sequence: number;
      /** SHA-256 of the report statement's payload. */
      readonly statement: string;
      /** The previous report's, or null for the first: what compare-and-swap compares. */
      readonly previous: string | null;
      readonly verdict: string;
      readonly folder: string;
      readonly windowEnd: string;
    }
  | { readonly type: 'aborted'; readonly runId: string; readonly at: string; readonly why: string };

export type FinishedEntry = Extract<LedgerEntry, { type: 'finished' }>;

/** Where a deployment's chain of reports stands. */
export interface ChainHead {
  /** The sequence number that the next report gets. */
  readonly sequence: number;
  readonly previous: FinishedEntry | null;
}

const LARGEST_LEDGER = 64 * 1024 * 1024;

/** The run ledger of one deployment, in `<root>/<deployment>/ledger.jsonl`. */
export interface Ledger {
  /** @throws DomicileError `BAD_INPUT` for a damaged line: a chain that cannot be read is never begun anew. */
  readonly read: () => Promise<readonly LedgerEntry[]>;
  /** Appends durably: the line is on disk when this resolves. */
  readonly append: (entry: LedgerEntry) => Promise<void>;
  /**
   * Appends a finished report if, and only if, the chain still ends where it did when the run started.
   *
   * @throws DomicileError `STORAGE` where another run finished in between.
   */
  readonly advance: (entry: FinishedEntry) => Promise<void>;
}

export function openLedger(root: string, deployment: string): Ledger {
  const path = join(root, deployment, 'ledger.jsonl');
  const read = async (): Promise<readonly LedgerEntry[]> => parseLedger(await readText(path));
  const append = async (entry: LedgerEntry): Promise<void> => {
    try {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path, 'a');
      try {
        await file.writeFile(`${canonicalJson(entry)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      throw storageError('append to', error);
    }
  };
  return {
    read,
    append,
    advance: async (entry) => {
      const head = chainHead(await read());
      if (head.sequence !== entry.sequence || (head.previous?.statement ?? null) !== entry.previous) {
        throw new DomicileError('STORAGE', {
          message: `expected the chain to stand at report ${entry.sequence}, found it at ${head.sequence}`,
          hint: 'another run of this deployment finished meanwhile: run again',
        });
      }
      await append(entry);
    },
  };
}

/** Where the chain stands after these entries. */
export function chainHead(entries: readonly LedgerEntry[]): ChainHead {
  const previous = entries.findLast((entry) => entry.type === 'finished') ?? null;
  return { sequence: (previous?.sequence ?? 0) + 1, previous };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw storageError('read', error);
  }
}

function parseLedger(text: string): readonly LedgerEntry[] {
  if (text.length > LARGEST_LEDGER)
    throw new DomicileError('TOO_LARGE', 'expected a run ledger of at most 64 MiB');
  const lines = text.split('\n');
  // A crash in the middle of an append leaves a last line without its newline: it never happened.
  lines.pop();
  return lines.map((line, index) => {
    const entry = parseEntry(line);
    if (entry === undefined) {
      throw new DomicileError('BAD_INPUT', {
        message: 'expected a ledger entry, found a damaged line',
        at: { file: 'ledger.jsonl', line: index + 1, column: 1 },
        hint: 'restore the ledger from a backup: a new chain would hide the old reports',
      });
    }
    return entry;
  });
}

function parseEntry(line: string): LedgerEntry | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isJsonObject(entry) || typeof entry['runId'] !== 'string' || typeof entry['at'] !== 'string')
    return undefined;
  switch (entry['type']) {
    case 'started':
    case 'aborted':
      return entry as unknown as LedgerEntry;
    case 'finished':
      return Number.isInteger(entry['sequence']) &&
        typeof entry['statement'] === 'string' &&
        typeof entry['folder'] === 'string'
        ? (entry as unknown as LedgerEntry)
        : undefined;
    default:
      return undefined;
  }
}
