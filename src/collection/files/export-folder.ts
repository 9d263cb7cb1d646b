import { digestOf, isJsonObject } from '../../core/index.ts';
import type {
  Deployment,
  EvidenceDraft,
  EvidenceKey,
  EvidenceStatus,
  LogListing,
  Provenance,
} from '../../evidence/index.ts';
import type { FlowLogLimits } from '../../scan/index.ts';
import { FLOW_KERNEL, FLOW_LOG_LIMITS } from '../../scan/index.ts';
import type { Answer } from '../answer.ts';
import { isCut, readAnswer } from '../answer.ts';
import { classifyCliError, isEmptyAnswer } from '../aws/error-class.ts';
import { listingByKey, listingOf } from '../log-objects.ts';
import type { KnownCall, ParsedCommand } from './command-line.ts';
import { callsOfCommand, callsOfMembers, parametersOf, parseCommand } from './command-line.ts';
import type { IndexEntry } from './export-index.ts';
import { parseIndex } from './export-index.ts';
import type { FoundFile } from './folder.ts';
import { findFiles, readJson } from './folder.ts';
import type { LogFile } from './log-files.ts';
import { logFiles, reduceLogFiles } from './log-files.ts';
import type { Place } from './place.ts';
import { placeOfContent, placeOfPath } from './place.ts';

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
  readonly onProgress?: (step: string, done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** What became of the files of a folder. Nothing is ignored without being told. */
export interface FolderReport {
  readonly recognised: readonly string[];
  /** JSON of no call that any check needs. */
  readonly unused: readonly string[];
  readonly unreadable: readonly string[];
  /** Answers whose account or region nobody says. */
  readonly unplaced: readonly string[];
  readonly logObjects: number;
}

interface Collected {
  readonly drafts: readonly EvidenceDraft[];
  readonly report: FolderReport;
}

/**
 * Reads a folder of AWS CLI output: files recognised by content, an optional `index.json` a folder for what
 * the output alone does not say, log objects and their listing beside them. Of each answer only the
 * allow-listed projection is kept.
 */
export async function collectExportFolder(root: string, options: ExportOptions): Promise<Collected> {
  const { files, refused } = await findFiles(root);
  const indexes = await readIndexes(root, files);
  const reading = createReading(options, refused);
  const answers = files.filter(({ path }) => path.endsWith('.json') && !isIndex(path));
  for (const [done, file] of answers.entries()) {
    options.signal?.throwIfAborted();
    options.onProgress?.('answers', done, answers.length);
    reading.file(file, await readJson(root, file), indexes.get(file.path));
  }
  for (const { entry, folder } of failedCalls(indexes, files)) reading.failure(entry, folder);

  const logs = logFiles(files);
  const logDrafts = await collectLogs(root, logs, reading.listings, options);
  return {
    drafts: [...reading.drafts(), ...logDrafts],
    report: { ...reading.report(), logObjects: logs.length },
  };
}

/** An index entry with the folder that its index lies in. */
interface PlacedEntry {
  readonly entry: IndexEntry;
  readonly folder: string;
}

type Indexes = ReadonlyMap<string, PlacedEntry> & { readonly failed?: readonly PlacedEntry[] };

function isIndex(path: string): boolean {
  return path === 'index.json' || path.endsWith('/index.json');
}

/** Index entries by the file that they describe; entries without one stand under a name that no file has. */
async function readIndexes(root: string, files: readonly FoundFile[]): Promise<Indexes> {
  const entries = new Map<string, PlacedEntry>();
  for (const file of files.filter(({ path }) => isIndex(path))) {
    const folder = file.path.slice(0, -'index.json'.length);
    const parsed = parseIndex((await readJson(root, file))?.value) ?? [];
    for (const [position, entry] of parsed.entries()) {
      entries.set(entry.file === undefined ? `${folder}?${position}` : `${folder}${entry.file}`, {
        entry,
        folder,
      });
    }
  }
  return entries;
}

/** Commands that failed, or whose file is not there: both are answers that somebody asked for and did not get. */
function failedCalls(indexes: Indexes, files: readonly FoundFile[]): readonly PlacedEntry[] {
  const present = new Set(files.map(({ path }) => path));
  return [...indexes]
    .filter(([path, { entry }]) => entry.exitCode !== 0 || !present.has(path))
    .map(([, placed]) => placed);
}

/** A listing of log objects, with the account and bucket that it is of. */
interface FoundListing {
  readonly account: string;
  readonly bucket: string;
  readonly listing: LogListing;
  readonly time: string | null;
  readonly declared: boolean;
  readonly status: EvidenceStatus;
}

interface Reading {
  readonly file: (
    file: FoundFile,
    json: { readonly value: unknown } | undefined,
    placed: PlacedEntry | undefined,
  ) => void;
  readonly failure: (entry: IndexEntry, folder: string) => void;
  readonly listings: FoundListing[];
  readonly drafts: () => readonly EvidenceDraft[];
  readonly report: () => Omit<FolderReport, 'logObjects'>;
}

/** What is known of a file besides its content. */
interface Circumstances {
  readonly command: ParsedCommand | undefined;
  readonly place: Place | undefined;
  readonly stamp: Pick<EvidenceDraft, 'time' | 'declaredTime'>;
}

const NOT_JSON: Answer = { status: 'unreadable', reason: 'not JSON', dropped: [], body: undefined };

function stampOf(entry: IndexEntry | undefined, options: ExportOptions): Circumstances['stamp'] {
  const { time, declared } = timeOf(entry, options);
  return { time, ...(declared ? { declaredTime: true } : {}) };
}

function createReading(options: ExportOptions, refused: readonly string[]): Reading {
  const byKey = new Map<string, EvidenceDraft[]>();
  const recognised: string[] = [];
  const unused: string[] = [];
  const unreadable: string[] = [...refused];
  const unplaced: string[] = [];
  const listings: FoundListing[] = [];

  const add = (
    call: KnownCall,
    place: Place,
    parameters: EvidenceKey['parameters'],
    draft: Omit<EvidenceDraft, 'key' | 'provenance'>,
  ): void => {
    const key = keyOf(options, call, place, parameters);
    const same = byKey.get(digestOf(key)) ?? [];
    // The same answer exported twice is one answer.
    if (same.some(({ body }) => digestOf(body ?? null) === digestOf(draft.body ?? null))) return;
    byKey.set(digestOf(key), [
      ...same,
      { ...draft, key: { ...key, part: same.length }, provenance: options.provenance },
    ]);
  };

  /** A listing of log objects is evidence of its own kind, kept until the logs are read. */
  const addListing = (listing: LogListing, { place, command, stamp }: Circumstances, cut: boolean): void => {
    listings.push({
      account: place?.account ?? '',
      bucket: command?.options.get('bucket') ?? '',
      listing,
      time: stamp.time,
      declared: stamp.declaredTime === true,
      status: cut ? 'partial' : 'complete',
    });
  };
  const addAnswers = (
    calls: readonly KnownCall[],
    { place, command, stamp }: Circumstances,
    answer: (call: KnownCall) => Answer,
  ): void => {
    if (place === undefined) return;
    for (const call of calls) {
      add(call, place, parametersOf(call, command?.options ?? new Map()), { ...stamp, ...answer(call) });
    }
  };

  return {
    listings,
    file: (file, json, placed) => {
      if (placed !== undefined && placed.entry.exitCode !== 0) return;
      const body = isJsonObject(json?.value) ? json.value : undefined;
      const command = placed === undefined ? undefined : parseCommand(placed.entry.command);
      const calls =
        command === undefined
          ? callsOfMembers(body === undefined ? [] : Object.keys(body))
          : callsOfCommand(command.cli);
      const circumstances: Circumstances = {
        command,
        stamp: stampOf(placed?.entry, options),
        place: placeOf(file.path, command?.options, body, options),
      };
      const listing = body === undefined ? undefined : listingOf(body);
      if (body !== undefined && listing !== undefined) {
        recognised.push(file.path);
        addListing(listing, circumstances, isCut(body));
      } else if (json === undefined || (calls.length > 0 && body === undefined)) {
        unreadable.push(file.path);
        addAnswers(calls, circumstances, () => NOT_JSON);
      } else if (calls.length === 0 || body === undefined) {
        unused.push(file.path);
      } else if (circumstances.place === undefined) {
        unplaced.push(file.path);
      } else {
        recognised.push(file.path);
        addAnswers(calls, circumstances, ({ spec }) => readAnswer(spec, body));
      }
    },
    failure: (entry, folder) => {
      const command = parseCommand(entry.command);
      const place =
        command === undefined ? undefined : placeOf(`${folder}x`, command.options, undefined, options);
      if (command === undefined || place === undefined) return;
      const stamp = { ...stampOf(entry, options), dropped: [] };
      const failed =
        entry.exitCode === 0
          ? ({ status: 'absent', code: 'FileMissing' } as const)
          : classifyCliError(entry.error);
      for (const call of callsOfCommand(command.cli)) {
        const parameters = parametersOf(call, command.options);
        if (isEmptyAnswer(failed.code))
          add(call, place, parameters, { ...stamp, status: 'complete', reason: '', body: {} });
        else
          add(call, place, parameters, {
            ...stamp,
            status: failed.status,
            reason: failed.code,
            body: undefined,
          });
      }
    },
    drafts: () => [...byKey.values()].flat(),
    report: () => ({ recognised, unused, unreadable, unplaced }),
  };
}

function keyOf(
  { deployment }: ExportOptions,
  { kind, spec }: KnownCall,
  { account, region }: Place,
  parameters: EvidenceKey['parameters'],
): EvidenceKey {
  return {
    kind,
    partition: deployment.partition,
    account,
    region,
    target: '',
    call: spec.call,
    parameters,
    phase: 'start',
    part: 0,
  };
}

function timeOf(
  entry: IndexEntry | undefined,
  { asOf }: ExportOptions,
): { readonly time: string | null; readonly declared: boolean } {
  if (entry !== undefined && entry.time !== null) return { time: entry.time, declared: false };
  return asOf === undefined ? { time: null, declared: false } : { time: asOf, declared: true };
}

/** By the folders, the command, the person, the content: in this order. A region of the inventory is the last guess for an account-wide call. */
function placeOf(
  path: string,
  options: ReadonlyMap<string, string> | undefined,
  body: unknown,
  given: ExportOptions,
): Place | undefined {
  const byPath = placeOfPath(path);
  const inside = body === undefined ? {} : placeOfContent(body);
  const account = byPath.account ?? given.account ?? inside.account;
  const region = byPath.region ?? options?.get('region') ?? given.region ?? inside.region;
  return account === undefined || region === undefined || region === '' ? undefined : { account, region };
}

/** One listing and one aggregate a log source of the inventory. */
async function collectLogs(
  root: string,
  logs: readonly LogFile[],
  listings: readonly FoundListing[],
  options: ExportOptions,
): Promise<readonly EvidenceDraft[]> {
  const drafts: EvidenceDraft[] = [];
  for (const source of options.deployment.logSources) {
    const own = listings.filter(
      ({ account, bucket }) =>
        account === source.account &&
        (source.bucket === undefined || bucket === '' || bucket === source.bucket),
    );
    const [first] = own;
    const key = (kind: EvidenceKey['kind'], call: string): EvidenceKey => ({
      kind,
      partition: options.deployment.partition,
      account: '',
      region: '',
      target: source.id,
      call,
      parameters: {},
      phase: 'start',
      part: 0,
    });
    const listing: LogListing | undefined =
      first === undefined ? undefined : listingByKey(own.flatMap((one) => one.listing.objects));
    const common = { provenance: options.provenance, dropped: [] };
    if (first !== undefined) {
      const cut = own.some(({ status }) => status !== 'complete');
      drafts.push({
        ...common,
        key: key('flow-logs.listing', 's3:ListObjectsV2'),
        time: first.time,
        ...(first.declared ? { declaredTime: true } : {}),
        status: cut ? 'partial' : 'complete',
        reason: cut ? 'more pages follow' : '',
        body: listing,
      });
    }
    const files = logs.filter(({ account }) => account === source.account);
    let done = 0;
    const aggregate = await reduceLogFiles(root, files, listing, options.logLimits ?? FLOW_LOG_LIMITS, () => {
      options.signal?.throwIfAborted();
      done += 1;
      options.onProgress?.('log objects', done, files.length);
    });
    if (files.length > 0) {
      drafts.push({
        ...common,
        key: key('flow-logs.records', 's3:GetObject'),
        time: first?.time ?? options.asOf ?? null,
        ...(first?.declared === false ? {} : { declaredTime: true }),
        status: 'complete',
        reason: '',
        reducedWith: { kernel: FLOW_KERNEL },
        body: aggregate,
      });
    }
  }
  return drafts;
}
