import { createHash, createPublicKey, verify } from 'node:crypto';
import type { VerifyCrypto } from '../../verification/index.ts';

/** The cryptography of verification, by Node. */
export const nodeVerifyCrypto: VerifyCrypto = {
  sha256: async (bytes) => createHash('sha256').update(bytes).digest(),
  verifyEcdsaP256Sha256: async (spki, message, signature) => {
    try {
      const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
      return verify('sha256', message, { key, dsaEncoding: 'der' }, signature);
    } catch {
      // A signature that is no DER at all is one that does not verify.
      return false;
    }
  },
};
