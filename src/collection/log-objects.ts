import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../core/index.ts';
import { byCodeUnit, isJsonArray, isJsonObject } from '../core/index.ts';
import type { FlowAggregate, ListedLogObject, LogListing, LogObjectRead } from '../evidence/index.ts';
import { EMPTY_FLOWS } from '../evidence/index.ts';
import type { FlowLogLimits, LogObjectBytes } from '../scan/index.ts';
import { scanFlowLogObject } from '../scan/index.ts';

/** Larger objects are listed as too large, not read. */
export const LARGEST_OBJECT = 512 * 1024 * 1024;

const NAME = '_vpcflowlogs_[a-z0-9-]+_fl-[0-9a-f]+_\\d{8}T\\d{4}Z_[0-9a-z]+\\.log';
/** The names that AWS gives to flow-log objects that the kernel reads. */
export const TEXT_LOG_NAME = new RegExp(`${NAME}(?:\\.gz)?$`);
/** The names that count in a listing: what cannot be read must still be missed. */
const ANY_LOG_NAME = new RegExp(`${NAME}(?:\\.gz|\\.parquet)?$`);

/** The name and account of a flow-log object, from its key or path; `undefined` for anything else. */
export function logName(path: string): { readonly name: string; readonly account: string } | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const account = /^\d{12}(?=_)/.exec(name)?.[0];
  return account !== undefined && ANY_LOG_NAME.test(name) ? { name, account } : undefined;
}

const SINGLE_PART_ETAG = /^[0-9a-f]{32}$/;

/** What ListObjectsV2 said, live or by the AWS CLI, reduced to what proves completeness. */
export function listingOf(answer: JsonObject): LogListing | undefined {
  const contents = answer['Contents'];
  if (!isJsonArray(contents)) return undefined;
  const objects = contents.map(listedObject);
  // An entry without its key or size could be any object: such a listing proves nothing.
  if (objects.includes(undefined)) return undefined;
  return listingByKey(
    objects.filter((object) => object !== undefined).filter(({ key }) => ANY_LOG_NAME.test(key)),
  );
}

function listedObject(entry: Json): ListedLogObject | undefined {
  if (!isJsonObject(entry)) return undefined;
  const { Key, Size, ETag } = entry;
  if (typeof Key !== 'string' || typeof Size !== 'number') return undefined;
  return { key: Key, size: Size, etag: typeof ETag === 'string' ? ETag.replaceAll('"', '') : '' };
}

/** A listing in one order, however its pages and folders came. */
export function listingByKey(objects: readonly ListedLogObject[]): LogListing {
  return {
    schemaVersion: 1,
    objects: [...objects].sort((left, right) => byCodeUnit(left.key, right.key)),
  };
}

/** Reduces one log object, after it was held against what the bucket listed. */
export function reduceLogObject(
  object: LogObjectBytes,
  listed: ListedLogObject | undefined,
  limits: FlowLogLimits,
): FlowAggregate {
  const { key, bytes } = object;
  if (listed !== undefined && !isSameObject(bytes, listed)) {
    return unreadObject(key, bytes.length, 'mismatch', createHash('sha256').update(bytes).digest('hex'));
  }
  return scanFlowLogObject(object, limits);
}

/** Whether bytes are those that the bucket listed: the size, and the MD5 that S3 gives single-part uploads as ETag. */
function isSameObject(bytes: Uint8Array, { size, etag }: ListedLogObject): boolean {
  if (bytes.length !== size) return false;
  return !SINGLE_PART_ETAG.test(etag) || createHash('md5').update(bytes).digest('hex') === etag;
}

/** An object that was there and gave no records: told, not left out. */
export function unreadObject(
  key: string,
  size: number,
  status: LogObjectRead['status'],
  sha256: string = '0'.repeat(64),
): FlowAggregate {
  const object: LogObjectRead = { key, size, sha256, status, records: 0, malformed: {}, formats: [] };
  return { ...EMPTY_FLOWS, objects: [object] };
}
