import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DomicileError } from '../../core/index.ts';
import type { FlowAggregate } from '../../evidence/index.ts';
import { FLOW_LOG_LIMITS } from '../../scan/index.ts';
import { inParallel } from '../in-parallel.ts';
import { createLogReduction, usualThreads } from '../log-reduction.ts';
import { findFiles } from './folder.ts';

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
  const threads = usualThreads();
  const reduction = createLogReduction({ limits: FLOW_LOG_LIMITS, threads });
  let done = 0;
  try {
    await inParallel(files, threads + 1, async (file) => {
      await reduction.add(await readLog(file));
      onRead((done += 1), files.length);
    });
    return await reduction.finish();
  } finally {
    await reduction.close();
  }
}

async function filesOf(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === true) return [path];
  if (found?.isDirectory() !== true)
    throw new DomicileError('NOT_FOUND', `expected a flow-log file or a folder, found nothing at ${path}`);
  const { files } = await findFiles(path);
  const logs = files.filter((file) => LOG_FILE.test(file.path)).map((file) => join(path, file.path));
  if (logs.length === 0)
    throw new DomicileError('NOT_FOUND', `expected files that end in .log or .log.gz, found none in ${path}`);
  return logs;
}

async function readLog(path: string): Promise<{ readonly key: string; readonly bytes: Uint8Array }> {
  const file = await open(path, 'r');
  try {
    if ((await file.stat()).size > LARGEST_FILE)
      throw new DomicileError('TOO_LARGE', `expected a log file of at most 512 MiB, found ${path} larger`);
    return { key: path, bytes: await file.readFile() };
  } finally {
    await file.close();
  }
}
