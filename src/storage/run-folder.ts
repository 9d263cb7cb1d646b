import { link, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DomicileError, sha256Hex } from '../core/index.ts';
import type { EvidenceItem, EvidenceStore } from '../evidence/index.ts';
import { manifestOf } from '../evidence/index.ts';
import { createDirectoryStore, openEvidenceDirectory, writeManifest } from './directory-store.ts';
import { exists, filesBelow, storageError, syncDirectory, writeWhole } from './files.ts';

/** Folders of runs in the making are hidden: nothing is visible under a report's name before it is whole. */
const HIDDEN = '.run-';

/** A file of a report by its digest. */
export interface FileDigest {
  readonly name: string;
  readonly sha256: string;
}

/** What one evidence source brought. A shard that is sealed was brought whole, and is never brought again. */
export interface Shard {
  readonly sealed: boolean;
  readonly store: EvidenceStore;
}

/**
 * A run in the making. Everything between its steps lies here, so that any process can take the next step and a
 * step that was cut off can be taken again.
 */
export interface RunFolder {
  /** Opens what a source brought; what an interrupted step left of it is thrown away. */
  readonly shard: (source: string) => Promise<Shard>;
  /**
   * Brings the shards of these sources together into the sealed evidence of the report.
   *
   * @throws DomicileError `NOT_FOUND` where a source's shard is not there or not sealed.
   */
  readonly gather: (sources: readonly string[]) => Promise<EvidenceStore>;
  /** Writes a file of the report, whole or not at all. */
  readonly write: (name: string, bytes: Uint8Array | string) => Promise<void>;
  /** Every file of the report so far, by digest. */
  readonly digests: () => Promise<readonly FileDigest[]>;
  /** Whether the report has a file already. */
  readonly has: (name: string) => Promise<boolean>;
  readonly read: (name: string) => Promise<Uint8Array>;
  /** Makes the report visible under its name and gives its path. Done twice it is done once. */
  readonly publish: (name: string) => Promise<string>;
  /** Throws everything away. */
  readonly discard: () => Promise<void>;
}

/** The folder of a run, whether it is new or was left by another process. */
export function openRunFolder(root: string, deployment: string, runId: string): RunFolder {
  const folder = join(root, deployment, `${HIDDEN}${runId}`);
  const report = join(folder, 'report');
  const evidence = join(report, 'evidence');
  const shardFolder = (source: string): string => join(folder, 'shards', sha256Hex(source).slice(0, 24));
  return {
    shard: async (source) => {
      const path = shardFolder(source);
      if (await exists(join(path, 'manifest.json')))
        return { sealed: true, store: await openEvidenceDirectory(path) };
      await rm(path, { recursive: true, force: true });
      return { sealed: false, store: createDirectoryStore(path) };
    },
    gather: async (sources) => {
      await rm(report, { recursive: true, force: true });
      const items: EvidenceItem[] = [];
      for (const source of sources) items.push(...(await linkShard(shardFolder(source), evidence)));
      requireDistinct(items);
      await writeManifest(evidence, manifestOf(items));
      return openEvidenceDirectory(evidence);
    },
    write: (name, bytes) => writeWhole(join(report, name), bytes),
    digests: async () =>
      Promise.all(
        (await filesBelow(report)).map(async (name) => ({
          name,
          sha256: sha256Hex(await readFile(join(report, name))),
        })),
      ),
    has: (name) => exists(join(report, name)),
    read: (name) => readFile(join(report, name)),
    publish: async (name) => {
      const final = join(root, deployment, name);
      try {
        if (!(await exists(final))) await rename(report, final);
        await syncDirectory(join(root, deployment));
      } catch (error) {
        throw storageError('store', error);
      }
      await rm(folder, { recursive: true, force: true });
      return final;
    },
    discard: () => rm(folder, { recursive: true, force: true }),
  };
}

/**
 * Throws away what other runs of a deployment left: only who holds the lease may call it, after the last report
 * of the chain was published.
 */
export async function discardOtherRuns(root: string, deployment: string, runId: string): Promise<void> {
  const entries = await readdir(join(root, deployment)).catch(() => []);
  for (const name of entries) {
    if (name.startsWith(HIDDEN) && name !== `${HIDDEN}${runId}`)
      await rm(join(root, deployment, name), { recursive: true, force: true });
  }
}

/** Links instead of copies: the shard stays whole until the report is published, at no cost in space. */
async function linkShard(shard: string, evidence: string): Promise<readonly EvidenceItem[]> {
  const { items } = await (await openEvidenceDirectory(shard)).manifest();
  try {
    for (const { id } of items) {
      await mkdir(dirname(join(evidence, id)), { recursive: true });
      await link(join(shard, id), join(evidence, id));
    }
  } catch (error) {
    throw storageError('gather evidence into', error);
  }
  return items;
}

function requireDistinct(items: readonly EvidenceItem[]): void {
  const ids = new Set(items.map(({ id }) => id));
  if (ids.size !== items.length)
    throw new DomicileError('BAD_INPUT', 'expected each evidence item from one source, found one from two');
}
