import { join } from 'node:path';
import type { FlowAggregate, ListedLogObject, LogListing } from '../../evidence/index.ts';
import { unreadObject } from '../../scan/index.ts';
import { LARGEST_OBJECT, logName, TEXT_LOG_NAME } from '../log-objects.ts';
import type { LogReduction, ReductionOptions } from '../log-reduction.ts';
import { createLogReduction } from '../log-reduction.ts';
import type { FoundFile } from './folder.ts';
import type { Room } from './log-content.ts';
import { contentOf, withLogFiles } from './log-content.ts';

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

/**
 * Reads log objects and adds them up: memory holds the totals and a few objects, as they are stored.
 *
 * @throws DomicileError `TOO_LARGE` as the reduction does; whatever `onRead` throws.
 */
export async function reduceLogFiles(
  root: string,
  files: readonly LogFile[],
  listing: LogListing | undefined,
  options: Omit<ReductionOptions, 'expected'>,
  onRead: (bytes: number) => void,
): Promise<FlowAggregate> {
  const reduction = createLogReduction({
    ...options,
    expected: files.reduce((sum, { file }) => sum + file.size, 0),
  });
  const listed = Map.groupBy(listing?.objects ?? [], ({ key }) => logName(key)?.name ?? key);
  const readOne = async (copies: readonly LogFile[], room: Room): Promise<void> => {
    const [log] = copies;
    if (log === undefined) return;
    // A name that is listed twice under different folders says nothing about which of the two this is.
    const known = listed.get(log.name) ?? [];
    const object = known.length === 1 ? known[0] : undefined;
    await addLogFile({ reduction, root, room }, copies, object?.key ?? keyOf(log), object);
    onRead(log.file.size);
  };
  try {
    const objects = [...Map.groupBy(files, ({ name }) => name).values()];
    await withLogFiles(objects, ([log]) => log?.file.size ?? 0, readOne);
    return await reduction.finish();
  } finally {
    await reduction.close();
  }
}

/** The key that an object has in its bucket, as far as its path tells. */
function keyOf({ file, name }: LogFile): string {
  const at = file.path.indexOf(BUCKET_ROOT);
  return at < 0 ? name : file.path.slice(at);
}

/** Where objects are read from, into and for. */
interface Place {
  readonly reduction: LogReduction;
  readonly root: string;
  readonly room: Room;
}

/** Reads an object once, however many copies of it a folder holds: twice would be twice the bytes. */
async function addLogFile(
  { reduction, root, room }: Place,
  copies: readonly LogFile[],
  key: string,
  listed: ListedLogObject | undefined,
): Promise<void> {
  const [first] = copies;
  const size = first?.file.size ?? 0;
  if (first === undefined || size > LARGEST_OBJECT)
    return reduction.note(unreadObject(key, 'too-large', size));
  if (!TEXT_LOG_NAME.test(first.name)) return reduction.note(unreadObject(key, 'unreadable', size));
  let bytes: Buffer;
  try {
    bytes = await contentOf({ ...first.file, path: join(root, first.file.path) }, room);
    for (const { file } of copies.slice(1)) {
      const same =
        file.size === bytes.length && bytes.equals(await contentOf({ ...file, path: join(root, file.path) }));
      if (!same) return reduction.note(unreadObject(key, 'mismatch', bytes.length));
    }
  } catch {
    return reduction.note(unreadObject(key, 'unreadable', size));
  }
  return reduction.add({ key, bytes, listed });
}
