import type { CheckId } from '../catalogue.ts';
import type { Check } from '../check.ts';

/** The checks that this version builds, by id. An id of the catalogue that is not here is not implemented. */
export type CheckRegistry = ReadonlyMap<CheckId, Check>;
