import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BorderCheck, checkBorders, importsOf } from '../../scripts/borders.ts';

/** A small tree of the final shape that keeps every rule. */
const CLEAN: Readonly<Record<string, string>> = {
  'src/core/index.ts': "export { digest } from './digest.ts';\nexport type { Id } from './id.ts';",
  'src/core/digest.ts':
    "import { createHash } from 'node:crypto';\nexport const digest = () => createHash('sha256');",
  'src/core/id.ts': 'export type Id = string;',
  'src/geo/index.ts': "export { locate } from './locate.ts';",
  'src/geo/locate.ts': "import type { Id } from '../core/index.ts';\nexport const locate = (id: Id) => id;",
  'src/evidence/index.ts': "export { item } from './item.ts';",
  'src/evidence/item.ts': "import { locate } from '../geo/index.ts';\nexport const item = locate;",
  'src/scan/index.ts': "export { inflate } from './inflate.ts';",
  'src/scan/inflate.ts': "import { gunzipSync } from 'node:zlib';\nexport const inflate = gunzipSync;",
  'src/verification/index.ts': "export { verify } from './verify.ts';",
  'src/verification/verify.ts': "import { digest } from '../core/index.ts';\nexport const verify = digest;",
  'src/config/index.ts':
    "import { parse } from 'yaml';\nimport { readFile } from 'node:fs/promises';\nexport { parse, readFile };",
  'src/cli/main.ts':
    "import { item } from '../evidence/index.ts';\nimport { Command } from 'commander';\nitem(String(new Command()));",
  'sim/demo.ts': "import { digest } from '../src/core/digest.ts';\ndigest();",
  'test/some.test.ts': "import '../sim/demo.ts';",
};

/** One planted violation each: a file with its import, and the rule that must name it. */
const PLANTS: readonly { readonly rule: string; readonly file: string; readonly text: string }[] = [
  {
    rule: 'core-layer',
    file: 'src/core/a.ts',
    text: "import { item } from '../evidence/index.ts';\nexport const a = item;",
  },
  {
    rule: 'geo-layer',
    file: 'src/geo/type-only.ts',
    text: "import type { item } from '../evidence/index.ts';\nexport type A = typeof item;",
  },
  {
    rule: 'evidence-layer',
    file: 'src/evidence/re-export.ts',
    text: "export type { inflate } from '../scan/index.ts';",
  },
  {
    rule: 'scan-layer',
    file: 'src/scan/dynamic.ts',
    text: "export const a = () => import('../config/index.ts');",
  },
  {
    rule: 'pure-does-no-io',
    file: 'src/geo/reads.ts',
    text: "import { join } from 'node:path';\nexport const a = join;",
  },
  {
    rule: 'pure-does-no-io',
    file: 'src/attestation/signs.ts',
    text: "import { sign } from 'node:crypto';\nexport const a = sign;",
  },
  {
    rule: 'scan-only-inflates-and-hashes',
    file: 'src/scan/spills.ts',
    text: "import { open } from 'node:fs';\nexport const a = open;",
  },
  {
    rule: 'files-only-in-shells',
    file: 'src/net/reads.ts',
    text: "import { readFile } from 'node:fs/promises';\nexport const a = readFile;",
  },
  {
    rule: 'net-dials',
    file: 'src/collection/dials.ts',
    text: "import { connect } from 'node:tls';\nexport const a = connect;",
  },
  {
    rule: 'verification-stands-alone',
    file: 'src/verification/node.ts',
    text: "import { Buffer } from 'node:buffer';\nexport const a = Buffer;",
  },
  {
    rule: 'verification-stands-alone',
    file: 'src/verification/package.ts',
    text: "import { html } from 'hono/html';\nexport const a = html;",
  },
  {
    rule: 'yaml-confined',
    file: 'src/policy/yaml.ts',
    text: "import type { Document } from 'yaml';\nexport type A = Document;",
  },
  {
    rule: 'pg-confined',
    file: 'src/collection/aws/pg.ts',
    text: "import pg from 'pg';\nexport const a = pg;",
  },
  {
    rule: 'commander-confined',
    file: 'src/config/commander.ts',
    text: "import { Command } from 'commander';\nexport const a = Command;",
  },
  {
    rule: 'packages-are-listed',
    file: 'src/cli/unlisted.ts',
    text: "import { x } from 'async-exit-hook';\nexport const a = x;",
  },
  {
    rule: 'no-dev-packages',
    file: 'src/cli/dev.ts',
    text: "import fc from 'fast-check';\nexport const a = fc;",
  },
  {
    rule: 'through-the-front-door',
    file: 'src/cli/back-door.ts',
    text: "import type { Id } from '../core/id.ts';\nexport type A = Id;",
  },
  {
    rule: 'not-via-own-index',
    file: 'src/geo/own-index.ts',
    text: "import { locate } from './index.ts';\nexport const a = locate;",
  },
  { rule: 'src-stands-on-itself', file: 'src/cli/sim.ts', text: "import '../../sim/demo.ts';" },
  { rule: 'sim-serves-tests', file: 'sim/test.ts', text: "import '../test/some.test.ts';" },
  {
    rule: 'no-cycles',
    file: 'src/geo/cycle-a.ts',
    text: "import type { B } from './cycle-b.ts';\nexport type A = B;",
  },
  { rule: 'nothing-missing', file: 'src/cli/lost.ts', text: "import './nowhere.ts';" },
  { rule: 'known-folders', file: 'src/cli/unknown-folder.ts', text: "import '../helpers/index.ts';" },
  {
    rule: 'no-import-types',
    file: 'src/core/import-type.ts',
    text: "export type A = import('../evidence/index.ts').item;",
  },
  { rule: 'no-orphans', file: 'src/geo/orphan.ts', text: 'export const orphan = 1;' },
];
const HELPERS: Readonly<Record<string, string>> = {
  'src/geo/cycle-b.ts': "import type { A } from './cycle-a.ts';\nexport type B = A;",
  'src/helpers/index.ts': 'export const helper = 1;',
};

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

