import type { Detector } from '../detector.ts';

const TOKEN = /[A-Za-z0-9+/_=-]{32,512}/g;
const HEX_OR_DECIMAL = /^[0-9a-fA-F-]+$/;
const MIXED = [/[a-z]/, /[A-Z]/, /[0-9]/];
const SHORTEST = 32;
const MIN_BITS = 4.4;
const MAX_TEXT = 20_000;

/**
 * A long random token of no known shape: a key of an unknown provider, or an id. Hashes and UUIDs (all hex)
 * are none.
 */
export const HIGH_ENTROPY_TOKEN: Detector = {
  id: 'high-entropy-token',
  version: 1,
  class: 'high-entropy-token',
  test: (value) =>
    value.kind === 'text' &&
    value.shape.longestToken >= SHORTEST &&
    (value.text.slice(0, MAX_TEXT).match(TOKEN) ?? []).some(isRandom),
};

/** Mixed letters and digits without a pattern, 32 at least. */
export function isRandom(token: string): boolean {
  return (
    token.length >= SHORTEST &&
    !HEX_OR_DECIMAL.test(token) &&
    MIXED.every((kind) => kind.test(token)) &&
    bitsPerCharacter(token) >= MIN_BITS
  );
}

/** Shannon entropy of the token's own character frequencies. */
function bitsPerCharacter(token: string): number {
  const counts = new Map<string, number>();
  for (const character of token) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / token.length) * Math.log2(count / token.length);
  return bits;
}
