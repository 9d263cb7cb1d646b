import { parentPort, workerData } from 'node:worker_threads';
import type { ErrorCode } from '../core/index.ts';
import { DomicileError } from '../core/index.ts';
import type { FlowLogLimits, FlowPart, StoredLogObject } from '../scan/index.ts';
import { createFlowReducer, readLogObject } from '../scan/index.ts';

/** What a log thread is asked to do, one task after the other. */
export type ThreadTask =
  | { readonly kind: 'read'; readonly objects: readonly (StoredLogObject & { readonly bytes: Uint8Array })[] }
  | { readonly kind: 'finish' };

/** What it answers: once a task. */
export type ThreadAnswer =
  | { readonly kind: 'read' }
  | { readonly kind: 'part'; readonly part: FlowPart }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };

// The entry of a thread: it has a reducer of its own, whose rows the first thread takes over in the end.
const limits = workerData as FlowLogLimits;
const reducer = createFlowReducer(limits.rows);

async function answerTo(task: ThreadTask): Promise<ThreadAnswer> {
  switch (task.kind) {
    case 'read':
      for (const object of task.objects) await readLogObject(object, reducer, limits);
      return { kind: 'read' };
    case 'finish':
      return { kind: 'part', part: reducer.part() };
  }
}

async function answer(task: ThreadTask): Promise<void> {
  const said = await answerTo(task).catch((error: unknown): ThreadAnswer => {
    // Anything else ends the thread, which the first thread notices.
    if (!(error instanceof DomicileError)) throw error;
    return { kind: 'failed', code: error.code, message: error.message };
  });
  parentPort?.postMessage(said, said.kind === 'part' ? said.part.rows.map(({ buffer }) => buffer) : []);
}

parentPort?.on('message', (task: ThreadTask) => void answer(task));
