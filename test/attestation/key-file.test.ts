import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateKeyFile, loadKeyFile, publicKeyPath } from '../../src/attestation/index.ts';
import { parsePublicKey } from '../../src/verification/index.ts';
import { VERIFY_CRYPTO } from '../support/report.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'domicile-keys-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const MESSAGE = new TextEncoder().encode('DSSEv1 …');

function pkcs8(type: 'P-256' | 'P-384' | 'secp256k1' | 'ed25519' | 'rsa'): string {
  const { privateKey } =
    type === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : type === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve: type });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function written(name: string, text: string, mode = 0o600): string {
  writeFileSync(at(name), text, { mode });
  chmodSync(at(name), mode);
  return at(name);
}

describe('a new key pair', () => {
  it('makes its folder, for its owner alone', async () => {
    const { privateKey } = await generateKeyFile(at('keys/of/one.pem'), 'signing');
    expect(statSync(privateKey).mode & 0o777).toBe(0o600);
    expect(statSync(at('keys/of')).mode & 0o777).toBe(0o700);
  });

  it('signs what its public key verifies, here and with openssl', async () => {
    const files = await generateKeyFile(at('a.pem'), 'signing');
    expect(files.publicKey).toBe(at('a.pub.pem'));
    const signer = await loadKeyFile(files.privateKey);
    const signature = await signer.sign(MESSAGE);
    const key = parsePublicKey(readFileSync(files.publicKey, 'utf8'));
    expect(await VERIFY_CRYPTO.verifyEcdsaP256Sha256(key.spki, MESSAGE, signature)).toBe(true);
    expect(signer).toMatchObject({ demo: false, fingerprint: files.fingerprint });
    writeFileSync(at('message'), MESSAGE);
    writeFileSync(at('signature'), signature);
    const args = [
      'dgst',
      '-sha256',
      '-verify',
      files.publicKey,
      '-signature',
      at('signature'),
      at('message'),
    ];
    const openssl = spawnSync('openssl', args, { encoding: 'utf8' });
    if (openssl.error === undefined) expect(openssl.stdout).toBe('Verified OK\n');
    else console.log('skipped: the signature by openssl, which is not here');
  });

  it('is readable by its owner only', async () => {
    await generateKeyFile(at('b.pem'), 'signing');
    expect(statSync(at('b.pem')).mode & 0o777).toBe(0o600);
  });

  it('never replaces another, nor leaves a private key without its public one', async () => {
    const { privateKey } = await generateKeyFile(at('c.pem'), 'signing');
    const before = readFileSync(privateKey);
    await expect(generateKeyFile(privateKey, 'signing')).rejects.toMatchObject({ code: 'STORAGE' });
    expect(readFileSync(privateKey)).toEqual(before);
    written('d.pub.pem', 'taken');
    await expect(generateKeyFile(at('d.pem'), 'signing')).rejects.toMatchObject({ code: 'STORAGE' });
    expect(() => statSync(at('d.pem'))).toThrow(/ENOENT/);
  });

  it('for demonstrations says so, in the key itself', async () => {
    const { privateKey } = await generateKeyFile(at('demo.pem'), 'demo');
    expect((await loadKeyFile(privateKey)).demo).toBe(true);
    const text = readFileSync(privateKey, 'utf8');
    // Editors and copies add a byte order mark, blank lines or carriage returns: it stays a demonstration key.
    for (const variant of [`\ufeff${text}`, `\n\n  ${text}`, text.replaceAll('\n', '\r\n'), `${text}\n`]) {
      expect((await loadKeyFile(written(`demo-${variant.length}.pem`, variant))).demo).toBe(true);
    }
  });

  it('names its public key beside it', () => {
    expect(publicKeyPath('keys/a.pem')).toBe('keys/a.pub.pem');
    expect(publicKeyPath('keys/a')).toBe('keys/a.pub.pem');
  });
});

describe('a key file', () => {
  it('for a purpose that nobody knows is refused', async () => {
    const path = written('odd.pem', `domicile-key-purpose: production\n${pkcs8('P-256')}`);
    await expect(loadKeyFile(path)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it.each<[string, () => string, string]>([
    ['on P-384', () => written('p384.pem', pkcs8('P-384')), 'BAD_INPUT'],
    ['on secp256k1', () => written('k1.pem', pkcs8('secp256k1')), 'BAD_INPUT'],
    ['with Ed25519', () => written('ed.pem', pkcs8('ed25519')), 'BAD_INPUT'],
    ['with RSA', () => written('rsa.pem', pkcs8('rsa')), 'BAD_INPUT'],
    ['that others may read', () => written('open.pem', pkcs8('P-256'), 0o644), 'BAD_INPUT'],
    ['that is none', () => written('none.pem', 'hello SECRETPEMTEXT'), 'BAD_INPUT'],
    ['that is empty', () => written('empty.pem', ''), 'BAD_INPUT'],
    ['that is large', () => written('large.pem', 'A'.repeat(20_000)), 'BAD_INPUT'],
    ['that is not there', () => at('nowhere.pem'), 'NOT_FOUND'],
    [
      'that is a folder',
      () => (mkdirSync(at('folder.pem'), { recursive: true }), at('folder.pem')),
      'NOT_FOUND',
    ],
    [
      'with a public key',
      () => written('public.pem', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'),
      'BAD_INPUT',
    ],
  ])('%s is refused, and nothing of it is told', async (_what, make, code) => {
    const error: unknown = await loadKeyFile(make()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toMatch(/SECRETPEMTEXT|BEGIN/);
    expect((error as Error).cause).toBeUndefined();
  });

  it('may be a link, as secret stores mount them', async () => {
    const target = written('target.pem', pkcs8('P-256'));
    symlinkSync(target, at('linked.pem'));
    expect((await loadKeyFile(at('linked.pem'))).demo).toBe(false);
  });
});
