import type { Json, JsonObject } from '../../core/index.ts';
import { isJsonObject } from '../../core/index.ts';
import { textOf } from './byte-text.ts';

/** Fewer make no sentence. */
export const FEWEST_PIECES = 3;
const FEWEST_NUMBERS = 8;
const LONGEST_PIECE = 24;
const MOST_PIECES = 20_000;
const MAX_DEPTH = 6;
const NUMBERED = /^\d{1,6}$/;

/**
 * The texts that the elements of a list make together: words, characters, the deltas of a stream, the codes of
 * characters. Pieces that are texts by themselves are looked at by themselves, and give nothing here.
 */
export function joinedPieces(elements: readonly Json[]): readonly string[] {
  if (elements.length < FEWEST_PIECES) return [];
  const codes = codedText(elements);
  if (codes !== undefined) return [codes];
  const pieces = new Map<string, string[]>();
  for (const element of elements.slice(0, MOST_PIECES)) collect(element, '', 0, pieces);
  return [...pieces.values()].filter(arePieces).flatMap((list) => [list.join(''), list.join(' ')]);
}

/** The members of an object that is a list in disguise: `{"0": "tell", "1": "me"}`. */
export function numberedMembers(members: JsonObject): readonly Json[] | undefined {
  const keys = Object.keys(members);
  if (keys.length < FEWEST_PIECES || !keys.every((key) => NUMBERED.test(key))) return undefined;
  return Object.values(members).filter((member) => member !== undefined);
}

/** By the names on the way to them: what `choices[].delta.content` holds belongs together. */
function collect(value: Json, path: string, depth: number, pieces: Map<string, string[]>): void {
  if (typeof value === 'string') {
    const list = pieces.get(path);
    if (list === undefined) pieces.set(path, [value]);
    else list.push(value);
    return;
  }
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) return;
  if (!isJsonObject(value)) {
    for (const element of value) collect(element, path, depth + 1, pieces);
    return;
  }
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) collect(member, `${path}.${key}`, depth + 1, pieces);
  }
}

function arePieces(list: readonly string[]): boolean {
  if (list.length < FEWEST_PIECES || new Set(list).size < FEWEST_PIECES) return false;
  return list.reduce((sum, { length }) => sum + length, 0) <= LONGEST_PIECE * list.length;
}

/** Bytes or code points of characters, such as a serialised buffer. Counts and vectors are no text, or a short one. */
function codedText(elements: readonly Json[]): string | undefined {
  if (elements.length < FEWEST_NUMBERS || !elements.every(isCode)) return undefined;
  const codes = elements.slice(0, MOST_PIECES) as readonly number[];
  if (codes.every((code) => code < 256)) return textOf(Uint8Array.from(codes));
  return String.fromCodePoint(...codes);
}

function isCode(element: Json): boolean {
  return (
    typeof element === 'number' &&
    Number.isInteger(element) &&
    element >= 0x09 &&
    element < 0x11_0000 &&
    !isSurrogate(element)
  );
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xe000;
}
