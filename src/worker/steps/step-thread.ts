import { parentPort, workerData } from 'node:worker_threads';
import type { Workplace } from '../../audit/index.ts';
import type { Json } from '../../core/index.ts';
import type { StepOutcome } from '../step.ts';
import type { StepOrder } from './take-step.ts';
import { takeStep } from './take-step.ts';

/** What a thread is started with: functions cannot cross, so it makes its own workplace. */
export interface ThreadStart {
  /** The address of a module that exports `openWorkplace`. */
  readonly module: string;
  readonly settings: Json;
}

/** The module that a thread imports. */
export interface WorkplaceModule {
  readonly openWorkplace: (settings: Json) => Promise<Workplace>;
}

export type ToThread =
  | { readonly type: 'take'; readonly id: number; readonly order: StepOrder }
  | { readonly type: 'cancel' };
export type FromThread =
  | { readonly type: 'ready' }
  | { readonly type: 'outcome'; readonly id: number; readonly outcome: StepOutcome };

const { module, settings } = workerData as ThreadStart;
const { openWorkplace } = (await import(module)) as WorkplaceModule;
const place = await openWorkplace(settings);
const cancelled = new AbortController();

parentPort?.on('message', (message: ToThread) => {
  if (message.type === 'cancel') return cancelled.abort();
  void takeStep(place, message.order, cancelled.signal).then((outcome) =>
    answer({ type: 'outcome', id: message.id, outcome }),
  );
});
answer({ type: 'ready' });

function answer(message: FromThread): void {
  parentPort?.postMessage(message, []);
}
