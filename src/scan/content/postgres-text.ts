import type { Json } from '../../core/index.ts';

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** One field of COPY's text format with its backslash sequences undone; null for `\N`. (PostgreSQL manual, COPY, Text Format.) */
export function copyField(field: string): string | null {
  if (!field.includes('\\')) return field;
  if (field === '\\N') return null;
  return field.replaceAll(/\\(.)/gs, (_, escaped: string) => ESCAPES[escaped] ?? escaped);
}

const MAX_ELEMENTS = 100_000;
const MAX_DIMENSIONS = 8;

/**
 * A Postgres array literal (`{a,"b c",NULL}`, nested for more dimensions) as JSON: elements are strings or
 * null. `undefined` where it is not one, or has too many elements.
 */
export function parseArrayLiteral(text: string): Json | undefined {
  // Arrays with unusual lower bounds start with them: [0:1]={a,b}.
  const start = text.indexOf('{');
  if (start === -1 || !/^(?:\[-?\d+:-?\d+\])*=?$/.test(text.slice(0, start))) return undefined;
  const stack: Json[][] = [[]];
  let elements = 0;
  let at = start;
  while (at < text.length) {
    const top = stack.at(-1);
    if (top === undefined || elements > MAX_ELEMENTS || stack.length > MAX_DIMENSIONS + 1) return undefined;
    const character = text[at];
    if (character === '{') {
      stack.push([]);
      at++;
    } else if (character === '}') {
      stack.pop();
      stack.at(-1)?.push(top);
      at++;
    } else if (character === ',' || character === ';') {
      at++;
    } else {
      const [element, next] = character === '"' ? quotedElement(text, at) : bareElement(text, at);
      top.push(element);
      elements++;
      at = next;
    }
  }
  return stack.length === 1 ? stack[0]?.[0] : undefined;
}

function quotedElement(text: string, start: number): readonly [string, number] {
  let end = start + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return [text.slice(start + 1, end).replaceAll(/\\(.)/gs, '$1'), end + 1];
}

function bareElement(text: string, start: number): readonly [string | null, number] {
  let end = start;
  while (end < text.length && !',{};'.includes(text[end] ?? '')) end++;
  const element = text.slice(start, end);
  return [element === 'NULL' ? null : element, Math.max(end, start + 1)];
}
