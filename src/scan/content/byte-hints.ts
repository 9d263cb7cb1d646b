import { ANY_SCRIPT, LATIN, SCRIPTS, UNCOMMON } from './common-units.ts';

/**
 * What can be said of bytes without decoding them. `false` is certain: the decoders would find no text either. They
 * ask here first, and so does whoever counts values from their bytes, so that the two cannot differ.
 */

/** Whether the first bytes may be text in any encoding, or text that was compressed. */
export function mayHoldText(bytes: Uint8Array, length: number): boolean {
  return (
    mayBeUtf8(bytes, length) ||
    hasHead(bytes, length) ||
    mayBeWide(bytes, length) ||
    mayBeGb2312(bytes, length) ||
    mayBeDeflated(bytes, length) ||
    mayBeBrotli(bytes, length)
  );
}

/** A control character in text: tabs and line ends are none. */
function isControl(byte: number): boolean {
  return byte < 0x09 || (byte > 0x0d && byte < 0x20) || byte === 0x7f;
}

/** Only the length of each character and the absence of control characters; a decoder knows the rest. */
export function mayBeUtf8(bytes: Uint8Array, length: number): boolean {
  let missing = 0;
  for (let at = 0; at < length; at++) {
    const byte = bytes[at] ?? 0;
    const continues = byte >= 0x80 && byte < 0xc0;
    if (continues !== missing > 0) return false;
    // Further on, a text may hold anything: what is told by its first bytes is whether it is one.
    if ((at < 24 && isControl(byte)) || byte > 0xf4) return false;
    missing = continues ? missing - 1 : byte < 0xc0 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  }
  return missing === 0;
}

const FEWEST_WIDE = 8;
/** Of other scripts than the Latin, four units that are all common may be chance. */
const FEWEST_WIDE_ELSEWHERE = 16;

/** UTF-16 in which every unit is a common one, of one script beside marks and ASCII. */
function mayBeWide(bytes: Uint8Array, length: number): boolean {
  return isWide(bytes, length, 1) || isWide(bytes, length, 0);
}

/** @param high which byte of a unit is the high one: 1 where the low byte comes first. */
export function isWide(bytes: Uint8Array, length: number, high: 0 | 1): boolean {
  if (length < FEWEST_WIDE || length % 2 !== 0) return false;
  let script = ANY_SCRIPT;
  for (let at = 0; at < length; at += 2) {
    const unit = ((bytes[at + high] ?? 0) << 8) | (bytes[at + 1 - high] ?? 0);
    const found = SCRIPTS[unit] ?? UNCOMMON;
    if (found === UNCOMMON) return false;
    if (found === ANY_SCRIPT) continue;
    if (script !== ANY_SCRIPT && script !== found) return false;
    script = found;
  }
  return script <= LATIN || length >= FEWEST_WIDE_ELSEWHERE;
}

const FEWEST_PAIRS = 6;

/** Chinese as Windows writes it: pairs of bytes, of the commonest characters and marks, more than ASCII between them. */
export function mayBeGb2312(bytes: Uint8Array, length: number): boolean {
  let pairs = 0;
  let singles = 0;
  for (let at = 0; at < length; at++) {
    const first = bytes[at] ?? 0;
    if (first < 0x80) {
      if (isControl(first)) return false;
      singles++;
      continue;
    }
    const second = at + 1 < length ? (bytes[at + 1] ?? 0) : 0;
    const isCommon = (first >= 0xb0 && first <= 0xd7) || first === 0xa1 || first === 0xa3;
    if (!isCommon || second < 0xa1 || second === 0xff) return false;
    pairs++;
    at++;
  }
  return pairs >= FEWEST_PAIRS && pairs >= singles;
}

