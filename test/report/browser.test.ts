import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { programPath } from '../../scripts/check-steps.ts';
import { articleOf, IDENTITY, pageOf, sampleControl } from '../support/page.ts';
import { plantedPage } from '../support/planted-page.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** A browser that talks to nobody: Debian's Chromium would otherwise look for updates and its maker's hosts. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser on a busy machine is slow, and no less right. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const browserPath = programPath('chromium');
const folder = temporaryFolder();

describe.skipIf(browserPath === undefined)('the report in a browser', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: browserPath ?? '', args: QUIET });
  });
  afterAll(() => browser.close());

  /** Opens a page from a file, and notes whatever it asks for or complains about. */
  async function open(
    html: string,
    width = 1200,
  ): Promise<{ readonly page: Page; readonly noise: string[] }> {
    const file = join(folder, `${Math.trunc(performance.now() * 1000)}.html`);
    writeFileSync(file, html);
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const noise: string[] = [];
    const own = pathToFileURL(file).href;
    page.on('request', (request) => void (request.url() === own || noise.push(`request ${request.url()}`)));
    page.on('console', (message) => void noise.push(`console ${message.text()}`));
    page.on('pageerror', (error) => void noise.push(`error ${error.message}`));
    await page.goto(own);
    return { page, noise };
  }

  const widthOf = (page: Page): Promise<number> => page.evaluate('document.documentElement.scrollWidth');

  test('asks for nothing, runs nothing, complains of nothing, and wears its own style', async () => {
    const { page, noise } = await open((await plantedPage()).page);
    expect(await page.locator('script').count()).toBe(0);
    expect(await page.evaluate('getComputedStyle(document.body).marginTop')).toBe('0px');
    await page.close();
    expect(noise).toEqual([]);
  });

  test('would refuse a picture, a style and a script that somebody smuggled in, and this test would see them', async () => {
    const smuggled =
      '<img src="https://127.0.0.1:9/x.png"><script>document.title = "ran"</script><p style="margin:9px">x</p>';
    const { page, noise } = await open((await pageOf()).replace('<main>', `<main>${smuggled}`));
    const title = await page.title();
    await page.close();
    expect(title).not.toBe('ran');
    expect(noise.filter((line) => line.includes('Content Security Policy')).length).toBeGreaterThanOrEqual(3);
  });

  test('shows both languages, or one', async () => {
    const { page } = await open(await pageOf());
    const shown = async (): Promise<readonly boolean[]> => [
      await page.locator('article[lang="en"]').isVisible(),
      await page.locator('article[lang="zh-CN"]').isVisible(),
    ];
    expect(await shown()).toEqual([true, true]);
    await page.locator('#only-en').check();
    expect(await shown()).toEqual([true, false]);
    await page.locator('#only-zh').check();
    expect(await shown()).toEqual([false, true]);
    await page.close();
  });

  const long = 'x'.repeat(300);
  const endless = sampleControl({
    verdict: 'fail',
    id: `p/${long}`,
    title: { en: long, zh: '长'.repeat(300) },
    findings: [
      {
        id: long,
        class: long.toUpperCase(),
        resource: long,
        text: { en: long, zh: long },
        witness: [{ label: long, value: long }],
        waived: false,
      },
    ],
    reasons: [{ code: 'LOG_GAP', scope: long, detail: long }],
  });

  test('overflows neither a narrow screen nor a sheet of paper', async () => {
    for (const html of [
      (await plantedPage()).page,
      await pageOf({ marks: ['demo-key'], controls: [endless] }),
    ]) {
      const { page } = await open(html, 360);
      for (const choice of ['#both', '#only-en', '#only-zh']) {
        await page.locator(choice).check();
        expect(await widthOf(page)).toBeLessThanOrEqual(360);
      }
      // A4 less the margins of 14 mm at 96 pixels an inch.
      await page.setViewportSize({ width: 688, height: 900 });
      await page.emulateMedia({ media: 'print' });
      expect(await widthOf(page)).toBeLessThanOrEqual(688);
      await page.close();
    }
    // A page that does overflow is measured as one.
    const { page } = await open(await pageOf(), 360);
    await page.evaluate('document.querySelector("main").style.minWidth = "500px"');
    expect(await widthOf(page)).toBeGreaterThan(360);
    await page.close();
  });

  describe.skipIf(programPath("poppler's pdftoppm") === undefined)('on paper', () => {
    /** The text of each printed sheet. */
    async function sheets(html: string): Promise<readonly string[]> {
      const { page } = await open(html);
      const file = join(folder, 'print.pdf');
      await page.pdf({ path: file, preferCSSPageSize: true, printBackground: true });
      await page.close();
      return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).split('\f').slice(0, -1);
    }

    test('says on every sheet which report it is of, which sheet of how many, and that it is not for reliance', async () => {
      const { result, page } = await plantedPage((made) => ({ ...made, marks: ['demo-key'] }));
      const printed = await sheets(page);
      expect(printed.length).toBeGreaterThan(10);
      for (const [index, text] of printed.entries()) {
        expect(text).toContain(`${index + 1} of ${printed.length}`);
        expect(text).toContain(result.deployment.id);
        expect(text).toContain(result.run.id);
        expect(text).toContain(IDENTITY.statementDigest);
        expect(text).toContain('Not for reliance · 不可作为依据');
      }
    });

    test('has page one of each language on one sheet, and no mark where none is due', async () => {
      const html = await pageOf();
      const printed = await sheets(html);
      expect(printed[0]).toContain('Is it authentic?');
      expect(printed[0]).toContain('This is not legal advice');
      expect(printed.some((text) => text.includes('真实性') && text.includes('本报告不构成法律意见'))).toBe(
        true,
      );
      expect(printed.join('')).not.toContain('Not for reliance ·');
      expect(articleOf(html, 'zh-CN')).toContain('真实性');
    });
  });
});
