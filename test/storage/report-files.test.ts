import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nodeVerifyCrypto } from '../../src/attestation/index.ts';
import { readReportFiles } from '../../src/storage/index.ts';
import type { VerifyOutcome } from '../../src/verification/index.ts';
import { verifyReport } from '../../src/verification/index.ts';
import { failedStep, makeReport, testKey } from '../support/report.ts';
import { temporaryFolder } from '../support/temporary.ts';

const root = temporaryFolder();
const KEY = testKey();
let report: ReadonlyMap<string, Uint8Array>;
let folder: string;
let used = 0;

beforeAll(async () => {
  report = await makeReport(KEY);
});
beforeEach(() => {
  used += 1;
  folder = join(root, `report-${used}`);
  for (const [path, bytes] of report) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
});

const verify = (): Promise<VerifyOutcome> =>
  verifyReport(readReportFiles(folder), KEY.trusted, nodeVerifyCrypto);

describe('a report on a disk', () => {
  it('is genuine as it was written', async () => {
    expect(failedStep(await verify())).toBe('');
  });

  it.each<[string, (at: (path: string) => string) => void, RegExp]>([
    [
      'a link instead of a file',
      (at) =>
        spawnSync('sh', ['-c', `mv "${at('result.json')}" "${at('r')}" && ln -s r "${at('result.json')}"`]),
      /found a link or a device/,
    ],
    ['a link beside the files', (at) => symlinkSync('/', at('link')), /found a link or a device/],
    ['a loop of folders', (at) => symlinkSync('..', at('evidence/loop')), /found a link or a device/],
    ['a pipe, which would never end', (at) => spawnSync('mkfifo', [at('pipe')]), /found a link or a device/],
    [
      'a folder instead of a file',
      (at) => spawnSync('sh', ['-c', `rm "${at('result.json')}" && mkdir "${at('result.json')}"`]),
      /expected the file result.json, found none/,
    ],
    [
      'a file too large to be one of ours',
      (at) => truncateSync(at('report.html'), 2 ** 30 + 1),
      /expected a file of at most 1 GiB/,
    ],
    [
      'an envelope of a gigabyte',
      (at) => truncateSync(at('statement.dsse.json'), 2 ** 27),
      /expected an envelope of at most 64 MiB/,
    ],
    [
      'a hidden file',
      (at) => writeFileSync(at('.hidden'), ''),
      /expected only packed files, found .hidden as well/,
    ],
    [
      'a hidden folder with a file',
      (at) => spawnSync('sh', ['-c', `mkdir "${at('.git')}" && echo x > "${at('.git/config')}"`]),
      /found .git\/config as well/,
    ],
  ])('with %s is not, and nobody waits for ever', async (_what, change, words) => {
    change((path) => join(folder, path));
    const outcome = await verify();
    expect(outcome.genuine).toBeUndefined();
    expect(failedStep(outcome)).toMatch(words);
  });

  it('may hold empty folders, which say nothing', async () => {
    mkdirSync(join(folder, 'empty', 'inside'), { recursive: true });
    expect(failedStep(await verify())).toBe('');
  });

  it('is no report where it is not there', async () => {
    expect(
      failedStep(await verifyReport(readReportFiles(join(root, 'none')), KEY.trusted, nodeVerifyCrypto)),
    ).toMatch(/^files failed/);
  });

  it.each(['../x', 'a/../../x', '/etc/passwd', 'a//b', './x', ''])('gives no file at %j', async (path) => {
    await expect(readReportFiles(folder).read(path)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});
