import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson, DomicileError, isJsonObject } from '../core/index.ts';
import { ownSuffix, storageError } from './files.ts';

/** A run that began, or that ended without a report: one line of a deployment's append-only ledger. */
export type RunEntry =
  | { readonly type: 'started'; readonly runId: string; readonly slot: string | null; readonly at: string }
  | { readonly type: 'aborted'; readonly runId: string; readonly at: string; readonly why: string };

/** A report that was finished: one link of a deployment's chain. */
export interface ChainEntry {
  readonly runId: string;
  readonly slot: string | null;
  readonly at: string;
  readonly sequence: number;
  /** SHA-256 of the report statement's payload. */
  readonly statement: string;
  /** The previous report's, or null for the first: what compare-and-swap compares. */
  readonly previous: string | null;
  readonly verdict: string;
  /** The report's folder below the deployment's. */
  readonly folder: string;
  readonly windowEnd: string;
  readonly validUntil: string;
  /** Whether the deployment's own policies judged it, in a scheduled window: only then the next window joins it. */
  readonly scheduled: boolean;
}

/** Everything that is known of a deployment's runs, oldest first. */
export interface RunHistory {
  readonly runs: readonly RunEntry[];
  readonly reports: readonly ChainEntry[];
}

const LARGEST_LEDGER = 64 * 1024 * 1024;
const LINK = /^(\d{1,9})\.json$/;

/** The run ledger and the chain of reports of one deployment, in `<root>/<deployment>/`. */
export interface Ledger {
  /** @throws DomicileError `BAD_INPUT` for a damaged line or link: a chain that cannot be read is never begun anew. */
  readonly history: () => Promise<RunHistory>;
  /** Appends durably: the line is on disk when this resolves. */
  readonly append: (entry: RunEntry) => Promise<void>;
  /**
   * Makes a report the next link of the chain if, and only if, the chain still ends at `entry.previous`.
   * Atomic between processes: of two that try, one wins.
   *
   * @throws DomicileError `STORAGE` where another run finished in between.
   */
  readonly advance: (entry: ChainEntry) => Promise<void>;
}

/** Runs in `ledger.jsonl`, reports as `.chain/<sequence>.json`: a file that appears whole, once, is the compare-and-swap. */
export function openLedger(root: string, deployment: string): Ledger {
  const path = join(root, deployment, 'ledger.jsonl');
  const chain = join(root, deployment, '.chain');
  const history = async (): Promise<RunHistory> => ({
    runs: parseRuns(await readText(path)),
    reports: await readChain(chain),
  });
  return {
    history,
    append: async (entry) => {
      try {
        await mkdir(dirname(path), { recursive: true });
        const file = await open(path, 'a+');
        try {
          // A line that a crash cut off would swallow the next one.
          const whole = await endsWithNewline(file);
          await file.writeFile(`${whole ? '' : '\n'}${canonicalJson(entry)}\n`);
          await file.sync();
        } finally {
          await file.close();
        }
      } catch (error) {
        throw storageError('append to', error);
      }
    },
    advance: async (entry) => {
      const last = (await readChain(chain)).at(-1);
      if ((last?.sequence ?? 0) + 1 !== entry.sequence || (last?.statement ?? null) !== entry.previous) {
        throw overtaken(entry, (last?.sequence ?? 0) + 1);
      }
      await claim(chain, entry);
    },
  };
}

async function claim(chain: string, entry: ChainEntry): Promise<void> {
  const temporary = join(chain, `${entry.sequence}.${ownSuffix()}`);
  try {
    await mkdir(chain, { recursive: true });
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(`${canonicalJson(entry)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, join(chain, `${entry.sequence}.json`));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw overtaken(entry, entry.sequence + 1);
    }
    throw storageError('advance the chain in', error);
  } finally {
    await rm(temporary, { force: true });
  }
}

function overtaken({ sequence }: ChainEntry, found: number): DomicileError {
  return new DomicileError('STORAGE', {
    message: `expected the chain to stand at report ${sequence}, found it at ${found}`,
    hint: 'another run of this deployment finished meanwhile: run again',
  });
}

async function readChain(chain: string): Promise<readonly ChainEntry[]> {
  const names = (await namesIn(chain)).filter((name) => LINK.test(name));
  const sequences = names.map((name) => Number.parseInt(name, 10)).sort((left, right) => left - right);
  const entries: ChainEntry[] = [];
  for (const [index, sequence] of sequences.entries()) {
    const entry = parseLink(await readText(join(chain, `${sequence}.json`)));
    const joined = entry?.sequence === index + 1 && entry.previous === (entries.at(-1)?.statement ?? null);
    if (entry === undefined || !joined) throw damaged(`.chain/${sequence}.json`, 1);
    entries.push(entry);
  }
  return entries;
}

/** The same for the folder of the chain. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw storageError('list', error);
  }
}

function parseLink(text: string): ChainEntry | undefined {
  const entry = parseJson(text);
  const sound =
    isJsonObject(entry) &&
    Number.isInteger(entry['sequence']) &&
    ['runId', 'at', 'statement', 'verdict', 'folder', 'windowEnd', 'validUntil'].every(
      (member) => typeof entry[member] === 'string',
    );
  return sound ? (entry as unknown as ChainEntry) : undefined;
}

function parseRuns(text: string): readonly RunEntry[] {
  if (text.length > LARGEST_LEDGER)
    throw new DomicileError('TOO_LARGE', 'expected a run ledger of at most 64 MiB');
  const lines = text.split('\n');
  // A crash in the middle of an append leaves a last line without its newline: it never happened.
  lines.pop();
  return lines.flatMap((line, index) => {
    if (line === '') return [];
    const entry = parseJson(line);
    if (isRunEntry(entry)) return [entry];
    // What a crash cut off was ended by the next append; a line that is there to its end is damage.
    if (entry === undefined && line.startsWith('{') && !line.endsWith('}')) return [];
    throw damaged('ledger.jsonl', index + 1);
  });
}

function isRunEntry(entry: unknown): entry is RunEntry {
  return (
    isJsonObject(entry) &&
    typeof entry['runId'] === 'string' &&
    typeof entry['at'] === 'string' &&
    (entry['type'] === 'started' || (entry['type'] === 'aborted' && typeof entry['why'] === 'string'))
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function damaged(file: string, line: number): DomicileError {
  return new DomicileError('BAD_INPUT', {
    message: 'expected an entry of the run ledger, found a damaged one',
    at: { file, line, column: 1 },
    hint: 'restore it from a backup: a new chain would hide the old reports',
  });
}

async function endsWithNewline(file: Awaited<ReturnType<typeof open>>): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === 0x0a;
}

/** A ledger that is not there yet is empty; one that is there and cannot be read must not look so. */
async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw storageError('read', error);
  }
}
