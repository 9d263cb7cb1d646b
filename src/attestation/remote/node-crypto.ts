import { createHash, webcrypto } from 'node:crypto';
import type { VerifyCrypto } from '../../verification/index.ts';
import { subtleCrypto } from '../../verification/index.ts';

/** The cryptography of verification by Node: as in a browser, but for digests, which need no copy of a large file. */
export const nodeVerifyCrypto: VerifyCrypto = {
  ...subtleCrypto(webcrypto.subtle),
  sha256: async (bytes) => createHash('sha256').update(bytes).digest(),
};
