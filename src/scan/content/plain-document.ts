import type { ByteMemory } from './byte-memory.ts';
import { createByteMemory } from './byte-memory.ts';
import { mayHoldWords } from './data-class.ts';
import { CHAT_MEMBERS } from './detectors/chat-structure.ts';
import { FEWEST_PIECES } from './pieces.ts';
import type { Place } from './place.ts';
import { isCleanScalar } from './plain-scalar.ts';
import type { Tally } from './tally.ts';
import { countValue } from './tally.ts';

/**
 * Documents are counted from their bytes where everything in them is as declared and plain: declared members, each
 * once, of the declared types, without escapes. Anything else leaves the counts as they were, and the document is
 * parsed and examined in full.
 */

/** Whether a document from here to there was counted. */
export type CountDocument = (bytes: Uint8Array, from: number, to: number) => boolean;

const MOST_COUNTS = 512;
const LONGEST_DOCUMENT = 65_536;
const MOST_MEMBERS = 30;
const FAILED = -1;

const TAB = 0x09;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

type CountedType = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** A declared place in the form that the walk needs. */
interface Shape {
  readonly tally: Tally;
  readonly holds: Place['holds'];
  readonly keys: readonly Uint8Array[];
  readonly members: readonly Shape[];
  readonly inner: Shape | undefined;
  /** A list whose elements can make a sentence together. */
  readonly joins: boolean;
  readonly memory: ByteMemory;
}

/**
 * Counts a document that is followed by the end of its field, and gives where that is; -1 where nothing was counted.
 * `undefined` where a document of this place can never be counted so.
 */
export function createDocumentReader(
  place: Place,
): ((bytes: Uint8Array, from: number, to: number) => number) | undefined {
  const shape = shapeOf(place);
  if (shape === undefined) return undefined;
  return (bytes, from, to) => {
    counts = 0;
    const end = readValue(shape, bytes, from, Math.min(to, from + LONGEST_DOCUMENT));
    if (end === FAILED || (end < to && bytes[end] !== TAB)) return FAILED;
    commit();
    return end;
  };
}

/** The same for an array literal of Postgres (`{a,b}`): without quotes, it holds texts. */
export function createLiteralCounter(place: Place): CountDocument | undefined {
  const shape = shapeOf(place);
  const inner = shape?.inner;
  const holds = inner?.holds;
  if (shape === undefined || inner === undefined || holds === undefined) return undefined;
  if (holds.class === 'json' || holds.class === 'array' || holds.class === 'map') return undefined;
  return (bytes, from, to) => {
    counts = 0;
    let elements = 0;
    if (bytes[from] !== OPEN_OBJECT || bytes[to - 1] !== CLOSE_OBJECT || !note(shape.tally, 'array'))
      return false;
    for (let at = from + 1; at < to - 1; ) {
      let end = at;
      while (end < to - 1 && bytes[end] !== COMMA) {
        if (isOfLiteral(bytes[end] ?? 0)) return false;
        end++;
      }
      if (end === at || (end === to - 2 && bytes[end] === COMMA)) return false;
      if (shape.joins && ++elements >= FEWEST_PIECES) return false;
      if (isNullWord(bytes, at, end) || !isCleanScalar(bytes, at, end, holds, inner.memory)) return false;
      if (!note(inner.tally, 'string')) return false;
      at = end + 1;
    }
    commit();
    return true;
  };
}

/** What means something in an array literal. */
function isOfLiteral(byte: number): boolean {
  return (
    byte <= SPACE || byte === QUOTE || byte === OPEN_OBJECT || byte === CLOSE_OBJECT || byte === SEMICOLON
  );
}

function isNullWord(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from === 4 && bytes[from] === 0x4e && bytes[from + 1] === 0x55;
}

