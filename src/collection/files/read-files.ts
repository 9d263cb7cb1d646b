import type { JsonObject } from '../../core/index.ts';
import { digestOf, isJsonObject } from '../../core/index.ts';
import type { EvidenceDraft, EvidenceKey } from '../../evidence/index.ts';
import { KINDS, textsAt } from '../../evidence/index.ts';
import type { Answer } from '../answer.ts';
import { nextPage, readAnswer } from '../answer.ts';
import { classifyCliError, inPartition, isEmptyAnswer } from '../aws/error-class.ts';
import { createAnswerBook } from './answer-book.ts';
import type { KnownCall, ParsedCommand } from './command-line.ts';
import {
  callsOfCommand,
  callsOfMembers,
  isNarrowed,
  PAGE_OPTIONS,
  parametersOf,
  parseCommand,
} from './command-line.ts';
import type { IndexEntry, PlacedEntry } from './export-index.ts';
import type { ExportOptions, FolderReport } from './export-options.ts';
import type { FoundFile } from './folder.ts';
import type { JsonText } from './json-text.ts';
import type { FoundListing } from './log-listing.ts';
import { isListCommand, isListing, readListing } from './log-listing.ts';
import type { Place } from './place.ts';
import { contradicts, ownPlaces, placeOfPath } from './place.ts';

/** Takes the files of a folder one after the other and keeps what they answer. */
export interface FileReading {
  readonly index: (path: string, readable: boolean) => void;
  readonly refused: (path: string) => void;
  readonly file: (file: FoundFile, json: JsonText, entries: readonly PlacedEntry[]) => void;
  readonly failure: (entry: IndexEntry, folder: string) => void;
  readonly listings: readonly FoundListing[];
  readonly drafts: () => readonly EvidenceDraft[];
  readonly report: () => Omit<FolderReport, 'logObjects'>;
}

/** What is known of a file besides its content. */
interface Circumstances {
  readonly path: string;
  readonly command: ParsedCommand | undefined;
  /** The index names a command for it that cannot be read: nobody knows what it asked for. */
  readonly obscure: boolean;
  readonly stamp: Pick<EvidenceDraft, 'time' | 'declaredTime'>;
}

type List = 'recognised' | 'unused' | 'unreadable' | 'unplaced';

/** Files of these kinds are answers that went wrong rather than other documents. */
const LOOKS_LIKE_ANSWER = /(?:^|\/)[^.]+$|\.(?:json|ya?ml|txt|csv|tsv|out|log)$/i;

export function createFileReading(options: ExportOptions): FileReading {
  const filing = createFiling(options);
  const lists: Record<List, string[]> = { recognised: [], unused: [], unreadable: [], unplaced: [] };
  let failuresIgnored = 0;
  return {
    listings: filing.listings,
    index: (path, readable) => lists[readable ? 'recognised' : 'unreadable'].push(path),
    refused: (path) => lists.unreadable.push(path),
    file: (file, json, entries) => {
      const [first] = entries;
      if (entries.length > 0 && entries.every(({ entry }) => entry.exitCode !== 0)) {
        // What a failed command wrote is no answer; the failure itself is told from the index.
        lists.recognised.push(file.path);
      } else if (new Set(entries.map(({ entry }) => digestOf([entry.command, entry.exitCode]))).size > 1) {
        for (const { entry } of entries) {
          const known = circumstancesOf(file.path, entry, options);
          filing.unread(
            callsOfCommand(known.command ?? NO_COMMAND),
            known,
            'the index says two things of it',
          );
        }
        lists.unreadable.push(file.path);
      } else {
        lists[filing.file(file, json, circumstancesOf(file.path, first?.entry, options))].push(file.path);
      }
    },
    failure: (entry, folder) => {
      if (!filing.failure(entry, circumstancesOf(`${folder}x`, entry, options))) failuresIgnored += 1;
    },
    drafts: filing.drafts,
    report: () => ({ ...lists, failuresIgnored }),
  };
}

/** Turns files and failures into answers. */
interface Filing {
  readonly listings: FoundListing[];
  readonly drafts: () => readonly EvidenceDraft[];
  /** Keeps what a file answers and says which list it belongs in. */
  readonly file: (file: FoundFile, json: JsonText, known: Circumstances) => List;
  /** An item for each call that a file was to answer, so that what it does not say is not taken for "none". */
  readonly unread: (calls: readonly KnownCall[], known: Circumstances, reason: string) => void;
  /** Keeps what became of a failed command, or says that nothing of it is needed. */
  readonly failure: (entry: IndexEntry, known: Circumstances) => boolean;
}

