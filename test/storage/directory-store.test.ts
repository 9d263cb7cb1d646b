import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { canonicalBytes } from '../../src/core/index.ts';
import type { EvidenceDraft, EvidenceItem, Manifest } from '../../src/evidence/index.ts';
import { loadEvidence, parseManifest } from '../../src/evidence/index.ts';
import { createDirectoryStore, isEvidenceDirectory, openEvidenceDirectory } from '../../src/storage/index.ts';
import { temporaryFolder } from '../support/temporary.ts';

const root = temporaryFolder();
let used = 0;
let folder: string;
let item: EvidenceItem;

const draft = (part: number, body: unknown = { Vpcs: [] }): EvidenceDraft => ({
  key: {
    kind: 'ec2.vpcs',
    partition: 'aws-cn',
    account: '210987654321',
    region: 'cn-north-1',
    target: '',
    call: 'ec2:DescribeVpcs',
    parameters: {},
    phase: 'start',
    part,
  },
  time: '2026-11-23T02:00:00Z',
  status: 'complete',
  reason: '',
  provenance: 'live',
  dropped: [{ path: 'Vpcs[].Tags', count: 2 }],
  body,
});

beforeEach(async () => {
  used += 1;
  folder = join(root, `store-${used}`);
  const store = createDirectoryStore(folder);
  item = await store.put(draft(0));
  await store.put(draft(1, { Vpcs: [{ VpcId: 'vpc-1' }] }));
  await store.seal();
});

const path = (): string => join(folder, item.id);
const manifestText = (): string => readFileSync(join(folder, 'manifest.json'), 'utf8');
const rewritten = (change: (manifest: { items: Record<string, unknown>[] }) => unknown): string => {
  const manifest = JSON.parse(manifestText()) as { items: Record<string, unknown>[] };
  return JSON.stringify(change(manifest) ?? manifest);
};
const problems = async (): Promise<readonly (string | undefined)[]> =>
  (await loadEvidence(await openEvidenceDirectory(folder))).map(({ problem }) => problem);

describe('a store of evidence in a folder', () => {
  it('comes back as it was put', async () => {
    expect(await isEvidenceDirectory(folder)).toBe(true);
    const store = await openEvidenceDirectory(folder);
    expect(Uint8Array.from(await store.read(item))).toEqual(canonicalBytes({ Vpcs: [] }));
    expect(await problems()).toEqual([undefined, undefined]);
    await expect(store.put(draft(2))).rejects.toMatchObject({ code: 'STORAGE' });
  });

  it('takes one item per key, and none after it was sealed', async () => {
    const store = createDirectoryStore(join(folder, 'other'));
    await store.put(draft(0));
    await expect(store.put(draft(0))).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await store.seal();
    await expect(store.put(draft(1))).rejects.toMatchObject({ code: 'STORAGE' });
  });

  it.each<[string, () => void, string]>([
    ['was changed', () => writeFileSync(path(), '{"Vpcs":[1]}\n'), 'DIGEST_MISMATCH'],
    [
      'was changed in one byte',
      () => writeFileSync(path(), readFileSync(path(), 'utf8').replace('V', 'W')),
      'DIGEST_MISMATCH',
    ],
    ['was cut', () => writeFileSync(path(), '{"Vp'), 'DIGEST_MISMATCH'],
    ['is gone', () => spawnSync('rm', [path()]), 'NOT_COLLECTED'],
    ['is a folder', () => spawnSync('sh', ['-c', `rm "${path()}" && mkdir "${path()}"`]), 'NOT_COLLECTED'],
    [
      'is a link',
      () => spawnSync('sh', ['-c', `mv "${path()}" "${path()}.x" && ln -s "${path()}.x" "${path()}"`]),
      'NOT_COLLECTED',
    ],
    [
      'is a pipe, which would never end',
      () => spawnSync('sh', ['-c', `rm "${path()}" && mkfifo "${path()}"`]),
      'NOT_COLLECTED',
    ],
  ])('with an item that %s says so, and reads the others', async (_what, change, problem) => {
    change();
    expect(await problems()).toEqual([problem, undefined]);
  });
});

describe('a manifest from elsewhere', () => {
  const edit = (members: Record<string, unknown>): string =>
    rewritten(({ items }) => ({ schemaVersion: 1, items: [{ ...items[0], ...members }] }));
  const editKey = (members: Record<string, unknown>): string =>
    rewritten(({ items }) => ({
      schemaVersion: 1,
      items: [{ ...items[0], key: { ...(items[0]?.['key'] as object), ...members } }],
    }));

  it('is read where nothing is wrong with it (control)', () => {
    expect(parseManifest(manifestText())?.items).toHaveLength(2);
    expect(parseManifest(edit({}))?.items).toHaveLength(1);
  });

  it.each<[string, () => string]>([
    ['a path that leads out', () => edit({ id: '../../../etc/passwd' })],
    [
      'a path of another key',
      () => edit({ id: 'ec2.vpcs/210987654321/cn-north-1/ec2.DescribeVpcs.start.1.0123456789abcdef.json' }),
    ],
    ['a key that its path is not of', () => editKey({ account: '111122223333' })],
    ['an item twice', () => rewritten(({ items }) => ({ schemaVersion: 1, items: [items[0], items[0]] }))],
    ['items twice', () => manifestText().replace('{"items"', '{"items":[],"items"')],
    ['a status of its own', () => edit({ status: 'fine' })],
    ['a status from the language', () => edit({ status: 'toString' })],
    ['a provenance of its own', () => edit({ provenance: 'trusted' })],
    ['a time without a zone', () => edit({ time: '2026-11-23 02:00' })],
    ['no time at all', () => edit({ time: undefined })],
    ['a size below nothing', () => edit({ size: -1 })],
    ['a size that is no number', () => edit({ size: '5' })],
    ['a digest in capitals', () => edit({ sha256: 'A'.repeat(64) })],
    ['dropped members of another shape', () => edit({ dropped: [{ path: 1, count: 1 }] })],
    ['a reduction of another shape', () => edit({ reducedWith: { kernel: 1 } })],
    ['a part that is no number', () => editKey({ part: '0' })],
    ['a phase of its own', () => editKey({ phase: 'middle' })],
    ['parameters that are no texts', () => editKey({ parameters: { a: {} } })],
    ['a target that is a number', () => editKey({ target: 5 })],
    ['a later version', () => manifestText().replace('"schemaVersion":1', '"schemaVersion":2')],
    ['no items', () => '{"schemaVersion":1}'],
    ['a list', () => '[]'],
    ['no JSON', () => 'items'],
    ['a million brackets', () => '['.repeat(1_000_000)],
  ])('with %s is none', async (_what, make) => {
    const text = make();
    expect(parseManifest(text)).toBeUndefined();
    writeFileSync(join(folder, 'manifest.json'), text);
    await expect(openEvidenceDirectory(folder)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('that is not there, or cannot be opened, is told', async () => {
    await expect(openEvidenceDirectory(join(folder, 'none'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    mkdirSync(join(folder, 'odd', 'manifest.json'), { recursive: true });
    await expect(openEvidenceDirectory(join(folder, 'odd'))).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('is one of ours, whatever was collected', async () => {
    const { items }: Manifest = await (await openEvidenceDirectory(folder)).manifest();
    expect(items.map(({ key }) => key.part)).toEqual([0, 1]);
    symlinkSync(folder, join(root, `link-${used}`));
    expect(readdirSync(folder).sort()).toEqual(['ec2.vpcs', 'manifest.json']);
  });
});
