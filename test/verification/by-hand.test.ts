import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACK_FILE, PAGE_FILE, RESULT_FILE, STATEMENT_FILE } from '../../src/verification/index.ts';
import { makeReport, testKey } from '../support/report.ts';

/**
 * The commands of docs/verify.md, as a regulator would type them: cut out of the document and run. A shell without
 * jq or openssl cannot.
 */
const DOCUMENT = readFileSync(new URL('../../docs/verify.md', import.meta.url), 'utf8');
const BLOCKS = [...DOCUMENT.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
const STEPS = 6;
const missing = ['jq', 'openssl'].filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
if (missing.length > 0)
  console.log(`skipped: verification by hand, since ${missing.join(' and ')} is not here`);

const KEY = testKey();
let folder: string;
let report: ReadonlyMap<string, Uint8Array>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'domicile-by-hand-'));
  report = await makeReport(KEY);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let runs = 0;
/** What the commands print for a report, step by step. */
function byHand(
  files: ReadonlyMap<string, Uint8Array>,
  pem = KEY.signer.publicKeyPem,
  prepare: (directory: string) => void = () => undefined,
): readonly string[] {
  runs += 1;
  const place = (name: string): string => join(folder, `${runs} with a space`, name);
  for (const [path, bytes] of files) {
    mkdirSync(dirname(place(`report/${path}`)), { recursive: true });
    writeFileSync(place(`report/${path}`), bytes);
  }
  prepare(place('report'));
  mkdirSync(place('work'));
  writeFileSync(place('key.pem'), pem);
  const env = {
    PATH: process.env['PATH'] ?? '',
    REPORT: place('report'),
    WORK: place('work'),
    KEY: place('key.pem'),
  };
  return BLOCKS.slice(0, STEPS).map((block) => {
    const { stdout, stderr } = spawnSync('sh', ['-c', block], { env, encoding: 'utf8' });
    return `${stdout}${stderr}`;
  });
}

const changedAt = (path: string, change: (text: string) => string): ReadonlyMap<string, Uint8Array> => {
  const text = new TextDecoder().decode(report.get(path));
  return new Map([...report, [path, new TextEncoder().encode(change(text))]]);
};

describe('the document', () => {
  it('gives the same commands in English and in Chinese', () => {
    expect(BLOCKS).toHaveLength(2 * STEPS);
    expect(BLOCKS.slice(STEPS)).toEqual(BLOCKS.slice(0, STEPS));
  });
});

describe.skipIf(missing.length > 0)('by hand, with jq and openssl', () => {
  it('a genuine report is genuine', () => {
    const [fingerprint, signature, content, subjects, pack, extra] = byHand(report);
    expect(fingerprint).toContain(KEY.signer.fingerprint);
    expect(signature).toBe('Verified OK\n');
    expect(content).toMatch(/^true\n/);
    expect(content).toContain('"verdict": "pass"');
    expect(content).toContain('"marks": []');
    expect(subjects?.trim().split('\n')).toHaveLength(4);
    expect(subjects).not.toContain('CHANGED');
    expect(pack).toMatch(/^Verified OK\ntrue\nsame statement\n(same \S+\n)+$/);
    expect(pack?.trim().split('\n')).toHaveLength(report.size + 2);
    expect(extra).toBe('');
  });

  it('the signature of a large statement is checked too: base64 on one long line', async () => {
    const large = await makeReport(KEY, {
      result: { limitations: [{ en: 'long '.repeat(100_000), zh: '' }] },
    });
    expect(byHand(large)[1]).toBe('Verified OK\n');
  });

  it('another key is told', () => {
    const [fingerprint, signature] = byHand(report, testKey().signer.publicKeyPem);
    expect(fingerprint).not.toContain(KEY.signer.fingerprint);
    expect(signature).toMatch(/Verification [Ff]ailure/);
  });

  it.each<[string, string, (text: string) => string, number, RegExp]>([
    [
      'the statement',
      STATEMENT_FILE,
      (text) => text.replace(/("payload":".{40})./, '$1x'),
      1,
      /Verification [Ff]ailure/,
    ],
    ['the result', RESULT_FILE, (text) => text.replace('"fail":0', '"fail":1'), 3, /CHANGED result.json/],
    ['the page', PAGE_FILE, (text) => text.replaceAll('1 passed', '9 passed'), 4, /CHANGED report.html/],
    [
      'the pack',
      PACK_FILE,
      (text) => text.replace(/("payload":".{40})./, '$1x'),
      4,
      /Verification [Ff]ailure/,
    ],
  ])('a change of %s is told', (_what, path, change, step, words) => {
    expect(byHand(changedAt(path, change))[step]).toMatch(words);
  });

  it('a file that was added is told, a link too, and one that was taken away', () => {
    expect(byHand(new Map([...report, ['evidence/x.json', new Uint8Array(1)]]))[5]).toContain(
      '> evidence/x.json',
    );
    const linked = byHand(report, undefined, (directory) =>
      symlinkSync('/etc/passwd', join(directory, 'link')),
    );
    expect(linked[5]).toContain('> link');
    const less = new Map(report);
    less.delete(PAGE_FILE);
    expect(byHand(less)[4]).toContain(`CHANGED ${PAGE_FILE}`);
  });

  it('the pack of another report is told', async () => {
    const other = await makeReport(KEY, { result: { verdict: 'fail' } });
    const mixed = new Map([...report, [PACK_FILE, other.get(PACK_FILE) ?? new Uint8Array()]]);
    expect(byHand(mixed)[4]).toContain('CHANGED statement');
  });
});
