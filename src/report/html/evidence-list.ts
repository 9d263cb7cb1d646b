import { byCodeUnit } from '../../core/index.ts';
import type { EvidenceItem, Manifest } from '../../evidence/index.ts';
import type { ControlResult } from '../../policy/index.ts';
import type { Language } from '../labels.ts';
import { EVIDENCE_STATUS, PROVENANCE } from '../labels-evidence.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';
import { count, say, table, timeMark, words } from './parts.ts';

/** Every evidence item of the report by a short number, so that an argument can name many on one line. */
export type EvidenceNumbers = ReadonlyMap<string, { readonly number: number; readonly item: EvidenceItem }>;

export function numberEvidence({ items }: Manifest): EvidenceNumbers {
  const sorted = [...items].sort((left, right) => byCodeUnit(left.id, right.id));
  return new Map(sorted.map((item, index) => [item.id, { number: index + 1, item }]));
}

/** What one control was shown: where and when the calls were answered, which they were, and the numbers of the items. */
export function evidenceOf(
  { evidence }: ControlResult,
  numbers: EvidenceNumbers,
  language: Language,
  timeZone: string,
): Markup {
  const known = evidence.flatMap(({ id }) => numbers.get(id) ?? []);
  if (known.length === 0)
    return html`<p class="soft">${words(language, 'No evidence item was read.', '未读取任何证据项。')}</p>`;
  const places = [...Map.groupBy(known, ({ item }) => placeOf(item))];
  return table(
    [words(language, 'Read from', '读取来源'), words(language, 'Calls and evidence', '调用与证据')],
    places.map(([place, own]) => [
      html`${place === '' ? words(language, 'this run itself', '本次运行自身') : html`<code>${place}</code>`}<br />${timeSpan(
        own.map(({ item }) => item.time),
        timeZone,
        language,
      )}`,
      html`${callsOf(own, language)}`,
    ]),
    'calls',
  );
}

type Numbered = EvidenceNumbers extends ReadonlyMap<string, infer Entry> ? Entry : never;

function callsOf(items: readonly Numbered[], language: Language): readonly Markup[] {
  const calls = [...Map.groupBy(items, ({ item }) => item.key.call)];
  return calls.map(
    ([call, own], index) =>
      html`${index === 0 ? '' : words(language, ', ', '，')}<code>${call}</code> (${ranges(own.map(({ number }) => number))})`,
  );
}

function placeOf({ key }: EvidenceItem): string {
  return [key.account, key.region, key.target].filter((part) => part !== '').join('/');
}

function timeSpan(times: readonly (string | null)[], timeZone: string, language: Language): Markup {
  const told = times.filter((time) => time !== null).sort(byCodeUnit);
  const [first, last] = [told[0], told.at(-1)];
  if (first === undefined || last === undefined) return html`${words(language, 'not told', '未注明')}`;
  const until = first === last ? html`` : html` – ${timeMark(last, timeZone)}`;
  const others = told.length === times.length ? '' : words(language, '; some not told', '；部分未注明');
  return html`${timeMark(first, timeZone)}${until}${others}`;
}

/** `E1–E3, E7` for 1, 2, 3, 7. */
export function ranges(numbers: readonly number[]): string {
  const runs: (readonly [number, number])[] = [];
  for (const number of [...numbers].sort((left, right) => left - right)) {
    const last = runs.at(-1);
    if (last !== undefined && number === last[1] + 1) runs[runs.length - 1] = [last[0], number];
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `E${from}` : `E${from}–E${to}`)).join(', ');
}

const MOST_ITEMS = 1000;

/** The list itself, once for both languages: each item with its digest and a link to its file in the report. */
export function evidenceList(numbers: EvidenceNumbers, timeZone: string): Markup {
  const both = (en: string, zh: string): Markup =>
    html`<span lang="en">${en}</span> <span lang="zh-CN">${zh}</span>`;
  const rows = [...numbers.values()].slice(0, MOST_ITEMS);
  const left = numbers.size - rows.length;
  return html`<section class="shared"><h2 id="evidence">${both('Evidence', '证据')} (${count(numbers.size)})</h2>
    <p lang="en">Every answer that the verdicts rest on, as it was kept. The signed list of them all is <a href="evidence/manifest.json">evidence/manifest.json</a>.</p>
    <p lang="zh-CN">结论所依据的全部应答均按留存内容列出；其签名清单为 <a href="evidence/manifest.json">evidence/manifest.json</a>。</p>
    ${table(
      ['No. · 编号', 'Item and SHA-256 · 证据项与 SHA-256', 'Answered · 应答时间', 'State · 状态'],
      rows.map(({ number, item }) => itemCells(number, item, timeZone)),
      'evidence',
    )}
    ${left <= 0 ? '' : html`<p class="more">${both(`${count(left)} more stand in evidence/manifest.json.`, `另有${count(left)}项见 evidence/manifest.json。`)}</p>`}</section>`;
}

function itemCells(number: number, item: EvidenceItem, timeZone: string): readonly Markup[] {
  const status = EVIDENCE_STATUS[item.status];
  const provenance = PROVENANCE[item.provenance];
  return [
    html`E${number}`,
    html`<a href="evidence/${item.id}"><code>${item.id}</code></a><br /><code class="digest">${item.sha256}</code>`,
    item.time === null ? html`–` : timeMark(item.time, timeZone),
    html`<span class="line" lang="en">${say(status, 'en')}, ${say(provenance, 'en')}</span><span class="line" lang="zh-CN">${say(status, 'zh')}，${say(provenance, 'zh')}</span>`,
  ];
}
