import type { ByteMemory } from './byte-memory.ts';
import { LONGEST_REMEMBERED } from './byte-memory.ts';
import { NO_HITS } from './content-classes.ts';
import type { ScalarClass } from './data-class.ts';
import { membershipOf } from './data-class.ts';
import { isHexHash, isPlainToken, isUuid } from './plain-bytes.ts';
import { detectText } from './unwrap.ts';

/**
 * Whether a text of plain ASCII (no backslash) belongs to its class and has nothing in it for any detector, as far
 * as can be told without running them. What was found so is remembered.
 *
 * @param isToken what takes a single short token for plain.
 */
export function isPlainScalar(
  bytes: Uint8Array,
  from: number,
  to: number,
  holds: ScalarClass,
  memory: ByteMemory,
  isToken: typeof isPlainToken = isPlainToken,
): boolean {
  if (holds.class === 'uuid') return isUuid(bytes, from, to);
  if (holds.class === 'hash' && isHexHash(bytes, from, to)) return true;
  if (memory.has(bytes, from, to)) return true;
  if (to - from > LONGEST_REMEMBERED) return false;
  const membership = membershipOf(textOf(bytes, from, to), holds);
  const isPlain = membership === 'sealed' || (membership === 'allowed' && isToken(bytes, from, to));
  if (isPlain) memory.add(bytes, from, to);
  return isPlain;
}

/** Longer strings inside documents are left to the full examination, which is bounded as a whole. */
const LONGEST_EXAMINED = 4096;

/** The same, but where it cannot be told from the bytes, the detectors are asked: a document is not parsed for one string. */
export function isCleanScalar(
  bytes: Uint8Array,
  from: number,
  to: number,
  holds: ScalarClass,
  memory: ByteMemory,
): boolean {
  if (isPlainScalar(bytes, from, to, holds, memory)) return true;
  if (to - from > LONGEST_EXAMINED) return false;
  const text = textOf(bytes, from, to);
  if (membershipOf(text, holds) !== 'allowed' || detectText(text) !== NO_HITS) return false;
  memory.add(bytes, from, to);
  return true;
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}
