import { beforeAll, describe, expect, it } from 'vitest';
import { isJsonObject, sha256Hex } from '../../src/core/index.ts';
import type { ReportFiles, VerifyOutcome } from '../../src/verification/index.ts';
import {
  concludeVerification,
  MANIFEST_FILE,
  openEnvelope,
  PACK_FILE,
  PAGE_FILE,
  parsePublicKey,
  RESULT_FILE,
  STATEMENT_FILE,
  STEPS,
  verifyReport,
} from '../../src/verification/index.ts';
import type { ReportChanges } from '../support/report.ts';
import { failedStep, makeReport, memoryFiles, testKey, VERIFY_CRYPTO } from '../support/report.ts';

type Files = ReadonlyMap<string, Uint8Array>;

const KEY = testKey();
let report: Files;
beforeAll(async () => {
  report = await makeReport(KEY);
});

const verify = (files: Files | ReportFiles, key = KEY.trusted): Promise<VerifyOutcome> =>
  verifyReport('list' in files ? files : memoryFiles(files), key, VERIFY_CRYPTO);
const made = async (changes: ReportChanges): Promise<VerifyOutcome> => verify(await makeReport(KEY, changes));
const decode = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const replaced = (path: string, change: (text: string) => string): Files =>
  new Map([...report, [path, encode(change(decode(report.get(path))))]]);

describe('a report', () => {
  it('is genuine by its key, and says what was signed', async () => {
    const outcome = await verify(report);
    expect(failedStep(outcome)).toBe('');
    expect(outcome.steps.map(({ id }) => id)).toEqual(STEPS);
    const envelope = openEnvelope(report.get(STATEMENT_FILE) ?? new Uint8Array());
    if (typeof envelope === 'string') throw new Error(envelope);
    expect(outcome.genuine).toMatchObject({
      verdict: 'pass',
      marks: [],
      statementDigest: sha256Hex(envelope.payload),
    });
  });

  it('is not genuine by another key, whatever else is right', async () => {
    expect(failedStep(await verify(report, testKey().trusted))).toBe(
      'signature failed: statement.dsse.json: expected a signature by the given key, found one that is not',
    );
  });

  it('is not genuine by a key that is no point of the curve', async () => {
    const spki = KEY.trusted.spki.slice();
    spki[90] = (spki[90] ?? 0) ^ 1;
    expect(failedStep(await verify(report, { spki }))).toBe(
      'signature failed: expected a public key that is a point of P-256, found none',
    );
  });
});

describe('one changed byte', () => {
  // Every byte of the small files and some hundreds of each larger one; the positions are the same in every run.
  const positions = (size: number): readonly number[] =>
    Array.from({ length: Math.min(size, 250) }, (_, index) =>
      Math.floor((index * size) / Math.min(size, 250)),
    );

  it('of any file is found out, by a step that is named', async () => {
    const outcomes = new Map<string, number>();
    for (const [path, bytes] of report) {
      for (const at of positions(bytes.length)) {
        const changed = bytes.slice();
        changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
        const outcome = await verify(new Map([...report, [path, changed]]));
        expect(outcome.genuine, `${path} at ${at}`).toBeUndefined();
        expect(concludeVerification(outcome, { accept: ['demo-key'], requirePass: false }).exitCode).toBe(1);
        const step = outcome.steps.find(({ status }) => status === 'failed')?.id ?? 'none';
        outcomes.set(step, (outcomes.get(step) ?? 0) + 1);
      }
    }
    // Control: the changes reached many of the steps, not one that refuses everything.
    expect([...outcomes.keys()].sort()).toEqual(
      ['envelope', 'evidence', 'pack-files', 'pack-signature', 'page', 'signature', 'subjects'].sort(),
    );
  }, 60_000);

  it('that writes the same base64 otherwise is found out too', async () => {
    for (const path of [STATEMENT_FILE, PACK_FILE]) {
      const text = decode(report.get(path));
      const variants = [
        text.replace('+', '-'),
        text.replace('/', '_'),
        text.replaceAll('=', ''),
        `${text}\n`,
      ];
      for (const variant of variants.filter((one) => one !== text)) {
        expect((await verify(new Map([...report, [path, encode(variant)]]))).genuine).toBeUndefined();
      }
    }
  });

  it.each([STATEMENT_FILE, PACK_FILE, RESULT_FILE, PAGE_FILE, MANIFEST_FILE])(
    'less, or all of them, is found out in %s',
    async (path) => {
      const bytes = report.get(path) ?? new Uint8Array();
      for (const cut of [
        bytes.slice(0, -1),
        bytes.slice(1),
        new Uint8Array(),
        bytes.slice(0, bytes.length / 2),
      ]) {
        expect((await verify(new Map([...report, [path, cut]]))).genuine).toBeUndefined();
      }
    },
  );
});

