import type { Manifest } from '../../src/evidence/index.ts';
import type { ControlResult, Result } from '../../src/policy/index.ts';
import type { ReportIdentity } from '../../src/report/index.ts';
import { renderReportPage } from '../../src/report/index.ts';
import { sampleResult } from './report.ts';

export const IDENTITY: ReportIdentity = {
  folder: 'acme-cn/7-acme-cn-20261123T020000Z',
  keyFingerprint: 'c'.repeat(64),
  statementDigest: 'd'.repeat(64),
  envelope: '{"payload":"e30=","signatures":[]}',
};

const NO_EVIDENCE: Manifest = { schemaVersion: 1, items: [] };

/** The report page of a small result; `over` replaces members of it. */
export async function pageOf(over: Partial<Result> = {}, manifest: Manifest = NO_EVIDENCE): Promise<string> {
  return renderReportPage(sampleResult(over), manifest, IDENTITY);
}

/** A control like the sample's; `over` replaces members. */
export function sampleControl(over: Partial<ControlResult>): ControlResult {
  const [control] = sampleResult().controls;
  if (control === undefined) throw new Error('expected the sample result to have a control');
  return { ...control, ...over };
}

/** One language's article of a page. */
export function articleOf(page: string, lang: 'en' | 'zh-CN'): string {
  const found = new RegExp(`<article lang="${lang}">(.*?)</article>`, 's').exec(page)?.[1];
  if (found === undefined) throw new Error(`expected an article in ${lang}`);
  return found;
}

/** Page one of a language. */
export function pageOneOf(page: string, lang: 'en' | 'zh-CN'): string {
  const found = /<section class="page-one">(.*?<\/strong><\/p>)<\/section>/s.exec(articleOf(page, lang))?.[1];
  if (found === undefined) throw new Error('expected a page one');
  return found;
}

/** What a reader sees of markup: a line for each block, cells apart by a bar. */
export function plainText(markup: string): string {
  return markup
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/<\/t[dh]>\s*<t[dh][^>]*>/g, ' | ')
    .replaceAll(/<\/(?:p|tr|h\d|li|section|div|table)>|<br \/>/g, '\n')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}