/** Compressed forms and containers by their first bytes: gzip, zlib, Zstandard, bzip2, xz, LZ4, zip, 7z, PNG, JPEG, PDF. */
function hasHead(bytes: Uint8Array, length: number): boolean {
  if (length <= 8) return false;
  switch (bytes[0]) {
    case 0x1f:
      return bytes[1] === 0x8b;
    case 0x78:
      return (0x7800 + (bytes[1] ?? 0)) % 31 === 0;
    case 0x28:
      return bytes[1] === 0xb5;
    case 0x42:
      return bytes[1] === 0x5a;
    case 0xfd:
      return bytes[1] === 0x37;
    case 0x04:
      return bytes[1] === 0x22;
    case 0x50:
      return bytes[1] === 0x4b;
    case 0x37:
      return bytes[1] === 0x7a;
    case 0x89:
      return bytes[1] === 0x50;
    case 0xff:
      return bytes[1] === 0xd8;
    case 0x25:
      return bytes[1] === 0x50;
    default:
      return false;
  }
}

const FEWEST_COMPRESSED = 12;
const FEWEST_IN_BLOCKS = 1024;
/** The codes themselves take some thirty bytes: shorter texts are written with the fixed ones. */
const FEWEST_WITH_CODES = 40;
const LOOKED_AT = 8;

/**
 * Raw deflate (RFC 1951) of a text: a last block, or the first of many, whose codes make sense. In a block of fixed
 * codes the first symbols are literals that text has; in one of dynamic codes the lengths of the codes are complete.
 */
export function mayBeDeflated(bytes: Uint8Array, length: number): boolean {
  if (length < FEWEST_COMPRESSED) return false;
  const head = (bytes[0] ?? 0) & 7;
  if ((head & 1) === 0 && length < FEWEST_IN_BLOCKS) return false;
  const type = head >> 1;
  if (type === 0) return isStored(bytes, length);
  if (type === 1) return startsWithLiterals(bytes);
  return type === 2 && length >= FEWEST_WITH_CODES && hasCompleteCodes(bytes);
}

/** Text that would not have become shorter, after its length and that length's complement. */
function isStored(bytes: Uint8Array, length: number): boolean {
  const stored = (bytes[1] ?? 0) + 256 * (bytes[2] ?? 0);
  return stored <= length - 5 && stored === 0xffff - ((bytes[3] ?? 0) + 256 * (bytes[4] ?? 0));
}

function bitAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at >> 3] ?? 0) >> (at & 7)) & 1;
}

function bitsAt(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let bit = 0; bit < count; bit++) value |= bitAt(bytes, at + bit) << bit;
  return value;
}

/** Fixed codes are packed from the most significant bit: literals 0 to 143 are 00110000 to 10111111. */
function startsWithLiterals(bytes: Uint8Array): boolean {
  let at = 3;
  for (let symbol = 0; symbol < LOOKED_AT; symbol++) {
    let code = 0;
    for (let bit = 0; bit < 7; bit++) code = (code << 1) | bitAt(bytes, at + bit);
    // A length code: the text repeats itself, as it can from its second byte on. Zero would end it.
    if (code < 0x18) return symbol >= 1;
    code = (code << 1) | bitAt(bytes, at + 7);
    at += 8;
    if (code >= 0x30 && code <= 0xbf) {
      if (isControl(code - 0x30)) return false;
    } else if (code < 0xc8) {
      return symbol >= 1;
    } else {
      at++;
    }
  }
  return true;
}

const MOST_CODES = 29;

function hasCompleteCodes(bytes: Uint8Array): boolean {
  if (bitsAt(bytes, 3, 5) > MOST_CODES || bitsAt(bytes, 8, 5) > MOST_CODES) return false;
  const codes = bitsAt(bytes, 13, 4) + 4;
  let sum = 0;
  for (let code = 0; code < codes; code++) {
    const bits = bitsAt(bytes, 17 + 3 * code, 3);
    if (bits > 0) sum += 128 >> bits;
  }
  return sum === 128;
}

/** Brotli (RFC 7932) with the window that its libraries take unless told otherwise, 22 bits. */
export function mayBeBrotli(bytes: Uint8Array, length: number): boolean {
  return length >= FEWEST_COMPRESSED && ((bytes[0] ?? 0) & 0x0f) === 0x0b;
}
