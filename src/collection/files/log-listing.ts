import type { JsonObject } from '../../core/index.ts';
import { isJsonArray, isJsonObject } from '../../core/index.ts';
import type { Deployment, EvidenceDraft, EvidenceStatus, ListedLogObject } from '../../evidence/index.ts';
import { flowLogRoot } from '../../evidence/index.ts';
import { isCut, MORE_PAGES, nextPage } from '../answer.ts';
import { logName } from '../log-objects.ts';
import type { ParsedCommand } from './command-line.ts';
import { isNarrowed, PAGE_OPTIONS } from './command-line.ts';

export type LogSource = Deployment['logSources'][number];

/** A listing of a bucket as it was found, before anybody asked for which log source. */
export interface FoundListing {
  /** The file, or nothing where the listing failed. */
  readonly path: string;
  /** The account that listed; a bucket of logs often lies in another than the logs are of. */
  readonly account: string;
  /** As the command or the answer says; empty where neither does. */
  readonly bucket: string;
  readonly stamp: Pick<EvidenceDraft, 'time' | 'declaredTime'>;
  readonly status: EvidenceStatus;
  readonly reason: string;
  readonly objects: readonly ListedLogObject[];
  /** What of the bucket was listed; `undefined` where nobody says. */
  readonly prefix: string | undefined;
  readonly from?: string;
  readonly next?: string;
}

const LIST_COMMANDS: readonly string[] = ['s3api list-objects-v2', 's3api list-objects'];

export function isListCommand(command: ParsedCommand | undefined): boolean {
  return command !== undefined && LIST_COMMANDS.includes(command.cli);
}

/** Whether an answer is one of `list-objects-v2`: an empty bucket has no `Contents`. */
export function isListing(body: JsonObject, command: ParsedCommand | undefined): boolean {
  return isListCommand(command) || (command === undefined && Object.hasOwn(body, 'Contents'));
}

/** What `aws s3api list-objects-v2` said, reduced to what proves completeness. */
export function readListing(
  body: JsonObject,
  command: ParsedCommand | undefined,
): Pick<FoundListing, 'bucket' | 'status' | 'reason' | 'objects' | 'prefix' | 'from' | 'next'> {
  const entries = body['Contents'] ?? [];
  const objects = isJsonArray(entries) ? entries.map(listedObject) : [undefined];
  const sound = objects.filter((object) => object !== undefined);
  const from = PAGE_OPTIONS.map((name) => command?.options.get(name)).find((token) => token !== undefined);
  const next = nextPage(body);
  return {
    bucket: command?.options.get('bucket') ?? textOf(body['Name']) ?? '',
    prefix: command === undefined ? textOf(body['Prefix']) : (command.options.get('prefix') ?? ''),
    objects: sound.flatMap((object) => (logName(object.key) === undefined ? [] : [object])),
    ...statusOf(sound.length === objects.length, body, command),
    ...(from === undefined ? {} : { from }),
    ...(next === undefined ? {} : { next }),
  };
}

function statusOf(
  sound: boolean,
  body: JsonObject,
  command: ParsedCommand | undefined,
): Pick<FoundListing, 'status' | 'reason'> {
  if (!sound) return { status: 'unreadable', reason: 'Contents of another shape' };
  if (command !== undefined && isNarrowed(command))
    return { status: 'partial', reason: 'narrowed by its options' };
  if (typeof body['Delimiter'] === 'string' && body['Delimiter'] !== '')
    return { status: 'partial', reason: 'narrowed by a delimiter' };
  return isCut(body) ? { status: 'partial', reason: MORE_PAGES } : { status: 'complete', reason: '' };
}

function listedObject(entry: unknown): ListedLogObject | undefined {
  if (!isJsonObject(entry)) return undefined;
  const { Key, Size, ETag } = entry;
  if (typeof Key !== 'string' || typeof Size !== 'number') return undefined;
  return { key: Key, size: Size, etag: typeof ETag === 'string' ? ETag.replaceAll('"', '') : '' };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Whether a listing is one of a source's logs: by its bucket where both are known, else by what it lists. */
export function isOfSource(listing: FoundListing, source: LogSource): boolean {
  if (source.bucket !== undefined && listing.bucket !== '') return listing.bucket === source.bucket;
  if (listing.bucket !== '' && listing.account === source.account && listing.status !== 'complete')
    return true;
  return listing.objects.some(({ key }) => logName(key)?.account === source.account);
}

/**
 * A listing with what else stands in its way: one that lists a part of the logs, or of which nobody says what it
 * lists, cannot show that none is missing.
 */
export function heldAgainst(listing: FoundListing, source: LogSource, region: string): FoundListing {
  const objects = listing.objects.filter(({ key }) => logName(key)?.account === source.account);
  if (listing.status !== 'complete' && listing.reason !== MORE_PAGES) return { ...listing, objects };
  if (listing.prefix === undefined)
    return { ...listing, objects, status: 'partial', reason: 'nobody says what it lists' };
  return coversLogs(listing.prefix, source, region)
    ? { ...listing, objects }
    : { ...listing, objects, status: 'partial', reason: 'lists a part of the logs' };
}

/** The folders that VPC flow logs are delivered to, plain and Hive-compatible (VPC user guide, flow logs in S3). */
function coversLogs(prefix: string, { account, prefix: declared }: LogSource, region: string): boolean {
  const folders = [
    `AWSLogs/${account}/vpcflowlogs/${region}/`,
    `AWSLogs/aws-account-id=${account}/aws-service=vpcflowlogs/aws-region=${region}/`,
  ];
  const at = prefix.indexOf('AWSLogs');
  // Where the inventory names no prefix, whatever stands before `AWSLogs/` is one; else it is the declared one.
  const root = declared === undefined ? prefix.slice(0, at < 0 ? undefined : at) : flowLogRoot(declared);
  return folders.some((folder) => `${root}${folder}`.startsWith(prefix));
}
