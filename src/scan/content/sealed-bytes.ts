/** Fewer bytes cannot be nonce, tag and a key. */
const FEWEST_BYTES = 28;

/**
 * Whether bytes can be the output of a cipher: long enough, no text in any encoding, not merely compressed,
 * and as varied as random bytes are. Says that they are not plain, not that a good cipher made them.
 */
export function looksSealed(bytes: Uint8Array): boolean {
  if (bytes.length < FEWEST_BYTES || isPlainContainer(bytes) || isUtf8(bytes)) return false;
  const distinct = new Set(bytes.subarray(0, 256)).size;
  // Random bytes repeat: 28 hold some 26 distinct ones, 256 some 162. Half of that leaves no chance error.
  const sample = Math.min(bytes.length, 256);
  return distinct >= 128 * (1 - Math.exp(-sample / 256));
}

const PLAIN_HEADERS: readonly (readonly number[])[] = [
  [0x1f, 0x8b],
  [0x78, 0x01],
  [0x78, 0x9c],
  [0x78, 0xda],
  [0x50, 0x4b, 0x03, 0x04],
  [0x89, 0x50, 0x4e, 0x47],
  [0xff, 0xd8, 0xff],
  [0x28, 0xb5, 0x2f, 0xfd],
];

function isPlainContainer(bytes: Uint8Array): boolean {
  return PLAIN_HEADERS.some((header) => header.every((byte, at) => bytes[at] === byte));
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function isUtf8(bytes: Uint8Array): boolean {
  try {
    UTF8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
