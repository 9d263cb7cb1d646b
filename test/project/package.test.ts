import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSample } from '../../sim/make-sample.ts';
import { SAMPLE_SEED, SAMPLE_SLOT, SAMPLES } from '../../sim/samples.ts';
import { writeInventory } from '../../sim/write-inventory.ts';
import { temporaryFolder } from '../support/temporary.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const folder = temporaryFolder();
const home = join(folder, 'elsewhere');
const at = (...names: readonly string[]): string => join(folder, ...names);

function run(program: string, args: readonly string[], cwd: string): string {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The installed program, by the Node that runs the tests: the machine's own may be too old to be offered. */
function domicile(...args: readonly string[]): string {
  return run(
    process.execPath,
    [join(home, 'node_modules', 'domicile', 'bin', 'domicile.mjs'), ...args],
    home,
  );
}

describe('the published package, installed elsewhere', () => {
  beforeAll(() => {
    mkdirSync(home);
    const packed = run('npm', ['pack', '--silent', '--pack-destination', folder], ROOT);
    writeFileSync(join(home, 'package.json'), '{"name":"elsewhere","private":true,"type":"module"}');
    const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', '--ignore-scripts'];
    run('npm', ['install', ...flags, join(folder, packed.trim().split('\n').at(-1) ?? '')], home);
  }, 240_000);

  it('holds the program and its own data, and nothing of the workshop', () => {
    const names = readdirSync(join(home, 'node_modules', 'domicile')).sort();
    expect(names).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'NOTICE',
      'README.md',
      'bin',
      'data',
      'dist',
      'docs',
      'package.json',
      'policies',
      'schemas',
    ]);
    expect(readdirSync(join(home, 'node_modules')).filter((name) => name.startsWith('node-linux'))).toEqual(
      [],
    );
  });

  it('says its version and answers a question', () => {
    expect(domicile('--version').trim()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(domicile('geo', '52.80.14.21')).toContain('cn-north-1');
  });

  it('audits, signs and verifies', async () => {
    const sample = SAMPLES.find(({ deployment }) => deployment === 'acme-cn');
    if (sample === undefined) throw new Error('expected the sample');
    await writeSample(at('export'), sample, SAMPLE_SEED);
    const inventory = writeInventory(at('inventory'), SAMPLES);
    domicile('keys', 'generate', '--out', at('key.pem'));
    expect(() =>
      domicile(
        ...['audit', '--deployment', 'acme-cn', '--inventory', inventory, '--evidence', at('export')],
        ...['--out', at('reports'), '--key', at('key.pem'), '--slot', SAMPLE_SLOT],
      ),
    ).toThrow(expect.objectContaining({ status: 1 }));
    const report = at('reports', 'acme-cn', '1-acme-cn-20261122T200000Z');
    expect(domicile('verify', report, '--key', at('key.pub.pem'))).toContain('genuine; verdict fail');
    expect(domicile('replay', report)).toContain('byte for byte');
  });

  it('gives its verification to other programs', () => {
    const program = "import { STEPS } from 'domicile/verify'; console.log(STEPS.length > 5)";
    writeFileSync(join(home, 'use.mjs'), program);
    expect(run(process.execPath, ['use.mjs'], home).trim()).toBe('true');
  });
});
