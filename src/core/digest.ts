import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** SHA-256 (FIPS 180-4) in lower-case hexadecimal; a string is hashed as UTF-8. */
export function sha256Hex(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

/** SHA-256 of a value's canonical JSON, without the newline that files end with. */
export function digestOf(value: unknown): string {
  return sha256Hex(canonicalJson(value));
}
