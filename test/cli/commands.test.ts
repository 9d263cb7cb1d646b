import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSample } from '../../sim/make-sample.ts';
import { SAMPLE_SEED, SAMPLE_SLOT, SAMPLES } from '../../sim/samples.ts';
import { writeInventory } from '../../sim/write-inventory.ts';
import { writeReportIndex } from '../../src/audit/index.ts';
import { OUTPUT_SCHEMAS, outputFaults } from '../support/output-schemas.ts';
import { domicile } from '../support/shell.ts';
import { temporaryFolder } from '../support/temporary.ts';

const folder = temporaryFolder();
const at = (...names: readonly string[]): string => join(folder, ...names);
const SAMPLE = 'bank-eu';
const REPORT = `1-${SAMPLE}-20261122T200000Z`;
const AUDIT = [
  ...['audit', '--deployment', SAMPLE, '--inventory', at('inventory', 'deployments.yaml')],
  ...['--evidence', at('export'), '--out', at('reports'), '--key', at('key.pem'), '--slot', SAMPLE_SLOT],
];

beforeAll(async () => {
  writeInventory(at('inventory'), SAMPLES);
  const sample = SAMPLES.find(({ deployment }) => deployment === SAMPLE);
  if (sample === undefined) throw new Error('expected the sample');
  await writeSample(at('export'), sample, SAMPLE_SEED);
  expect(await domicile(['keys', 'generate', '--out', at('key.pem'), '--demo'])).toMatchObject({
    exitCode: 0,
  });
});

/** The list of reports, made anew. */
async function listed(): Promise<string> {
  await writeReportIndex(at('reports'), { archives: false });
  return readFileSync(at('reports', 'index.html'), 'utf8');
}

/** The one printed line, held against its published schema. */
function parsed(schema: string, lines: readonly string[]): Record<string, unknown> {
  expect(OUTPUT_SCHEMAS).toContain(schema);
  expect(lines).toHaveLength(1);
  expect(outputFaults(schema, lines[0] ?? '')).toEqual([]);
  return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
}

describe('the commands, from a key to a replay', () => {
  it('audit writes a signed report, and its exit code is the verdict', async () => {
    const { exitCode, out, notes } = await domicile([...AUDIT, '--json']);
    expect(notes).toEqual([]);
    expect(exitCode).toBe(2);
    const { reports } = parsed('audit', out) as { reports: readonly Record<string, unknown>[] };
    expect(reports).toMatchObject([{ deployment: SAMPLE, verdict: 'inconclusive', marks: ['demo-key'] }]);
    expect(readdirSync(at('reports')).sort()).toEqual([SAMPLE, 'index.html']);
    expect(existsSync(at('reports', SAMPLE, REPORT, 'report.html'))).toBe(true);
  });

  it('audit of the same slot is the same run: nothing is written twice', async () => {
    const { exitCode, out } = await domicile([...AUDIT, '--json']);
    expect(exitCode).toBe(2);
    expect(parsed('audit', out)).toMatchObject({ reports: [{ sequence: 1 }] });
    expect(
      readdirSync(at('reports', SAMPLE)).filter((name) => /^\d/.test(name) && !name.endsWith('.zip')),
    ).toEqual([REPORT]);
  });

  it('audit of a finished slot says nothing of a result that was changed since', async () => {
    const path = at('reports', SAMPLE, REPORT, 'result.json');
    const result = readFileSync(path, 'utf8');
    writeFileSync(path, result.replace('"verdict":"inconclusive"', '"verdict":"pass"'));
    const { exitCode, out, notes } = await domicile(AUDIT);
    expect({ exitCode, out }).toEqual({ exitCode: 65, out: [] });
    expect(notes.join()).toContain('found a changed one');
    expect(await listed()).not.toContain(REPORT);
    writeFileSync(path, result);
    expect((await domicile(AUDIT)).exitCode).toBe(2);
    expect(await listed()).toContain(REPORT);
  });

  it('verify: a demo report is genuine and not for reliance, unless that is accepted', async () => {
    const verify = ['verify', at('reports', SAMPLE, REPORT), '--key', at('key.pub.pem')];
    const refused = await domicile([...verify, '--json']);
    expect(refused.exitCode).toBe(2);
    expect(parsed('verify', refused.out)).toMatchObject({ exitCode: 2, genuine: { marks: ['demo-key'] } });
    expect((await domicile([...verify, '--accept', 'demo'])).exitCode).toBe(0);
    expect((await domicile([...verify, '--accept', 'demo', '--require', 'pass'])).exitCode).toBe(1);
  });

  it('replay reaches the same bytes', async () => {
    const { exitCode, out } = await domicile(['replay', at('reports', SAMPLE, REPORT), '--json']);
    expect(parsed('replay', out)).toEqual({ schemaVersion: 1, verdict: 'inconclusive', differences: [] });
    expect(exitCode).toBe(0);
  });

  it('plan names calls, grants and an IAM policy without a writing action', async () => {
    const args = ['plan', '--deployment', SAMPLE, '--inventory', at('inventory', 'deployments.yaml')];
    const { exitCode, out } = await domicile([...args, '--json']);
    expect(exitCode).toBe(0);
    const plan = parsed('plan', out) as { iamActions: readonly string[] };
    expect(plan.iamActions).toContain('rds:DescribeDBInstances');
    expect(
      plan.iamActions.filter((action) => !/:(Describe|List|Get|Lookup|Decrypt|Search)/.test(action)),
    ).toEqual([]);
  });

  it('collect writes an evidence store that audit takes, as supplied by the vendor', async () => {
    const inventory = ['--deployment', SAMPLE, '--inventory', at('inventory', 'deployments.yaml')];
    const collected = await domicile([
      ...['collect', ...inventory, '--evidence', at('export'), '--out', at('store'), '--json'],
    ]);
    expect(collected.exitCode).toBe(2);
    parsed('collect', collected.out);
    const audited = await domicile([
      ...['audit', ...inventory, '--evidence', at('store'), '--out', at('again'), '--key', at('key.pem')],
      ...['--slot', SAMPLE_SLOT, '--json'],
    ]);
    expect(parsed('audit', audited.out)).toMatchObject({ reports: [{ verdict: 'inconclusive' }] });
    const other = await domicile([
      ...['audit', '--deployment', 'acme-cn', '--inventory', at('inventory', 'deployments.yaml')],
      ...['--evidence', at('store'), '--out', at('again'), '--key', at('key.pem'), '--slot', SAMPLE_SLOT],
    ]);
    expect(other.exitCode).toBe(65);
    expect(other.notes.join()).toContain('expected an evidence store of acme-cn, found one of bank-eu');
    const refused = await domicile(['collect', ...inventory, '--out', at('store')]);
    expect(refused).toMatchObject({ exitCode: 64 });
  });

  it('policy check tells what applies where', async () => {
    const args = ['policy', 'check', '--inventory', at('inventory', 'deployments.yaml')];
    const { exitCode, out } = await domicile([...args, '--json']);
    expect(exitCode).toBe(0);
    expect(parsed('policy-check', out)).toMatchObject({ applied: [{ deployment: 'acme-cn' }, {}, {}] });
  });

  it('doctor says what is missing and what to do', async () => {
    const args = ['doctor', '--inventory', at('inventory', 'deployments.yaml'), '--key', at('none.pem')];
    const { exitCode, out } = await domicile([...args, '--out', at('reports'), '--json']);
    expect(exitCode).toBe(1);
    const { lines } = parsed('doctor', out) as { lines: readonly Record<string, unknown>[] };
    expect(lines.find(({ area }) => area === 'key')).toMatchObject({ status: 'broken' });
    expect(lines.filter(({ status, todo }) => status === 'broken' && todo === '')).toEqual([]);
  });
});

