import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { processEnvironment, projectRoot } from '../config/index.ts';
import { isJsonObject } from '../core/index.ts';
import { runCommandLine } from './program.ts';
import { createProgressLine } from './progress.ts';
import type { Shell } from './shell.ts';

/** The composition root: the one place that takes time, environment, signals and streams from the process. */
const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The first asks to stop and clean up; whoever insists gets it at once.
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  });
}
// A reader that had enough, such as head, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  throw error;
});

const progress = createProgressLine(process.stderr, () => performance.now());
const shell: Shell = {
  out: (line) => process.stdout.write(`${line}\n`),
  note: (line) => {
    progress.end();
    process.stderr.write(`${line}\n`);
  },
  onProgress: progress.show,
  endProgress: progress.end,
  input: async function* () {
    process.stdin.setEncoding('utf8');
    yield* process.stdin as AsyncIterable<string>;
  },
  environment: processEnvironment(),
  clock: { now: () => Date.now() },
  signal: interrupt.signal,
  version: packageVersion(),
  host: hostname(),
};

process.exitCode = await runCommandLine(process.argv.slice(2), shell);

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(`${projectRoot()}/package.json`, 'utf8'));
  return isJsonObject(manifest) ? String(manifest['version']) : 'unknown';
}
