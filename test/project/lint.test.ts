import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

/** One fault each, and the rule that must name it. The file is where the rule has to hold. */
const FAULTS: readonly { readonly rule: string; readonly file: string; readonly text: string }[] = [
  {
    rule: 'no-floating-promises',
    file: 'src/cli/a.ts',
    text: 'export const a = () => { Promise.resolve(1); };',
  },
  {
    rule: 'no-misused-promises',
    file: 'src/cli/b.ts',
    text: 'export const a = [1].filter(async () => true);',
  },
  { rule: 'no-explicit-any', file: 'src/cli/c.ts', text: 'export const a = (x: any) => String(x);' },
  {
    rule: 'consistent-type-imports',
    file: 'src/cli/d.ts',
    text: "import { Stats } from 'node:fs';\nexport type A = Stats;",
  },
  {
    rule: 'switch-exhaustiveness-check',
    file: 'src/cli/e.ts',
    text: "export function a(x: 'p' | 'q') { switch (x) { case 'p': return 1; } return 2; }",
  },
  { rule: 'no-default-export', file: 'src/cli/f.ts', text: 'export default 1;' },
  {
    rule: 'max-lines',
    file: 'src/cli/g.ts',
    text: Array.from({ length: 401 }, (_, line) => `export const a${line} = 1;`).join('\n'),
  },
  {
    rule: 'no-param-reassign',
    file: 'src/core/h.ts',
    text: 'export const a = (x: { y: number }) => { x.y = 1; };',
  },
  { rule: 'no-restricted-properties', file: 'src/policy/i.ts', text: 'export const a = () => Date.now();' },
  {
    rule: 'no-restricted-properties',
    file: 'src/analysis/network/j.ts',
    text: 'export const a = () => Math.random();',
  },
  {
    rule: 'no-restricted-globals',
    file: 'src/report/html/k.ts',
    text: 'export const a = () => process.cwd();',
  },
  {
    rule: 'no-restricted-globals',
    file: 'src/verification/l.ts',
    text: "export const a = () => fetch('x');",
  },
  {
    rule: 'no-restricted-globals',
    file: 'src/scan/m.ts',
    text: 'export const a = (f: () => void) => setTimeout(f, 1);',
  },
  {
    rule: 'no-restricted-properties',
    file: 'src/collection/n.ts',
    text: "export const a = () => process.env['HOME'];",
  },
  { rule: 'no-console', file: 'src/audit/o.ts', text: "export const a = () => console.log('x');" },
];
/** What the same rules must leave alone. */
const ALLOWED: Readonly<Record<string, string>> = {
  'src/config/p.ts': "export const a = () => process.env['HOME'];",
  'src/cli/q.ts': 'export const a = () => console.log(Date.now());',
};

let root: string;
let found: readonly { readonly code: string; readonly filename: string }[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'domicile-lint-'));
  for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json'])
    await cp(join(ROOT, name), join(root, name));
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  const files = { ...ALLOWED, ...Object.fromEntries(FAULTS.map(({ file, text }) => [file, text])) };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), `${text}\n`);
  }
  found = await lint(root);
});
afterAll(() => rm(root, { recursive: true }));

test.for(FAULTS)('$rule names $file', ({ rule, file }) => {
  const codes = found.filter(({ filename }) => filename.endsWith(file)).map(({ code }) => code);
  expect(codes).toContainEqual(expect.stringContaining(`(${rule})`));
});

test('what is allowed is not named', () => {
  expect(
    found.filter(({ filename }) => Object.keys(ALLOWED).some((name) => filename.endsWith(name))),
  ).toEqual([]);
});

async function lint(folder: string): Promise<typeof found> {
  const output = await new Promise<string>((done) => {
    const args = ['--type-aware', '--format', 'json', 'src'];
    const bin = join(folder, 'node_modules', 'oxlint', 'bin', 'oxlint');
    execFile(process.execPath, [bin, ...args], { cwd: folder }, (_, stdout) => done(stdout));
  });
  return (JSON.parse(output) as { readonly diagnostics: typeof found }).diagnostics;
}
