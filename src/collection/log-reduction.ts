import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DomicileError } from '../core/index.ts';
import type { FlowAggregate, LogObjectRead } from '../evidence/index.ts';
import type { FlowLogLimits, FlowReducer, StoredLogObject } from '../scan/index.ts';
import { createFlowReducer, readLogObject } from '../scan/index.ts';
import type { ThreadAnswer, ThreadTask } from './log-thread.ts';

/** Where and how log objects are reduced. */
export interface ReductionOptions {
  readonly limits: FlowLogLimits;
  /** Threads to reduce in; 0 for none but this one. One or many, the aggregate is the same, byte for byte. */
  readonly threads: number;
}

/** As many threads as help: more than a few would wait for the disk or the network. */
export function usualThreads(): number {
  return Math.min(availableParallelism(), 4);
}

/**
 * Adds log objects up as they come, off the event loop once they are many.
 *
 * Bytes are taken over: whoever gives them must not use them again. A stream is read here, in pieces. Objects can
 * be added concurrently, and `add` returns when its object was read, so that waiting for it bounds memory.
 *
 * @throws DomicileError `TOO_LARGE` from `add` or `finish`, where there are more distinct flows than the limit,
 * or totals that would not be exact; `BAD_INPUT` where one object is there twice. What a stream throws.
 */
export interface LogReduction {
  readonly add: (object: StoredLogObject) => Promise<void>;
  /** Tells of an object that was not read. */
  readonly note: (object: LogObjectRead) => void;
  readonly finish: () => Promise<FlowAggregate>;
  /** Ends the threads, whatever they are doing. */
  readonly close: () => Promise<void>;
}

/** Stored bytes from which on the start of a thread (some 0.1 s) pays. */
const THREADS_FROM = 4 * 1024 * 1024;

export function createLogReduction({ limits, threads }: ReductionOptions): LogReduction {
  const own = createFlowReducer(limits.rows);
  let stored = 0;
  let lanes: readonly Lane[] = [];
  const free: Lane[] = [];
  const waiting: ((lane: Lane) => void)[] = [];

  const startThreads = (): void => {
    lanes = Array.from({ length: threads }, () => startLane(limits));
    free.push(...lanes);
  };
  const takeLane = (): Promise<Lane> => {
    const lane = free.pop();
    return lane === undefined ? new Promise((done) => waiting.push(done)) : Promise.resolve(lane);
  };
  const giveBack = (lane: Lane): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(lane);
    else next(lane);
  };

  return {
    add: async (object) => {
      const { bytes } = object;
      if (!(bytes instanceof Uint8Array)) return readLogObject(object, own, limits);
      stored += bytes.length;
      if (lanes.length === 0 && (threads === 0 || stored < THREADS_FROM))
        return readLogObject(object, own, limits);
      if (lanes.length === 0) startThreads();
      const lane = await takeLane();
      try {
        const whole = exclusive(bytes);
        await lane.ask({ kind: 'read', object: { ...object, bytes: whole } }, [whole.buffer]);
      } finally {
        giveBack(lane);
      }
      return undefined;
    },
    note: (object) => own.addObject(object),
    finish: async () => {
      // One after the other, and each thread ended with what it holds: their rows are mostly the same.
      for (const lane of lanes) {
        const answer = await lane.ask({ kind: 'finish' }, []);
        await lane.close();
        absorbAnswer(own, answer);
      }
      return own.finish();
    },
    close: async () => {
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
}

/** Bytes with a buffer of their own, that can be given to a thread: small Buffers share one. */
function exclusive(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes);
}

function absorbAnswer(own: FlowReducer, answer: ThreadAnswer): void {
  if (answer.kind === 'part') own.absorb(answer.part);
}

interface Lane {
  /** One task at a time. */
  readonly ask: (task: ThreadTask, transfer: readonly ArrayBuffer[]) => Promise<ThreadAnswer>;
  readonly close: () => Promise<void>;
}

/** A thread of this folder's log-thread: the compiled one beside compiled code, the source beside sources. */
function startLane(limits: FlowLogLimits): Lane {
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
