import { describe, expect, test } from 'vitest';
import type { EvidenceItem } from '../../src/evidence/index.ts';
import { ranges } from '../../src/report/html/evidence-list.ts';
import { visible } from '../../src/report/html/markup.ts';
import { count } from '../../src/report/html/parts.ts';
import { printBoxes } from '../../src/report/html/style.ts';
import { articleOf, pageOf, plainText, sampleControl } from '../support/page.ts';

const finding = (index: number, kind = 'CLASS_A') => ({
  id: `f${index}`,
  class: kind,
  resource: `table_${index}`,
  text: { en: `Finding number ${index}.`, zh: `发现项 ${index}。` },
  witness: [{ label: 'resource', value: `table_${index}` }],
  waived: false,
});

const item: EvidenceItem = {
  id: 'rds.db-instances/287312045561/cn-north-1/rds.DescribeDBInstances.start.0.01f511929fce6cdd.json',
  key: {
    kind: 'rds.db-instances',
    partition: 'aws-cn',
    account: '287312045561',
    region: 'cn-north-1',
    target: '',
    call: 'rds:DescribeDBInstances',
    parameters: {},
    phase: 'start',
    part: 0,
  },
  time: '2026-11-22T20:10:00Z',
  status: 'complete',
  reason: '',
  provenance: 'customer-supplied',
  sha256: 'e'.repeat(64),
  size: 2,
  dropped: [],
};

describe('the report page', () => {
  test('argues every control in one order, whatever its verdict', async () => {
    for (const verdict of ['pass', 'fail', 'inconclusive'] as const) {
      const page = await pageOf({ controls: [sampleControl({ verdict })] });
      const heads = [...articleOf(page, 'en').matchAll(/<h4>(.*?)<\/h4>/g)].map(([, head]) =>
        head?.replace(/ \(\d+\)/, ''),
      );
      expect(heads).toEqual([
        'Examined',
        'Positive evidence',
        'Findings',
        'Not seen',
        'What this does not prove',
        'Exceptions',
      ]);
    }
  });

  test('names the calls, times and digests that an argument rests on', async () => {
    const controls = [sampleControl({ evidence: [{ id: item.id, sha256: item.sha256 }] })];
    const page = await pageOf({ controls }, { schemaVersion: 1, items: [item] });
    const text = plainText(articleOf(page, 'en'));
    expect(text).toContain('287312045561/cn-north-1');
    expect(text).toContain('2026-11-23 04:10 +08:00 (2026-11-22T20:10:00Z)');
    expect(text).toContain('rds:DescribeDBInstances (E1)');
    expect(page).toContain(`<a href="evidence/${item.id}"><code>${item.id}</code></a>`);
    expect(page).toContain(`<code class="digest">${item.sha256}</code>`);
  });

  test('shows the first findings of each class with the counts, however many there are', async () => {
    const many = Array.from({ length: 4000 }, (_, index) => finding(index));
    const page = await pageOf({
      controls: [sampleControl({ verdict: 'fail', findings: [...many, finding(4000, 'CLASS_B')] })],
    });
    const text = plainText(articleOf(page, 'en'));
    expect(text).toContain('Findings (4,001)');
    expect(text).toContain('CLASS_A | 4,000 | 25');
    expect(text).toContain('Finding number 24.');
    expect(text).not.toContain('Finding number 25.');
    expect(text).toContain('3,975 more are not shown here; all stand in result.json.');
    // One of another class is not hidden behind the thousands.
    expect(text).toContain('Finding number 4000.');
    expect(page.length).toBeLessThan(200_000);
  });

  test('shows gaps by code, bounded in the same way', async () => {
    const reasons = Array.from({ length: 100 }, (_, index) => ({
      code: 'LOG_GAP' as const,
      scope: `object-${index}`,
      detail: 'listed, but not there',
    }));
    const page = await pageOf({ controls: [sampleControl({ verdict: 'inconclusive', reasons })] });
    const text = plainText(articleOf(page, 'en'));
    expect(text).toContain('Log records are missing LOG_GAP: 100');
    expect(text).toContain('75 more are not shown here');
  });

  test('has equal bytes for equal input, and no script, handler or address of anywhere', async () => {
    const page = await pageOf({ marks: ['demo-key'] });
    expect(await pageOf({ marks: ['demo-key'] })).toBe(page);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|<object|\son\w+=|javascript:|@import|url\(/i);
    expect([...page.matchAll(/href="([^"]*)"/g)].every(([, to]) => /^(?:#|evidence\/)/.test(to ?? ''))).toBe(
      true,
    );
  });

  test('marks what is not for reliance on screen and on every sheet, and nothing else', async () => {
    const marked = await pageOf({ marks: ['adhoc-policy'] });
    expect(marked).toContain('<p class="strip">');
    expect(marked).toContain('<p class="watermark"');
    expect(marked).toContain('@top-center { content:"Not for reliance · 不可作为依据"');
    expect(plainText(articleOf(marked, 'zh-CN'))).toContain('不可作为依据：本次运行的策略由人工临时指定。');
    const plain = await pageOf({ marks: [] });
    expect(plain).not.toContain('class="strip"');
    expect(plain).not.toContain('@top-center');
  });
});

