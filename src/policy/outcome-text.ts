import type { TextValues } from './check.ts';
import type { BilingualText } from './result.ts';

const PLACE = /\{([a-z][A-Za-z0-9]*)\}/g;
/** `{count#value looks|values look}`: the first words for one, the others for every other number. */
const NUMBER = /\{([a-z][A-Za-z0-9]*)#([^{}|]{1,60})\|([^{}|]{1,60})\}/g;

/**
 * Fills the `{name}` places of a text in both languages. A place without a value stays as it is: a report
 * that shows `{region}` is ugly, one that shows nothing is misleading.
 */
export function fillText(text: BilingualText, values: TextValues): BilingualText {
  return { en: fill(text.en, values), zh: fill(text.zh, values) };
}

function fill(template: string, values: TextValues): string {
  const numbered = template.replaceAll(NUMBER, (_place, name: string, one: string, many: string) =>
    Number(values[name]) === 1 ? one : many,
  );
  return numbered.replaceAll(PLACE, (place, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : place,
  );
}

/** A text for a word that a check forgot: the key itself, so that the gap is seen and nothing is hidden. */
export function missingWord(key: string): BilingualText {
  return { en: key, zh: key };
}
