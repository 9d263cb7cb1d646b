export type { DetectorVerdict } from './content/classify.ts';
export { classify } from './content/classify.ts';
export type { ScannedColumn } from './content/column-examiner.ts';
export { isOpenClass } from './content/data-class.ts';
export type { Detector, UnwrappedValue } from './content/detector.ts';
export { DETECTOR_SET, DETECTORS } from './content/detectors/registry.ts';
export { contentReducedWith } from './content/kernel.ts';
export type { TablePlan, TableReducer } from './content/table-reducer.ts';
export { createTableReducer } from './content/table-reducer.ts';
