import { describe, expect, test } from 'vitest';
import { renderIndexPage } from '../../src/report/index.ts';
import { plainText } from '../support/page.ts';
import { sampleResult } from '../support/report.ts';

const { run, deployment, ...rest } = sampleResult();
const entry = (id: string, sequence: number, over: object = {}) => ({
  folder: `${id}/${sequence}-${id}-run`,
  result: { ...rest, run: { ...run, sequence }, deployment: { ...deployment, id } },
  ...over,
});

describe('the list of reports', () => {
  test('has a section for each deployment, newest report first, with links to its files', async () => {
    const page = await renderIndexPage([entry('b', 1), entry('a', 1), entry('a', 2, { archiveSize: 2049 })]);
    const links = [...page.matchAll(/href="([^"]+)"/g)].map(([, link]) => link);
    expect(links.filter((link) => link?.endsWith('report.html'))).toEqual([
      'a/2-a-run/report.html',
      'a/1-a-run/report.html',
      'b/1-b-run/report.html',
    ]);
    expect(links.filter((link) => link?.endsWith('.zip'))).toEqual(['a/2-a-run.zip']);
    expect(plainText(page)).toContain('2-a-run.zip (3 KiB)');
    expect([...page.matchAll(/<h2>/g)]).toHaveLength(2);
  });

  test('says of itself that nobody signed it, and marks what is not for reliance', async () => {
    const marked = entry('a', 1);
    const page = await renderIndexPage([{ ...marked, result: { ...marked.result, marks: ['demo-key'] } }]);
    expect(plainText(page)).toContain('Nobody signs this list');
    expect(plainText(page)).toContain('本列表未经签名');
    expect(plainText(page)).toContain('Not for reliance 不可作为依据');
  });

  test('keeps hostile titles as text', async () => {
    const title = { en: '<script>alert(1)</script>\u{202E}', zh: '"><img src=x>' };
    const hostile = entry('a', 1);
    const page = await renderIndexPage([
      { ...hostile, result: { ...hostile.result, deployment: { ...hostile.result.deployment, title } } },
    ]);
    expect(page).not.toMatch(/<script|<img|\u{202E}/u);
  });
});
