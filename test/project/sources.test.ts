import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const PURE = /^src\/(core|geo|evidence|analysis|policy|verification|report|scan|attestation\/(?!remote\/))/;

/** What the linter has no rule for. `where` and `unless` are about the file's path. */
const BANS: readonly {
  readonly name: string;
  readonly what: RegExp;
  readonly where: RegExp;
  readonly unless?: RegExp;
}[] = [
  { name: 'the clock is an argument', what: /\bnew Date\(\s*\)|\bDate\(\s*\)/, where: PURE },
  {
    name: 'the environment has one reader',
    what: /['"](node:)?process['"]/,
    where: /^src\//,
    unless: /^src\/config\//,
  },
  {
    name: 'no machine path',
    what: /(?<![\w.@/-])\/(work|root)\/\w|\/home\/\w/,
    where: /\.(ts|mjs|cjs|json|ya?ml|md|sh)$|^\.ci\//,
    unless: /^(sim|schemas)\//,
  },
  { name: 'no package registry host', what: /https?:\/\/registry\.|"resolved": "https?:/, where: /./ },
];

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n')
  .filter(
    (name) =>
      /\.(ts|mjs|cjs|json|ya?ml|md|sh)$|^\.ci\//.test(name) &&
      !name.startsWith('sim/samples/') &&
      name !== 'test/project/sources.test.ts',
  );

describe('every source keeps what the linter cannot check', () => {
  test.for(BANS)('$name', (ban) => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((name) => applies(ban, name) && ban.what.test(codeOf(read(name), name)))).toEqual([]);
  });
});

describe('the scan itself can fail', () => {
  test.for([
    { ban: 0, text: 'const now = new Date();' },
    { ban: 1, text: "import { env } from 'node:process';" },
    { ban: 2, text: "const path = '/root/data';" },
    { ban: 3, text: '"resolved": "https://host/x.tgz"' },
  ])('$text', ({ ban, text }) => {
    expect(BANS[ban]?.what.test(codeOf(text, 'a.ts'))).toBe(true);
  });

  test('prose may name what code may not', () => {
    expect(BANS[0]?.what.test(codeOf('// never new Date()\n/* nor new Date() */', 'a.ts'))).toBe(false);
    expect(BANS[0]?.what.test(codeOf('const then = new Date(0);', 'a.ts'))).toBe(false);
  });
});

function applies({ where, unless }: (typeof BANS)[number], name: string): boolean {
  return where.test(name) && unless?.test(name) !== true;
}

function codeOf(text: string, name: string): string {
  return name.endsWith('.ts') ? text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '') : text;
}

/** A file that another process removed meanwhile has nothing to check. */
function read(name: string): string {
  try {
    return readFileSync(join(ROOT, name), 'utf8');
  } catch {
    return '';
  }
}
