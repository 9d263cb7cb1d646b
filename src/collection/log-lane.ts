import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DomicileError } from '../core/index.ts';
import type { FlowLogLimits } from '../scan/index.ts';
import type { ThreadAnswer, ThreadTask } from './log-thread.ts';

/** A thread that reads log objects into a reducer of its own. */
export interface Lane {
  /** Memory that the thread shares: good until the answer to what was asked about it. */
  readonly room: Uint8Array;
  /** One task at a time. */
  readonly ask: (task: ThreadTask, transfer: readonly ArrayBuffer[]) => Promise<ThreadAnswer>;
  readonly close: () => Promise<void>;
}

/** Stored bytes that go to a thread with one message: small objects by the dozen. */
export const BATCH = 1024 * 1024;

/** What a thread reads is garbage at once: a small young generation (in MiB) gives it back soon. */
const YOUNG = 8;

/** Starts a thread of this folder's log-thread: the compiled one beside compiled code, the source beside sources. */
export function startLane(limits: FlowLogLimits): Lane {
  const entry = new URL(`./log-thread${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(entry, {
    workerData: limits,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG },
  });
  let settle:
    | { readonly done: (answer: ThreadAnswer) => void; readonly fail: (error: Error) => void }
    | undefined;
  let broken: Error | undefined;
  worker.on('message', (answer: ThreadAnswer) => {
    if (answer.kind === 'failed') settle?.fail(new DomicileError(answer.code, answer.message));
    else settle?.done(answer);
  });
  const onBroken = (): void => {
    broken = new DomicileError('INTERNAL', 'expected the log thread to live, found it ended');
    settle?.fail(broken);
  };
  worker.on('error', onBroken).on('exit', onBroken);
  return {
    room: new Uint8Array(new SharedArrayBuffer(BATCH)),
    ask: (task, transfer) =>
      new Promise((done, fail) => {
        if (broken !== undefined) {
          fail(broken);
          return;
        }
        settle = { done, fail };
        worker.postMessage(task, transfer);
      }),
    close: async () => {
      await worker.terminate();
    },
  };
}
