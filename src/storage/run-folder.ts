import { copyFile, link, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DomicileError, sha256Hex } from '../core/index.ts';
import type { EvidenceItem, EvidenceStore } from '../evidence/index.ts';
import { manifestOf } from '../evidence/index.ts';
import { createDirectoryStore, openEvidenceDirectory, writeManifest } from './directory-store.ts';
import {
  exists,
  filesBelow,
  moveFirst,
  ownSuffix,
  storageError,
  syncDirectory,
  writeWhole,
} from './files.ts';

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
 * The report of a run while it is being written. Several workers may write one at the same time, each their own:
 * the same evidence gives the same report, and the first that is whole stands.
 */
export interface ReportDraft {
  /**
   * Brings the shards of these sources together into the sealed evidence of the report.
   *
   * @throws DomicileError `NOT_FOUND` where a source's shard is not there or not sealed.
   */
  readonly gather: (sources: readonly string[]) => Promise<EvidenceStore>;
  /** Writes a file of the report. */
  readonly write: (name: string, bytes: Uint8Array | string) => Promise<void>;
  /** Every file of the report so far, by digest. */
  readonly digests: () => Promise<readonly FileDigest[]>;
  /** Makes it the run's report, unless another one is that already. */
  readonly complete: () => Promise<void>;
}

/**
 * A run in the making. Everything between its steps lies here, so that any process can take the next step and a
 * step that was cut off can be taken again. Two processes that take the same step do it twice, to no effect.
 */
export interface RunFolder {
  /** Opens what a source brought, or a new shard that counts when it is sealed, if no other was sealed before. */
  readonly shard: (source: string) => Promise<Shard>;
  readonly draft: () => ReportDraft;
  /** Whether the run has a whole report, published or not. */
  readonly hasReport: () => Promise<boolean>;
  /** A file of the whole report. */
  readonly read: (name: string) => Promise<Uint8Array>;
  /** Makes the whole report visible under its name and gives its path. Done twice it is done once. */
  readonly publish: (name: string) => Promise<string>;
  /** Throws everything away. */
  readonly discard: () => Promise<void>;
}

/** The folder of a run, whether it is new or was left by another process. */
export function openRunFolder(root: string, deployment: string, runId: string): RunFolder {
  const folder = join(root, deployment, `${HIDDEN}${runId}`);
  const report = join(folder, 'report');
  const shardFolder = (source: string): string => join(folder, 'shards', sha256Hex(source).slice(0, 24));
  return {
    shard: async (source) => {
      const path = shardFolder(source);
      if (await exists(join(path, 'manifest.json')))
        return { sealed: true, store: await openEvidenceDirectory(path) };
      return { sealed: false, store: shardInTheMaking(`${path}.${ownSuffix()}`, path) };
    },
    draft: () => reportDraft(join(folder, `report.${ownSuffix()}`), report, shardFolder),
    hasReport: () => exists(report),
    read: (name) => readFile(join(report, name)),
    publish: async (name) => {
      const final = join(root, deployment, name);
      try {
        if (!(await exists(final))) await rename(report, final);
        await syncDirectory(join(root, deployment));
      } catch (error) {
        // Another process may have published between the look and the move.
        if (!(await exists(final))) throw storageError('store', error);
      }
      await rm(folder, { recursive: true, force: true });
      return final;
    },
    discard: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A store that gets its shard's name when it is sealed: an interrupted one never counts. */
function shardInTheMaking(own: string, final: string): EvidenceStore {
  const store = createDirectoryStore(own);
  return {
    ...store,
    seal: async () => {
      await store.seal();
      await moveFirst(own, final);
      return (await openEvidenceDirectory(final)).manifest();
    },
  };
}

function reportDraft(own: string, final: string, shardFolder: (source: string) => string): ReportDraft {
  const evidence = join(own, 'evidence');
  return {
    gather: async (sources) => {
      const items: EvidenceItem[] = [];
      for (const source of sources) items.push(...(await linkShard(shardFolder(source), evidence)));
      requireDistinct(items);
      await writeManifest(evidence, manifestOf(items));
      return openEvidenceDirectory(evidence);
    },
    write: (name, bytes) => writeWhole(join(own, name), bytes),
    digests: async () =>
      Promise.all(
        (await filesBelow(own)).map(async (name) => ({
          name,
          sha256: sha256Hex(await readFile(join(own, name))),
        })),
      ),
    complete: async () => {
      await moveFirst(own, final);
    },
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
      await linkOrCopy(join(shard, id), join(evidence, id));
    }
  } catch (error) {
    throw storageError('gather evidence into', error);
  }
  return items;
}

/** Some network and container file systems have no hard links. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'].includes(code)) throw error;
    await copyFile(from, to);
  }
}

function requireDistinct(items: readonly EvidenceItem[]): void {
  const ids = new Set(items.map(({ id }) => id));
  if (ids.size !== items.length)
    throw new DomicileError('BAD_INPUT', 'expected each evidence item from one source, found one from two');
}
