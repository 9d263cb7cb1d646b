import { availableParallelism } from 'node:os';
import type { FlowAggregate, LogObjectRead } from '../evidence/index.ts';
import type { FlowLogLimits, FlowReducer, StoredLogObject } from '../scan/index.ts';
import { createFlowReducer, readLogObject } from '../scan/index.ts';
import type { Lane } from './log-lane.ts';
import { BATCH, startLane } from './log-lane.ts';
import type { ThreadAnswer } from './log-thread.ts';

/** Where and how log objects are reduced. */
export interface ReductionOptions {
  readonly limits: FlowLogLimits;
  /** Threads to reduce in; 0 for none but this one. One or many, the aggregate is the same, byte for byte. */
  readonly threads: number;
  /** Stored bytes that are to come, as far as is known: few are not worth a thread. */
  readonly expected: number;
}

/** As many threads as help: more than a few would wait for the disk or the network. */
export function usualThreads(): number {
  return Math.min(availableParallelism(), 4);
}

/**
 * Adds log objects up as they come, off the event loop where they are many.
 *
 * Bytes that have a buffer to themselves are taken over: whoever gives them must not use them again. A stream is read here, in pieces. Objects can
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

/** Stored bytes from which on the start of threads (some 0.1 s) pays. */
const THREADS_FROM = 4 * 1024 * 1024;

type WholeObject = StoredLogObject & { readonly bytes: Uint8Array };

export function createLogReduction({ limits, threads, expected }: ReductionOptions): LogReduction {
  const own = createFlowReducer(limits.rows);
  const lanes = Array.from({ length: expected < THREADS_FROM ? 0 : threads }, () => startLane(limits));
  const free = [...lanes];
  const waiting: Waiting[] = [];

  const next = (): void => {
    while (waiting.length > 0) {
      const lane = free.pop();
      if (lane === undefined) return;
      void readIn(lane, takeBatch(waiting)).finally(() => {
        free.push(lane);
        next();
      });
    }
  };

  return {
    add: ({ bytes, ...object }) => {
      if (!(bytes instanceof Uint8Array) || lanes.length === 0)
        return readLogObject({ ...object, bytes }, own, limits);
      return new Promise((done, fail) => {
        waiting.push({ object: { ...object, bytes }, done, fail });
        next();
      });
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

/** An object that no thread has taken yet, and who is to be told what becomes of it. */
interface Waiting {
  readonly object: WholeObject;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

/** The first that waits, and those behind it as long as they are small together. */
function takeBatch(waiting: Waiting[]): readonly Waiting[] {
  let bytes = 0;
  let count = 0;
  for (const { object } of waiting) {
    bytes += object.bytes.length;
    if (count > 0 && bytes > BATCH) break;
    count += 1;
  }
  return waiting.splice(0, count);
}

/** Never rejects: each object's own promise says what became of it. */
async function readIn(lane: Lane, batch: readonly Waiting[]): Promise<void> {
  try {
    await sendTo(lane, batch);
    for (const { done } of batch) done();
  } catch (error) {
    for (const { fail } of batch) fail(error);
  }
}

/** Small objects are copied into memory that the lane shares, which leaves no garbage in either thread; a large one is moved. */
async function sendTo(lane: Lane, batch: readonly Waiting[]): Promise<void> {
  let from = 0;
  const moved: ArrayBuffer[] = [];
  const objects = batch.map(({ object }): WholeObject => {
    if (object.bytes.length <= lane.room.length - from) {
      const shared = lane.room.subarray(from, from + object.bytes.length);
      shared.set(object.bytes);
      from += shared.length;
      return { ...object, bytes: shared };
    }
    const bytes = exclusive(object.bytes);
    moved.push(bytes.buffer);
    return { ...object, bytes };
  });
  await lane.ask({ kind: 'read', objects }, moved);
}

/** Bytes with a buffer of their own, that can be given to a thread: small ones share theirs with others. */
function exclusive(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes);
}

function absorbAnswer(own: FlowReducer, answer: ThreadAnswer): void {
  if (answer.kind === 'part') own.absorb(answer.part);
}
