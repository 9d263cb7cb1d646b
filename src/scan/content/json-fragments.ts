import type { Json } from '../../core/index.ts';

const MOST_FAILURES = 16;
const MOST_FRAGMENTS = 10_000;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** The JSON objects and arrays in a text that is none as a whole: a log line, an event stream, JSON by lines. */
export function jsonFragments(text: string): readonly Json[] {
  const fragments: Json[] = [];
  let failures = 0;
  let at = 0;
  while (failures < MOST_FAILURES && fragments.length < MOST_FRAGMENTS) {
    at = nextStart(text, at);
    if (at === -1) break;
    const end = endOf(text, at);
    const value = end === -1 ? undefined : parsed(text.slice(at, end));
    if (value === undefined) {
      failures++;
      at++;
      continue;
    }
    fragments.push(value);
    at = end;
  }
  return fragments;
}

const START = /\{\s*"|\[\s*(?:[{["]|-?\d+\s*,)/g;

function nextStart(text: string, from: number): number {
  START.lastIndex = from;
  return START.exec(text)?.index ?? -1;
}

/** Where the brackets that open here are closed again, strings left out; -1 for nowhere. */
function endOf(text: string, from: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (quoted) {
      if (unit === BACKSLASH) at++;
      else if (unit === QUOTE) quoted = false;
    } else if (unit === QUOTE) quoted = true;
    else if (unit === OPEN_OBJECT || unit === OPEN_LIST) depth++;
    else if ((unit === CLOSE_OBJECT || unit === CLOSE_LIST) && --depth === 0) return at + 1;
  }
  return -1;
}

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value as Json;
  } catch {
    return undefined;
  }
}
