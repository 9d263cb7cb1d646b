import type { BilingualText, Witness } from '../../policy/index.ts';
import type { Language } from '../labels.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';
import { count, more, say, table, witnessTable, words } from './parts.ts';

/** Something seen, with what a person can check: a finding, or what the policy told to disclose. */
interface Seen {
  readonly class: string;
  readonly resource: string;
  readonly text: BilingualText;
  readonly witness: Witness;
  readonly id?: string;
  readonly waived?: boolean;
}

/** Entries of one class beyond this are counted on the page and stand in full in `result.json`. */
const MOST_OF_A_CLASS = 25;

/**
 * Entries by class, each class with its count and its first entries: thousands of one kind neither fill the
 * page nor hide the one of another.
 */
export function seenByClass(entries: readonly Seen[], language: Language): Markup {
  const classes = [...Map.groupBy(entries, (entry) => entry.class)];
  const summary =
    entries.length <= MOST_OF_A_CLASS
      ? html``
      : table(
          [
            words(language, 'Class', '类别'),
            words(language, 'Number', '数量'),
            words(language, 'Shown here', '此处列出'),
          ],
          classes.map(([name, own]) => [
            html`<code>${name}</code>`,
            html`${count(own.length)}`,
            html`${count(Math.min(own.length, MOST_OF_A_CLASS))}`,
          ]),
        );
  return html`${summary}${classes.map(
    ([, own]) =>
      html`${own.slice(0, MOST_OF_A_CLASS).map((entry) => seen(entry, language))}${more(own.length - MOST_OF_A_CLASS, language)}`,
  )}`;
}

function seen(entry: Seen, language: Language): Markup {
  const accepted = words(language, ' (exception accepted)', '（已批准例外）');
  const id =
    entry.id === undefined
      ? html``
      : html` · ${words(language, 'finding', '编号')} <code class="digest">${entry.id}</code>`;
  return html`<div class="finding"><p><strong>${say(entry.text, language)}</strong>${entry.waived === true ? accepted : ''}</p>
    <p class="soft"><code>${entry.class}</code> · <code>${entry.resource}</code>${id}</p>
    ${witnessTable(entry.witness, language)}</div>`;
}
