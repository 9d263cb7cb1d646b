/** Marks every property and index signature of generated interfaces and type literals as readonly. */
export function propertiesReadonly(text: string): string {
  return outsideComments(text, (code) =>
    code.replace(/^(\s+)((?:'[^'\n]*'|[A-Za-z_$][\w$]*)\??: |\[k: string\]: )/gm, '$1readonly $2'),
  );
}

/** Marks every array and tuple type as readonly, so `A[]` becomes `readonly A[]`. */
export function arraysReadonly(text: string): string {
  return outsideComments(text, (code) => markTuples(markArrays(code)));
}

function markArrays(code: string): string {
  let marked = code;
  let from = 0;
  for (;;) {
    const at = marked.indexOf('[]', from);
    if (at < 0) return marked;
    const start = operandStart(marked, at);
    if (marked.startsWith('[]', at + 2))
      throw new Error(`nested array near ${marked.slice(start, at + 4)}: give the inner array a title`);
    const before = marked.slice(0, start);
    // A rest element belongs to its tuple, which carries the word for all of it.
    const insert = before.endsWith('...') || before.endsWith('readonly ') ? '' : 'readonly ';
    marked = `${before}${insert}${marked.slice(start)}`;
    from = at + insert.length + 2;
  }
}

function markTuples(code: string): string {
  return code.replace(/(?<=(?:[:=|(]|^) *\n? *)\[(?=[^\]k]|k(?!: string\]))/gm, 'readonly [');
}

/** Where the type expression starts whose array brackets stand at `end`. */
function operandStart(code: string, end: number): number {
  const last = code[end - 1];
  if (last === ')' || last === '}') return matchingOpen(code, end - 1);
  if (last === "'") return code.lastIndexOf("'", end - 2);
  let start = end;
  while (/[\w$.]/.test(code[start - 1] ?? '') && code.slice(start - 3, start) !== '...') start -= 1;
  return start;
}

function matchingOpen(code: string, close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at -= 1) {
    if (code[at] === ')' || code[at] === '}') depth += 1;
    if (code[at] === '(' || code[at] === '{') depth -= 1;
    if (depth === 0) return at;
  }
  throw new Error(`no opening bracket for the one at ${close}`);
}

/** Comments hold prose and must stay as they are: they are replaced by marks, and put back. */
function outsideComments(text: string, change: (code: string) => string): string {
  const comments: string[] = [];
  const bare = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => `/*${comments.push(comment) - 1}*/`);
  return change(bare).replace(/\/\*(\d+)\*\//g, (_, index: string) => comments[Number(index)] ?? '');
}
