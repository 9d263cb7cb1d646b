import { generateKeyPairSync, sign, verify, webcrypto } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeVerifyCrypto } from '../../src/attestation/index.ts';
import {
  fromBase64,
  openEnvelope,
  preAuthEncoding,
  subtleCrypto,
  toBase64,
} from '../../src/verification/index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

/** The test vector of the DSSE protocol specification (secure-systems-lab/dsse, protocol.md). */
const VECTOR = {
  type: 'http://example.com/HelloWorld',
  body: 'hello world',
  signature: 'A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==',
  x: 46950820868899156662930047687818585632848591499744589407958293238635476079160n,
  y: 5640078356564379163099075877009565129882514886557779369047442380624545832820n,
};
const P256_HEAD = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');
const coordinate = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
const VECTOR_KEY = new Uint8Array(Buffer.concat([P256_HEAD, coordinate(VECTOR.x), coordinate(VECTOR.y)]));

/** DER of two numbers (RFC 3279 §2.2.3), in the shortest form. */
function derSignature(raw: Buffer): Uint8Array {
  const integer = (value: Buffer): Buffer => {
    let start = 0;
    while (start < value.length - 1 && value[start] === 0) start += 1;
    const short = value.subarray(start);
    const body = (short[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.from([0]), short]) : short;
    return Buffer.concat([Buffer.from([2, body.length]), body]);
  };
  const body = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))]);
  return new Uint8Array(Buffer.concat([Buffer.from([0x30, body.length]), body]));
}

describe('what a DSSE signature signs', () => {
  it('is the vector of the specification', () => {
    expect(text(preAuthEncoding(VECTOR.type, bytes(VECTOR.body)))).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    );
  });

  it('counts bytes, not characters', () => {
    const encoded = preAuthEncoding('application/vnd.in-toto+json', bytes('{"a":"北京"}'));
    expect(text(encoded)).toBe('DSSEv1 28 application/vnd.in-toto+json 14 {"a":"北京"}');
  });

  it('is different for different inputs, wherever the spaces are', () => {
    fc.assert(
      fc.property(fc.tuple(fc.string(), fc.string()), fc.tuple(fc.string(), fc.string()), (one, other) => {
        fc.pre(one[0] !== other[0] || one[1] !== other[1]);
        const [left, right] = [one, other].map(([type, body]) => text(preAuthEncoding(type, bytes(body))));
        expect(left).not.toBe(right);
      }),
    );
  });
});

/** Verification's own cryptography over Web Crypto, and that of the command line over OpenSSL: they must not differ. */
describe.each([
  ['crypto.subtle', subtleCrypto(webcrypto.subtle)],
  ['node:crypto', nodeVerifyCrypto],
])('the signature of the specification, by %s', (_name, crypto) => {
  const message = preAuthEncoding(VECTOR.type, bytes(VECTOR.body));
  const der = derSignature(Buffer.from(VECTOR.signature, 'base64'));

  it('is genuine', async () => {
    expect(await crypto.verifyEcdsaP256Sha256(VECTOR_KEY, message, der)).toBe(true);
  });

  it('is not, with any bit of it changed', async () => {
    for (let bit = 0; bit < der.length * 8; bit += 1) {
      const changed = der.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await crypto.verifyEcdsaP256Sha256(VECTOR_KEY, message, changed)).toBe(false);
    }
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['something after it', new Uint8Array([...der, 0])],
    ['its last byte missing', der.slice(0, -1)],
    ['the raw form', new Uint8Array(Buffer.from(VECTOR.signature, 'base64'))],
    ['two zeros', new Uint8Array([0x30, 6, 2, 1, 0, 2, 1, 0])],
    ['numbers of no length', new Uint8Array([0x30, 4, 2, 0, 2, 0])],
    ['a length in the long form', new Uint8Array([0x30, 0x81, der.length - 2, ...der.slice(2)])],
    ['a length that leads out', new Uint8Array([0x30, 6, 2, 0x7f, 1, 2, 1, 1])],
  ])('is not, as %s', async (_what, signature) => {
    expect(await crypto.verifyEcdsaP256Sha256(VECTOR_KEY, message, signature)).toBe(false);
  });

  it('agrees with OpenSSL on signatures of every length (1,000 of them)', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
    const lengths = new Set<number>();
    for (let round = 0; round < 1000; round += 1) {
      const signed = bytes(`message ${round}`);
      const signature = sign('sha256', signed, privateKey);
      lengths.add(signature.length);
      expect(verify('sha256', signed, publicKey, signature)).toBe(true);
      expect(await crypto.verifyEcdsaP256Sha256(spki, signed, new Uint8Array(signature))).toBe(true);
    }
    expect(lengths.size).toBeGreaterThan(2);
  });
});

