/** Any of these before a closer look is worth it. */
const HINT =
  /\b(?:def|function|class|import|const|let|var|public|private|func|fn|struct|while|for|package|using)\s|#include|=>|^\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|WITH)\s|```/;
/** Turns of phrase of programming languages, each of which says one thing. */
const SIGNS: readonly RegExp[] = [
  /\bdef \w{1,60}\([^)]{0,200}\)\s{0,3}(?:->[^:\n]{1,60})?:/,
  /\bfunction\s{0,3}\w{0,60}\s{0,3}\([^)]{0,200}\)\s{0,3}\{|\([^)]{0,100}\)\s{0,3}=>\s{0,3}[\w{(]/,
  /\bclass \w{1,60}(?:\([^)]{0,100}\))?\s{0,3}(?:extends \w{1,60}|implements \w{1,60})?\s{0,3}[:{]/,
  /^\s{0,20}(?:import [\w.*{}, ]{1,120}|from [\w.]{1,80} import [\w.*, ()]{1,120}|using [\w.]{1,80};|package [\w.]{1,80};?|require\()/m,
  /\b(?:const|let|var|int|float|double|string|bool|auto)\s{1,3}\w{1,60}\s{0,3}(?::\s{0,3}[\w<>[\]]{1,60})?\s{0,3}:?=[^=]/,
  /\b(?:for|while|if)\s{0,2}\([^)]{1,200}\)\s{0,3}\{|\bfor \w{1,40}(?:, \w{1,40})? in [^:\n]{1,100}:|^\s{0,40}(?:if|while|elif) [^:\n]{1,100}:\s{0,3}$/m,
  /#include\s{0,3}[<"]|\busing namespace \w/,
  /\b(?:public|private|protected)\s{1,3}(?:static\s{1,3})?[\w<>[\]]{1,60}\s{1,3}\w{1,60}\s{0,3}\(|\bint main\s{0,3}\(|\bfunc \w{0,60}\([^)]{0,200}\)[^{\n]{0,60}\{|\bfn \w{1,60}\([^)]{0,200}\)/,
  /\bconsole\.log\(|\bprint(?:f|ln)?!?\(|\bSystem\.out\.|\bfmt\.Print|\bcout\s{0,3}<</,
  /\breturn [^;\n]{1,100};|^\s{1,40}return [\w.([]{1,60}/m,
  /^\s{0,10}(?:SELECT\b[\s\S]{1,400}\bFROM\b|INSERT INTO\b|UPDATE \w{1,60} SET\b|DELETE FROM\b|CREATE (?:TABLE|FUNCTION|VIEW)\b)/,
  /\b(?:WHERE|INNER JOIN|LEFT JOIN|GROUP BY|ORDER BY|HAVING|VALUES)\b|\b(?:PRIMARY KEY|NOT NULL|VARCHAR)\b/,
  /```[a-z+#]{0,12}\n/,
];
/** Frames of a stack trace quote the gateway's own code. */
const FRAMES = /File "[^"\n]{1,300}", line \d{1,7}[^\n]{0,200}\n[^\n]{0,400}/g;
const SHORTEST = 24;
const MAX_TEXT = 20_000;
const FEWEST_SIGNS = 2;

/** Programs, which people ask about and models write: two different signs of one. */
export function isSourceCode(text: string): boolean {
  if (text.length < SHORTEST || !HINT.test(text)) return false;
  const code = text.slice(0, MAX_TEXT).replaceAll(FRAMES, '');
  let signs = 0;
  for (const sign of SIGNS) if (sign.test(code) && ++signs >= FEWEST_SIGNS) return true;
  return false;
}
