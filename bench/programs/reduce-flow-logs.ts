import { findFiles } from '../../src/collection/files/folder.ts';
import { logFileOf, reduceLogFiles } from '../../src/collection/files/log-files.ts';
import { FLOW_LOG_LIMITS } from '../../src/scan/index.ts';

/**
 * Reduces the log objects of a folder to their aggregate, as an audit of an export folder does, and prints what
 * came out. Usage: reduce-flow-logs.ts FOLDER THREADS [COUNT]; COUNT 0 measures the start of the program alone.
 */
const [folder = '', threads = '0', count] = process.argv.slice(2);
const { files } = await findFiles(folder);
const logs = files.flatMap((file) => logFileOf(file) ?? []);
const { rows, interfaces, objects } = await reduceLogFiles(
  folder,
  logs.slice(0, count === undefined ? logs.length : Number(count)),
  undefined,
  { limits: FLOW_LOG_LIMITS, threads: Number(threads) },
  () => undefined,
);
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
console.log(
  JSON.stringify({
    objects: objects.length,
    records: total(objects.map(({ records }) => records)),
    interfaces: interfaces.length,
    rows: rows.length,
    bytes: total(rows.map(({ bytes }) => bytes)),
    middle: rows[rows.length >> 1] ?? null,
  }),
);
