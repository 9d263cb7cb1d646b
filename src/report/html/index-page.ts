import { html, raw } from 'hono/html';
import { byCodeUnit } from '../../core/index.ts';
import type { Result } from '../../policy/index.ts';
import { bothTimes } from '../times.ts';
import { deploymentVerdictMark } from './parts.ts';
import { STYLE } from './style.ts';

/** One report of the list: where it lies and what it says. */
export interface ReportEntry {
  /** Path of the report's folder, relative to the index page. */
  readonly folder: string;
  readonly result: Pick<Result, 'deployment' | 'run' | 'verdict' | 'counts' | 'marks'>;
}

/** The list of every report of every deployment, newest first, to download from. */
export async function renderIndexPage(entries: readonly ReportEntry[]): Promise<string> {
  const sorted = [...entries].sort(
    (left, right) =>
      byCodeUnit(left.result.deployment.id, right.result.deployment.id) ||
      right.result.run.sequence - left.result.run.sequence,
  );
  const page = await html`<!doctype html>
<html lang="en"><head><meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" />
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
<title>Residency reports · 驻留报告</title><style>${raw(STYLE)}</style></head><body><main>
<h1>Residency reports <span lang="zh-CN">驻留报告</span></h1>
<p>This list is not signed: check each report on its own. <span lang="zh-CN">本列表未签名，请逐份核验报告。</span></p>
<table><thead><tr><th>Deployment <span lang="zh-CN">部署</span></th><th>No. <span lang="zh-CN">序号</span></th><th>Period <span lang="zh-CN">期间</span></th>
<th>Verdict <span lang="zh-CN">结论</span></th><th>Files <span lang="zh-CN">文件</span></th></tr></thead>
<tbody>${sorted.map(({ folder, result }) => row(folder, result))}</tbody></table></main></body></html>
`;
  return page.toString();
}

const FILES = [
  'report.html',
  'result.json',
  'statement.dsse.json',
  'pack.dsse.json',
  'evidence/manifest.json',
] as const;

function row(folder: string, { deployment, run, verdict, counts, marks }: ReportEntry['result']) {
  const zone = deployment.timeZone;
  return html`<tr><td>${deployment.title.en}<br /><span lang="zh-CN">${deployment.title.zh}</span><br /><code>${deployment.id}</code></td>
<td>${run.sequence}</td><td>${bothTimes(run.window.start, zone)} –<br />${bothTimes(run.window.end, zone)}</td>
<td>${deploymentVerdictMark(verdict, 'en')}<br /><span lang="zh-CN">${deploymentVerdictMark(verdict, 'zh')}</span><br />
${counts.pass} passed, ${counts.fail} failed, ${counts.inconclusive} undetermined${marks.length > 0 ? html`<br /><strong>Not for reliance <span lang="zh-CN">不可作为依据</span></strong>` : ''}</td>
<td>${FILES.map((file) => html`<a href="${folder}/${file}">${file}</a><br />`)}</td></tr>`;
}