function shapeOf(place: Place): Shape | undefined {
  const { holds } = place;
  if (holds === undefined || holds.class === 'map' || place.members.size > MOST_MEMBERS) return undefined;
  // Under the name of a key a value is known from its whole text.
  if (place.keyName !== undefined && mayHoldWords(holds)) return undefined;
  // Members in which a conversation is looked for are not for us.
  if ([...place.members.keys()].some((key) => CHAT_MEMBERS.has(key.toLowerCase()))) return undefined;
  const members = [...place.members.values()].map(shapeOf);
  const inner = place.inner === undefined ? undefined : shapeOf(place.inner);
  if (members.includes(undefined) || (holds.class === 'array' && inner === undefined)) return undefined;
  return {
    tally: place.tally,
    holds,
    keys: [...place.members.keys()].map((key) => new TextEncoder().encode(key)),
    members: members.filter((member) => member !== undefined),
    inner,
    joins: place.inner?.holds !== undefined && mayHoldWords(place.inner.holds),
    memory: createByteMemory(),
  };
}

/** What is to be counted, once the whole document turned out to be plain. */
const tallies = new Array<Tally | undefined>(MOST_COUNTS);
const types = new Array<CountedType>(MOST_COUNTS);
let counts = 0;

function commit(): void {
  for (let index = 0; index < counts; index++) {
    const tally = tallies[index];
    const type = types[index];
    if (tally === undefined || type === undefined) continue;
    if (type === 'null') tally.nulls++;
    else countValue(tally, type);
  }
}

/** Notes a count; false where there are too many. */
function note(tally: Tally, type: CountedType): boolean {
  if (counts >= MOST_COUNTS) return false;
  tallies[counts] = tally;
  types[counts] = type;
  counts++;
  return true;
}

/** Reads a value; gives where it ends, or FAILED. */
function readValue(shape: Shape, bytes: Uint8Array, from: number, to: number): number {
  const first = bytes[from] ?? 0;
  switch (first) {
    case OPEN_OBJECT:
      if (isEmpty(shape, bytes[from + 1] === CLOSE_OBJECT, 'object')) return from + 2;
      return shape.holds?.class === 'json' ? readObject(shape, bytes, from, to) : FAILED;
    case OPEN_LIST:
      if (isEmpty(shape, bytes[from + 1] === CLOSE_LIST, 'array')) return from + 2;
      return shape.holds?.class === 'array' ? readList(shape, bytes, from, to) : FAILED;
    case QUOTE:
      return readString(shape, bytes, from, to);
    case 0x6e:
      return isWord(bytes, from, to, 'null') && note(shape.tally, 'null') ? from + 4 : FAILED;
    case 0x74:
      return readBoolean(shape, bytes, from, to, 'true');
    case 0x66:
      return readBoolean(shape, bytes, from, to, 'false');
    default:
      return readNumber(shape, bytes, from, to);
  }
}

/** Something without members, where nothing is what is declared. */
function isEmpty({ holds, tally }: Shape, closes: boolean, type: CountedType): boolean {
  return closes && holds?.class === 'empty' && note(tally, type);
}

function readObject(shape: Shape, bytes: Uint8Array, from: number, to: number): number {
  if (!note(shape.tally, 'object')) return FAILED;
  let at = pastSpaces(bytes, from + 1, to);
  if (bytes[at] === CLOSE_OBJECT) return at + 1;
  let seen = 0;
  let likely = 0;
  for (;;) {
    if (bytes[at] !== QUOTE) return FAILED;
    const member = memberAt(shape.keys, likely, bytes, at + 1, to);
    if (member < 0 || (seen & (1 << member)) !== 0) return FAILED;
    seen |= 1 << member;
    likely = member + 1;
    at = pastSpaces(bytes, at + 2 + (shape.keys[member]?.length ?? 0), to);
    if (bytes[at] !== COLON) return FAILED;
    const inner = shape.members[member];
    if (inner === undefined) return FAILED;
    at = readValue(inner, bytes, pastSpaces(bytes, at + 1, to), to);
    if (at === FAILED) return FAILED;
    at = pastSpaces(bytes, at, to);
    if (at >= to) return FAILED;
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    if (bytes[at] !== COMMA) return FAILED;
    at = pastSpaces(bytes, at + 1, to);
  }
}

