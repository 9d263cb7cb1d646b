import { canonicalBytes } from '../core/index.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Standard base64 with padding (RFC 4648 §4). Written out, since browsers and Node agree on no strict one yet. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const left = bytes.length - at;
    const word = (a << 16) | (b << 8) | c;
    text += ALPHABET.charAt(word >> 18) + ALPHABET.charAt((word >> 12) & 63);
    text += left > 1 ? ALPHABET.charAt((word >> 6) & 63) : '=';
    text += left > 2 ? ALPHABET.charAt(word & 63) : '=';
  }
  return text;
}

/**
 * Bytes of a standard base64 text with its padding, or `undefined`. Strict: the text must be what encoding the bytes
 * gives again, so that no two texts stand for the same bytes. DSSE would allow the URL-safe alphabet too; our
 * envelopes use one form, since in two of them a changed file would still be genuine.
 */
export function fromBase64(text: string): Uint8Array | undefined {
  const digits = text.replace(/={0,2}$/, '');
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let word = 0;
  let bits = 0;
  let length = 0;
  for (const character of digits) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return undefined;
    word = ((word << 6) | value) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length] = (word >> bits) & 0xff;
    length += 1;
  }
  return toBase64(bytes) === text ? bytes : undefined;
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

/** Text of UTF-8 bytes, or `undefined` where they are none. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The value of a JSON text, or `undefined` where it is none. */
export function jsonOf(bytes: Uint8Array): unknown {
  const text = textOf(bytes);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Whether bytes are the canonical JSON of a value parsed from them. A text with a member twice, with a byte order
 * mark, with numbers or escapes in another form, with half a character or nested out of all bounds is not.
 */
export function isCanonical(bytes: Uint8Array, value: unknown): boolean {
  try {
    return sameBytes(bytes, canonicalBytes(value));
  } catch {
    return false;
  }
}
