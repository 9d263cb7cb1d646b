import type { ControlVerdict, DeploymentVerdict } from '../../core/index.ts';
import type { BilingualText, ControlResult, Share, Witness } from '../../policy/index.ts';
import type { Language } from '../labels.ts';
import { CONTROL_VERDICT, DEPLOYMENT_VERDICT, VERDICT_SHAPE, WAIVED } from '../labels.ts';
import { timesOf } from '../times.ts';
import { WITNESS_LABEL } from '../witness-labels.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';

/** One language of a text. */
export function say(text: BilingualText, language: Language): string {
  return text[language];
}

/** Picks the words of a language; both stand side by side in the source, so that neither is forgotten. */
export function words(language: Language, en: string, zh: string): string {
  return language === 'en' ? en : zh;
}

/** A verdict as a shape, a colour and a word. */
export function verdictMark(verdict: ControlVerdict, waived: boolean, language: Language): Markup {
  return mark(verdict, waived ? WAIVED : CONTROL_VERDICT[verdict], language);
}

export function deploymentVerdictMark(verdict: DeploymentVerdict, language: Language): Markup {
  return mark(verdict, DEPLOYMENT_VERDICT[verdict], language);
}

function mark(verdict: DeploymentVerdict | ControlVerdict, word: BilingualText, language: Language): Markup {
  return html`<strong class="verdict ${verdict}"><span aria-hidden="true">${VERDICT_SHAPE[verdict]}</span> ${say(word, language)}</strong>`;
}

/** An instant in the deployment's zone with UTC beside it; neither of the two is broken over lines. */
export function timeMark(instant: string, timeZone: string): Markup {
  const { local, utc } = timesOf(instant, timeZone);
  return html`<time datetime="${utc}"><span>${local}</span> <span>(${utc})</span></time>`;
}

/** How good the detectors were measured to be, or that nobody measured it. */
export function detectionQuality(
  { recall, bound }: NonNullable<ControlResult['basis']>,
  language: Language,
): string {
  if (recall === undefined || recall === 'not measured')
    return words(language, 'recall: not measured', '召回率：未测量');
  const upTo = bound === undefined ? '' : words(language, `, upper bound ${bound}`, `，上界${bound}`);
  return words(language, `measured recall ${recall}${upTo}`, `实测召回率${recall}${upTo}`);
}

/** Entries with a separator between them. */
export function joined(entries: readonly Markup[], separator: string): readonly Markup[] {
  return entries.map((entry, index) => (index === 0 ? entry : html`${separator}${entry}`));
}

/** The first entries of a list within a sentence, and how many more there are: page one stays one page. */
export function listed(entries: readonly string[], language: Language, most = 8): string {
  const shown = entries.slice(0, most).join(words(language, '; ', '；'));
  const left = entries.length - most;
  if (left <= 0) return shown;
  return `${shown}${words(language, `; and ${count(left)} more, in result.json`, `；另有${count(left)}项，见 result.json`)}`;
}

/** A number after a heading. */
export function inBrackets(number: number, language: Language): string {
  return words(language, ` (${count(number)})`, `（${count(number)}）`);
}

/** `1234567` as `1,234,567`, whatever the machine's locale. */
export function count(number: number): string {
  return String(number).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `161 of 168`, and in words where the whole is not known. */
export function shareText({ examined, expected }: Share, language: Language): string {
  if (expected === null) {
    return words(language, `${count(examined)} (of an unknown total)`, `${count(examined)}（总数未知）`);
  }
  return words(language, `${count(examined)} of ${count(expected)}`, `${count(examined)}/${count(expected)}`);
}

const MOST_ROWS = 40;

/** The rows that a person can check. A label is a word of ours in the reader's language, or an identifier. */
export function witnessTable(witness: Witness, language: Language): Markup {
  if (witness.length === 0) return html``;
  const rows = witness
    .slice(0, MOST_ROWS)
    .map(
      ({ label, value }) =>
        html`<tr><th scope="row">${witnessLabel(label, language)}</th><td><code>${value}</code></td></tr>`,
    );
  return html`<table class="facts"><tbody>${rows}</tbody></table>${more(witness.length - MOST_ROWS, language)}`;
}

function witnessLabel(label: string, language: Language): Markup {
  const known = Object.hasOwn(WITNESS_LABEL, label) ? WITNESS_LABEL[label] : undefined;
  return known === undefined ? html`<code>${label}</code>` : html`${say(known, language)}`;
}

/** A list, or a sentence that says there is nothing. */
export function listOr(items: readonly Markup[], nothing: string): Markup {
  if (items.length === 0) return html`<p class="soft">${nothing}</p>`;
  return html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

/** Says how many entries the page leaves out, and where they stand. */
export function more(left: number, language: Language): Markup {
  if (left <= 0) return html``;
  return html`<p class="more">${words(
    language,
    `${count(left)} more are not shown here; all stand in `,
    `另有${count(left)}项未在此列出；全部内容见 `,
  )}<code>result.json</code>${words(language, '.', '。')}</p>`;
}

/** A table whose cells name their column, so that it can be read as a list on a narrow screen. */
export function table(heads: readonly string[], rows: readonly (readonly Markup[])[], kind = ''): Markup {
  return html`<table class="stack ${kind}"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
    <tbody>${rows.map(
      (row) =>
        html`<tr>${row.map((cell, column) => html`<td data-head="${heads[column] ?? ''}">${cell}</td>`)}</tr>`,
    )}</tbody></table>`;
}