/** The declared member whose key stands here, the likely one tried first; -1 for none. */
function memberAt(
  keys: readonly Uint8Array[],
  likely: number,
  bytes: Uint8Array,
  from: number,
  to: number,
): number {
  if (isKey(keys[likely], bytes, from, to)) return likely;
  for (let index = 0; index < keys.length; index++) if (isKey(keys[index], bytes, from, to)) return index;
  return -1;
}

function isKey(key: Uint8Array | undefined, bytes: Uint8Array, from: number, to: number): boolean {
  if (key === undefined || from + key.length >= to || bytes[from + key.length] !== QUOTE) return false;
  for (let at = 0; at < key.length; at++) {
    const byte = key[at];
    if (byte !== bytes[from + at] || byte === QUOTE || byte === BACKSLASH) return false;
  }
  return true;
}

function readList(shape: Shape, bytes: Uint8Array, from: number, to: number): number {
  if (!note(shape.tally, 'array') || shape.inner === undefined) return FAILED;
  let at = pastSpaces(bytes, from + 1, to);
  if (bytes[at] === CLOSE_LIST) return at + 1;
  for (let element = 1; ; element++) {
    if (shape.joins && element >= FEWEST_PIECES) return FAILED;
    at = readValue(shape.inner, bytes, at, to);
    if (at === FAILED) return FAILED;
    at = pastSpaces(bytes, at, to);
    if (at >= to) return FAILED;
    if (bytes[at] === CLOSE_LIST) return at + 1;
    if (bytes[at] !== COMMA) return FAILED;
    at = pastSpaces(bytes, at + 1, to);
  }
}

function readString({ holds, memory, tally }: Shape, bytes: Uint8Array, from: number, to: number): number {
  let end = from + 1;
  for (; end < to; end++) {
    const byte = bytes[end] ?? 0;
    if (byte === QUOTE) break;
    if (byte === BACKSLASH || byte < SPACE || byte > 0x7e) return FAILED;
  }
  if (end >= to || holds === undefined) return FAILED;
  if (holds.class === 'json' || holds.class === 'array' || holds.class === 'map') return FAILED;
  if (!isCleanScalar(bytes, from + 1, end, holds, memory)) return FAILED;
  return note(tally, 'string') ? end + 1 : FAILED;
}

/** Numbers that are written out, of at most 15 digits before the point: what they are to their class does not change by parsing. */
function readNumber({ holds, tally }: Shape, bytes: Uint8Array, from: number, to: number): number {
  const start = bytes[from] === MINUS ? from + 1 : from;
  const point = pastDigits(bytes, start, to);
  if (point === start || point - start > 15 || (bytes[start] === ZERO && point - start > 1)) return FAILED;
  const end = bytes[point] === POINT && point < to ? pastDigits(bytes, point + 1, to) : point;
  if (end === point + 1 || end - point > 31 || !endsNumber(end < to ? bytes[end] : COMMA)) return FAILED;
  const belongs = holds?.class === 'decimal' || (holds?.class === 'integer' && end === point);
  return belongs && note(tally, 'number') ? end : FAILED;
}

function endsNumber(next: number | undefined): boolean {
  return next === COMMA || next === CLOSE_OBJECT || next === CLOSE_LIST || next === SPACE;
}

function readBoolean(
  { holds, tally }: Shape,
  bytes: Uint8Array,
  from: number,
  to: number,
  word: string,
): number {
  if (holds?.class !== 'boolean' || !isWord(bytes, from, to, word)) return FAILED;
  return note(tally, 'boolean') ? from + word.length : FAILED;
}

function isWord(bytes: Uint8Array, from: number, to: number, word: string): boolean {
  if (from + word.length > to) return false;
  for (let at = 0; at < word.length; at++) if (bytes[from + at] !== word.charCodeAt(at)) return false;
  return true;
}

function pastDigits(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] ?? 0) >= ZERO && (bytes[at] ?? 0) <= NINE) at++;
  return at;
}

function pastSpaces(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] === SPACE) at++;
  return at;
}
