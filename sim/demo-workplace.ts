import type { Workplace } from '../src/audit/index.ts';
import type { Json } from '../src/core/index.ts';
import type { DemoStage } from './demo-stage.ts';
import { openDemoWorkplace } from './demo-stage.ts';

/** What the threads of the demo's workers import. */
export function openWorkplace(settings: Json): Promise<Workplace> {
  return openDemoWorkplace(settings as unknown as DemoStage);
}