describe('the import rules', () => {
  let planted: BorderCheck;
  beforeAll(async () => {
    const plants = Object.fromEntries(PLANTS.map(({ file, text }) => [file, text]));
    planted = await checkBorders(await treeOf({ ...CLEAN, ...HELPERS, ...plants }));
  });

  test('a tree that keeps them has no violation, and its modules were read', async () => {
    const { modules, violations } = await checkBorders(await treeOf(CLEAN));
    expect(violations).toEqual([]);
    expect(modules).toBe(Object.keys(CLEAN).length);
  });

  test.for(PLANTS)('$rule catches $file', ({ rule, file }) => {
    const caught = planted.violations.filter(({ from }) => from === file);
    expect(caught.map((violation) => violation.rule)).toContain(rule);
    expect(caught.every(({ comment }) => comment.length > 20)).toBe(true);
  });

  test('blame nothing that keeps them', () => {
    const blamed = new Set(planted.violations.map(({ from }) => from));
    expect(Object.keys(CLEAN).filter((file) => blamed.has(file))).toEqual([]);
  });

  test('an empty tree shows as 0 modules, which the command refuses', async () => {
    expect((await checkBorders(await treeOf({ 'src/readme.txt': '' }))).modules).toBe(0);
  });
});

test('type imports and type exports stay visible once types are stripped', () => {
  const stripped = importsOf(
    "import type { A } from './a.ts';\nexport type { B } from '../b.ts';\nexport type C = A;\n",
  );
  expect(stripped).toContain("import { A } from './a.js'");
  expect(stripped).toContain("export { B } from '../b.js'");
  expect(stripped).not.toContain('C');
});

async function treeOf(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'domicile-tree-'));
  folders.push(root);
  const manifest = {
    name: 'tree',
    type: 'module',
    dependencies: { yaml: '1', commander: '1', hono: '1', pg: '1' },
    devDependencies: { 'fast-check': '1' },
  };
  for (const [name, text] of Object.entries({ ...files, 'package.json': JSON.stringify(manifest) })) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return root;
}
