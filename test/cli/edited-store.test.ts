import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSample } from '../../sim/make-sample.ts';
import { SAMPLE_SEED, SAMPLE_SLOT, SAMPLES } from '../../sim/samples.ts';
import { writeInventory } from '../../sim/write-inventory.ts';
import { evidenceStoreSource } from '../../src/audit/export-source.ts';
import { canonicalBytes, sha256Hex } from '../../src/core/index.ts';
import type { Deployment, EvidenceItem } from '../../src/evidence/index.ts';
import type { Result } from '../../src/policy/index.ts';
import { domicile } from '../support/shell.ts';
import { temporaryFolder } from '../support/temporary.ts';

const folder = temporaryFolder();
const at = (...names: readonly string[]): string => join(folder, ...names);
const SAMPLE = 'acme-cn';
/** Whole audits take their time on a busy machine. */
const SLOW = 120_000;
const INVENTORY = ['--deployment', SAMPLE, '--inventory', at('inventory', 'deployments.yaml')];
const REPORT = `1-${SAMPLE}-20261122T200000Z`;

type Edit = (
  item: EvidenceItem,
  body: () => unknown,
) => EvidenceItem | { readonly body: unknown } | undefined;

/** A copy of the collected store in which somebody changed items, with a manifest that fits. */
function edited(name: string, edit: Edit): string {
  const store = at(name);
  cpSync(at('store'), store, { recursive: true });
  const path = join(store, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { readonly items: readonly EvidenceItem[] };
  const items = manifest.items.flatMap((item): readonly EvidenceItem[] => {
    const file = join(store, item.id);
    const changed = edit(item, () => JSON.parse(readFileSync(file, 'utf8')) as unknown);
    if (changed === undefined) return [];
    if (!('body' in changed)) return [changed];
    const bytes = canonicalBytes(changed.body);
    writeFileSync(file, bytes);
    return [{ ...item, sha256: sha256Hex(bytes), size: bytes.length }];
  });
  writeFileSync(path, canonicalBytes({ ...manifest, items }));
  return store;
}

async function audited(
  store: string,
): Promise<{ readonly result: Result; readonly lines: readonly string[] }> {
  const out = `${store}-reports`;
  const args = ['--evidence', store, '--out', out, '--key', at('key.pem'), '--slot', SAMPLE_SLOT];
  const { out: lines } = await domicile(['audit', ...INVENTORY, ...args]);
  const result = JSON.parse(readFileSync(join(out, SAMPLE, REPORT, 'result.json'), 'utf8')) as Result;
  return { result, lines };
}

const selfEgress = ({ controls }: Result) => controls.find(({ check }) => check === 'self.egress');
const isConnections = ({ key }: EvidenceItem): boolean => key.kind === 'auditor.connections';

beforeAll(async () => {
  writeInventory(at('inventory'), SAMPLES);
  const sample = SAMPLES.find(({ deployment }) => deployment === SAMPLE);
  if (sample === undefined) throw new Error('expected the sample');
  await writeSample(at('export'), sample, SAMPLE_SEED);
  await domicile(['keys', 'generate', '--out', at('key.pem'), '--demo']);
  await domicile(['collect', ...INVENTORY, '--evidence', at('export'), '--out', at('store')]);
});

describe('an evidence store that somebody edited', () => {
  it('is told as supplied, as it is (control)', async () => {
    const { result, lines } = await audited(edited('as-it-is', (item) => item));
    expect(selfEgress(result)?.verdict).toBe('pass');
    expect(result.marks).toEqual(['demo-key']);
    expect(lines.join('\n')).toMatch(
      /on evidence of which \d+ items were read by the tool, [1-9]\d* supplied/,
    );
  });

  it.each<[string, Pick<Deployment, 'id' | 'evidenceFrom'>, string]>([
    ['of whom the inventory names', { id: SAMPLE, evidenceFrom: 'customer-supplied' }, 'customer-supplied'],
    ['of the vendor where it names nobody', { id: SAMPLE }, 'vendor-supplied'],
  ])('is the evidence %s, whatever it calls itself', async (_name, deployment, expected) => {
    for (const provenance of ['live', 'customer-supplied', 'vendor-supplied'] as const) {
      const store = edited(`${expected}-${provenance}`, (item) => ({ ...item, provenance }));
      const { collect } = await evidenceStoreSource(store, deployment);
      const seen = new Set<string>();
      for await (const draft of collect({} as Parameters<typeof collect>[0])) seen.add(draft.provenance);
      expect([...seen]).toEqual([expected]);
    }
  });

  it('keeps the mark of the endpoint that it was collected from', async () => {
    const connection = {
      address: '127.0.0.1',
      decision: 'allowed',
      host: 'localhost',
      outcome: 'connected',
      port: 4566,
      purpose: 'ec2:DescribeVpcs',
      rule: 'aws:custom-endpoint',
    };
    const store = edited('endpoint', (item) =>
      isConnections(item) ? { body: { schemaVersion: 1, connections: [connection] } } : item,
    );
    expect((await audited(store)).result.marks).toContain('custom-endpoint');
  });

  it('is held to the connections by which it was collected', { timeout: SLOW }, async () => {
    const abroad = {
      address: '3.120.0.1',
      decision: 'allowed',
      outcome: 'connected',
      purpose: 'ec2',
      port: 443,
    };
    const store = edited('abroad', (item) =>
      isConnections(item) ? { body: { schemaVersion: 1, connections: [abroad] } } : item,
    );
    expect(selfEgress((await audited(store)).result)?.verdict).toBe('fail');
    const silent = edited('silent', (item) => (isConnections(item) ? undefined : item));
    expect(selfEgress((await audited(silent)).result)?.verdict).toBe('inconclusive');
  });

  it('can be audited from the evidence of its own report', { timeout: SLOW }, async () => {
    await audited(at('store'));
    const { result } = await audited(join(`${at('store')}-reports`, SAMPLE, REPORT, 'evidence'));
    expect(selfEgress(result)?.verdict).toBe('pass');
  });

  it('is not read where its manifest does not fit: an item changed, its path led out', {
    timeout: SLOW,
  }, async () => {
    const changed = edited('changed', (item) => item);
    const manifest = JSON.parse(readFileSync(join(changed, 'manifest.json'), 'utf8')) as {
      readonly items: readonly EvidenceItem[];
    };
    const vpcs = manifest.items.find(({ key }) => key.kind === 'ec2.vpcs');
    writeFileSync(join(changed, vpcs?.id ?? ''), '{"Vpcs":[]}\n');
    const { result } = await audited(changed);
    const egress = result.controls.find(({ check }) => check === 'network.egress');
    expect(egress?.reasons.map(({ detail }) => detail).join()).toContain('DIGEST_MISMATCH');
    const out = edited('out', (item) => ({ ...item, id: `../${item.id}` }));
    const refused = await domicile(['audit', ...INVENTORY, '--evidence', out, '--key', at('key.pem')]);
    expect(refused.exitCode).toBe(65);
    rmSync(changed, { recursive: true });
  });
});
