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
