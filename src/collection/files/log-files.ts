import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FlowAggregate, ListedLogObject, LogListing } from '../../evidence/index.ts';
import { EMPTY_FLOWS, mergeFlowAggregates } from '../../evidence/index.ts';
import type { FlowLogLimits } from '../../scan/index.ts';
import { LARGEST_OBJECT, reduceLogObject, TEXT_LOG_NAME, unreadObject } from '../log-objects.ts';
import type { FoundFile } from './folder.ts';

/** A log object of the folder: where it lies, and its key as in the bucket. */
export interface LogFile {
  readonly file: FoundFile;
  readonly key: string;
  readonly account: string;
}

const BUCKET_ROOT = 'AWSLogs/';

/** The flow-log objects among the files of a folder, known by the name that AWS gives them. */
export function logFiles(files: readonly FoundFile[]): readonly LogFile[] {
  return files
    .filter(({ path }) => TEXT_LOG_NAME.test(path))
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
  if (file.size > LARGEST_OBJECT) return unreadObject(key, file.size, 'too-large');
  let bytes: Buffer;
  try {
    bytes = await readFile(join(root, file.path));
  } catch {
    return unreadObject(key, file.size, 'unreadable');
  }
  return reduceLogObject({ key, bytes }, listed, limits);
}
