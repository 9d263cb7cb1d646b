/** What one pass over a text tells, so that most detectors can turn away most texts at once. */
export interface TextShape {
  readonly spaces: number;
  /** Letters, digits and the like outside ASCII, in UTF-16 units. */
  readonly nonAscii: number;
  /** Characters of the longest run without white space. */
  readonly longestToken: number;
  /** Dashes, underscores, dots, slashes and plus signs: words of a sentence can hide between them. */
  readonly separators: number;
  readonly backslashes: number;
}

export function shapeOf(text: string): TextShape {
  let spaces = 0;
  let nonAscii = 0;
  let separators = 0;
  let backslashes = 0;
  let token = 0;
  let longestToken = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit <= 0x20) {
      spaces++;
      if (token > longestToken) longestToken = token;
      token = 0;
      continue;
    }
    token++;
    if (unit > 0x7f) nonAscii++;
    else if (unit === 0x2d || unit === 0x5f || unit === 0x2e || unit === 0x2f || unit === 0x2b) separators++;
    else if (unit === 0x5c) backslashes++;
  }
  return { spaces, nonAscii, separators, backslashes, longestToken: Math.max(longestToken, token) };
}
