import type { Node, Pair, YAMLMap } from 'yaml';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { DocumentPart, DocumentPath, Json } from '../core/index.ts';

/** What stands at an offset of the text, and why that is refused. */
export interface YamlProblem {
  readonly offset: number;
  readonly message: string;
}

/** A YAML tree as JSON, with every problem met on the way. */
export interface YamlValue {
  readonly value: Json;
  readonly problems: readonly YamlProblem[];
  /** False where a bound was passed, so that the value is only a part. */
  readonly whole: boolean;
}

/** A node named by an alias must have been seen before it: `yaml` resolves it so. */
export type ResolveAlias = (node: Node) => Node | undefined;

/** Bounds of one document, aliases expanded. A YAML bomb passes them long before it costs memory. */
const MOST_VALUES = 300_000;
const DEEPEST = 64;
const MOST_ALIASES = 20;

/**
 * Turns a YAML tree into JSON. Refused: a member that is there twice, a member name that is not text, values
 * that JSON cannot say, trees deeper or larger than any real file of ours, more than a few aliases.
 *
 * The library could do this itself (`toJS`, `uniqueKeys`), but it stops at the first fault, compares every
 * pair of keys of a mapping, and turns odd keys into text silently.
 */
export function toJson(root: Node | null, resolve: ResolveAlias): YamlValue {
  const problems: YamlProblem[] = [];
  let values = 0;
  let aliases = 0;
  let exhausted = false;

  const refuse = (node: unknown, message: string): null => {
    problems.push({ offset: offsetOf(node), message });
    return null;
  };
  const stop = (node: unknown, message: string): null => {
    if (!exhausted) refuse(node, message);
    exhausted = true;
    return null;
  };

  const convert = (node: unknown, depth: number): Json => {
    if (exhausted || node === null || node === undefined) return null;
    values += 1;
    if (values > MOST_VALUES) return stop(node, `expected at most ${MOST_VALUES} values, found more`);
    if (depth > DEEPEST) return stop(node, `expected at most ${DEEPEST} levels, found more`);
    if (isAlias(node)) {
      aliases += 1;
      if (aliases > MOST_ALIASES)
        return stop(node, `expected at most ${MOST_ALIASES} uses of aliases, found more`);
      const target = resolve(node);
      return target === undefined
        ? refuse(node, 'expected an anchor before its alias, found none')
        : convert(target, depth + 1);
    }
    if (isScalar(node)) return scalar(node);
    if (isSeq(node)) return node.items.map((item) => convert(item, depth + 1));
    if (isMap(node)) return mapping(node.items, depth);
    return refuse(node, 'expected a mapping, a list or a scalar, found another construct');
  };

  const scalar = (node: Node & { readonly value: unknown }): Json => {
    const { value } = node;
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'string') {
      const fault = textFault(value);
      return fault === undefined ? value : refuse(node, fault);
    }
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    return refuse(node, 'expected a value that JSON can hold, found another (put it in quotes)');
  };

  const mapping = (pairs: readonly Pair[], depth: number): Json => {
    const members = new Map<string, Json>();
    for (const { key, value } of pairs) {
      const fault = isScalar(key) && typeof key.value === 'string' ? textFault(key.value) : undefined;
      if (!isScalar(key) || typeof key.value !== 'string') {
        refuse(key ?? value, 'expected text as the name of a member, found something else');
      } else if (fault !== undefined) {
        refuse(key, fault);
      } else if (key.value === '__proto__') {
        refuse(key, 'expected the name of a member, found __proto__');
      } else if (members.has(key.value)) {
        refuse(key, 'expected each member once, found it again');
      } else {
        members.set(key.value, convert(value, depth + 1));
      }
      if (exhausted) break;
    }
    return Object.fromEntries(members);
  };

  const value = convert(root, 0);
  return { value, problems, whole: !exhausted };
}

/** What YAML forbids in a text (YAML 1.2 §5.1) and the library lets pass: a terminal would obey it. */
const CONTROL = /[^\P{Cc}\t\n\r]/u;

/** Why a text is refused, if it is. */
function textFault(text: string): string | undefined {
  if (!text.isWellFormed()) return 'expected well-formed Unicode, found half a character';
  return CONTROL.test(text) ? 'expected text without control characters, found one' : undefined;
}

/** Where in the text the value or member name at a path is; the nearest value around it, where there is none. */
export type Places = (path: DocumentPath, part: DocumentPart) => number;

/** The places of a tree. Members are indexed once a mapping: a hundred thousand faults may ask. */
export function placesOf(root: Node | null, resolve: ResolveAlias): Places {
  const indexes = new Map<Node, ReadonlyMap<unknown, Pair>>();
  const pairIn = (map: YAMLMap, name: string | number): Pair | undefined => {
    const index =
      indexes.get(map) ??
      new Map(map.items.map((pair) => [isScalar(pair.key) ? pair.key.value : pair.key, pair]));
    indexes.set(map, index);
    return index.get(name);
  };

  return (path, part) => {
    let node: unknown = root;
    let offset = offsetOf(root);
    for (const [depth, step] of path.entries()) {
      if (isAlias(node)) node = resolve(node);
      if (isMap(node)) {
        const pair = pairIn(node, step);
        if (pair === undefined) return offset;
        const wantsKey = part === 'key' && depth === path.length - 1;
        node = pair.value;
        offset = offsetOf(wantsKey || isEmpty(node) ? pair.key : node);
      } else {
        const item: unknown = isSeq(node) ? node.items[Number(step)] : undefined;
        if (item === undefined) return offset;
        node = item;
        offset = offsetOf(node);
      }
    }
    return offset;
  };
}

/** A member without a value has a zero-width node that may stand on a later line. */
function isEmpty(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null && (node.source ?? '') === '');
}

function offsetOf(node: unknown): number {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : 0;
}
