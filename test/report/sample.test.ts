import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadInstruments, replayReport } from '../../src/audit/index.ts';
import { openReport } from '../../src/storage/index.ts';
import { domicile } from '../support/shell.ts';

const SAMPLE = join(import.meta.dirname, '..', '..', 'reports', 'sample');
const KEY = join(SAMPLE, 'demo.pub.pem');
const LARGEST = 1.5 * 1024 * 1024;

const reports = readdirSync(SAMPLE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => readdirSync(join(SAMPLE, name)).map((report) => join(SAMPLE, name, report)));

describe('the sample report that the repository holds', () => {
  test('is one, with its key and an index that links to it', () => {
    expect(reports).toHaveLength(1);
    const index = readFileSync(join(SAMPLE, 'index.html'), 'utf8');
    for (const [, link] of index.matchAll(/href="([^"]+)"/g))
      expect(statSync(join(SAMPLE, link ?? '')).isFile()).toBe(true);
  });

  test.each(reports)('is genuine, and says itself that it is not for reliance', async (report) => {
    const all = await domicile(['verify', report, '--key', KEY, '--accept', 'demo,endpoint']);
    expect([all.exitCode, all.notes]).toEqual([0, []]);
    expect((await domicile(['verify', report, '--key', KEY])).exitCode).toBe(2);
  });

  test.each(reports)(
    'is reached again from its evidence, where its version is this one (else: npm run sample)',
    async (report) => {
      const { tool } = JSON.parse(readFileSync(join(report, 'result.json'), 'utf8')) as {
        readonly tool: { readonly version: string };
      };
      const { version } = JSON.parse(readFileSync(join(SAMPLE, '..', '..', 'package.json'), 'utf8')) as {
        readonly version: string;
      };
      if (tool.version !== version) return;
      const { differences } = await replayReport(openReport(report, '.'), await loadInstruments(), version);
      expect(differences).toEqual([]);
    },
  );

  test('is small enough to be carried along', () => {
    const files = readdirSync(SAMPLE, { recursive: true, encoding: 'utf8' }).map((name) =>
      statSync(join(SAMPLE, name)),
    );
    expect(files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0)).toBeLessThan(LARGEST);
  });
});
