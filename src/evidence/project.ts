import type { Json, JsonObject } from '../core/index.ts';
import { byCodeUnit, isJsonObject } from '../core/index.ts';
import type { Projection } from './kind-spec.ts';
import type { PathCount } from './model.ts';

/** What was kept of an answer, and what was not, by path. */
export interface Projected {
  readonly kept: JsonObject;
  readonly dropped: readonly PathCount[];
  /** How many values under an allowed name were of another shape than the call's own answers have. */
  readonly misshapen: number;
}

/** What an API member is called: no digits but a few, so that no key or token passes for a name. */
const MEMBER = /^(?=(?:\D*\d){0,3}\D*$)[A-Za-z][A-Za-z0-9]{0,63}$/;
/** Paths are bounded: hostile member names may not fill a manifest. */
const MOST_PATHS = 500;

/**
 * Keeps of an answer what its allow-list names, and counts the rest by path. Values of dropped members are
 * gone for good; member names that are no API names appear as `?`, since a name can carry content too.
 */
export function project(projection: Projection, answer: JsonObject): Projected {
  const counts = new Map<string, number>();
  const drop = (path: string): void => {
    const known = counts.has(path) || counts.size < MOST_PATHS ? path : '?';
    counts.set(known, (counts.get(known) ?? 0) + 1);
  };
  let misshapen = 0;
  const refuse = (path: string): void => {
    misshapen += 1;
    drop(path);
  };
  const kept = keep(projection, answer, '', { drop, refuse });
  return {
    kept: isJsonObject(kept) ? kept : {},
    misshapen,
    dropped: [...counts]
      .map(([path, count]) => ({ path, count }))
      .sort((left, right) => byCodeUnit(left.path, right.path)),
  };
}

/** What becomes of values that are not kept: unknown ones are dropped, known ones of another shape refused. */
interface Refuse {
  readonly drop: (path: string) => void;
  readonly refuse: (path: string) => void;
}

function keep(projection: Projection, value: Json, path: string, away: Refuse): Json | undefined {
  if (projection === true) {
    if (typeof value !== 'object' || value === null) return value;
    away.refuse(path);
    return undefined;
  }
  if (projection instanceof RegExp) {
    if (typeof value === 'string' && projection.test(value)) return value;
    away.drop(path);
    return undefined;
  }
  if (isList(projection)) {
    if (!Array.isArray(value)) return keepScalar(value, path, away);
    return value.flatMap((entry: Json) => {
      if (entry === null) away.refuse(`${path}[]`);
      return entry === null ? [] : (keep(projection[0], entry, `${path}[]`, away) ?? []);
    });
  }
  if (!isJsonObject(value)) return keepScalar(value, path, away);
  const kept: Record<string, Json> = {};
  for (const [member, inner] of Object.entries(value)) {
    const name = MEMBER.test(member) ? member : '?';
    const at = path === '' ? name : `${path}.${name}`;
    const rule = ruleFor(projection, member);
    const part = rule === undefined ? undefined : keep(rule, inner, at, away);
    if (rule === undefined) away.drop(at);
    else if (part !== undefined) kept[member] = part;
  }
  return kept;
}

/** Zones are the only keys of maps that are kept: short, and nobody's choice but AWS's. */
const MAP_KEY = /^[a-z]{2}(?:-[a-z0-9]+)+$/;

function ruleFor(
  projection: { readonly [member: string]: Projection },
  member: string,
): Projection | undefined {
  if (Object.hasOwn(projection, member)) return projection[member];
  return MAP_KEY.test(member) && member.length <= 40 ? projection['*'] : undefined;
}

function isList(projection: Projection): projection is readonly [Projection] {
  return Array.isArray(projection);
}

/** A null where an object or list was expected says "none"; anything else of another shape is refused. */
function keepScalar(value: Json, path: string, { refuse }: Refuse): null | undefined {
  if (value === null) return null;
  refuse(path);
  return undefined;
}
