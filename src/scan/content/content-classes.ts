import type { ContentClass } from '../../evidence/index.ts';
import { CONTENT_CLASSES } from '../../evidence/index.ts';

/** What was recognised in a value: one bit for each class, in the order of `CONTENT_CLASSES`. */
export type Hits = number;

export const NO_HITS: Hits = 0;

export function hitOf(contentClass: ContentClass): Hits {
  return 1 << CONTENT_CLASSES.indexOf(contentClass);
}

export function classesOf(hits: Hits): readonly ContentClass[] {
  return CONTENT_CLASSES.filter((contentClass) => (hits & hitOf(contentClass)) !== 0);
}