function createFiling(options: ExportOptions): Filing {
  const book = createAnswerBook();
  const listings: FoundListing[] = [];

  const add = (call: KnownCall, place: Place, known: Circumstances, answer: Answer, next?: string): void => {
    const { command, stamp } = known;
    const from = PAGE_OPTIONS.map((name) => command?.options.get(name)).find((token) => token !== undefined);
    book.add(keyOf(options, call, place, parametersOf(call, command?.options ?? new Map())), {
      draft: { ...stamp, ...answer, provenance: options.provenance },
      ...(from === undefined ? {} : { from }),
      ...(next === undefined ? {} : { next }),
    });
  };
  const unread: Filing['unread'] = (calls, known, reason) => {
    for (const call of calls) {
      const place = placeOf(known.path, known.command, call, undefined, options);
      if (place !== undefined && isOurs(place, options)) add(call, place, known, unreadable(reason));
    }
  };
  const answer = (call: KnownCall, body: JsonObject, known: Circumstances): List => {
    const place = placeOf(known.path, known.command, call, body, options);
    if (place === undefined) return 'unplaced';
    if (!isOurs(place, options)) return 'unused';
    const own = ownPlaces(call.spec.call, body);
    if (isElsewhere(known.path, known.command) || contradicts(own, place, options.deployment.partition)) {
      add(call, place, known, unreadable('names another place than its folder'));
      return 'unplaced';
    }
    const read = readAnswer(call.spec, body);
    add(call, place, known, narrowed(read, known), nextPage(body));
    return read.status === 'unreadable' ? 'unreadable' : 'recognised';
  };

  return {
    listings,
    drafts: book.drafts,
    unread,
    file: (file, json, known) => {
      const { command } = known;
      const body = json.kind === 'json' && isJsonObject(json.value) ? json.value : undefined;
      if (body !== undefined && isListing(body, command)) {
        listings.push({ ...listedBy(known, options), path: file.path, ...readListing(body, command) });
        return 'recognised';
      }
      const calls = command === undefined ? callsOfMembers(Object.keys(body ?? {})) : callsOfCommand(command);
      if (body === undefined) {
        unread(calls, known, json.kind === 'other' ? json.why : 'not an object');
        const isOther = json.kind === 'json' || !LOOKS_LIKE_ANSWER.test(file.path);
        return calls.length === 0 && isOther ? 'unused' : 'unreadable';
      }
      if (new Set(calls.map(({ spec }) => spec.member)).size > 1) {
        unread(calls, known, 'answers of several calls in one');
        return 'unreadable';
      }
      const outcomes = new Set(calls.map((call) => answer(call, body, known)));
      return WORST_FIRST.find((list) => outcomes.has(list)) ?? 'unused';
    },
    failure: (entry, known) => {
      const failed = entry.exitCode === 0 ? FILE_MISSING : classifyCliError(entry.error);
      if (isListCommand(known.command)) {
        const bucket = known.command?.options.get('bucket') ?? '';
        const unlisted = { path: '', bucket, objects: [], prefix: undefined };
        listings.push({
          ...listedBy(known, options),
          ...unlisted,
          status: failed.status,
          reason: failed.code,
        });
        return true;
      }
      const told = callsOfCommand(known.command ?? NO_COMMAND).map((call) => {
        const place = placeOf(known.path, known.command, call, undefined, options);
        if (place === undefined || !isOurs(place, options)) return false;
        const absentFrom = KINDS.get(call.kind)?.absentFrom;
        add(call, place, known, failedAnswer(inPartition(failed, options.deployment.partition, absentFrom)));
        return true;
      });
      return told.includes(true);
    },
  };
}

const WORST_FIRST = ['unplaced', 'unreadable', 'recognised', 'unused'] as const;
const NO_COMMAND = { cli: '' } as const;
const FILE_MISSING = { status: 'absent', code: 'FileMissing' } as const;

function failedAnswer({ status, code }: ReturnType<typeof classifyCliError>): Answer {
  return isEmptyAnswer(code)
    ? { status: 'complete', reason: '', dropped: [], body: {} }
    : { status, reason: code, dropped: [], body: undefined };
}

function listedBy(
  { path, stamp }: Circumstances,
  { account }: ExportOptions,
): Pick<FoundListing, 'account' | 'stamp'> {
  return { account: placeOfPath(path).account ?? account ?? '', stamp };
}

/** Answers of accounts that the inventory does not name are nobody's evidence, and are not kept. */
function isOurs({ account }: Place, { deployment }: ExportOptions): boolean {
  return deployment.accounts.some(({ id }) => id === account);
}

function unreadable(reason: string): Answer {
  return { status: 'unreadable', reason, dropped: [], body: undefined };
}

/** An answer to less than the whole question looks like any other. */
function narrowed(answer: Answer, { command, obscure }: Circumstances): Answer {
  if (answer.status !== 'complete' && answer.status !== 'partial') return answer;
  if (obscure) return { ...answer, status: 'partial', reason: 'its command cannot be read' };
  if (command === undefined || !isNarrowed(command)) return answer;
  return { ...answer, status: 'partial', reason: 'narrowed by its options' };
}

function circumstancesOf(
  path: string,
  entry: IndexEntry | undefined,
  { asOf }: ExportOptions,
): Circumstances {
  const command = entry === undefined ? undefined : parseCommand(entry.command);
  const time = entry?.time ?? asOf ?? null;
  const declared = (entry?.time ?? null) === null && asOf !== undefined;
  return {
    path,
    command,
    obscure: entry !== undefined && command === undefined,
    stamp: { time, ...(declared ? { declaredTime: true } : {}) },
  };
}

/** By the folders, the command, the person, the content: in this order. */
function placeOf(
  path: string,
  command: ParsedCommand | undefined,
  { spec }: KnownCall,
  body: JsonObject | undefined,
  given: ExportOptions,
): Place | undefined {
  const byPath = placeOfPath(path);
  const own = body === undefined ? undefined : ownPlaces(spec.call, body);
  const owners = body === undefined ? [] : [...new Set(textsAt(body, `${spec.member}[].OwnerId`))];
  const account = byPath.account ?? given.account ?? only(own?.accounts) ?? only(owners);
  const region = byPath.region ?? command?.options.get('region') ?? given.region ?? only(own?.regions);
  return account === undefined || region === undefined || region === '' ? undefined : { account, region };
}

/** Whether the command says another region than the folder. */
function isElsewhere(path: string, command: ParsedCommand | undefined): boolean {
  const asked = command?.options.get('region');
  const folder = placeOfPath(path).region;
  return asked !== undefined && folder !== undefined && asked !== folder;
}

function only(texts: readonly string[] | undefined): string | undefined {
  return texts?.length === 1 ? texts[0] : undefined;
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
