import { lstat, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalBytes, DomicileError } from '../core/index.ts';
import type { EvidenceItem, EvidenceStore, Manifest } from '../evidence/index.ts';
import { checkedBytes, manifestOf, parseManifest, sealDraft } from '../evidence/index.ts';
import { exists, writeWhole } from './files.ts';

const MANIFEST = 'manifest.json';
const LARGEST_MANIFEST = 64 * 1024 * 1024;
const LARGEST_ITEM = 512 * 1024 * 1024;

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
  const manifest = parseManifest(await readFile(path, 'utf8').catch(() => ''));
  if (manifest === undefined)
    throw new DomicileError(
      'BAD_INPUT',
      'expected a manifest of version 1 with safe item paths, found something else',
    );
  return manifest;
}

async function readItem(directory: string, item: EvidenceItem): Promise<Uint8Array> {
  if (item.size > LARGEST_ITEM)
    throw new DomicileError('TOO_LARGE', `expected an item of at most 512 MiB, found a larger one`);
  const path = join(directory, item.id);
  // A pipe would never end and a link may lead anywhere: neither is an item.
  const found = await lstat(path).catch(() => undefined);
  if (found?.isFile() !== true) throw noItem(item);
  if (found.size !== item.size) checkedBytes(item, new Uint8Array(0));
  return checkedBytes(item, await readFile(path).catch(() => Promise.reject(noItem(item))));
}

function noItem({ id }: EvidenceItem): DomicileError {
  return new DomicileError('NOT_FOUND', `expected evidence item ${id}, found none`);
}
