import { DomicileError } from '../../core/index.ts';
import type { EvidenceDraft, EvidenceKey, LogListing } from '../../evidence/index.ts';
import { FLOW_KERNEL, FLOW_LOG_LIMITS } from '../../scan/index.ts';
import { listingByKey } from '../log-objects.ts';
import { usualThreads } from '../log-reduction.ts';
import { joinPages } from './answer-book.ts';
import type { ExportOptions } from './export-options.ts';
import type { LogFile } from './log-files.ts';
import { reduceLogFiles } from './log-files.ts';
import type { FoundListing, LogSource } from './log-listing.ts';
import { heldAgainst, isOfSource } from './log-listing.ts';

/** The log evidence of a folder, and the files that belong to no log source of the inventory. */
export interface CollectedLogs {
  readonly drafts: readonly EvidenceDraft[];
  readonly unused: readonly string[];
}

/** The listings and one aggregate a log source of the inventory. */
export async function collectLogs(
  root: string,
  logs: readonly LogFile[],
  listings: readonly FoundListing[],
  options: ExportOptions,
): Promise<CollectedLogs> {
  const drafts: EvidenceDraft[] = [];
  const used = new Set<string>();
  for (const source of options.deployment.logSources) {
    const own = listings.filter((listing) => isOfSource(listing, source));
    const files = logs.filter(({ account }) => account === source.account);
    for (const { path } of own) used.add(path);
    for (const { file } of files) used.add(file.path);
    const listed = listingDrafts(own, source, options);
    drafts.push(...listed, ...(await recordDrafts(root, files, listed, source, options)));
  }
  const all = [...listings.map(({ path }) => path), ...logs.map(({ file }) => file.path)];
  return { drafts, unused: all.filter((path) => path !== '' && !used.has(path)) };
}

function listingDrafts(
  listings: readonly FoundListing[],
  source: LogSource,
  options: ExportOptions,
): readonly EvidenceDraft[] {
  const pages = listings
    .map((listing) => heldAgainst(listing, source, options.deployment.region))
    .map(({ stamp, status, reason, objects, from, next }) => {
      const body: LogListing | undefined =
        status === 'complete' || status === 'partial' ? listingByKey(objects) : undefined;
      return {
        draft: { ...stamp, status, reason, dropped: [], provenance: options.provenance, body },
        ...(from === undefined ? {} : { from }),
        ...(next === undefined ? {} : { next }),
      };
    });
  return joinPages(pages).map((draft, part) => ({
    ...draft,
    key: { ...keyOf(options, source, 'flow-logs.listing', 's3:ListObjectsV2'), part },
  }));
}

async function recordDrafts(
  root: string,
  files: readonly LogFile[],
  listed: readonly EvidenceDraft[],
  source: LogSource,
  options: ExportOptions,
): Promise<readonly EvidenceDraft[]> {
  if (files.length === 0) return [];
  const listing = listed
    .map(({ body }) => body as LogListing | undefined)
    .filter((body) => body !== undefined);
  let done = 0;
  const aggregate = await reduceLogFiles(
    root,
    files,
    listingByKey(listing.flatMap(({ objects }) => objects)),
    { limits: options.logLimits ?? FLOW_LOG_LIMITS, threads: options.threads ?? usualThreads() },
    () => {
      options.signal?.throwIfAborted();
      done += 1;
      options.onProgress?.('log objects', done, files.length);
    },
  ).catch(unlessTooLarge);
  // The logs say themselves when they were written; when they were fetched, their listing says.
  const time = listed.find((draft) => draft.time !== null)?.time ?? options.asOf ?? null;
  const declared = !listed.some((draft) => draft.time !== null && draft.declaredTime !== true);
  return [
    {
      key: keyOf(options, source, 'flow-logs.records', 's3:GetObject'),
      provenance: options.provenance,
      time,
      ...(declared ? { declaredTime: true } : {}),
      status: aggregate === undefined ? 'failed' : 'complete',
      reason: aggregate === undefined ? 'TooManyFlows' : '',
      dropped: [],
      reducedWith: { kernel: FLOW_KERNEL },
      body: aggregate,
    },
  ];
}

/** Totals that cannot be held, or would not be exact, are none; whatever else went wrong is not ours to judge. */
function unlessTooLarge(error: unknown): undefined {
  if (!(error instanceof DomicileError && error.code === 'TOO_LARGE')) throw error;
}

function keyOf(
  { deployment }: ExportOptions,
  source: LogSource,
  kind: EvidenceKey['kind'],
  call: string,
): EvidenceKey {
  return {
    kind,
    partition: deployment.partition,
    account: '',
    region: '',
    target: source.id,
    call,
    parameters: {},
    phase: 'start',
    part: 0,
  };
}
