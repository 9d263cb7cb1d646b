import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FlowAggregate, ListedLogObject, LogListing } from '../../evidence/index.ts';
import { EMPTY_FLOWS, mergeFlowAggregates } from '../../evidence/index.ts';
import type { FlowLogLimits } from '../../scan/index.ts';
import { LARGEST_OBJECT, logName, reduceLogObject, TEXT_LOG_NAME, unreadObject } from '../log-objects.ts';
import type { FoundFile } from './folder.ts';

/** A log object of the folder: where it lies, and what its name says. */
export interface LogFile {
  readonly file: FoundFile;
  /** The name that AWS gave it, which no two objects share. */
  readonly name: string;
  readonly account: string;
}

const BUCKET_ROOT = 'AWSLogs/';

/** The flow-log object that a file is, known by the name that AWS gives them, in whatever folder it lies. */
export function logFileOf(file: FoundFile): LogFile | undefined {
  const known = logName(file.path);
  return known === undefined ? undefined : { file, ...known };
}

/** Reads log objects one after the other and adds them up: memory holds one object and the totals. */
export async function reduceLogFiles(
  root: string,
  files: readonly LogFile[],
  listing: LogListing | undefined,
  limits: FlowLogLimits,
  onRead: (bytes: number) => void,
): Promise<FlowAggregate> {
  const listed = Map.groupBy(listing?.objects ?? [], ({ key }) => logName(key)?.name ?? key);
  let total = EMPTY_FLOWS;
  let batch: FlowAggregate[] = [];
  for (const copies of Map.groupBy(files, ({ name }) => name).values()) {
    const [log] = copies;
    if (log === undefined) continue;
    // A name that is listed twice under different folders says nothing about which of the two this is.
    const known = listed.get(log.name) ?? [];
    const object = known.length === 1 ? known[0] : undefined;
    batch.push(await reduceLogFile(root, copies, object?.key ?? keyOf(log), object, limits));
    onRead(log.file.size);
    if (batch.length < 64) continue;
    total = mergeFlowAggregates([total, ...batch]);
    batch = [];
  }
  return mergeFlowAggregates([total, ...batch]);
}

/** The key that an object has in its bucket, as far as its path tells. */
function keyOf({ file, name }: LogFile): string {
  const at = file.path.indexOf(BUCKET_ROOT);
  return at < 0 ? name : file.path.slice(at);
}

/** Reads an object once, however many copies of it a folder holds: twice would be twice the bytes. */
async function reduceLogFile(
  root: string,
  copies: readonly LogFile[],
  key: string,
  listed: ListedLogObject | undefined,
  limits: FlowLogLimits,
): Promise<FlowAggregate> {
  const [first] = copies;
  const size = first?.file.size ?? 0;
  if (first === undefined || size > LARGEST_OBJECT) return unreadObject(key, size, 'too-large');
  if (!TEXT_LOG_NAME.test(first.name)) return unreadObject(key, size, 'unreadable');
  let bytes: Buffer;
  try {
    bytes = await readFile(join(root, first.file.path));
    for (const { file } of copies.slice(1)) {
      const same = file.size === bytes.length && bytes.equals(await readFile(join(root, file.path)));
      if (!same) return unreadObject(key, bytes.length, 'mismatch');
    }
  } catch {
    return unreadObject(key, size, 'unreadable');
  }
  return reduceLogObject({ key, bytes }, listed, limits);
}
