import type { Node } from 'yaml';
import { isAlias, LineCounter, parseDocument } from 'yaml';
import type { Fault, JsonObject, LocatedDocument, SourcePosition } from '../core/index.ts';
import { sha256Hex } from '../core/index.ts';
import { validateJson } from './json-schema.ts';
import type { ResolveAlias } from './yaml-value.ts';
import { placesOf, toJson } from './yaml-value.ts';
import { yamlFault } from './yaml-words.ts';

/** Larger files are refused: 1 MiB. */
export const LARGEST_DOCUMENT = 1024 * 1024;

/** After so many faults of syntax, the rest follows from the first. */
const SYNTAX_FAULTS = 20;

/** One YAML file before it is read. */
export interface YamlSource {
  /** As faults name it. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads a YAML 1.2 document and checks it against a JSON Schema, keeping the place of every value.
 *
 * Never throws for what is in the file: whatever is wrong becomes a fault of the document, so that several
 * files can be told about at once. A file that is no YAML at all is not checked against the schema.
 */
export function locateYaml(
  source: YamlSource,
  schema: JsonObject,
  largest = LARGEST_DOCUMENT,
): LocatedDocument {
  const { file, bytes } = source;
  const unreadable = (message: string): LocatedDocument => {
    const start: SourcePosition = { file, line: 1, column: 1 };
    return { file, sha256: sha256Hex(bytes), value: null, faults: [{ message, at: start }], at: () => start };
  };
  if (bytes.length > largest) return unreadable(`expected at most ${largest} bytes, found ${bytes.length}`);
  const text = decode(bytes);
  if (text === undefined) return unreadable('expected UTF-8 text, found other bytes');
  const tree = parseTree(text);
  if (tree === undefined) return unreadable('expected a YAML document, found one nested too deep to read');

  const position = (offset: number): SourcePosition => {
    const { line, col } = tree.lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const places = placesOf(tree.root, tree.resolve);
  const at: LocatedDocument['at'] = (path, part = 'value') => position(places(path, part));
  const located = { file, sha256: sha256Hex(bytes), at };
  const broken = tree.problems.map(
    (problem): Fault => ({ message: problem.message, at: position(problem.offset) }),
  );
  if (broken.length > 0) return { ...located, value: null, faults: broken };

  const { value, problems, whole } = toJson(tree.root, tree.resolve);
  const odd = problems.map((problem): Fault => ({ message: problem.message, at: position(problem.offset) }));
  if (!whole) return { ...located, value: null, faults: odd };
  const wrong = validateJson(schema, value).problems.map(
    ({ path, part, message }): Fault => ({ message, at: at(path, part) }),
  );
  return { ...located, value, faults: [...odd, ...wrong] };
}

interface Tree {
  readonly root: Node | null;
  readonly lines: LineCounter;
  readonly resolve: ResolveAlias;
  readonly problems: readonly { readonly offset: number; readonly message: string }[];
}

function parseTree(text: string): Tree | undefined {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      version: '1.2',
      schema: 'core',
      strict: true,
      // Told by `toJson`: the library compares every pair of keys, and a mapping can have very many.
      uniqueKeys: false,
      prettyErrors: false,
      // With 'silent' the library takes the first of several documents without a word.
      logLevel: 'error',
    });
    const problems = [...document.errors, ...document.warnings]
      .slice(0, SYNTAX_FAULTS)
      .map(({ code, pos }) => ({
        offset: pos[0],
        message: yamlFault(code),
      }));
    const targets = new Map<Node, Node | undefined>();
    const resolve: ResolveAlias = (node) => {
      // Looking an anchor up walks the whole document, and positions are asked for again and again.
      if (isAlias(node) && !targets.has(node)) targets.set(node, node.resolve(document));
      return targets.get(node);
    };
    return { root: document.contents, lines, resolve, problems };
  } catch (error) {
    // The library recurses; a text of brackets alone exhausts the stack.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
