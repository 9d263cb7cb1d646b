import type { Json } from '../../core/index.ts';
import type { ContentClass } from '../../evidence/index.ts';
import { classesOf } from './content-classes.ts';
import { DETECTORS, UNWRAPPER } from './detectors/registry.ts';
import { detectJson } from './unwrap.ts';

/** What one detector says of one value. */
export interface DetectorVerdict {
  readonly detector: string;
  readonly version: number;
  readonly class: ContentClass;
  readonly hit: boolean;
}

/** What every detector says of a value. The value itself is not part of the answer. */
export function classify(value: Json): readonly DetectorVerdict[] {
  const met = new Set(classesOf(detectJson(value)));
  const verdicts = DETECTORS.map(({ id, version, class: contentClass }) => ({
    detector: id,
    version,
    class: contentClass,
    hit: met.has(contentClass),
  }));
  const unwrapper = (['opaque-binary', 'unexamined'] as const).map((contentClass) => ({
    detector: UNWRAPPER.id,
    version: UNWRAPPER.version,
    class: contentClass,
    hit: met.has(contentClass),
  }));
  return [...verdicts, ...unwrapper];
}
