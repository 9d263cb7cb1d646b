import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { RunHistory } from '../../src/storage/index.ts';
import { openLedger } from '../../src/storage/index.ts';
import type { WorkerTiming } from '../../src/worker/index.ts';
import type { TinyFolder } from '../support/tiny-site.ts';
import type { TinySettings } from './tiny-workplace.ts';

/** Short enough for tests; a lock that is lost is found after a second. */
const TINY_TIMING: WorkerTiming = {
  tickMs: 150,
  lookAgainMs: 500,
  lateMs: 0,
  handBackMs: 200,
  graceMs: 300,
  lockMs: 1_500,
  stalledMs: 300,
  backoffMs: 50,
  alertPauses: [],
};

export interface TinyFleet {
  readonly settings: TinySettings;
  /** Lets the clock of all processes stand at a time. */
  readonly at: (time: string) => void;
  /** A worker process; resolves once it works. */
  readonly start: (change?: Partial<TinySettings>, concurrency?: number) => Promise<FleetWorker>;
  readonly history: (deployment: string) => Promise<RunHistory>;
  /** The deployments whose slot has neither a report nor a stated abort. */
  readonly unsettled: (slot: string) => Promise<readonly string[]>;
  /** Waits until every deployment's slot has a report or a stated abort. */
  readonly settled: (slot: string, timeoutMs?: number) => Promise<void>;
  readonly stopAll: () => Promise<void>;
}

export interface FleetWorker {
  readonly watchPort: number;
  readonly log: () => readonly Record<string, unknown>[];
  readonly logText: () => string;
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<number>;
}

export function tinyFleet(folder: TinyFolder, queueUrl: string, pauseMs: number): TinyFleet {
  const clock = join(folder.root, '..', 'clock');
  const settings: TinySettings = { folder, clock, pauseMs, toolVersion: '1.0.0', words: '', broken: '' };
  const running = new Set<FleetWorker>();
  const history = (deployment: string): Promise<RunHistory> => openLedger(folder.root, deployment).history();
  const unsettled = async (slot: string): Promise<readonly string[]> => {
    const open: string[] = [];
    for (const deployment of folder.deployments)
      if (!isSettled(await history(deployment), slot)) open.push(deployment);
    return open;
  };
  return {
    settings,
    at: (time) => writeFileSync(clock, time),
    start: async (change = {}, concurrency = 2) => {
      const worker = await startProcess(queueUrl, { ...settings, ...change }, concurrency);
      running.add(worker);
      return worker;
    },
    history,
    unsettled,
    settled: async (slot, timeoutMs = 90_000) => {
      const until = Date.now() + timeoutMs;
      for (;;) {
        const open = await unsettled(slot);
        if (open.length === 0) return;
        if (Date.now() > until)
          throw new Error(`expected ${slot} to be settled, still open: ${open.join(', ')}`);
        await wait(100);
      }
    },
    stopAll: async () => {
      for (const worker of running) await worker.kill();
    },
  };
}

function isSettled({ runs, reports }: RunHistory, slot: string): boolean {
  if (reports.some((report) => report.slot === slot)) return true;
  const ids = runs.flatMap((entry) => (entry.type === 'started' && entry.slot === slot ? [entry.runId] : []));
  const last = runs.findLast(({ runId }) => ids.includes(runId));
  return last?.type === 'aborted';
}

async function startProcess(
  queueUrl: string,
  settings: TinySettings,
  concurrency: number,
): Promise<FleetWorker> {
  const argument = JSON.stringify({ queueUrl, settings, timing: TINY_TIMING, concurrency });
  const child = fork(join(import.meta.dirname, 'tiny-worker.ts'), [argument], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const port = await started(child, () => text);
  const exited = new Promise<number>((done) => child.once('exit', (code) => done(code ?? -1)));
  return {
    watchPort: port,
    log: () =>
      text
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    logText: () => text,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

function started(child: ChildProcess, log: () => string): Promise<number> {
  return new Promise((done, failed) => {
    child.once('message', ({ port }: { readonly port: number }) => done(port));
    child.once('exit', (code) =>
      failed(new Error(`expected a worker to start, found exit ${code}: ${log()}`)),
    );
  });
}
