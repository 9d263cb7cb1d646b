/**
 * What a fault of YAML's syntax means, by the code of the `yaml` library. Own words, since the library's quote
 * the text, and what is broken may be a password.
 */
const WORDS: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'expected an alias of one word, found another form',
  BAD_COLLECTION_TYPE: 'expected the collection that its tag names, found another',
  BAD_DIRECTIVE: 'expected a YAML directive, found another line that starts with %',
  BAD_DQ_ESCAPE: 'expected an escape that YAML knows, found another after a backslash',
  BAD_INDENT: 'expected the indentation of the lines around, found another',
  BAD_SCALAR_START: 'expected quotes around a value that starts with a reserved character, found none',
  BLOCK_AS_IMPLICIT_KEY:
    'expected one "name: value" on a line, found a second colon (put the value in quotes)',
  BLOCK_IN_FLOW: 'expected brackets or braces to be closed, found a block inside them',
  DUPLICATE_KEY: 'expected each member once, found it again',
  KEY_OVER_1024_CHARS: 'expected a name of at most 1024 characters, found a longer one',
  MISSING_CHAR: 'expected a closing quote, bracket, comma or colon, found none',
  MULTILINE_IMPLICIT_KEY: 'expected a name on one line, found line breaks in it',
  MULTIPLE_ANCHORS: 'expected one anchor on a value, found several',
  MULTIPLE_DOCS: 'expected one YAML document, found another one after it',
  MULTIPLE_TAGS: 'expected one tag on a value, found several',
  TAB_AS_INDENT: 'expected spaces as indentation, found a tab',
  TAG_RESOLVE_FAILED: 'expected plain YAML, found a tag that is not known here',
  UNEXPECTED_TOKEN: 'expected the next member, entry or closing bracket, found another character',
};

export function yamlFault(code: string): string {
  return WORDS[code] ?? `expected YAML, found a fault (${code.toLowerCase().replaceAll('_', ' ')})`;
}
