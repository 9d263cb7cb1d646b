import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DomicileError } from '../../src/core/index.ts';
import type { EvidenceDraft, EvidenceStore } from '../../src/evidence/index.ts';
import { createMemoryStore, loadEvidence } from '../../src/evidence/index.ts';
import { createDirectoryStore, openEvidenceDirectory } from '../../src/storage/index.ts';

const root = mkdtempSync(join(tmpdir(), 'domicile-stores-'));
let made = 0;
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Every kind of store: how a new one is made, and how what it sealed is opened again. */
const STORES: readonly {
  readonly name: string;
  readonly make: () => { readonly store: EvidenceStore; readonly reopen: () => Promise<EvidenceStore> };
}[] = [
  {
    name: 'memory',
    make: () => {
      const store = createMemoryStore();
      return { store, reopen: () => Promise.resolve(store) };
    },
  },
  {
    name: 'directory',
    make: () => {
      const folder = join(root, String((made += 1)));
      return { store: createDirectoryStore(folder), reopen: () => openEvidenceDirectory(folder) };
    },
  },
];

function draft(change: Partial<EvidenceDraft> = {}, key: Partial<EvidenceDraft['key']> = {}): EvidenceDraft {
  return {
    key: {
      kind: 'ec2.vpcs',
      partition: 'aws',
      account: '111122223333',
      region: 'eu-central-1',
      target: '',
      call: 'ec2:DescribeVpcs',
      parameters: {},
      phase: 'start',
      part: 0,
      ...key,
    },
    time: '2026-11-22T20:10:00Z',
    status: 'complete',
    reason: '',
    provenance: 'live',
    dropped: [],
    body: { Vpcs: [{ VpcId: 'vpc-1' }] },
    ...change,
  };
}

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return 'none';
  } catch (error) {
    return error instanceof DomicileError ? error.code : 'other';
  }
}

describe.each(STORES)('an evidence store ($name)', ({ make }) => {
  it('gives back what was put, under the digest that the manifest lists', async () => {
    const { store, reopen } = make();
    const item = await store.put(draft());
    await store.seal();
    const [loaded] = await loadEvidence(await reopen());
    expect(loaded).toEqual({ item, body: { Vpcs: [{ VpcId: 'vpc-1' }] } });
  });

  it('gives the same id and digest for the same draft, whatever order members come in', async () => {
    const [left, right] = [make().store, make().store];
    const one = await left.put(draft({ body: { a: 1, b: 2 } }));
    expect(await right.put(draft({ body: { b: 2, a: 1 } }))).toEqual(one);
  });

  it('lists items by id, whatever order they came in', async () => {
    const regions = ['us-east-1', 'eu-central-1', 'ap-southeast-1'];
    const { store, reopen } = make();
    for (const region of regions) await store.put(draft({}, { region }));
    await store.seal();
    const { items } = await (await reopen()).manifest();
    expect(items.map(({ id }) => id)).toEqual(items.map(({ id }) => id).toSorted());
    expect(items).toHaveLength(3);
  });

  it('tells apart what differs in any part of the key', async () => {
    const { store } = make();
    const keys: readonly Partial<EvidenceDraft['key']>[] = [
      {},
      { partition: 'aws-cn' },
      { account: '444455556666' },
      { region: 'eu-west-1' },
      { target: 'gateway' },
      { parameters: { bucket: 'a' } },
      { parameters: { bucket: 'b' } },
      { phase: 'end' },
      { part: 1 },
    ];
    const ids = new Set<string>();
    for (const key of keys) ids.add((await store.put(draft({}, key))).id);
    expect(ids.size).toBe(keys.length);
  });

  it('refuses a second draft of one key, and any draft after the seal', async () => {
    const { store } = make();
    await store.put(draft());
    expect(await codeOf(() => store.put(draft({ body: {} })))).toBe('BAD_INPUT');
    await store.seal();
    expect(await codeOf(() => store.put(draft({}, { part: 1 })))).toBe('STORAGE');
  });

  it('does not know an item that was never put', async () => {
    const { store } = make();
    const item = await make().store.put(draft());
    expect(await codeOf(() => store.read(item))).toBe('NOT_FOUND');
  });

  it('refuses key parts that are no safe file names', async () => {
    const { store } = make();
    for (const key of [{ call: '../etc' }, { account: '..' }, { region: 'a/b' }, { kind: '' }]) {
      expect(await codeOf(() => store.put(draft({}, key)))).toBe('BAD_INPUT');
    }
  });

  it('keeps what an audited system chose out of its ids', async () => {
    const { store } = make();
    const { id } = await store.put(draft({}, { parameters: { bucket: '../../secret' }, target: '; rm -rf' }));
    expect(id).toMatch(/^[A-Za-z0-9./-]+$/);
    expect(id).not.toContain('secret');
  });
});

describe('an evidence store in a folder', () => {
  const folderOf = async (): Promise<{ readonly folder: string; readonly file: string }> => {
    const folder = join(root, String((made += 1)));
    const store = createDirectoryStore(folder);
    const { id } = await store.put(draft());
    await store.seal();
    return { folder, file: join(folder, id) };
  };

  it('says of a changed item that it was changed, and goes on', async () => {
    const { folder, file } = await folderOf();
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0x20, bytes.length - 2, bytes.length - 1));
    const [loaded] = await loadEvidence(await openEvidenceDirectory(folder));
    expect(loaded).toMatchObject({ problem: 'DIGEST_MISMATCH', body: undefined });
  });

  it('says of a deleted item that it was not collected', async () => {
    const { folder, file } = await folderOf();
    rmSync(file);
    const [loaded] = await loadEvidence(await openEvidenceDirectory(folder));
    expect(loaded).toMatchObject({ problem: 'NOT_COLLECTED', body: undefined });
  });

  it('leaves nothing half written', async () => {
    const { folder } = await folderOf();
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.map(({ name }) => name).filter((name) => !name.endsWith('.json'))).toEqual([]);
  });

  it.each<[string, string]>([
    ['no manifest', ''],
    ['another version', '{"schemaVersion": 2, "items": []}'],
    [
      'a path out of the folder',
      '{"schemaVersion": 1, "items": [{"id": "../x/y", "sha256": "", "size": 1, "key": {"parameters": {}}}]}',
    ],
  ])('refuses %s', async (_, text) => {
    const { folder } = await folderOf();
    writeFileSync(join(folder, 'manifest.json'), text);
    expect(await codeOf(() => openEvidenceDirectory(folder))).toBe('BAD_INPUT');
  });
});
