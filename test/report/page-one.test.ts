import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ControlResult, Result } from '../../src/policy/index.ts';
import { pageOf, pageOneOf, plainText, sampleControl } from '../support/page.ts';
import { sampleResult } from '../support/report.ts';

const GOLDEN = join(import.meta.dirname, 'golden');

const absent = (over: Partial<ControlResult>): ControlResult =>
  sampleControl({ id: 'data-handling/no-content-stored', check: 'content.absent', ...over });
const finding = {
  id: 'f1',
  class: 'CONTENT_FOUND',
  resource: 'gateway.public.t.c',
  text: { en: 'Content at gateway.public.t.c', zh: 'gateway.public.t.c 含内容' },
  witness: [],
  waived: false,
};
const reason = { code: 'ACCESS_DENIED', scope: 'gateway.public.t', detail: '42501' } as const;
const { run, coverage } = sampleResult();

/** The results whose page one is kept as text under golden/, in both languages: the wording that officers read. */
const CASES: Readonly<Record<string, Partial<Result>>> = {
  'passed-by-detection': {
    controls: [absent({ basis: { kind: 'detected', recall: 'not measured' } })],
    processing: [{ entity: 'Zhipu AI', endpoint: 'open.bigmodel.cn', inferenceCountry: 'CN' }],
  },
  'passed-with-exceptions-and-history': {
    verdict: 'pass-with-waivers',
    counts: { pass: 1, fail: 0, waived: 1, inconclusive: 0, notApplicable: 1, notAssessed: 4 },
    controls: [
      sampleControl({ check: 'placement.resources', verdict: 'fail', waived: true, findings: [finding] }),
      sampleControl({ check: 'placement.no-copies' }),
      sampleControl({ check: 'access.origin' }),
      sampleControl({ check: 'content.logs' }),
      absent({ basis: { kind: 'detected', recall: '0.97', bound: '0.99' } }),
    ],
    waivers: [
      {
        id: 'w1',
        control: 'china-stack/resources',
        finding: 'f1',
        requestedBy: 'Li Na',
        approvedBy: 'Wang Wei',
        reason: 'moved next week',
        expires: '2026-12-31',
        renewals: 0,
      },
    ],
    run: {
      ...run,
      scans: { due: 31, started: 30, finished: 29, passed: 28, aborted: 1, missed: ['2026-11-20T02:00:00Z'] },
      policyChanges: {
        compared: true,
        loosened: [{ en: 'china-stack: control removed', zh: 'china-stack：移除控制项' }],
        tightened: [],
        changed: [],
      },
    },
  },
  'not-passed-and-not-for-reliance': {
    verdict: 'fail',
    counts: { pass: 17, fail: 1, waived: 0, inconclusive: 2, notApplicable: 0, notAssessed: 4 },
    marks: ['demo-key', 'custom-endpoint'],
    controls: [
      absent({ verdict: 'fail', findings: [finding] }),
      sampleControl({ check: 'placement.resources', verdict: 'inconclusive', reasons: [reason] }),
    ],
    coverage: {
      ...coverage,
      hours: { examined: 161, expected: 168 },
      accounts: { examined: 5, expected: 6 },
      stores: { examined: 3, expected: 6 },
    },
    suppliedByPeople: [{ what: { en: 'contract c', zh: '合同 c' }, by: 'Acme', time: '2026-11-01' }],
    auditor: { location: 'unknown', country: null, connections: 0 },
  },
  undetermined: {
    verdict: 'inconclusive',
    counts: { pass: 0, fail: 0, waived: 0, inconclusive: 1, notApplicable: 0, notAssessed: 20 },
    controls: [absent({ verdict: 'inconclusive', reasons: [reason] })],
    storage: [],
    coverage: { ...coverage, stores: { examined: 0, expected: null } },
    run: { ...run, previous: null, scans: { ...run.scans, due: null } },
  },
};

describe('page one', () => {
  test.each(Object.entries(CASES))('says of a result that is %s', async (name, over) => {
    const page = await pageOf(over);
    const text = `${plainText(pageOneOf(page, 'en'))}\n\n${plainText(pageOneOf(page, 'zh-CN'))}\n`;
    await expect(text).toMatchFileSnapshot(join(GOLDEN, `${name}.txt`));
  });

  test('has no badge for all: each of the four questions is a section of its own', async () => {
    const page = await pageOf();
    const heads = (lang: 'en' | 'zh-CN') =>
      [...pageOneOf(page, lang).matchAll(/<section><h2>(.*?)<\/h2>/g)].map(([, head]) => head);
    expect(heads('en')).toEqual([
      'Is it authentic?',
      'What is the verdict?',
      'Is it complete?',
      'Is it current?',
    ]);
    expect(heads('zh-CN')).toEqual(['真实性', '结论', '完整性', '时效性']);
  });

  test('holds the same numbers in both languages', async () => {
    for (const over of Object.values(CASES)) {
      const page = await pageOf(over);
      const numbers = (lang: 'en' | 'zh-CN') =>
        [...plainText(pageOneOf(page, lang)).matchAll(/\d[\d.,:TZ+-]*\d|\d/g)].map(([one]) => one).toSorted();
      expect(numbers('zh-CN')).toEqual(numbers('en'));
    }
  });

  const sentence = async (over: Partial<Result>, about: string): Promise<string> =>
    plainText(pageOneOf(await pageOf(over), 'en'))
      .split('\n')
      .find((line) => line.startsWith(`${about} |`)) ?? '';

  test('claims nothing of what no control looked at', async () => {
    expect(await sentence({ controls: [] }, 'Storage')).toMatch(
      /place not assessed; copies elsewhere: not assessed/,
    );
    expect(await sentence({ controls: [] }, 'Access by people')).toMatch(/Not assessed\.$/);
    expect(await sentence({ controls: [] }, 'Prompt content')).toMatch(
      /Not assessed; logs, caches, traces and callbacks not examined\.$/,
    );
  });

  test('stays one page, however many items there are: the first, and the count of the rest', async () => {
    const loosened = Array.from({ length: 500 }, (_, index) => ({
      en: `item ${index}`,
      zh: `第 ${index} 项`,
    }));
    const changes = { compared: true, loosened, tightened: [], changed: [] };
    const told = await sentence({ run: { ...run, policyChanges: changes } }, 'Policy since the last report');
    expect(told).toMatch(
      /^Policy since the last report \| 500 items loosened.*item 7; and 492 more, in result\.json\.$/,
    );
  });

  test('takes the least favourable verdict where several controls are about one thing', async () => {
    const both = [absent({}), absent({ verdict: 'inconclusive', reasons: [reason] })];
    expect(await sentence({ controls: both }, 'Prompt content')).toMatch(/Undetermined/);
    expect(await sentence({ controls: [absent({})] }, 'Prompt content')).toMatch(/None found/);
    const [line] = absent({}).coverage;
    if (line === undefined) throw new Error('expected a line of coverage');
    const nothing = absent({
      verdict: 'inconclusive',
      reasons: [reason],
      coverage: [{ ...line, examined: 0 }],
    });
    expect(await sentence({ controls: [nothing] }, 'Prompt content')).toMatch(/databases were not examined/);
    const logs = [absent({}), sampleControl({ check: 'content.logs', verdict: 'fail', findings: [finding] })];
    expect(await sentence({ controls: logs }, 'Prompt content')).toMatch(/FOUND in logs/);
  });
});
