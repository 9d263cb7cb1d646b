import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../core/index.ts';
import { isJsonObject } from '../../core/index.ts';
import type { FlowAggregate, ListedLogObject, LogListing, LogObjectRead } from '../../evidence/index.ts';
import { EMPTY_FLOWS, mergeFlowAggregates } from '../../evidence/index.ts';
import type { FlowLogLimits } from '../../scan/index.ts';
import { scanFlowLogObject } from '../../scan/index.ts';
import type { FoundFile } from './folder.ts';

/** A log object of the folder: where it lies, and its key as in the bucket. */
export interface LogFile {
  readonly file: FoundFile;
  readonly key: string;
  readonly account: string;
}

const LOG_NAME = /_vpcflowlogs_[a-z0-9-]+_fl-[0-9a-f]+_\d{8}T\d{4}Z_[0-9a-z]+\.log(?:\.gz)?$/;
const BUCKET_ROOT = 'AWSLogs/';
const LARGEST_OBJECT = 512 * 1024 * 1024;
const SINGLE_PART_ETAG = /^[0-9a-f]{32}$/;

/** The flow-log objects among the files of a folder, known by the name that AWS gives them. */
export function logFiles(files: readonly FoundFile[]): readonly LogFile[] {
  return files
    .filter(({ path }) => LOG_NAME.test(path))
    .map((file) => {
      const at = file.path.indexOf(BUCKET_ROOT);
      const name = file.path.slice(file.path.lastIndexOf('/') + 1);
      return {
        file,
        key: at < 0 ? name : file.path.slice(at),
        account: /^\d{12}(?=_)/.exec(name)?.[0] ?? '',
      };
    });
}

/** What `aws s3api list-objects-v2` said, reduced to what proves completeness. */
export function listingOf(answer: JsonObject): LogListing | undefined {
  const contents = answer['Contents'];
  if (!Array.isArray(contents)) return undefined;
  const objects = contents
    .filter(isJsonObject)
    .flatMap(({ Key, Size, ETag }): readonly ListedLogObject[] =>
      typeof Key === 'string' && typeof Size === 'number'
        ? [{ key: Key, size: Size, etag: typeof ETag === 'string' ? ETag.replaceAll('"', '') : '' }]
        : [],
    );
  return { schemaVersion: 1, objects: objects.filter(({ key }) => LOG_NAME.test(key)) };
}

/** Reads log objects one after the other and adds them up: memory holds one object and the totals. */
export async function reduceLogFiles(
  root: string,
  files: readonly LogFile[],
  listing: LogListing | undefined,
  limits: FlowLogLimits,
  onRead: (bytes: number) => void,
): Promise<FlowAggregate> {
  const listed = new Map(listing?.objects.map((object) => [object.key, object]));
  let total = EMPTY_FLOWS;
  let batch: FlowAggregate[] = [];
  for (const log of files) {
    batch.push(await reduceLogFile(root, log, listed.get(log.key), limits));
    onRead(log.file.size);
    if (batch.length < 64) continue;
    total = mergeFlowAggregates([total, ...batch]);
    batch = [];
  }
  return mergeFlowAggregates([total, ...batch]);
}

async function reduceLogFile(
  root: string,
  { file, key }: LogFile,
  listed: ListedLogObject | undefined,
  limits: FlowLogLimits,
): Promise<FlowAggregate> {
  if (file.size > LARGEST_OBJECT) return unread(key, file.size, 'too-large', '');
  let bytes: Buffer;
  try {
    bytes = await readFile(join(root, file.path));
  } catch {
    return unread(key, file.size, 'unreadable', '');
  }
  if (listed !== undefined && !isSameObject(bytes, listed)) {
    return unread(key, bytes.length, 'mismatch', createHash('sha256').update(bytes).digest('hex'));
  }
  return scanFlowLogObject({ key, bytes }, limits);
}

/** Whether bytes are those that the bucket listed: the size, and the MD5 that S3 gives single-part uploads as ETag. */
function isSameObject(bytes: Buffer, { size, etag }: ListedLogObject): boolean {
  if (bytes.length !== size) return false;
  return !SINGLE_PART_ETAG.test(etag) || createHash('md5').update(bytes).digest('hex') === etag;
}

function unread(key: string, size: number, status: LogObjectRead['status'], sha256: string): FlowAggregate {
  const object: LogObjectRead = {
    key,
    size,
    sha256: sha256 || '0'.repeat(64),
    status,
    records: 0,
    malformed: {},
    formats: [],
  };
  return { ...EMPTY_FLOWS, objects: [object] };
}