describe('base64', () => {
  it('comes back, and has one text for the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (data) => {
        const encoded = toBase64(data);
        expect(encoded).toBe(Buffer.from(data).toString('base64'));
        expect(fromBase64(encoded)).toEqual(data);
      }),
    );
  });

  it.each(['QQ', 'QQ=', 'QQ===', 'QR==', 'Q', '-_8=', 'Q Q==', 'QQ==\n', '=', 'QUJD=', 'QQ==QQ==', '东'])(
    'is refused as %j',
    (encoded) => {
      expect(fromBase64(encoded)).toBeUndefined();
    },
  );
});

describe('an envelope file', () => {
  const ENVELOPE = '{"payload":"e30=","payloadType":"t","signatures":[{"sig":"AAAA"}]}\n';
  const opened = (file: string | Uint8Array): unknown =>
    openEnvelope(typeof file === 'string' ? bytes(file) : file);

  it('is opened in its one form', () => {
    expect(opened(ENVELOPE)).toEqual({
      payloadType: 't',
      payload: bytes('{}'),
      signature: new Uint8Array(3),
    });
  });

  it.each<[string, string | Uint8Array]>([
    ['no newline at its end', ENVELOPE.trimEnd()],
    ['a byte order mark', `\ufeff${ENVELOPE}`],
    ['white space', ENVELOPE.replace(':', ': ')],
    ['a carriage return', ENVELOPE.replace('\n', '\r\n')],
    ['an escape that need not be', ENVELOPE.replace('"t"', String.raw`"\u0074"`)],
    ['members in another order', '{"payloadType":"t","payload":"e30=","signatures":[{"sig":"AAAA"}]}\n'],
    ['a payload twice', ENVELOPE.replace('{"payload"', '{"payload":"e30=","payload"')],
    ['a signature twice', ENVELOPE.replace('{"sig"', '{"sig":"AAAA","sig"')],
    ['a further member', ENVELOPE.replace('{"payload"', '{"note":"x","payload"')],
    ['__proto__', ENVELOPE.replace('{"payload"', '{"__proto__":{"x":1},"payload"')],
    [
      'only a __proto__',
      '{"__proto__":{"payload":"e30=","payloadType":"t","signatures":[{"sig":"AAAA"}]}}\n',
    ],
    ['a key hint', ENVELOPE.replace('{"sig"', '{"keyid":"SHA256:trustme","sig"')],
    ['no signature', ENVELOPE.replace('{"sig":"AAAA"}', '')],
    ['two signatures', ENVELOPE.replace('{"sig":"AAAA"}', '{"sig":"AAAA"},{"sig":"AAAA"}')],
    ['a signature that is text', ENVELOPE.replace('{"sig":"AAAA"}', '"AAAA"')],
    ['a signature that is a number', ENVELOPE.replace('"AAAA"', '1e400')],
    ['signatures that are no list', ENVELOPE.replace('[{"sig":"AAAA"}]', '{"0":{"sig":"AAAA"},"length":1}')],
    ['URL-safe base64', ENVELOPE.replace('AAAA', '-_8=')],
    ['base64 without padding', ENVELOPE.replace('e30=', 'e30')],
    ['half a character', ENVELOPE.replace('"t"', String.raw`"\ud800"`)],
    ['a list', '[]\n'],
    ['null', 'null\n'],
    ['nothing', ''],
    ['invalid UTF-8', new Uint8Array([...bytes(ENVELOPE), 0xff])],
    ['a thousand brackets in a row', '['.repeat(1_000_000)],
    [
      'a deep payload',
      `{"payload":${'['.repeat(100_000)}${']'.repeat(100_000)},"payloadType":"t","signatures":[]}`,
    ],
    ['two documents', ENVELOPE + ENVELOPE],
  ])('is refused with %s', (_what, file) => {
    expect(opened(file)).toBeTypeOf('string');
  });

  it('is refused before it is parsed where it is huge', () => {
    expect(opened(new Uint8Array(64 * 1024 * 1024 + 1))).toBe(
      'expected an envelope of at most 64 MiB, found a larger one',
    );
  });
});
