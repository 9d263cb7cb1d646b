import { byCodeUnit } from '../../core/index.ts';
import type { Result } from '../../policy/index.ts';
import { NOT_FOR_RELIANCE } from '../labels.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';
import { pageShell } from './page-shell.ts';
import { count, deploymentVerdictMark, table, timeMark } from './parts.ts';

/** One report of the list: where it lies and what it says. */
export interface ReportEntry {
  /** Path of the report's folder, relative to the index page. */
  readonly folder: string;
  /** Bytes of `<folder>.zip`, where there is one. */
  readonly archiveSize?: number;
  readonly result: Pick<Result, 'deployment' | 'run' | 'verdict' | 'counts' | 'marks'>;
}

/** The list of every report of every deployment, newest first, to download from. */
export async function renderIndexPage(entries: readonly ReportEntry[]): Promise<string> {
  const byDeployment = [...Map.groupBy(entries, ({ result }) => result.deployment.id)].sort(
    ([left], [right]) => byCodeUnit(left, right),
  );
  return pageShell({
    title: 'Residency reports · 驻留报告',
    style: '@page { size:A4; margin:14mm }',
    body: html`<main>
<h1>Residency reports <span lang="zh-CN">驻留报告</span></h1>
<p>Nobody signs this list: check each report on its own (<code>domicile verify FOLDER --key KEY.pem</code>), with a key got by another way. A report is its whole folder: hand on the archive or the folder, not the page alone; what is checked is the unpacked folder.</p>
<p lang="zh-CN">本列表未经签名，请逐份核验报告（<code>domicile verify FOLDER --key KEY.pem</code>），公钥须通过其他途径取得。一份报告即其整个文件夹：请转交压缩包或整个文件夹，而非仅转交页面；核验对象为解包后的文件夹。</p>
${byDeployment.map(([, own]) => deploymentReports(own))}</main>`,
  });
}

const HEADS = ['Report · 报告', 'Period · 期间', 'Verdict · 结论', 'Files · 文件'];

function deploymentReports(entries: readonly ReportEntry[]): Markup {
  const newestFirst = [...entries].sort(
    (left, right) => right.result.run.sequence - left.result.run.sequence,
  );
  const [newest] = newestFirst;
  if (newest === undefined) return html``;
  const { deployment } = newest.result;
  return html`<section><h2>${deployment.title.en} · <span lang="zh-CN">${deployment.title.zh}</span></h2>
<p>${deployment.customer} · <code>${deployment.id}</code> · <code>${deployment.region}</code> · reports: ${count(entries.length)} · <span lang="zh-CN">报告${count(entries.length)}份</span></p>
${table(HEADS, newestFirst.map(row))}</section>`;
}

function kilobytes(bytes: number): string {
  return `${count(Math.ceil(bytes / 1024))} KiB`;
}

const FILES: readonly { readonly path: string; readonly what: string }[] = [
  { path: 'report.html', what: 'the page · 报告页面' },
  { path: 'result.json', what: 'the result · 结果' },
  { path: 'statement.dsse.json', what: 'the signed statement · 已签名声明' },
  { path: 'pack.dsse.json', what: 'the signed list of files · 已签名文件清单' },
  { path: 'evidence/manifest.json', what: 'the list of evidence · 证据清单' },
];

function row({ folder, result, archiveSize }: ReportEntry): readonly Markup[] {
  const { deployment, run, verdict, counts, marks } = result;
  const zone = deployment.timeZone;
  const marked =
    marks.length === 0
      ? html``
      : html`<br /><strong>${NOT_FOR_RELIANCE.en} <span lang="zh-CN">${NOT_FOR_RELIANCE.zh}</span></strong>`;
  return [
    html`${run.sequence}<br /><code>${run.id}</code>`,
    html`${timeMark(run.window.start, zone)} –<br />${timeMark(run.window.end, zone)}`,
    html`${deploymentVerdictMark(verdict, 'en')}<br /><span lang="zh-CN">${deploymentVerdictMark(verdict, 'zh')}</span><br />
${counts.fail} failed, ${counts.inconclusive} undetermined, ${counts.pass} passed<br /><span lang="zh-CN">${counts.fail}项不符合，${counts.inconclusive}项无法判定，${counts.pass}项符合</span>${marked}`,
    html`<ul>${archiveSize === undefined ? '' : html`<li><strong><a href="${folder}.zip">${folder.split('/').at(-1) ?? ''}.zip</a></strong> (${kilobytes(archiveSize)}) the whole folder · 整个文件夹</li>`}${FILES.map(({ path, what }) => html`<li><a href="${folder}/${path}">${path}</a> ${what}</li>`)}</ul>`,
  ];
}
