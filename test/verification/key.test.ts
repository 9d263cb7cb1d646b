import { generateKeyPairSync, webcrypto } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { nodeVerifyCrypto } from '../../src/attestation/index.ts';
import { DomicileError } from '../../src/core/index.ts';
import { keyFingerprint, keyHint, parsePublicKey, subtleCrypto } from '../../src/verification/index.ts';

const pemOf = (namedCurve: string): string =>
  generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
const PEM = pemOf('P-256');

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof DomicileError) return error.code;
  }
  return 'none';
}

describe('a trusted public key', () => {
  it('is one P-256 key in PEM, with any line ends around it', () => {
    expect(parsePublicKey(PEM).spki).toHaveLength(91);
    expect(parsePublicKey(`\n${PEM.replaceAll('\n', '\r\n')}\n`)).toEqual(parsePublicKey(PEM));
  });

  it.each<[string, string]>([
    ['another curve of the same size', pemOf('secp256k1')],
    ['P-384', pemOf('P-384')],
    ['SM2, where this Node can make one', smPem()],
    ['Ed25519', generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString()],
    [
      'RSA',
      generateKeyPairSync('rsa', { modulusLength: 2048 })
        .publicKey.export({ type: 'spki', format: 'pem' })
        .toString(),
    ],
    [
      'the private key',
      generateKeyPairSync('ec', { namedCurve: 'P-256' })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
    ],
    ['two keys', PEM + PEM],
    ['text before it', `trust me\n${PEM}`],
    ['a certificate', PEM.replaceAll('PUBLIC KEY', 'CERTIFICATE')],
    ['a cut key', PEM.replace(/.{8}\n-----END/, '\n-----END')],
    ['nothing', ''],
    ['a large text', 'A'.repeat(10_000_000)],
  ])('is never %s', (_what, pem) => {
    expect(codeOf(() => parsePublicKey(pem))).toBe('BAD_INPUT');
  });

  it('has the fingerprint that openssl prints, in hexadecimal and in base64', async () => {
    const crypto = subtleCrypto(webcrypto.subtle);
    const key = parsePublicKey(PEM);
    const digest = Buffer.from(await webcrypto.subtle.digest('SHA-256', new Uint8Array(key.spki)));
    expect(await keyFingerprint(key, crypto)).toBe(digest.toString('hex'));
    expect(await keyHint(key, crypto)).toBe(digest.toString('base64'));
  });

  it('that is no point of the curve is said to be none, instead of a bad signature', async () => {
    const spki = parsePublicKey(PEM).spki.slice();
    spki[90] = (spki[90] ?? 0) ^ 1;
    const signature = new Uint8Array([0x30, 6, 2, 1, 1, 2, 1, 1]);
    for (const crypto of [subtleCrypto(webcrypto.subtle), nodeVerifyCrypto]) {
      await expect(crypto.verifyEcdsaP256Sha256(spki, new Uint8Array(), signature)).rejects.toMatchObject({
        code: 'BAD_INPUT',
      });
    }
  });
});

function smPem(): string {
  try {
    return pemOf('SM2');
  } catch {
    return '';
  }
}
