import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './check-steps.ts';

/** Licences under which a dependency may be shipped with ours. */
const ALLOWED: ReadonlySet<string> = new Set([
  'Apache-2.0',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'PDDL-1.0',
]);

/** What a licence obliges us to say to whoever sees the data. */
const NOTICES: Readonly<Record<string, string>> = {
  '@ip-location-db/dbip-country':
    'IP Geolocation by DB-IP (https://db-ip.com), licensed under CC-BY-4.0 (https://creativecommons.org/licenses/by/4.0/).',
};

/** Read by hand, where the package names a file instead of an SPDX expression. */
const READ_BY_HAND: Readonly<Record<string, string>> = { '@ip-location-db/dbip-country': 'CC-BY-4.0' };

const FILE = 'NOTICE';

interface LockEntry {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

export interface Licence {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

/** Every package that an installation of domicile brings, with its licence as the lock file records it. */
export function productionLicences(lockText: string): readonly Licence[] {
  const { packages } = JSON.parse(lockText) as { readonly packages: Readonly<Record<string, LockEntry>> };
  return Object.entries(packages)
    .filter(([path, entry]) => path.startsWith('node_modules/') && entry.dev !== true && entry.link !== true)
    .map(([path, { version = '', license = 'none named' }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return { name, version, licence: READ_BY_HAND[name] ?? license };
    })
    .filter(({ name }) => !name.startsWith('node-linux-'));
}

/** The packages whose licence is not on the list. `(MIT OR X)` is allowed when one branch is; AND needs all. */
export function refused(licences: readonly Licence[]): readonly Licence[] {
  return licences.filter(({ licence }) => !isAllowed(licence));
}

function isAllowed(expression: string): boolean {
  const bare = expression.replace(/^\((.*)\)$/, '$1');
  return bare.split(' OR ').some((branch) => branch.split(' AND ').every((id) => ALLOWED.has(id.trim())));
}

/** The text of NOTICE: ours, what others ask to be said, and the list. */
export function noticeText(licences: readonly Licence[]): string {
  const notices = licences.flatMap(({ name }) => NOTICES[name] ?? []);
  const rows = licences.map(({ name, version, licence }) => `${name} ${version}: ${licence}`);
  return [
    'Domicile',
    'Licensed under the Apache License, Version 2.0 (see LICENSE).',
    '',
    'Data shown in reports:',
    ...notices,
    '',
    'Packages that an installation brings (written by npm run licences -- --write):',
    ...rows,
    '',
  ].join('\n');
}

async function main(mode: string | undefined): Promise<number> {
  const licences = productionLicences(await readFile(join(ROOT, 'package-lock.json'), 'utf8'));
  const text = noticeText(licences);
  if (mode === '--write') await writeFile(join(ROOT, FILE), text);
  console.log(text);
  const bad = refused(licences);
  for (const { name, licence } of bad)
    console.error(`${name}: expected an allowed licence, found ${licence}`);
  const stale = text !== (await readFile(join(ROOT, FILE), 'utf8').catch(() => ''));
  if (stale) console.error(`${FILE} is stale: run npm run licences -- --write`);
  return bad.length > 0 || stale || licences.length === 0 ? 1 : 0;
}

if (import.meta.filename === process.argv[1]) process.exitCode = await main(process.argv[2]);
