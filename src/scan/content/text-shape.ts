/** What one pass over a text tells, so that most detectors can turn away most texts at once. */
export interface TextShape {
  readonly spaces: number;
  /** Letters, digits and the like outside ASCII, in UTF-16 units. */
  readonly nonAscii: number;
  /** Characters of the longest run without white space. */
  readonly longestToken: number;
  /** Punctuation between which words of a sentence can hide: all of ASCII but quotes, brackets and backslashes. */
  readonly joints: number;
  /** Capitals after small letters, which part words as well. */
  readonly humps: number;
  readonly backslashes: number;
}

const SPACE = 1;
const JOINT = 2;
const BACKSLASH = 3;
const UPPER = 4;
const LOWER = 5;
/** The kind of each character of ASCII. */
const KINDS = Uint8Array.from({ length: 128 }, (_, unit) => kindOf(String.fromCharCode(unit)));

function kindOf(character: string): number {
  if (character <= ' ') return SPACE;
  if (character === '\\') return BACKSLASH;
  if (isJoint(character)) return JOINT;
  if (/[A-Z]/.test(character)) return UPPER;
  return /[a-z]/.test(character) ? LOWER : 0;
}

/** Whether a character of ASCII can stand between words in the place of a space. */
export function isJoint(character: string): boolean {
  return /[!#$%&*+,\-./:;<=>?@^_`|~]/.test(character);
}

export function shapeOf(text: string): TextShape {
  let spaces = 0;
  let nonAscii = 0;
  let joints = 0;
  let humps = 0;
  let backslashes = 0;
  let longestToken = 0;
  let start = 0;
  let before = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7f) {
      nonAscii++;
      before = 0;
      continue;
    }
    const kind = KINDS[unit] ?? 0;
    if (kind === SPACE) {
      spaces++;
      if (at - start > longestToken) longestToken = at - start;
      start = at + 1;
    } else if (kind === JOINT) joints++;
    else if (kind === UPPER && before === LOWER) humps++;
    else if (kind === BACKSLASH) backslashes++;
    before = kind;
  }
  return {
    spaces,
    nonAscii,
    joints,
    humps,
    backslashes,
    longestToken: Math.max(longestToken, text.length - start),
  };
}
