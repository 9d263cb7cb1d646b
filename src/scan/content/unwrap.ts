import type { Json } from '../../core/index.ts';
import { hasRepeatedMember, isJsonObject } from '../../core/index.ts';
import { mayHoldText } from './byte-hints.ts';
import { textOf } from './byte-text.ts';
import type { Inflated } from './compressed.ts';
import { inflated, isForeignContainer, textInflated } from './compressed.ts';
import type { Hits } from './content-classes.ts';
import { hitOf, NO_HITS } from './content-classes.ts';
import type { UnwrappedValue } from './detector.ts';
import { DETECTORS } from './detectors/registry.ts';
import { OPERATIONAL_WORDS } from './detectors/word-lists.ts';
import type { EncodedToken } from './encoded-tokens.ts';
import { encodedTokens } from './encoded-tokens.ts';
import { jsonFragments } from './json-fragments.ts';
import { joinedPieces, numberedMembers } from './pieces.ts';
import { readingsOf } from './readings.ts';
import type { TextShape } from './text-shape.ts';
import { shapeOf } from './text-shape.ts';

/** Wrappings inside each other, such as JSON in base64 in JSON. */
const MAX_WRAPPINGS = 6;
const MAX_JSON_DEPTH = 32;
/** Characters and values of one cell that are looked at. What is beyond is `unexamined`, never silently clean. */
const MAX_CHARACTERS = 1_048_576;
const MAX_VALUES = 20_000;
const MAX_TOKENS = 64;
const SHORTEST_TEXT = 4;
const SHORTEST_CONTAINER = 64;
const DATA_URL = /data:[a-z]{1,20}\/[a-z0-9.+-]{1,60};base64,/i;
const CONTROL_CHARACTERS = /[\p{Cc}\ufffd]/u;
/** What pieces of a text may make together. Long random tokens they make by being joined. */
const OF_PIECES = hitOf('prose') | hitOf('cjk-prose') | hitOf('chat-structure') | hitOf('unexamined');

/** What is left to spend on one cell. The one mutable thing here: it lives as long as the cell. */
interface Allowance {
  characters: number;
  values: number;
}

const DETECTOR_BITS = DETECTORS.map((detector) => ({ test: detector.test, hit: hitOf(detector.class) }));

/** What the detectors say of a text, after JSON, escapes, base64 and compression were taken off. */
export function detectText(text: string): Hits {
  return text.length < SHORTEST_TEXT ? NO_HITS : hitsOfText(text, 0, newAllowance());
}

/** The same of a JSON value: every member, every element and every key. */
export function detectJson(value: Json): Hits {
  return hitsOfJson(value, 0, 0, newAllowance());
}

/** The same of bytes: compressed, text, or text runs inside a binary form such as MessagePack or a pickle. */
export function detectBytes(bytes: Uint8Array): Hits {
  return hitsOfBytes(bytes, 0, newAllowance());
}

/** The same of the words of a text-search vector, which has lost the small words that prose is known by. */
export function detectLexemes(vector: string): Hits {
  const lexemes = [...vector.slice(0, MAX_CHARACTERS).matchAll(/'((?:[^']|''){1,200})'/g)].map(
    ([, word]) => word ?? '',
  );
  const telling = lexemes.filter((word) => /^\p{L}{3,}$/u.test(word) && !OPERATIONAL_WORDS.has(word));
  return detectText(lexemes.join(' ')) | (telling.length >= 6 ? hitOf('prose') : NO_HITS);
}

function newAllowance(): Allowance {
  return { characters: MAX_CHARACTERS, values: MAX_VALUES };
}

function hitsOfText(whole: string, wrappings: number, left: Allowance): Hits {
  if (whole.length < SHORTEST_TEXT) return NO_HITS;
  if (left.characters <= 0 || --left.values < 0) return hitOf('unexamined');
  const text = whole.length > left.characters ? whole.slice(0, left.characters) : whole;
  left.characters -= text.length;
  const cut = text.length < whole.length ? hitOf('unexamined') : NO_HITS;

  const json = cut === NO_HITS ? parsedDocument(text) : undefined;
  let hits: Hits = cut;
  if (json !== undefined) {
    hits |= wrappings < MAX_WRAPPINGS ? hitsOfJson(json, 0, wrappings + 1, left) : hitOf('unexamined');
    // Of a member that is there twice the parser kept one; the text itself has both.
    if (!hasRepeatedMember(text, json)) return hits;
  }
  const shape = shapeOf(text);
  hits |= hitsOf({ kind: 'text', text, shape });
  for (const reading of readingsOf(text, shape)) {
    hits |= wrappings < MAX_WRAPPINGS ? hitsOfText(reading, wrappings + 1, left) : hitOf('unexamined');
  }
  hits |= hitsOfTokens(text, shape, wrappings, left);
  return json === undefined ? hits | hitsOfFragments(text, wrappings, left) : hits;
}

function hitsOf(value: UnwrappedValue): Hits {
  let hits = NO_HITS;
  for (const { test, hit } of DETECTOR_BITS) if (test(value)) hits |= hit;
  return hits;
}

/** A JSON object, array or string; other texts that happen to parse (numbers, true) hold nothing inside. */
function parsedDocument(text: string): Json | undefined {
  const first = text.trimStart().charCodeAt(0);
  if (first !== 0x7b && first !== 0x5b && first !== 0x22) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value as Json;
  } catch {
    return undefined;
  }
}