describe('hostile names', () => {
  const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>{"a":1}\' style="x"';

  test('stay text wherever they enter', async () => {
    const page = await pageOf({
      controls: [
        sampleControl({
          id: evil,
          check: evil,
          title: { en: evil, zh: evil },
          claim: { en: evil, zh: evil },
          verdict: 'fail',
          findings: [
            {
              ...finding(1),
              id: evil,
              class: evil,
              resource: evil,
              text: { en: evil, zh: evil },
              witness: [{ label: evil, value: evil }],
            },
          ],
          reasons: [{ code: 'LOG_GAP', scope: evil, detail: evil }],
          legal: [
            {
              law: evil,
              edition: evil,
              article: evil,
              title: { en: evil, zh: evil },
              text: { en: evil, zh: evil },
            },
          ],
        }),
      ],
      suppliedByPeople: [{ what: { en: evil, zh: evil }, by: evil }],
      processing: [{ entity: evil, endpoint: evil, inferenceCountry: 'CN' }],
      storage: [{ id: evil, engine: evil, resource: evil }],
      dataSets: [{ id: evil, title: evil, edition: evil, sha256: 'a'.repeat(64), notice: evil }],
    });
    expect(page).not.toMatch(/<script|<img/i);
    expect(page).not.toContain(evil);
    expect(page).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  test('cannot turn the reading direction or hide characters', async () => {
    const name = 'pay\u{202E}gnp.exe\u{2066}\u{200B}\u{FEFF}\u{0000}\u{E0041}';
    const page = await pageOf({
      controls: [sampleControl({ verdict: 'fail', findings: [{ ...finding(1), resource: name }] })],
    });
    expect(page).toContain('pay⟨U+202E⟩gnp.exe⟨U+2066⟩⟨U+200B⟩⟨U+FEFF⟩⟨U+0000⟩⟨U+E0041⟩');
    expect(page).not.toMatch(/[\u{202A}-\u{202E}\u{2066}-\u{2069}\u{200B}\u{FEFF}\u{0}]/u);
    expect(visible('plain 文本, العربية\n')).toBe('plain 文本, العربية\n');
    expect(visible('\u{D800}x')).toBe('⟨U+D800⟩x');
  });

  test('cannot leave the string of the printed footer', () => {
    const boxes = printBoxes({ footer: ['a";} body{display:none} /*\\', 'b'], marked: false });
    expect(boxes).toContain(
      String.raw`content:"a??? body?display:none? ????\A b"`.replace('????\\A', '???\\A'),
    );
  });
});

describe('numbers', () => {
  test('are grouped without the locale of the machine', () => {
    expect([0, 999, 1000, 1_070_913].map(count)).toEqual(['0', '999', '1,000', '1,070,913']);
  });

  test('of evidence are joined to ranges', () => {
    expect(ranges([7, 1, 3, 2])).toBe('E1–E3, E7');
    expect(ranges([4])).toBe('E4');
  });
});
