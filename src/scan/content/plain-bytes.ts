import { KEY_STARTS } from './detectors/secret-key.ts';

/**
 * What can be said of a value from its bytes alone. Each function answers `true` only where the detectors and
 * membershipOf would certainly find nothing to say; `false` means that they have to look. A test holds that
 * against them.
 */

const LONGEST_TOKEN = 31;
const LONGEST_WITHOUT_BASE64 = 23;
const SHORTEST_PROSE = 14;
const SHORTEST_KEY = 15;

/** Kinds of bytes in a token. */
const OTHER = 0;
const ALPHANUMERIC = 1;
const SEPARATOR = 2;
const PUNCTUATION = 3;
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => kindOf(byte));
/** The six bits of a base64 digit, in either alphabet; 255 for other bytes. */
const SIXTETS = Uint8Array.from({ length: 256 }, (_, byte) => sixtetOf(byte));

/** The first two characters of every known form of key. */
const STARTS: ReadonlySet<number> = new Set(
  KEY_STARTS.map((start) => start.charCodeAt(0) * 256 + start.charCodeAt(1)),
);

function kindOf(byte: number): number {
  const character = String.fromCharCode(byte);
  if (/[A-Za-z0-9]/.test(character)) return ALPHANUMERIC;
  if (/[-_./+]/.test(character)) return SEPARATOR;
  // Neither white space, a backslash, what a JSON document starts with, nor what stands for another character.
  return byte > 0x20 && byte < 0x7f && !/[\\{["%]/.test(character) ? PUNCTUATION : OTHER;
}

function sixtetOf(byte: number): number {
  const character = String.fromCharCode(byte);
  const digit = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(character);
  if (digit >= 0) return digit;
  return character === '-' ? 62 : character === '_' ? 63 : 255;
}

/**
 * Whether a value is a single short token in which no detector finds anything: too few words for prose, no start
 * of a known key, too short to be random, and no text in it, were it base64.
 */
export function isPlainToken(bytes: Uint8Array, from: number, to: number): boolean {
  const length = to - from;
  if (length > LONGEST_TOKEN) return false;
  let separators = 0;
  let before = SEPARATOR;
  for (let at = from; at < to; at++) {
    const kind = KINDS[bytes[at] ?? 0] ?? OTHER;
    if (kind === OTHER) return false;
    if (kind === SEPARATOR) separators++;
    // A known form of key can start wherever no letter or digit is before it.
    if (before !== ALPHANUMERIC && length >= SHORTEST_KEY) {
      if (STARTS.has((bytes[at] ?? 0) * 256 + (at + 1 < to ? (bytes[at + 1] ?? 0) : 0))) return false;
    }
    before = kind;
  }
  if (separators > 2 && length >= SHORTEST_PROSE) return false;
  return length <= LONGEST_WITHOUT_BASE64 || isNoBase64(bytes, from, to);
}

/** What a token stands for, were it base64. */
const decoded = new Uint8Array(LONGEST_TOKEN);

/**
 * Whether a token of 24 to 31 characters is no text in base64: among the bytes that it stands for is a control
 * character, or what UTF-8 does not have, and the first does not start a compressed form.
 */
function isNoBase64(bytes: Uint8Array, from: number, to: number): boolean {
  const length = decodeBase64(bytes, from, to);
  return length > 0 && decoded[0] !== 0x1f && decoded[0] !== 0x78 && !mayBeText(length);
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

/** False only where the bytes in `decoded` have a control character, or cannot be UTF-8. */
function mayBeText(length: number): boolean {
  /** Bytes that the character under way still needs. */
  let missing = 0;
  for (let at = 0; at < length; at++) {
    const byte = decoded[at] ?? 0;
    const continues = byte >= 0x80 && byte < 0xc0;
    if (continues !== missing > 0) return false;
    if (byte < 0x09 || (byte > 0x0d && byte < 0x20) || byte === 0x7f || byte > 0xf4) return false;
    missing = continues ? missing - 1 : byte < 0xc0 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  }
  return missing === 0;
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
