import { unreachable } from '../../core/index.ts';
import type { CiphertextScheme } from '../../evidence/index.ts';
import { looksSealed } from './sealed-bytes.ts';

const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
const HEX_BYTES = /^\\x[0-9a-f]*$/;
const MAX_CHARACTERS = 65_536;

/** Whether a text is ciphertext of the declared scheme. */
export function isCiphertext(text: string, scheme: CiphertextScheme): boolean {
  if (text.length > MAX_CHARACTERS) return false;
  switch (scheme) {
    case 'envelope':
      return /^enc:v\d{1,4}:/.test(text) && isSealedBase64(text.slice(text.indexOf(':', 4) + 1));
    case 'vault':
      return /^vault:v\d{1,6}:/.test(text) && isSealedBase64(text.slice(text.indexOf(':', 6) + 1));
    case 'fernet':
      // Version byte 0x80 and a 64-bit time stamp, whose first bytes are zero (Fernet specification).
      return /^gAAAAA[A-Za-z0-9_-]{90,}={0,2}$/.test(text) && isSealedBase64(text);
    case 'kms':
      // Observed of KMS: symmetric blobs start with 01 02 (02|03) 00 and hold more than 150 bytes.
      return /^AQI[CD]A[A-Za-z0-9+/]{200,}={0,2}$/.test(text) && isSealedBase64(text);
    case 'raw':
      return HEX_BYTES.test(text) ? looksSealed(Buffer.from(text.slice(2), 'hex')) : isSealedBase64(text);
    default:
      return unreachable(scheme);
  }
}

function isSealedBase64(text: string): boolean {
  return BASE64.test(text) && looksSealed(Buffer.from(text, 'base64'));
}
