import { createCipheriv, randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { CiphertextScheme, DataClass } from '../../src/evidence/index.ts';
import { createTableReducer } from '../../src/scan/index.ts';

function violations(holds: DataClass, value: string): readonly string[] {
  const reducer = createTableReducer({
    schema: 's',
    table: 't',
    located: false,
    columns: [{ name: 'c', type: 'text', holds }],
    unread: [],
  });
  reducer.push(new TextEncoder().encode(`${value.replaceAll('\\', '\\\\')}\n`));
  return (reducer.finish('complete', '').paths[0]?.violations ?? []).map((violation) => violation.class);
}

const TEXT = 'this is a key in plain text, encoded only, and long enough to look like one';

/** AES-256-GCM: nonce, ciphertext, tag. The ciphers are Node's; only the random bytes differ from run to run. */
function sealed(text: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', randomBytes(32), nonce);
  return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

describe('data classes', () => {
  it.each([
    [{ class: 'integer' }, ['0', '-12', '9007199254740993'], ['1.5', '1e3', '', ' 1', '１', '9'.repeat(30)]],
    [{ class: 'decimal' }, ['0.5', '-1e-9', 'NaN', '3'], ['1,5', '0x10', '1.', 'one']],
    [
      { class: 'timestamp' },
      ['2026-11-24', '2026-11-24 01:02:03.123+00', '2026-11-24T01:02:03Z', 'infinity'],
      ['yesterday', '24.11.2026', '2026-11-24 tell me'],
    ],
    [{ class: 'boolean' }, ['t', 'false'], ['yes', '1']],
    [{ class: 'uuid' }, ['6f1c1d7e-0a0b-4c4d-8e8f-112233445566'], ['6f1c1d7e0a0b4c4d8e8f112233445566']],
    [
      { class: 'model-name' },
      ['gpt-4o', 'us.anthropic.claude-v2:0', ''],
      ['gpt 4o', '<b>', '模型', 'x'.repeat(129)],
    ],
    [{ class: 'enum', values: ['a', 'b'] }, ['a'], ['c', '', 'A']],
    [
      { class: 'hash' },
      ['d41d8cd98f00b204e9800998ecf8427e', '$2b$12$abcdefghijklmnopqrstuv'],
      [
        'secret',
        'D41D8CD98F00B204E9800998ECF8427E',
        Buffer.from('hello world hello world hello wo').toString('hex'),
      ],
    ],
    [{ class: 'identifier', pattern: 'slug', maxLength: 8 }, ['acme-1'], ['acme 1', 'acme-12345']],
    [
      { class: 'identifier', pattern: 'origin', maxLength: 99 },
      ['https://api.example.com/v1'],
      ['https://api.example.com/v1?q=x', 'ftp://x'],
    ],
    [
      { class: 'identifier', pattern: 'email', maxLength: 99 },
      ['a.b@example.com'],
      ['a b@example.com', '@x'],
    ],
    [{ class: 'embedding' }, ['[0.1,-2e-3,5]'], ['[0.1,"x"]']],
  ] satisfies [DataClass, string[], string[]][])(
    '%j allow their own and nothing else',
    (holds, good, bad) => {
      for (const value of good) expect(violations(holds, value), value).toEqual([]);
      for (const value of bad) expect(violations(holds, value), value).not.toEqual([]);
    },
  );

  it.each([
    ['envelope', (bytes: Buffer) => `enc:v1:${bytes.toString('base64')}`],
    ['vault', (bytes: Buffer) => `vault:v3:${bytes.toString('base64')}`],
    ['raw', (bytes: Buffer) => bytes.toString('base64url')],
    ['raw', (bytes: Buffer) => `\\x${bytes.toString('hex')}`],
    [
      'fernet',
      (bytes: Buffer) => Buffer.concat([Buffer.from('8000000000', 'hex'), bytes]).toString('base64url'),
    ],
    [
      'kms',
      (bytes: Buffer) =>
        Buffer.concat([Buffer.from('01020200', 'hex'), bytes, bytes.toReversed()]).toString('base64'),
    ],
  ] satisfies [CiphertextScheme, (bytes: Buffer) => string][])(
    'ciphertext %s takes sealed bytes, never encoded text',
    (scheme, wrap) => {
      const holds = { class: 'ciphertext', scheme } as const;
      for (let round = 0; round < 50; round++) expect(violations(holds, wrap(sealed(TEXT)))).toEqual([]);
      expect(violations(holds, wrap(Buffer.from(TEXT.repeat(2))))).toEqual(['not-ciphertext']);
      expect(violations(holds, TEXT)).toEqual(['not-ciphertext']);
      expect(violations(holds, wrap(Buffer.alloc(160, 0xee)))).toEqual(['not-ciphertext']);
    },
  );

  const KEY = 'Qz7Lm2Xv9Kp4Wd8Rt5Yh3Nb6Gc1Fs0Ja-Vu_EoIiPlMkOnBhVgCfXdZs';
  const CHINESE = '请把并购协议的要点翻译成英文并总结成五条，然后写信给张总';
  it.each<[string, Buffer]>([
    ['a key in MessagePack', Buffer.from(`\x81\xa7api_key\xd9\x3a${KEY}`, 'latin1')],
    ['a key in a pickle', Buffer.from(`\x80\x04\x95\x3e\0\0\0\0\0\0\0\x8c\x3a${KEY}\x94.`, 'latin1')],
    ['text in UTF-16', Buffer.from(CHINESE, 'utf16le')],
    ['text in UTF-16 of the other order', Buffer.from(CHINESE, 'utf16le').swap16()],
    // 请把并购协议的要点翻译成英文并总结 in GBK.
    [
      'text in GBK',
      Buffer.from('c7ebb0d1b2a2b9bad0ade9e9b5c4d2aab5e3b7add2ebb3c9d3a2cec4b2a2d7dcbde1', 'hex'),
    ],
    ['text deflated at a low level', deflateSync(TEXT, { level: 2 })],
  ])('ciphertext is not %s', (_, bytes) => {
    const holds = { class: 'ciphertext', scheme: 'envelope' } as const;
    expect(violations(holds, `enc:v1:${bytes.toString('base64')}`)).toEqual(['not-ciphertext']);
  });
});
