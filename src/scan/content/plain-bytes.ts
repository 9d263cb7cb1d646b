import { mayHoldText } from './byte-hints.ts';
import { KEY_STARTS } from './detectors/secret-key.ts';
import { isJoint } from './text-shape.ts';

/**
 * What can be said of a value from its bytes alone. Each function answers `true` only where the detectors and
 * membershipOf would certainly find nothing to say; `false` means that they have to look. A test holds that
 * against them.
 */

const LONGEST_TOKEN = 31;
const SHORTEST_ENCODED = 16;
const SHORTEST_PROSE = 14;
const SHORTEST_KEY = 15;
const SHORTEST_NAMED_KEY = 12;
const FEWEST_BREAKS = 3;

/** Kinds of bytes in a token. */
const OTHER = 0;
const DIGIT = 1;
const LOWER = 2;
const UPPER = 3;
const JOINT = 4;
const BRACKET = 5;
const COLON = 6;
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => kindOf(byte));
/** The six bits of a base64 digit, in either alphabet; 255 for other bytes. */
const SIXTETS = Uint8Array.from({ length: 256 }, (_, byte) => sixtetOf(byte));

/** The first two characters of every known form of key. */
const STARTS = new Uint8Array(65_536);
for (const start of KEY_STARTS) STARTS[start.charCodeAt(0) * 256 + start.charCodeAt(1)] = 1;

function kindOf(byte: number): number {
  const character = String.fromCharCode(byte);
  if (/[0-9]/.test(character)) return DIGIT;
  if (/[a-z]/.test(character)) return LOWER;
  if (/[A-Z]/.test(character)) return UPPER;
  // White space, what JSON, markup and templates start with, what stands for another character, what gives a value.
  if (byte <= 0x20 || byte >= 0x7f || /[\\{["%&=<@]/.test(character)) return OTHER;
  if (character === ':') return COLON;
  return isJoint(character) ? JOINT : BRACKET;
}

function sixtetOf(byte: number): number {
  const character = String.fromCharCode(byte);
  const digit = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(character);
  if (digit >= 0) return digit;
  return character === '-' ? 62 : character === '_' ? 63 : 255;
}

/**
 * Whether a value is a single short token in which no detector finds anything: too few words for prose, no start
 * of a known key, too short to be random, and no text in it, were it base64, base32 or hexadecimal.
 */
export function isPlainToken(bytes: Uint8Array, from: number, to: number): boolean {
  const length = to - from;
  if (length > LONGEST_TOKEN) return false;
  let breaks = 0;
  let kinds = 0;
  let before = JOINT;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    const kind = KINDS[byte] ?? OTHER;
    if (kind === OTHER) return false;
    kinds |= 1 << kind;
    if (kind >= JOINT ? kind !== BRACKET : kind === UPPER && before === LOWER) breaks++;
    // A known form of key can start wherever no letter or digit is before it.
    if (before >= JOINT && length >= SHORTEST_KEY && startsKey(bytes, at)) return false;
    before = kind;
  }
  if ((kinds & (1 << COLON)) !== 0 && length >= SHORTEST_NAMED_KEY) return false;
  if (breaks >= FEWEST_BREAKS && length >= SHORTEST_PROSE) return false;
  if (length < SHORTEST_ENCODED) return true;
  // Without small letters it may be base32, and hexadecimal of them too.
  return (kinds & (1 << LOWER)) !== 0 && !isHexadecimal(bytes, from, to) && isNoBase64(bytes, from, to);
}

/** Of the last character of a value and the first of what follows it no harm comes: it is looked at. */
function startsKey(bytes: Uint8Array, at: number): boolean {
  return STARTS[(bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)] === 1;
}

function isHexadecimal(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (!isHexDigit(byte | 0x20) && byte !== 0x2d) return false;
  }
  return true;
}

/** What a token stands for, were it base64. */
const decoded = new Uint8Array(LONGEST_TOKEN);

/** Whether a token of 16 to 31 characters stands for bytes in which there is no text, compressed or not. */
function isNoBase64(bytes: Uint8Array, from: number, to: number): boolean {
  const length = decodeBase64(bytes, from, to);
  return length > 0 && !mayHoldText(decoded, length);
}

/** Fills `decoded`; gives how many bytes, or -1 where a character is none of base64. */
function decodeBase64(bytes: Uint8Array, from: number, to: number): number {
  let bits = 0;
  let value = 0;
  let length = 0;
  for (let at = from; at < to; at++) {
    const sixtet = SIXTETS[bytes[at] ?? 0] ?? 255;
    if (sixtet === 255) return -1;
    value = ((value << 6) | sixtet) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    decoded[length] = value >> bits;
    length++;
  }
  return length;
}

/** Whether a value is a UUID in its usual form. */
export function isUuid(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from !== 36) return false;
  for (let at = 0; at < 36; at++) {
    const byte = bytes[from + at] ?? 0;
    if (at === 8 || at === 13 || at === 18 || at === 23 ? byte !== 0x2d : !isHexDigit(byte | 0x20))
      return false;
  }
  return true;
}

/** Whether a value is a hash in lower-case hexadecimal that cannot be the hexadecimal of a text. */
export function isHexHash(bytes: Uint8Array, from: number, to: number): boolean {
  const length = to - from;
  if (length !== 32 && length !== 40 && length !== 64 && length !== 96 && length !== 128) return false;
  let noText = false;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (!isHexDigit(byte)) return false;
    // In UTF-8 no byte of a printable text starts with 0 or 1.
    if (((at - from) & 1) === 0 && byte <= 0x31) noText = true;
  }
  return noText;
}

function isHexDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66);
}
