import type { Detector } from '../detector.ts';
import { CHAT_STRUCTURE } from './chat-structure.ts';
import { CJK_PROSE } from './cjk-prose.ts';
import { HIGH_ENTROPY_TOKEN } from './high-entropy-token.ts';
import { PROSE } from './prose.ts';
import { SECRET_KEY } from './secret-key.ts';

/** The detectors of this version. */
export const DETECTORS: readonly Detector[] = [
  PROSE,
  CJK_PROSE,
  CHAT_STRUCTURE,
  SECRET_KEY,
  HIGH_ENTROPY_TOKEN,
];

/** Version of the unwrapping itself, which says `opaque-binary` and `unexamined`. */
export const UNWRAPPER = { id: 'unwrap', version: 4 } as const;

/** Names the detector set in `reducedWith`: it changes with every change of what a detector says. */
export const DETECTOR_SET: string = [...DETECTORS, UNWRAPPER]
  .map(({ id, version }) => `${id}@${version}`)
  .join(' ');
