import type { Json } from '../../core/index.ts';
import { hasRepeatedMember, isJsonArray } from '../../core/index.ts';

/** What a file's bytes say, or why they say nothing that two readers would agree on. */
export type JsonText =
  | { readonly kind: 'json'; readonly value: Json }
  | { readonly kind: 'other'; readonly why: string };

/** No answer of AWS is nested deeper than some twenty levels. */
const DEEPEST = 100;

/**
 * Reads JSON as the AWS CLI prints it, in the encodings that shells write it to files: UTF-8, or UTF-16 with a byte
 * order mark (PowerShell's `>`). Strict where a lenient reader could be fooled: a member that is there twice, half a
 * character, a number beyond all bounds and a tree that is nested too deep are no JSON here.
 */
export function readJsonText(bytes: Uint8Array): JsonText {
  const text = decode(bytes);
  if (text === undefined) return { kind: 'other', why: 'neither UTF-8 nor UTF-16 text' };
  if (depthOf(text) > DEEPEST) return { kind: 'other', why: `JSON nested deeper than ${DEEPEST} levels` };
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return { kind: 'other', why: 'not JSON' };
  }
  if (hasRepeatedMember(text, value)) return { kind: 'other', why: 'JSON with a member twice' };
  if (!isSayable(value)) return { kind: 'other', why: 'JSON with a number or text that cannot be' };
  return { kind: 'json', value };
}

function decode(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** How deep a JSON text is nested, told before it is parsed; anything for a text that is no JSON. */
function depthOf(text: string): number {
  let level = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x22: // "
        at = endOfString(text, at);
        break;
      case 0x5b: // [
      case 0x7b: // {
        level += 1;
        depth = Math.max(depth, level);
        break;
      case 0x5d: // ]
      case 0x7d: // }
        level -= 1;
        break;
      default:
    }
  }
  return depth;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) break;
    if (code === 0x5c) at += 1; // a backslash and what it escapes
  }
  return at;
}

/** Whether canonical JSON can say a value: no infinities, no half characters. It is not nested deep by now. */
function isSayable(value: Json): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return isJsonArray(value)
    ? value.every(isSayable)
    : Object.entries(value).every(([name, inner]) => name.isWellFormed() && isSayable(inner));
}
