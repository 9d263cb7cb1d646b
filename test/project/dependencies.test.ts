import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { auditVerdict } from '../../scripts/audit.ts';
import { productionLicences, refused } from '../../scripts/licences.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const lock = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');

describe('licences of what an installation brings', () => {
  test('are all on the list', () => {
    const licences = productionLicences(lock);
    expect(licences.map(({ name }) => name)).toContain('ajv');
    expect(licences.map(({ name }) => name)).not.toContain('vitest');
    expect(refused(licences)).toEqual([]);
  });

  test.for(['GPL-3.0', 'none named', 'MIT AND GPL-2.0', 'UNLICENSED'])('%s is refused', (licence) => {
    expect(refused([{ name: 'x', version: '1.0.0', licence }])).toHaveLength(1);
  });

  test.for(['MIT', '(MIT OR GPL-3.0)', 'ISC AND MIT'])('%s is allowed', (licence) => {
    expect(refused([{ name: 'x', version: '1.0.0', licence }])).toEqual([]);
  });
});

describe('known vulnerabilities', () => {
  const answer = (counts: object) =>
    JSON.stringify({ metadata: { vulnerabilities: { total: 1, ...counts } } });

  test('of severity high fail, lower ones do not', () => {
    expect(auditVerdict(answer({ high: 1 })).ok).toBe(false);
    expect(auditVerdict(answer({ critical: 1 })).ok).toBe(false);
    expect(auditVerdict(answer({ moderate: 1 })).ok).toBe(true);
  });

  test('nobody could be asked about are a warning', () => {
    for (const output of ['', 'npm error network', '{"error":{"code":"ENOTFOUND"}}']) {
      expect(auditVerdict(output)).toEqual({
        ok: true,
        message: expect.stringContaining('warning:') as string,
      });
    }
  });
});

describe('the lock file', () => {
  test('names no registry', () => {
    const { packages } = JSON.parse(lock) as {
      readonly packages: Readonly<Record<string, { readonly resolved?: string }>>;
    };
    expect(Object.values(packages).filter(({ resolved }) => resolved?.includes(':') === true)).toEqual([]);
  });

  test('has an integrity for every package from outside', () => {
    const { packages } = JSON.parse(lock) as {
      readonly packages: Readonly<Record<string, { readonly integrity?: string; readonly link?: boolean }>>;
    };
    const outside = Object.entries(packages).filter(
      ([path, { link }]) => path.startsWith('node_modules/') && link !== true,
    );
    expect(outside.filter(([, { integrity }]) => integrity === undefined).map(([path]) => path)).toEqual([]);
  });
});
