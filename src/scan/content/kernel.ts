import { digestOf } from '../../core/index.ts';
import type { DataMap, ReducedWith } from '../../evidence/index.ts';
import { DETECTOR_SET } from './detectors/registry.ts';

/** Version of the reduction: changes with every change of what an aggregate counts. */
const KERNEL = 'content/1';

/** What an aggregate of this version, reduced under this data map, says that it was reduced with. */
export function contentReducedWith(map: DataMap): Required<ReducedWith> {
  return { kernel: KERNEL, detectors: DETECTOR_SET, dataMap: digestOf(map) };
}