describe('a folder that is not as it was packed', () => {
  it.each([
    [
      'a file beside the report',
      'notes.txt',
      'pack-files failed: expected only packed files, found notes.txt as well',
    ],
    [
      'a file among the evidence',
      'evidence/x.json',
      'evidence failed: expected only listed evidence, found evidence/x.json as well',
    ],
    [
      'a name that would move the cursor',
      'a\u001b[2Jb',
      String.raw`pack-files failed: expected only packed files, found "a\u001b[2Jb" as well`,
    ],
  ])('has %s', async (_what, name, detail) => {
    expect(failedStep(await verify(new Map([...report, [name, encode('{}')]])))).toBe(detail);
  });

  it('lacks a file, whichever', async () => {
    for (const path of report.keys()) {
      const files = new Map(report);
      files.delete(path);
      expect(failedStep(await verify(files)), path).toMatch(/expected the file .*, found none/);
    }
  });

  it('has a file under another name, or two files swapped', async () => {
    const items = [...report.keys()].filter((path) => path.startsWith('evidence/') && path !== MANIFEST_FILE);
    const [first = '', second = ''] = items;
    const renamed = new Map(report);
    renamed.delete(first);
    renamed.set(`${first}x`, report.get(first) ?? new Uint8Array());
    expect((await verify(renamed)).genuine).toBeUndefined();
    const swapped = new Map(report).set(first, report.get(second) ?? new Uint8Array());
    swapped.set(second, report.get(first) ?? new Uint8Array());
    expect((await verify(swapped)).genuine).toBeUndefined();
  });

  it('has one file of another genuine report, whichever', async () => {
    const other = await makeReport(KEY, { result: { verdict: 'fail', marks: ['demo-key'] } });
    let differing = 0;
    for (const [path, bytes] of other) {
      const same = decode(bytes) === decode(report.get(path));
      differing += same ? 0 : 1;
      const { genuine } = await verify(new Map([...report, [path, bytes]]));
      expect(genuine !== undefined, path).toBe(same);
    }
    expect(differing).toBe(4);
  });

  it('has the statement, page and pack of another report with the files of this one', async () => {
    const other = await makeReport(KEY, { result: { verdict: 'fail' } });
    const mixed = new Map([...other, [RESULT_FILE, report.get(RESULT_FILE) ?? new Uint8Array()]]);
    expect(failedStep(await verify(mixed))).toMatch(/^subjects failed: result.json: expected SHA-256/);
  });
});

describe('the page', () => {
  it('must hold the very envelope', async () => {
    const other = await makeReport(KEY, { result: { verdict: 'fail' } });
    const outcome = await verify(new Map([...report, [PAGE_FILE, other.get(PAGE_FILE) ?? new Uint8Array()]]));
    expect(failedStep(outcome)).toBe(
      'page failed: expected report.html to hold the signed statement, found another one',
    );
  });

  it('cannot be edited outside of it', async () => {
    const outcome = await verify(replaced(PAGE_FILE, (page) => page.replaceAll('1 passed', '9 passed')));
    expect(failedStep(outcome)).toMatch(/^pack-files failed: report.html: expected SHA-256/);
  });
});

describe('a folder that works against its reader', () => {
  it('cannot show one file to be checked and another to be used', async () => {
    const other = await makeReport(testKey(), { result: { verdict: 'fail' } });
    const reads = new Map<string, number>();
    const files: ReportFiles = {
      list: async () => [...report.keys()],
      read: async (path) => {
        const count = (reads.get(path) ?? 0) + 1;
        reads.set(path, count);
        return (count === 1 ? report : other).get(path) ?? new Uint8Array();
      },
    };
    const outcome = await verify(files);
    expect(outcome.genuine?.verdict).toBe('pass');
    expect([...reads.values()].every((count) => count === 1)).toBe(true);
  });

  it.each<[string, ReportFiles]>([
    [
      'cannot be listed',
      { list: () => Promise.reject(new Error('EIO')), read: async () => new Uint8Array() },
    ],
    [
      'lists files that cannot be read',
      { list: async () => [...report.keys()], read: () => Promise.reject(new Error('EACCES secret-name')) },
    ],
    [
      'throws something odd',
      { list: async () => [...report.keys()], read: () => Promise.reject(new RangeError('x')) },
    ],
  ])('%s: a failed step without the words of the system', async (_what, files) => {
    const outcome = await verify(files);
    expect(outcome.genuine).toBeUndefined();
    expect(failedStep(outcome)).toContain('expected a readable file, found one that cannot be read');
  });
});

describe('what a verification means', () => {
  const demands = { accept: [], requirePass: false };

  it('is 0 for a genuine report whatever its verdict, and 1 where pass was required', async () => {
    const failing = await made({ result: { verdict: 'fail' } });
    expect(concludeVerification(failing, demands).exitCode).toBe(0);
    expect(concludeVerification(failing, { accept: [], requirePass: true }).exitCode).toBe(1);
    const waived = await made({ result: { verdict: 'pass-with-waivers' } });
    expect(concludeVerification(waived, { accept: [], requirePass: true }).exitCode).toBe(1);
  });

  it('is 2 for a mark that was not accepted, and 0 where all of them were', async () => {
    const marked = await made({ result: { marks: ['demo-key', 'adhoc-policy'] } });
    expect(concludeVerification(marked, { accept: ['demo-key'], requirePass: false })).toEqual({
      exitCode: 2,
      why: 'genuine, but not for reliance: adhoc-policy',
    });
    const accept = ['demo-key', 'adhoc-policy'];
    expect(concludeVerification(marked, { accept, requirePass: true }).exitCode).toBe(0);
  });

  it('takes a mark that it does not know for a mark', async () => {
    const { steps, genuine } = await verify(report);
    if (genuine === undefined) throw new Error('expected a genuine report');
    const marked: VerifyOutcome = { steps, genuine: { ...genuine, marks: ['hologram'] } };
    expect(concludeVerification(marked, demands).exitCode).toBe(2);
  });
});

describe('the test report', () => {
  it('is one that the key of the tests signs, and no member of it is missing (control)', async () => {
    const statement = openEnvelope(report.get(STATEMENT_FILE) ?? new Uint8Array());
    if (typeof statement === 'string') throw new Error(statement);
    const value: unknown = JSON.parse(decode(statement.payload));
    expect(isJsonObject(value) && isJsonObject(value['predicate']) && value['predicate']['verdict']).toBe(
      'pass',
    );
    expect(() => parsePublicKey(KEY.signer.publicKeyPem)).not.toThrow();
  });
});
