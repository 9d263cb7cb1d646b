import type { Json, JsonObject } from '../core/index.ts';
import { byCodeUnit, isJsonArray, isJsonObject } from '../core/index.ts';
import type { ListedLogObject, LogListing } from '../evidence/index.ts';

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
