import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { ControlVerdict, DeploymentVerdict } from '../../core/index.ts';
import type { BilingualText, Share, Witness } from '../../policy/index.ts';
import type { Language } from '../labels.ts';
import { CONTROL_VERDICT, DEPLOYMENT_VERDICT, VERDICT_SHAPE, WAIVED } from '../labels.ts';

/** Escaped markup. Everything that enters a template is escaped unless it is markup already. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

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
  const word = waived ? WAIVED : CONTROL_VERDICT[verdict];
  return html`<span class="verdict ${verdict}">${VERDICT_SHAPE[verdict]} ${say(word, language)}</span>`;
}

export function deploymentVerdictMark(verdict: DeploymentVerdict, language: Language): Markup {
  return html`<span class="verdict ${verdict}">${VERDICT_SHAPE[verdict]} ${say(DEPLOYMENT_VERDICT[verdict], language)}</span>`;
}

/** `161 / 168`; a question mark where the whole is not known. */
export function shareText({ examined, expected }: Share): string {
  return `${examined} / ${expected ?? '?'}`;
}

/** The rows that a person can check. */
export function witnessTable(witness: Witness): Markup {
  if (witness.length === 0) return html``;
  return html`<table><tbody>${witness.map(({ label, value }) => html`<tr><th scope="row">${label}</th><td><code>${value}</code></td></tr>`)}</tbody></table>`;
}

/** A list, or a sentence that says there is nothing. */
export function listOr(items: readonly Markup[], nothing: string): Markup {
  if (items.length === 0) return html`<p class="soft">${nothing}</p>`;
  return html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}
