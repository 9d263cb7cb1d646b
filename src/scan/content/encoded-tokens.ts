import type { TextShape } from './text-shape.ts';

/** Runs of characters that may stand for bytes, and those bytes. */
export interface EncodedToken {
  readonly bytes: Uint8Array;
  /** Characters of the run. */
  readonly length: number;
  /** A binary form; the hexadecimal of a hash is not worth a word. */
  readonly form: 'base64' | 'base32' | 'hexadecimal';
}

const SHORTEST = 16;
const BASE64 = /[A-Za-z0-9+/_-]{16,}={0,2}/g;
/** Lines of one base64 text, as mail and PEM break them. */
const BASE64_LINES = /^(?:[A-Za-z0-9+/]{4,76}\r?\n){1,100000}[A-Za-z0-9+/]{1,76}={0,2}\s*$/;
const BASE32 = /^[A-Z2-7]{16,}={0,6}$/;
/** Its form has bits of its own, so that no text has it. */
const UUID = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
const HEXADECIMAL = /^[0-9a-fA-F-]+$/;
/** Pairs of digits set apart: `68 65 6c`, `68:65:6c`, `0x68, 0x65`. */
const FEWEST_PAIRS = 10;
const SPACED_HEXADECIMAL = /(?:\b(?:0x)?[0-9a-fA-F]{2}[\s:,-]{1,2}){9,}(?:0x)?[0-9a-fA-F]{2}\b/g;

/** The runs of a text, in order. */
export function* encodedTokens(
  text: string,
  { longestToken, spaces, joints }: TextShape,
): Generator<EncodedToken> {
  const lines =
    longestToken <= 78 && text.includes('\n') && BASE64_LINES.test(text)
      ? text.replaceAll(/\s/g, '')
      : undefined;
  if (lines !== undefined && lines.length >= SHORTEST) yield base64Token(lines);
  if (spaces + joints >= FEWEST_PAIRS - 1) yield* spacedPairs(text);
  if (longestToken < SHORTEST) return;
  for (const [token] of text.matchAll(BASE64)) {
    if (UUID.test(token)) continue;
    if (HEXADECIMAL.test(token)) {
      const bytes = Buffer.from(token.replaceAll('-', ''), 'hex');
      yield { bytes, length: token.length, form: 'hexadecimal' };
      continue;
    }
    // Base64 has small letters as well.
    yield BASE32.test(token)
      ? { bytes: base32Bytes(token), length: token.length, form: 'base32' }
      : base64Token(token);
  }
}

function* spacedPairs(text: string): Generator<EncodedToken> {
  for (const [run] of text.matchAll(SPACED_HEXADECIMAL)) {
    const digits = run.replaceAll(/0x|[^0-9a-fA-F]/g, '');
    yield { bytes: Buffer.from(digits, 'hex'), length: run.length, form: 'hexadecimal' };
  }
}

function base64Token(token: string): EncodedToken {
  return { bytes: Buffer.from(token, 'base64'), length: token.length, form: 'base64' };
}

function base32Bytes(token: string): Uint8Array {
  const bytes: number[] = [];
  let value = 0;
  let bits = 0;
  for (const digit of token.replace(/=+$/, '')) {
    value = ((value << 5) | 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(digit)) & 0xffff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 0xff);
  }
  return Uint8Array.from(bytes);
}
