import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';

const ROOT = dirname(import.meta.dirname);
const TREES = ['src', 'sim', 'test', 'bench', 'scripts', 'bin'];

export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
  readonly comment: string;
}

export interface BorderCheck {
  /** How many of the project's own modules were read; 0 would be a check that checked nothing. */
  readonly modules: number;
  readonly violations: readonly Violation[];
}

/**
 * Checks the import rules of `.dependency-cruiser.cjs` on the tree at `root`.
 *
 * dependency-cruiser reads TypeScript through the compiler's API, which TypeScript 7 does not have; it then says
 * "no violations" of 0 modules. Cruising compiled output would miss type-only imports, which are half of the
 * architecture. So it is given a copy with the types stripped and each `import type` kept as an `import`.
 */
export async function checkBorders(root: string): Promise<BorderCheck> {
  const copy = await mkdtemp(join(tmpdir(), 'domicile-borders-'));
  try {
    const hidden = await copyStripped(root, copy);
    const { modules, summary } = await cruiseTree(copy);
    const violations = summary.violations.map(({ rule, from, to }) => ({
      rule: rule.name,
      from: sourceName(from),
      to: sourceName(to),
      comment: commentOf(rule.name),
    }));
    const own = modules.filter(({ source }) => TREES.some((tree) => source.startsWith(`${tree}/`)));
    return { modules: own.length, violations: [...violations, ...hidden] };
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** The source with its types gone and every import still there, under the names that the copy's files have. */
export function importsOf(source: string): string {
  const asValues = source
    .replace(/^(\s*)import type(?=\s+[\w{*])/gm, '$1import')
    .replace(/^(\s*)export type(?=\s*[{*])/gm, '$1export');
  const stripped = stripTypeScriptTypes(asValues, { mode: 'strip' });
  return stripped.replace(/((?:from|import)\s*\(?\s*['"]\.{1,2}\/[^'"\n]*)\.ts(?=['"])/g, '$1.js');
}

/** `import('x')` in the place of a type vanishes with the types, so that no rule could see it. */
function hidesImport(source: string, stripped: string): boolean {
  return count(source) > count(stripped);
}

function count(text: string): number {
  return text.match(/\bimport\s*\(/g)?.length ?? 0;
}

async function copyStripped(root: string, copy: string): Promise<readonly Violation[]> {
  const hidden: Violation[] = [];
  for (const tree of TREES) {
    const names = await readdir(join(root, tree), { recursive: true }).catch(() => []);
    for (const name of names.filter((path) => path.endsWith('.ts') && !path.includes('node_modules'))) {
      const source = await readFile(join(root, tree, name), 'utf8');
      const stripped = importsOf(source);
      const target = join(copy, tree, name.replace(/\.ts$/, '.js'));
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, stripped);
      if (hidesImport(source, stripped)) {
        hidden.push({
          rule: 'no-import-types',
          from: `${tree}/${name}`,
          to: '',
          comment: 'Write `import type`: the checker cannot see import() in a type.',
        });
      }
    }
    for (const name of names.filter((path) => path.endsWith('.mjs'))) {
      await cp(join(root, tree, name), join(copy, tree, name));
    }
  }
  await cp(join(root, 'package.json'), join(copy, 'package.json'));
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return hidden;
}

async function cruiseTree(copy: string): Promise<ICruiseResult> {
  const present = await readdir(copy);
  const { options, ...ruleSet } = RULES;
  const { output } = await cruise(
    TREES.filter((tree) => present.includes(tree)),
    { ...options, baseDir: copy, ruleSet, validate: true },
    {
      extensions: ['.js', '.mjs', '.json'],
      conditionNames: ['import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  );
  if (typeof output === 'string')
    throw new Error('expected a result value from dependency-cruiser, found text');
  return output;
}

const RULES = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as IFlattenedRuleSet & {
  readonly options: object;
};

function commentOf(rule: string): string {
  return RULES.forbidden?.find(({ name }) => name === rule)?.comment ?? '';
}

function sourceName(path: string): string {
  return path.replace(/\.js$/, '.ts');
}

if (import.meta.filename === process.argv[1]) {
  const { modules, violations } = await checkBorders(ROOT);
  for (const { rule, from, to, comment } of violations)
    console.error(`${from} -> ${to}\n  ${rule}: ${comment}`);
  console.error(`borders: ${modules} modules, ${violations.length} violations`);
  if (modules === 0 || violations.length > 0) process.exitCode = 1;
}
