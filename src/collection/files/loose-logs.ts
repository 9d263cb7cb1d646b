import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DomicileError } from '../../core/index.ts';
import type { FlowAggregate } from '../../evidence/index.ts';
import { FLOW_LOG_LIMITS } from '../../scan/index.ts';
import { createLogReduction, usualThreads } from '../log-reduction.ts';
import { findFiles } from './folder.ts';
import type { SizedFile } from './log-content.ts';
import { contentOf, withLogFiles } from './log-content.ts';

const LARGEST_FILE = 512 * 1024 * 1024;
const LOG_FILE = /\.log(?:\.gz)?$/;

/**
 * Reads flow-log files that somebody names: files, or folders with files that end in `.log` or `.log.gz`. Unlike
 * an audit it asks for no listing, so it says nothing of what is not there.
 *
 * @throws DomicileError `NOT_FOUND` where a path leads nowhere or a folder holds no log.
 */
export async function readFlowLogFiles(
  paths: readonly string[],
  onRead: (done: number, total: number) => void,
): Promise<FlowAggregate> {
  const files = (await Promise.all(paths.map(filesOf))).flat();
  const reduction = createLogReduction({
    limits: FLOW_LOG_LIMITS,
    threads: usualThreads(),
    expected: files.reduce((sum, { size }) => sum + size, 0),
  });
  let done = 0;
  try {
    await withLogFiles(
      files,
      ({ size }) => size,
      async (file, room) => {
        await reduction.add({ key: file.path, bytes: await contentOf(file, room) });
        onRead((done += 1), files.length);
      },
    );
    return await reduction.finish();
  } finally {
    await reduction.close();
  }
}

async function filesOf(path: string): Promise<readonly SizedFile[]> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === true) return [notTooLarge({ path, size: found.size })];
  if (found?.isDirectory() !== true)
    throw new DomicileError('NOT_FOUND', `expected a flow-log file or a folder, found nothing at ${path}`);
  const { files } = await findFiles(path);
  const logs = files
    .filter((file) => LOG_FILE.test(file.path))
    .map((file) => notTooLarge({ path: join(path, file.path), size: file.size }));
  if (logs.length === 0)
    throw new DomicileError('NOT_FOUND', `expected files that end in .log or .log.gz, found none in ${path}`);
  return logs;
}

function notTooLarge(file: SizedFile): SizedFile {
  if (file.size > LARGEST_FILE)
    throw new DomicileError('TOO_LARGE', `expected a log file of at most 512 MiB, found ${file.path} larger`);
  return file;
}
