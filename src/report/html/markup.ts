import { html as escapedHtml } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

export { raw } from 'hono/html';

/** Escaped markup. Everything that enters a template is escaped unless it is markup already. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

type Part = string | number | Markup | readonly Part[];

/**
 * The template of every page: text is escaped, and characters that nobody can see are written out. All other
 * files of the report take their template from here, so that no audited name can get around it.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return escapedHtml(strings, ...parts.map(safePart));
}

function safePart(part: Part): unknown {
  if (typeof part === 'string') return visible(part);
  return isList(part) ? part.map(safePart) : part;
}

function isList(part: Part): part is readonly Part[] {
  return Array.isArray(part);
}

/**
 * Controls, format characters (Unicode Cc, Cf: bidirectional overrides and isolates, zero-width characters, tags),
 * line and paragraph separators and unpaired surrogates. A name that holds one could read as another name.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Text as a reader must see it: `\u{202E}` and its like become `⟨U+202E⟩`; line breaks and tabs stay. */
export function visible(text: string): string {
  return text.replaceAll(UNSEEN, (character) =>
    character === '\n' || character === '\t' ? character : named(character),
  );
}

function named(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  return `⟨U+${point.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
