import type { Json } from './json.ts';

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/**
 * Whether a JSON text names a member of an object twice. `value` is what `JSON.parse` made of the text: it keeps the
 * last of such members without a word (RFC 8259 §4 leaves that open), so that what stands in the first is seen by
 * one reader and not by another. Told by counting: fewer members are there than were written.
 */
export function hasRepeatedMember(text: string, value: Json): boolean {
  return writtenMembers(text) !== countMembers(value);
}

/** Colons outside strings: in a JSON text, one for each member. */
function writtenMembers(text: string): number {
  let members = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === COLON) members += 1;
    else if (code === QUOTE) at = endOfString(text, at);
  }
  return members;
}

function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return text.length;
}

/** Without recursion: a text can be nested deeper than the stack. */
function countMembers(root: Json): number {
  if (typeof root !== 'object' || root === null) return 0;
  const open: object[] = [root];
  let members = 0;
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
    if (!Array.isArray(value)) members += inner.length;
    for (const one of inner) if (typeof one === 'object' && one !== null) open.push(one);
  }
  return members;
}
