import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalBytes, DomicileError, isJsonObject } from '../core/index.ts';
import type { EvidenceItem, EvidenceStore, Manifest } from '../evidence/index.ts';
import { checkedBytes, manifestOf, sealDraft } from '../evidence/index.ts';
import { exists, writeWhole } from './files.ts';

const MANIFEST = 'manifest.json';
const LARGEST_MANIFEST = 64 * 1024 * 1024;
const LARGEST_ITEM = 512 * 1024 * 1024;
const ITEM_ID = /^[A-Za-z0-9][A-Za-z0-9.-]*(?:\/[A-Za-z0-9][A-Za-z0-9.-]*){1,5}$/;

/** A new evidence store in a folder: one file an item, and `manifest.json` when it is sealed. */
export function createDirectoryStore(directory: string): EvidenceStore {
  const items = new Map<string, EvidenceItem>();
  let sealed: Manifest | undefined;
  return {
    put: async (draft) => {
      const { item, bytes } = sealDraft(draft);
      if (sealed !== undefined)
        throw new DomicileError('STORAGE', 'expected an open evidence store, found a sealed one');
      if (items.has(item.id))
        throw new DomicileError('BAD_INPUT', `expected one item per key, found a second ${item.id}`);
      items.set(item.id, item);
      await writeWhole(join(directory, item.id), bytes);
      return item;
    },
    seal: async () => {
      if (sealed !== undefined) return sealed;
      sealed = manifestOf([...items.values()]);
      await writeManifest(directory, sealed);
      return sealed;
    },
    manifest: async () => sealed ?? manifestOf([...items.values()]),
    read: (item) => readItem(directory, item),
  };
}

/** Seals a folder of items: without its manifest it is no store. */
export async function writeManifest(directory: string, manifest: Manifest): Promise<void> {
  await writeWhole(join(directory, MANIFEST), canonicalBytes(manifest));
}

/** Whether a folder is an evidence store rather than an export. */
export function isEvidenceDirectory(directory: string): Promise<boolean> {
  return exists(join(directory, MANIFEST));
}

/**
 * A sealed evidence store, for reading.
 *
 * @throws DomicileError `BAD_INPUT` where the manifest is no manifest, or names paths that no store makes.
 */
export async function openEvidenceDirectory(directory: string): Promise<EvidenceStore> {
  const manifest = await readManifest(directory);
  const closed = async (): Promise<never> => {
    throw new DomicileError('STORAGE', 'expected an open evidence store, found a sealed one');
  };
  return {
    put: closed,
    seal: async () => manifest,
    manifest: async () => manifest,
    read: (item) => readItem(directory, item),
  };
}

async function readManifest(directory: string): Promise<Manifest> {
  const path = join(directory, MANIFEST);
  const size = (await stat(path).catch(() => undefined))?.size;
  if (size === undefined) {
    throw new DomicileError('NOT_FOUND', {
      message: 'expected an evidence store with a manifest.json, found none',
      hint: 'is this the evidence/ folder of a report?',
    });
  }
  if (size > LARGEST_MANIFEST)
    throw new DomicileError('TOO_LARGE', 'expected a manifest of at most 64 MiB, found a larger one');
  const manifest = parseManifest(await readFile(path, 'utf8'));
  if (manifest === undefined)
    throw new DomicileError(
      'BAD_INPUT',
      'expected a manifest of version 1 with safe item paths, found something else',
    );
  return manifest;
}

/** Item paths are checked before anything is read: a manifest from elsewhere is hostile. */
function parseManifest(text: string): Manifest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value) || value['schemaVersion'] !== 1 || !Array.isArray(value['items']))
    return undefined;
  const sound = value['items'].every(
    (item: unknown) =>
      isJsonObject(item) &&
      typeof item['id'] === 'string' &&
      ITEM_ID.test(item['id']) &&
      typeof item['sha256'] === 'string' &&
      typeof item['size'] === 'number' &&
      isJsonObject(item['key']) &&
      isJsonObject(item['key']['parameters'] ?? null),
  );
  return sound ? (value as unknown as Manifest) : undefined;
}

async function readItem(directory: string, item: EvidenceItem): Promise<Uint8Array> {
  if (item.size > LARGEST_ITEM)
    throw new DomicileError('TOO_LARGE', `expected an item of at most 512 MiB, found a larger one`);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(join(directory, item.id));
  } catch (error) {
    throw new DomicileError('NOT_FOUND', `expected evidence item ${item.id}, found none`, { cause: error });
  }
  return checkedBytes(item, bytes);
}