describe('questions without an inventory', () => {
  it('geo: one line an address, from arguments or standard input', async () => {
    const { exitCode, out } = await domicile(['geo', '--json'], {
      input: '52.80.14.21\n8.8.8.8\n\n10.0.0.1',
    });
    expect(exitCode).toBe(0);
    expect(out.map((line) => outputFaults('geo', line))).toEqual([[], [], []]);
    expect(out.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual([
      'located',
      'unprovable',
      'special',
    ]);
    expect((await domicile(['geo', 'not-an-address'])).exitCode).toBe(65);
  });

  it('flows: totals and far addresses of a folder of logs', async () => {
    const { exitCode, out } = await domicile(['flows', at('export'), '--countries', 'DE', '--json']);
    expect(exitCode).toBe(0);
    const answer = parsed('flows', out) as { peers: readonly { country: string | null }[]; records: number };
    expect(answer.records).toBeGreaterThan(1000);
    expect(answer.peers.filter(({ country }) => country === 'DE')).toEqual([]);
    expect((await domicile(['flows', at('nowhere')])).exitCode).toBe(65);
  });

  it('flows: a log that cannot be read makes the answer incomplete', async () => {
    mkdirSync(at('logs'));
    writeFileSync(at('logs', 'broken.log.gz'), Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]));
    expect((await domicile(['flows', at('logs'), '--json'])).exitCode).toBe(2);
  });

  it('classify: what every detector says, without the value', async () => {
    const prompt = 'Please write a friendly letter to my landlord about the broken heating in the kitchen';
    const { exitCode, out } = await domicile(['classify'], { input: `${JSON.stringify(prompt)}\n42\n` });
    expect(exitCode).toBe(0);
    expect(out.map((line) => outputFaults('classify', line))).toEqual([[], []]);
    expect(out.join('')).not.toContain('landlord');
    expect(out.map((line) => (JSON.parse(line) as { classes: readonly string[] }).classes)).toEqual([
      ['prose'],
      [],
    ]);
    expect((await domicile(['classify'], { input: 'no json' })).exitCode).toBe(65);
  });
});
