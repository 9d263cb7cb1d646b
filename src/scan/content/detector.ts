import type { JsonObject } from '../../core/index.ts';
import type { ContentClass } from '../../evidence/index.ts';
import type { TextShape } from './text-shape.ts';

/** A value after every wrapping that we know was taken off: a text, or an object of a JSON document. */
export type UnwrappedValue =
  | { readonly kind: 'text'; readonly text: string; readonly shape: TextShape }
  | { readonly kind: 'object'; readonly members: JsonObject };

/**
 * Recognises one class of content. Guarantees: pure; time linear in the length of the value; never throws.
 * `version` changes with every change of what it says.
 */
export interface Detector {
  readonly id: string;
  readonly version: number;
  readonly class: ContentClass;
  readonly test: (value: UnwrappedValue) => boolean;
}
