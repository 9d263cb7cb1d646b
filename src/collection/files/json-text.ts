import type { Json } from '../../core/index.ts';

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
  const { depth, members } = measure(text);
  if (depth > DEEPEST) return { kind: 'other', why: `JSON nested deeper than ${DEEPEST} levels` };
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return { kind: 'other', why: 'not JSON' };
  }
  const found = countMembers(value);
  if (found === undefined) return { kind: 'other', why: 'JSON with a number or text that cannot be' };
  // JSON.parse keeps the last of two members with one name, so that there are fewer than were written.
  return found === members ? { kind: 'json', value } : { kind: 'other', why: 'JSON with a member twice' };
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

/** The depth of a JSON text and the number of members written in it; anything for a text that is no JSON. */
function measure(text: string): { readonly depth: number; readonly members: number } {
  let level = 0;
  let depth = 0;
  let members = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x22: // "
        at = endOfString(text, at);
        break;
      case 0x3a: // :
        members += 1;
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
  return { depth, members };
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

/** How many members a value has in all, or `undefined` where it holds what canonical JSON cannot say. */
function countMembers(root: Json): number | undefined {
  const open: Json[] = [root];
  let members = 0;
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value === 'string' && !value.isWellFormed()) return undefined;
    if (typeof value === 'number' && !Number.isFinite(value)) return undefined;
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const entry of value) open.push(entry as Json);
      continue;
    }
    for (const [name, inner] of Object.entries(value)) {
      if (!name.isWellFormed()) return undefined;
      members += 1;
      open.push(inner);
    }
  }
  return members;
}
