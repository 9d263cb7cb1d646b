import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DomicileError } from '../../core/index.ts';
import type { StepOutcome } from '../step.ts';
import type { FromThread, ThreadStart, ToThread } from './step-thread.ts';
import type { StepOrder } from './take-step.ts';

/** Threads that take steps, so that the event loop that keeps a queue's locks is never busy with a scan. */
export interface StepPool {
  /** Takes a step in a free thread. Never rejects: a thread that died gives `CRASHED`, to be tried again. */
  readonly take: (order: StepOrder) => Promise<StepOutcome>;
  /** Asks the steps that run to stop at their next look. */
  readonly cancel: () => void;
  /** Ends the threads, whatever they do. */
  readonly close: () => Promise<void>;
}

interface Thread {
  readonly take: (order: StepOrder) => Promise<StepOutcome>;
  readonly cancel: () => void;
  readonly close: () => Promise<unknown>;
  readonly alive: () => boolean;
}

const CRASHED: StepOutcome = { kind: 'retry', why: 'CRASHED' };

/**
 * Starts the first thread, so that a workplace that cannot be opened is known at once.
 *
 * @throws DomicileError `INTERNAL` where a thread ends before it is ready.
 */
export async function openStepPool(start: ThreadStart, size: number): Promise<StepPool> {
  const idle: Thread[] = [await startThread(start)];
  const threads = new Set<Thread>(idle);
  const waiting: ((thread: Thread) => void)[] = [];
  let closed = false;

  const free = (thread: Thread): void => {
    const next = waiting.shift();
    if (next !== undefined) next(thread);
    else idle.push(thread);
  };
  const claim = async (): Promise<Thread> => {
    const thread = idle.pop();
    if (thread?.alive() === true) return thread;
    if (thread !== undefined) threads.delete(thread);
    if (threads.size >= size) return new Promise((done) => waiting.push(done));
    const started = await startThread(start);
    threads.add(started);
    return started;
  };
  const replace = async (): Promise<void> => {
    const started = await startThread(start).catch(() => undefined);
    if (started === undefined) return;
    threads.add(started);
    free(started);
  };
  return {
    take: async (order) => {
      if (closed) return { kind: 'later', why: 'CANCELLED' };
      let thread: Thread;
      try {
        thread = await claim();
      } catch {
        return CRASHED;
      }
      try {
        return await thread.take(order);
      } finally {
        if (thread.alive()) free(thread);
        else {
          threads.delete(thread);
          // Whoever waits for a thread must not wait for one that is gone.
          if (waiting.length > 0) await replace();
        }
      }
    },
    cancel: () => {
      closed = true;
      for (const thread of threads) thread.cancel();
    },
    close: async () => {
      closed = true;
      await Promise.all([...threads].map(async (thread) => thread.close()));
    },
  };
}

async function startThread(start: ThreadStart): Promise<Thread> {
  // Compiled, the file beside this one is JavaScript too.
  const file = new URL(`./step-thread${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(file, { workerData: start, stdout: false, stderr: false });
  const pending = new Map<number, (outcome: StepOutcome) => void>();
  let [alive, lastId] = [true, 0];

  await new Promise<void>((ready, failed) => {
    worker.on('message', (message: FromThread) => {
      if (message.type === 'ready') return ready();
      pending.get(message.id)?.(message.outcome);
      pending.delete(message.id);
    });
    const died = (error?: unknown): void => {
      alive = false;
      for (const answer of pending.values()) answer(CRASHED);
      pending.clear();
      failed(threadError(error));
    };
    worker.on('error', died);
    worker.on('exit', () => died());
  });
  const send = (message: ToThread): void => worker.postMessage(message, []);
  return {
    take: (order) =>
      new Promise((answer) => {
        if (!alive) return answer(CRASHED);
        lastId += 1;
        pending.set(lastId, answer);
        send({ type: 'take', id: lastId, order });
      }),
    cancel: () => send({ type: 'cancel' }),
    close: () => worker.terminate(),
    alive: () => alive,
  };
}

/** An error of ours crosses a thread without its class: what it says is worth keeping, another's is not. */
function threadError(error: unknown): DomicileError {
  const ours = error instanceof Error && error.name === 'DomicileError' && 'code' in error;
  if (ours) return new DomicileError('BAD_INPUT', error.message);
  return new DomicileError('INTERNAL', 'expected a thread for steps to start, found that it ended');
}
