import { DomicileError } from '../core/index.ts';
import { fromBase64, toBase64, toHex } from './bytes.ts';

/** The cryptography that verification needs. An argument, so that it runs in Node and in a browser alike. */
export interface VerifyCrypto {
  readonly sha256: (bytes: Uint8Array) => Promise<Uint8Array>;
  /** ECDSA on P-256 over SHA-256 of the message; the signature is DER, the key a SubjectPublicKeyInfo. */
  readonly verifyEcdsaP256Sha256: (
    spki: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ) => Promise<boolean>;
}

/** A public key that the reader decided to trust. Its algorithm is fixed here, never read from an envelope. */
export interface TrustedKey {
  readonly spki: Uint8Array;
}

const PEM = /^-----BEGIN PUBLIC KEY-----\r?\n([A-Za-z0-9+/=\r\n]{1,4000})-----END PUBLIC KEY-----\s*$/;
/** DER head of every P-256 SubjectPublicKeyInfo with an uncompressed point (RFC 5480). */
const P256_HEAD = '3059301306072a8648ce3d020106082a8648ce3d03010703420004';
const P256_LENGTH = 91;

/**
 * A public key from its PEM text.
 *
 * @throws DomicileError `BAD_INPUT` for anything but one P-256 public key.
 */
export function parsePublicKey(pem: string): TrustedKey {
  const spki = fromBase64((PEM.exec(pem.trim())?.[1] ?? '').replaceAll(/\s/g, ''));
  if (spki === undefined || spki.length !== P256_LENGTH || !toHex(spki).startsWith(P256_HEAD)) {
    throw new DomicileError('BAD_INPUT', {
      message: 'expected a PEM file with one ECDSA P-256 public key, found something else',
      hint: 'domicile keys generate writes KEY.pub.pem beside the private key',
    });
  }
  return { spki };
}

/** SHA-256 of the key's SubjectPublicKeyInfo in hexadecimal: what two people compare. */
export async function keyFingerprint(key: TrustedKey, crypto: VerifyCrypto): Promise<string> {
  return toHex(await crypto.sha256(key.spki));
}

/** The same digest in base64, the hint that Sigstore tools use. */
export async function keyHint(key: TrustedKey, crypto: VerifyCrypto): Promise<string> {
  return toBase64(await crypto.sha256(key.spki));
}

/** The part of the Web Crypto API that verification uses: `crypto.subtle` of Node and of every browser. */
export interface SubtleVerifier<Key> {
  readonly digest: (algorithm: 'SHA-256', data: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>;
  readonly importKey: (
    format: 'spki',
    data: Uint8Array<ArrayBuffer>,
    algorithm: { name: 'ECDSA'; namedCurve: 'P-256' },
    extractable: boolean,
    usages: 'verify'[],
  ) => Promise<Key>;
  readonly verify: (
    algorithm: { name: 'ECDSA'; hash: 'SHA-256' },
    key: Key,
    signature: Uint8Array<ArrayBuffer>,
    data: Uint8Array<ArrayBuffer>,
  ) => Promise<boolean>;
}

/** The cryptography of verification over `crypto.subtle`. */
export function subtleCrypto<Key>(subtle: SubtleVerifier<Key>): VerifyCrypto {
  return {
    sha256: async (bytes) => new Uint8Array(await subtle.digest('SHA-256', new Uint8Array(bytes))),
    verifyEcdsaP256Sha256: async (spki, message, signature) => {
      const raw = rawSignature(signature);
      if (raw === undefined) return false;
      const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;
      const key = await subtle
        .importKey('spki', new Uint8Array(spki), algorithm, false, ['verify'])
        .catch(() => {
          throw new DomicileError('BAD_INPUT', 'expected a public key that is a point of P-256, found none');
        });
      const hash = { name: 'ECDSA', hash: 'SHA-256' } as const;
      return subtle.verify(hash, key, new Uint8Array(raw), new Uint8Array(message));
    },
  };
}

const COORDINATE = 32;

/**
 * The two 32-byte numbers of a DER ECDSA signature (RFC 3279 §2.2.3), as Web Crypto wants them, or `undefined`.
 * Strict DER: shortest form, positive numbers, nothing after them.
 */
function rawSignature(der: Uint8Array): Uint8Array | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) return undefined;
  const r = integerAt(der, 2);
  const s = r === undefined ? undefined : integerAt(der, r.end);
  if (r === undefined || s === undefined || s.end !== der.length) return undefined;
  const raw = new Uint8Array(2 * COORDINATE);
  raw.set(r.value, COORDINATE - r.value.length);
  raw.set(s.value, 2 * COORDINATE - s.value.length);
  return raw;
}

/** A positive DER INTEGER of at most 32 bytes, without its leading zero. */
function integerAt(
  der: Uint8Array,
  at: number,
): { readonly value: Uint8Array; readonly end: number } | undefined {
  const length = der[at + 1] ?? 0;
  const end = at + 2 + length;
  const [first = 0, second = 0] = der.subarray(at + 2, end);
  if (der[at] !== 0x02 || length === 0 || end > der.length || first > 0x7f) return undefined;
  if (first === 0 && second < 0x80) return undefined;
  const value = der.subarray(first === 0 ? at + 3 : at + 2, end);
  return value.length <= COORDINATE ? { value, end } : undefined;
}
