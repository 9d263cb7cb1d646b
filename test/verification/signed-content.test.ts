import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalBytes } from '../../src/core/index.ts';
import type { VerifyOutcome } from '../../src/verification/index.ts';
import {
  concludeVerification,
  MANIFEST_FILE,
  PACK_FILE,
  PAGE_FILE,
  RESULT_FILE,
  STATEMENT_FILE,
  toBase64,
  verifyReport,
} from '../../src/verification/index.ts';
import type { ReportChanges } from '../support/report.ts';
import { failedStep, makeReport, memoryFiles, testKey, VERIFY_CRYPTO } from '../support/report.ts';

/** Signed by the right key, and wrong all the same: what a signature does not excuse. */
const KEY = testKey();
let report: ReadonlyMap<string, Uint8Array>;
beforeAll(async () => {
  report = await makeReport(KEY);
});

const verify = (files: ReadonlyMap<string, Uint8Array>): Promise<VerifyOutcome> =>
  verifyReport(memoryFiles(files), KEY.trusted, VERIFY_CRYPTO);
const made = async (changes: ReportChanges): Promise<VerifyOutcome> => verify(await makeReport(KEY, changes));
const decode = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A change of the JSON of a statement, about to be signed. */
const edited =
  (change: (statement: Record<string, unknown>) => unknown) =>
  (bytes: Uint8Array): Uint8Array =>
    canonicalBytes(change(JSON.parse(decode(bytes)) as Record<string, unknown>));
const predicate = (members: Record<string, unknown>): ReportChanges => ({
  statement: edited((statement) => ({
    ...statement,
    predicate: { ...(statement['predicate'] as object), ...members },
  })),
});