function hitsOfJson(value: Json, depth: number, wrappings: number, left: Allowance): Hits {
  if (typeof value === 'string') return hitsOfText(value, wrappings, left);
  if (typeof value !== 'object' || value === null) return NO_HITS;
  if (depth >= MAX_JSON_DEPTH || --left.values < 0) return hitOf('unexamined');
  let hits = NO_HITS;
  if (!isJsonObject(value)) {
    for (const element of value) hits |= hitsOfJson(element, depth + 1, wrappings, left);
    return hits | hitsOfPieces(value, wrappings, left);
  }
  hits |= hitsOf({ kind: 'object', members: value });
  const numbered = numberedMembers(value);
  if (numbered !== undefined) hits |= hitsOfPieces(numbered, wrappings, left);
  for (const [key, member] of Object.entries(value)) {
    hits |= hitsOfText(key, wrappings, left) | hitsOfJson(member, depth + 1, wrappings, left);
  }
  return hits;
}

/** JSON in a text that is none as a whole. The fragments of a stream are one list. */
function hitsOfFragments(text: string, wrappings: number, left: Allowance): Hits {
  if (!text.includes('"') && !text.includes('[')) return NO_HITS;
  const fragments = jsonFragments(text);
  if (fragments.length === 0) return NO_HITS;
  return wrappings < MAX_WRAPPINGS ? hitsOfJson(fragments, 0, wrappings + 1, left) : hitOf('unexamined');
}

function hitsOfPieces(elements: readonly Json[], wrappings: number, left: Allowance): Hits {
  let hits = NO_HITS;
  for (const text of joinedPieces(elements)) hits |= hitsOfText(text, wrappings, left);
  return hits & OF_PIECES;
}

/** What the elements of a list say together, beyond what each says. */
export function detectPieces(elements: readonly Json[]): Hits {
  return hitsOfPieces(elements, 0, newAllowance());
}

function hitsOfTokens(text: string, shape: TextShape, wrappings: number, left: Allowance): Hits {
  let hits = shape.longestToken >= 20 && DATA_URL.test(text) ? hitOf('opaque-binary') : NO_HITS;
  let tokens = 0;
  for (const token of encodedTokens(text, shape)) {
    if (!mayHoldText(token.bytes, token.bytes.length)) {
      if (isOpaque(token)) hits |= hitOf('opaque-binary');
      continue;
    }
    if (++tokens > MAX_TOKENS || wrappings >= MAX_WRAPPINGS) return hits | hitOf('unexamined');
    hits |= hitsOfToken(token, wrappings, left);
  }
  return hits;
}

/** A long run that stands for nothing readable; a hash is none. */
function isOpaque({ form, length }: EncodedToken): boolean {
  return form === 'base64' && length >= 512;
}

/** What starts like a compressed form and is none is an id, unless it is long. */
function hitsOfToken(token: EncodedToken, wrappings: number, left: Allowance): Hits {
  const { bytes, form } = token;
  const compressed = inflated(bytes, MAX_CHARACTERS);
  if (compressed !== undefined && compressed.kind !== 'unreadable')
    return hitsOfInflated(compressed, wrappings, left);
  if (bytes.length >= SHORTEST_CONTAINER && isForeignContainer(bytes)) return hitOf('opaque-binary');
  const inner = textOf(bytes) ?? (form === 'base64' ? textInflated(bytes, MAX_CHARACTERS) : undefined);
  if (inner !== undefined) return hitsOfText(inner, wrappings + 1, left);
  return isOpaque(token) ? hitOf('opaque-binary') : NO_HITS;
}

function hitsOfBytes(bytes: Uint8Array, wrappings: number, left: Allowance): Hits {
  if (wrappings > MAX_WRAPPINGS) return hitOf('unexamined');
  const compressed = inflated(bytes, MAX_CHARACTERS);
  if (compressed !== undefined) return hitsOfInflated(compressed, wrappings, left);
  if (isForeignContainer(bytes)) return hitOf('opaque-binary');
  const text = textOf(bytes) ?? textInflated(bytes, MAX_CHARACTERS);
  if (text !== undefined) return hitsOfText(text, wrappings, left);
  return hitsOfTextRuns(bytes, wrappings, left);
}

function hitsOfInflated(result: Inflated, wrappings: number, left: Allowance): Hits {
  switch (result.kind) {
    case 'bytes':
      return hitsOfBytes(result.bytes, wrappings + 1, left);
    case 'too-large':
      return hitOf('unexamined');
    case 'unreadable':
      return hitOf('opaque-binary');
  }
}

/**
 * Binary forms keep their texts as they are, between lengths and type bytes: reading the runs finds them in
 * MessagePack, pickles and protocol buffers alike, without a parser for each that hostile bytes could mislead.
 */
function hitsOfTextRuns(bytes: Uint8Array, wrappings: number, left: Allowance): Hits {
  const decoded = new TextDecoder().decode(bytes.subarray(0, MAX_CHARACTERS));
  const runs = decoded
    .split(new RegExp(`${CONTROL_CHARACTERS.source}+`, 'u'))
    .filter((run) => run.length >= 4);
  let hits = bytes.length > MAX_CHARACTERS ? hitOf('unexamined') : NO_HITS;
  let readable = 0;
  for (const run of runs) {
    readable += run.length;
    hits |= hitsOfText(run, wrappings, left);
  }
  const opaque = bytes.length > 64 && readable * 2 < decoded.length;
  return opaque ? hits | hitOf('opaque-binary') : hits;
}
