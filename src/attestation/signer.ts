import { canonicalBytes } from '../core/index.ts';
import { IN_TOTO_TYPE, preAuthEncoding, toBase64 } from '../verification/index.ts';

/** Holds a signing key, wherever it is: a file, a key service. */
export interface Signer {
  /** ECDSA P-256 over SHA-256 of the bytes, DER-encoded. */
  readonly sign: (bytes: Uint8Array) => Promise<Uint8Array>;
  readonly publicKeyPem: string;
  /** SHA-256 of the SubjectPublicKeyInfo in hexadecimal. */
  readonly fingerprint: string;
  /** A demonstration key marks everything that it signs as not for reliance. */
  readonly demo: boolean;
}

/** Wraps a statement's bytes in a signed DSSE envelope, as it is written to a file. */
export async function signStatement(statement: Uint8Array, signer: Signer): Promise<Uint8Array> {
  const signature = await signer.sign(preAuthEncoding(IN_TOTO_TYPE, statement));
  return canonicalBytes({
    payload: toBase64(statement),
    payloadType: IN_TOTO_TYPE,
    signatures: [{ sig: toBase64(signature) }],
  });
}