describe('what a trusted key signed', () => {
  it.each<[string, ReportChanges, string]>([
    [
      'a subject without a digest',
      { statement: edited((s) => ({ ...s, subject: [{ name: RESULT_FILE }] })) },
      'statement failed: expected every subject to have a name and a SHA-256, found one without',
    ],
    [
      'a subject with SHA-512 only',
      {
        statement: edited((s) => ({
          ...s,
          subject: [{ name: RESULT_FILE, digest: { sha512: 'a'.repeat(128) } }],
        })),
      },
      'statement failed: expected every subject to have a name and a SHA-256, found one without',
    ],
    [
      'a digest in capitals',
      {
        statement: edited((s) => ({
          ...s,
          subject: [{ name: RESULT_FILE, digest: { sha256: 'A'.repeat(64) } }],
        })),
      },
      'statement failed: expected every subject to have a name and a SHA-256, found one without',
    ],
    [
      'no subjects',
      { statement: edited((s) => ({ ...s, subject: [] })) },
      'statement failed: expected subjects, found none',
    ],
    [
      'a subject twice',
      {
        statement: edited((s) => ({
          ...s,
          subject: [...(s['subject'] as object[]), (s['subject'] as object[])[0]],
        })),
      },
      'statement failed: expected each subject once, found one twice',
    ],
    [
      'no manifest among the subjects',
      {
        statement: edited((s) => ({
          ...s,
          subject: (s['subject'] as { name: string }[]).filter(({ name }) => name !== MANIFEST_FILE),
        })),
      },
      'subjects failed: expected evidence/manifest.json among the subjects, found none',
    ],
    [
      'a subject outside the report',
      {
        statement: edited((s) => ({
          ...s,
          subject: [
            ...(s['subject'] as object[]),
            { name: '../../etc/passwd', digest: { sha256: 'a'.repeat(64) } },
          ],
        })),
      },
      'subjects failed: expected the file ../../etc/passwd, found none',
    ],
    [
      'another statement type',
      { statement: edited((s) => ({ ...s, _type: 'https://in-toto.io/Statement/v0.1' })) },
      'statement failed: expected _type https://in-toto.io/Statement/v1, found another one',
    ],
    [
      'another predicate type',
      { statement: edited((s) => ({ ...s, predicateType: 'https://slsa.dev/provenance/v1' })) },
      'statement failed: expected predicate type https://domicile.dev/attestation/residency-verdict/v1, found another one',
    ],
    [
      'a member twice',
      { statement: (bytes) => encode(decode(bytes).replace('{"_type"', '{"_type":"x","_type"')) },
      'statement failed: expected a statement in canonical JSON, found another form',
    ],
    [
      'a byte order mark',
      { statement: (bytes) => encode(`\ufeff${decode(bytes)}`) },
      'statement failed: expected a JSON statement, found something else',
    ],
    [
      'no JSON',
      { statement: () => encode('pass') },
      'statement failed: expected a JSON statement, found something else',
    ],
    [
      'invalid UTF-8',
      { statement: () => new Uint8Array([0x7b, 0xff, 0x7d]) },
      'statement failed: expected a JSON statement, found something else',
    ],
    [
      'brackets',
      { statement: () => encode('['.repeat(200_000)) },
      'statement failed: expected a JSON statement, found something else',
    ],
    [
      'no verdict',
      predicate({ verdict: null }),
      'statement failed: expected a verdict and marks in the predicate, found none',
    ],
    [
      'a verdict that is no word',
      predicate({ verdict: { toString: 1 } }),
      'statement failed: expected a verdict and marks in the predicate, found none',
    ],
    [
      'a verdict of its own',
      predicate({ verdict: 'passed' }),
      'statement failed: expected a verdict and marks in the predicate, found none',
    ],
    [
      'no marks',
      predicate({ marks: null }),
      'statement failed: expected a verdict and marks in the predicate, found none',
    ],
    [
      'a mark that is no text',
      predicate({ marks: [['demo-key']] }),
      'statement failed: expected a verdict and marks in the predicate, found none',
    ],
    [
      'a better verdict than its result',
      predicate({ verdict: 'pass-with-waivers' }),
      'result failed: expected the statement and result.json to agree on verdict of the report, found a difference',
    ],
    [
      'another deployment than its result',
      predicate({ deployment: { id: 'bank-eu' } }),
      'result failed: expected the statement and result.json to agree on id of the deployment, found a difference',
    ],
    [
      'other controls than its result',
      predicate({ controls: [] }),
      'result failed: expected the statement and result.json to name the same controls, found others',
    ],
    [
      'the pack of another statement',
      { pack: edited((s) => ({ ...s, predicate: { statement: 'c'.repeat(64) } })) },
      'pack-files failed: expected the pack of this statement, found that of another',
    ],
    [
      'a pack that lists less',
      {
        pack: edited((s) => ({
          ...s,
          subject: (s['subject'] as { name: string }[]).filter(({ name }) => name !== PAGE_FILE),
        })),
      },
      'pack-files failed: expected only packed files, found report.html as well',
    ],
  ])('is refused with %s', async (_what, changes, detail) => {
    const outcome = await made(changes);
    expect(failedStep(outcome)).toBe(detail);
    expect(outcome.genuine).toBeUndefined();
  });

  it('cannot be used as a pack, nor a pack as a statement: the types differ', async () => {
    const pack = report.get(PACK_FILE) ?? new Uint8Array();
    const statement = report.get(STATEMENT_FILE) ?? new Uint8Array();
    expect(failedStep(await verify(new Map([...report, [STATEMENT_FILE, pack]])))).toMatch(
      /^statement failed: expected predicate type/,
    );
    expect(failedStep(await verify(new Map([...report, [PACK_FILE, statement]])))).toMatch(
      /^pack-files failed: expected predicate type/,
    );
  });

  it('is refused with another payload type, even if that was signed', async () => {
    const envelope = JSON.parse(decode(report.get(STATEMENT_FILE))) as { payload: string };
    const payload = Buffer.from(envelope.payload, 'base64');
    const type = 'text/plain';
    const message = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
    const sig = toBase64(await KEY.signer.sign(message));
    const forged = canonicalBytes({ payload: envelope.payload, payloadType: type, signatures: [{ sig }] });
    expect(failedStep(await verify(new Map([...report, [STATEMENT_FILE, forged]])))).toBe(
      'statement failed: expected payload type application/vnd.in-toto+json, found another one',
    );
  });
});

describe('a report of a later version', () => {
  const later = (type: string): ReportChanges => ({
    statement: edited((s) => ({ ...s, predicateType: type })),
  });

  it.each<[string, ReportChanges, string]>([
    ['statement', later('https://domicile.dev/attestation/residency-verdict/v2'), 'statement'],
    ['result', { result: { schemaVersion: 2 as 1 } }, 'result'],
    [
      'pack',
      { pack: edited((s) => ({ ...s, predicateType: 'https://domicile.dev/attestation/report-pack/v12' })) },
      'pack-files',
    ],
  ])('of its %s is neither genuine nor forged: this version cannot tell', async (_what, changes, step) => {
    const outcome = await made(changes);
    expect(outcome.genuine).toBeUndefined();
    expect(failedStep(outcome)).toMatch(
      new RegExp(`^${step} unknown: expected .* which this domicile does not know`),
    );
    const { exitCode, why } = concludeVerification(outcome, { accept: [], requirePass: false });
    expect(exitCode).toBe(2);
    expect(why).toMatch(/^cannot tell: /);
  });

  it('is forged where its signature is, whatever version it claims', async () => {
    const files = await makeReport(testKey(), later('https://domicile.dev/attestation/residency-verdict/v2'));
    const outcome = await verify(files);
    expect(failedStep(outcome)).toMatch(/^signature failed/);
    expect(concludeVerification(outcome, { accept: [], requirePass: false }).exitCode).toBe(1);
  });
});
