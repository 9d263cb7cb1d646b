import { gunzipSync, inflateSync } from 'node:zlib';
import type { Json } from '../../core/index.ts';
import { hasRepeatedMember, isJsonObject } from '../../core/index.ts';
import type { Hits } from './content-classes.ts';
import { hitOf, NO_HITS } from './content-classes.ts';
import type { UnwrappedValue } from './detector.ts';
import { DETECTORS } from './detectors/registry.ts';
import { OPERATIONAL_WORDS } from './detectors/word-lists.ts';
import { shapeOf } from './text-shape.ts';

/** Wrappings inside each other, such as JSON in base64 in JSON. */
const MAX_WRAPPINGS = 6;
const MAX_JSON_DEPTH = 32;
/** Characters and values of one cell that are looked at. What is beyond is `unexamined`, never silently clean. */
const MAX_CHARACTERS = 1_048_576;
const MAX_VALUES = 20_000;
const MAX_BASE64_TOKENS = 32;
const SHORTEST_TEXT = 5;
const BASE64_TOKEN = /[A-Za-z0-9+/_-]{24,}={0,2}/g;
const HEX_TOKEN = /^[0-9a-fA-F-]+$/;
/** Pairs of digits that stand for printable text, 16 characters at least: by chance hardly ever. */
const HEX_OF_TEXT = /^(?:(?:[2-7][0-9a-fA-F]|0[aAdD9]){16,}|(?:[2-7c-fC-F89abAB][0-9a-fA-F]){16,})$/;
const DATA_URL = /data:[a-z]{1,20}\/[a-z0-9.+-]{1,60};base64,/i;
const CONTROL_CHARACTERS = /[\p{Cc}\ufffd]/u;

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
  if (shape.backslashes > 0) hits |= hitsOfEscaped(text, wrappings, left);
  if (text.includes('%')) hits |= hitsOfPercentEncoded(text, wrappings, left);
  if (shape.longestToken >= 24) hits |= hitsOfBase64(text, wrappings, left);
  return hits;
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
    return hits;
  }
  hits |= hitsOf({ kind: 'object', members: value });
  for (const [key, member] of Object.entries(value)) {
    hits |= hitsOfText(key, wrappings, left) | hitsOfJson(member, depth + 1, wrappings, left);
  }
  return hits;
}

/** `\u4f60` in a text that is not JSON as a whole, such as an error that quotes a request. */
function hitsOfEscaped(text: string, wrappings: number, left: Allowance): Hits {
  const plain = text
    .replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll(/\\+(["'/])/g, '$1')
    .replaceAll(/\\+[nrt]/g, ' ');
  if (plain === text) return NO_HITS;
  return wrappings < MAX_WRAPPINGS ? hitsOfText(plain, wrappings + 1, left) : hitOf('unexamined');
}

/** `%20` and the like, as in a request that is logged with its URL or form. */
function hitsOfPercentEncoded(text: string, wrappings: number, left: Allowance): Hits {
  const plain = text.replaceAll(/(?:%[0-9a-fA-F]{2}){1,100000}/g, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
  if (plain === text) return NO_HITS;
  return wrappings < MAX_WRAPPINGS ? hitsOfText(plain, wrappings + 1, left) : hitOf('unexamined');
}

function hitsOfBase64(text: string, wrappings: number, left: Allowance): Hits {
  let hits = DATA_URL.test(text) ? hitOf('opaque-binary') : NO_HITS;
  let tokens = 0;
  for (const [token] of text.matchAll(BASE64_TOKEN)) {
    if (HEX_TOKEN.test(token)) {
      const inner = HEX_OF_TEXT.test(token) ? textOf(Buffer.from(token, 'hex')) : undefined;
      if (inner !== undefined && wrappings < MAX_WRAPPINGS) hits |= hitsOfText(inner, wrappings + 1, left);
      continue;
    }
    if (++tokens > MAX_BASE64_TOKENS || wrappings >= MAX_WRAPPINGS) return hits | hitOf('unexamined');
    const bytes = Buffer.from(token, 'base64');
    if (isCompressed(bytes)) {
      hits |= hitsOfBytes(bytes, wrappings + 1, left);
      continue;
    }
    const inner = textOf(bytes);
    if (inner !== undefined) hits |= hitsOfText(inner, wrappings + 1, left);
    else if (token.length >= 512) hits |= hitOf('opaque-binary');
  }
  return hits;
}

function hitsOfBytes(bytes: Uint8Array, wrappings: number, left: Allowance): Hits {
  if (wrappings > MAX_WRAPPINGS) return hitOf('unexamined');
  if (isCompressed(bytes)) return hitsOfCompressed(bytes, wrappings, left);
  const text = textOf(bytes);
  if (text !== undefined) return hitsOfText(text, wrappings, left);
  return hitsOfTextRuns(bytes, wrappings, left);
}

function isCompressed(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  // gzip (RFC 1952), and zlib (RFC 1950) with the usual window, whose two-byte header is a multiple of 31.
  if (first === 0x1f && second === 0x8b) return bytes.length > 18;
  return first === 0x78 && second !== undefined && (first * 256 + second) % 31 === 0 && bytes.length > 8;
}

function hitsOfCompressed(bytes: Uint8Array, wrappings: number, left: Allowance): Hits {
  const inflate = bytes[0] === 0x1f ? gunzipSync : inflateSync;
  try {
    return hitsOfBytes(inflate(bytes, { maxOutputLength: MAX_CHARACTERS }), wrappings + 1, left);
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return hitOf(tooLarge ? 'unexamined' : 'opaque-binary');
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** The bytes as text, or `undefined` where they are none: not UTF-8, or full of control characters. */
function textOf(bytes: Uint8Array): string | undefined {
  for (let at = 0; at < Math.min(bytes.length, 24); at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x09 || (byte > 0x0d && byte < 0x20) || byte === 0x7f) return undefined;
  }
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
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
