import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readReportFiles, writeArchive } from '../../src/storage/index.ts';
import { verifyReport } from '../../src/verification/index.ts';
import { makeReport, testKey, VERIFY_CRYPTO } from '../support/report.ts';
import { temporaryFolder } from '../support/temporary.ts';

const root = temporaryFolder();
const python = ['python3', 'python'].find((name) => answers(name, ['--version']));
if (python === undefined)
  console.log('skipped: unpacking an archive with a tool that is not ours, since Python is not here');

function answers(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function folderOf(name: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name, path)), { recursive: true });
    writeFileSync(join(root, name, path), bytes);
  }
  return join(root, name);
}

describe('the archive of a report', () => {
  const files = { 'report.html': '<!doctype html>', 'evidence/名.json': '{}', 'evidence/empty': '' };

  test('follows from the files alone: equal folders give equal bytes, whenever and wherever they were written', async () => {
    const sizes = await Promise.all([
      writeArchive(folderOf('one', files), '1-run', join(root, 'one.zip')),
      writeArchive(folderOf('two', files), '1-run', join(root, 'two.zip')),
    ]);
    const [one, two] = [readFileSync(join(root, 'one.zip')), readFileSync(join(root, 'two.zip'))];
    expect(one.equals(two)).toBe(true);
    expect(sizes).toEqual([one.length, two.length]);
  });

  test('that is there stays', async () => {
    writeFileSync(join(root, 'kept.zip'), 'kept');
    expect(await writeArchive(folderOf('kept', files), '1-run', join(root, 'kept.zip'))).toBe(4);
    expect(readFileSync(join(root, 'kept.zip'), 'utf8')).toBe('kept');
  });

  test('of a folder that holds a link is refused', async () => {
    const folder = folderOf('linked', files);
    symlinkSync('report.html', join(folder, 'link'));
    await expect(writeArchive(folder, '1-run', join(root, 'linked.zip'))).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
  });

  test.skipIf(python === undefined)('is unpacked by another program to a folder that verifies', async () => {
    const key = testKey();
    const folder = folderOf('genuine', Object.fromEntries(await makeReport(key)));
    await writeArchive(folder, '7-run', join(root, 'genuine.zip'));
    const unpack =
      'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; z.extractall(sys.argv[2])';
    execFileSync(python ?? '', ['-c', unpack, join(root, 'genuine.zip'), join(root, 'unpacked')]);
    const outcome = await verifyReport(
      readReportFiles(join(root, 'unpacked', '7-run')),
      key.trusted,
      VERIFY_CRYPTO,
    );
    expect(outcome.steps.map(({ status }) => status)).not.toContain('failed');
    expect(outcome.genuine).toBeDefined();
  });
});
