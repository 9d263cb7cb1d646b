import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DomicileError } from '../core/index.ts';
import type { FlowLogLimits } from '../scan/index.ts';
import type { ThreadAnswer, ThreadTask } from './log-thread.ts';

/** A thread that reads log objects into a reducer of its own. */
export interface Lane {
  /** One task at a time. */
  readonly ask: (task: ThreadTask, transfer: readonly ArrayBuffer[]) => Promise<ThreadAnswer>;
  readonly close: () => Promise<void>;
}

/** Starts a thread of this folder's log-thread: the compiled one beside compiled code, the source beside sources. */
export function startLane(limits: FlowLogLimits): Lane {
  const entry = new URL(`./log-thread${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(entry, { workerData: limits });
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
