/** Fewer bytes cannot be nonce, tag and a key. */
const FEWEST_BYTES = 28;

/**
 * Whether bytes can be the output of a cipher: long enough, no text in any encoding, not merely compressed,
 * and as varied as random bytes are. Says that they are not plain, not that a good cipher made them.
 */
export function looksSealed(bytes: Uint8Array): boolean {
  if (bytes.length < FEWEST_BYTES || isPlainContainer(bytes) || isUtf8(bytes)) return false;
  if (longestRun(bytes, isPrintable) >= PLAIN_RUN || isWideText(bytes) || isGb2312(bytes)) return false;
  const distinct = new Set(bytes.subarray(0, 256)).size;
  // Random bytes repeat: 28 hold some 26 distinct ones, 256 some 162. Half of that leaves no chance error.
  const sample = Math.min(bytes.length, 256);
  return distinct >= 128 * (1 - Math.exp(-sample / 256));
}

/** Printable bytes in a row: a key between the marks of MessagePack or a pickle. By chance once in 10^10 places. */
const PLAIN_RUN = 24;

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}

function longestRun(bytes: Uint8Array, test: (byte: number) => boolean): number {
  let longest = 0;
  let run = 0;
  for (const byte of bytes) {
    run = test(byte) ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** UTF-16 in either order: every second byte is that of Latin letters, of CJK marks, ideographs or wide forms. */
function isWideText(bytes: Uint8Array): boolean {
  if (bytes.length % 2 !== 0) return false;
  return [0, 1].some((high) => bytes.every((byte, at) => at % 2 !== high || isHighOfText(byte)));
}

function isHighOfText(byte: number): boolean {
  return byte === 0x00 || byte === 0x30 || byte === 0xff || (byte >= 0x4e && byte <= 0x9f);
}

/** Chinese as Windows writes it: ASCII, and pairs of GB 2312. Of 28 random bytes, less than once in 10^6. */
function isGb2312(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const [first = 0, second = 0] = [bytes[at], bytes[at + 1]];
    if (isPrintable(first) || first === 0x0a || first === 0x0d || first === 0x09) continue;
    if (first < 0xa1 || first > 0xf7 || second < 0xa1 || second === 0xff) return false;
    at += 1;
  }
  return true;
}

const PLAIN_HEADERS: readonly (readonly number[])[] = [
  [0x1f, 0x8b],
  [0x78, 0x01],
  [0x78, 0x5e],
  [0x78, 0x9c],
  [0x78, 0xda],
  [0x50, 0x4b, 0x03, 0x04],
  [0x89, 0x50, 0x4e, 0x47],
  [0xff, 0xd8, 0xff],
  [0x28, 0xb5, 0x2f, 0xfd],
  [0x42, 0x5a, 0x68],
  [0xfd, 0x37, 0x7a, 0x58, 0x5a],
  [0x04, 0x22, 0x4d, 0x18],
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
