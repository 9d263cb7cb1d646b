import type { ExportOptions, FolderReport } from '../collection/index.ts';
import { collectExportFolder } from '../collection/index.ts';
import { DomicileError, isJsonObject } from '../core/index.ts';
import type { EvidenceDraft, LoadedEvidence, LoadedItem } from '../evidence/index.ts';
import { loadEvidence } from '../evidence/index.ts';
import { openEvidenceDirectory } from '../storage/index.ts';
import type { EvidenceSource } from './evidence-source.ts';

/** What a person hands over instead of the tool reading it, and what is known of it. */
export type ExportSettings = Omit<ExportOptions, 'onProgress' | 'signal'> & {
  /** Told what became of each file, so that nothing is ignored unseen. */
  readonly onReport?: (report: FolderReport) => void;
};

/** A folder of AWS CLI output, with log objects beside it. Reads files only. */
export function exportFolderSource(folder: string, settings: ExportSettings): EvidenceSource {
  const { onReport, ...options } = settings;
  return {
    id: 'export',
    allowed: [],
    collect: async function* ({ signal, onProgress }) {
      const { drafts, report } = await collectExportFolder(folder, {
        ...options,
        ...(signal === undefined ? {} : { signal }),
        onProgress: (step, done, total) => onProgress?.({ source: 'export', step, done, total }),
      });
      onReport?.(report);
      yield* drafts;
    },
  };
}

/**
 * An evidence store that an earlier `collect` wrote, or the evidence of a report. Its manifest is not signed, so
 * nobody can say that a person did not edit it: what it calls live counts as supplied by the vendor.
 *
 * @throws DomicileError `BAD_INPUT` where the store was collected for another deployment: databases of two
 * deployments bear the same names, and the one's rows would speak for the other.
 */
export async function evidenceStoreSource(folder: string, deployment: string): Promise<EvidenceSource> {
  const loaded = await loadEvidence(await openEvidenceDirectory(folder));
  requireDeployment(loaded, deployment);
  const items = loaded.filter(isOfSystems);
  return {
    id: 'evidence',
    allowed: [],
    collect: async function* ({ signal, onProgress }) {
      for (const [done, item] of items.entries()) {
        signal?.throwIfAborted();
        onProgress?.({ source: 'evidence', step: 'items', done, total: items.length });
        yield await Promise.resolve(toDraft(item));
      }
    },
  };
}

function requireDeployment(loaded: LoadedEvidence, deployment: string): void {
  const body = loaded.find(({ item }) => item.key.kind === 'run.inventory')?.body;
  const found = isJsonObject(body) && typeof body['id'] === 'string' ? body['id'] : 'none';
  if (found === deployment) return;
  throw new DomicileError('BAD_INPUT', {
    message: `expected an evidence store of ${deployment}, found one of ${found.slice(0, 63)}`,
    hint: 'domicile collect writes whose evidence it is',
  });
}

/** Everything but what belongs to the run that collected it: this run has its own. */
function isOfSystems({ item }: LoadedItem): boolean {
  return !item.key.kind.startsWith('run.') && !item.key.kind.startsWith('auditor.');
}

function toDraft({ item, body, problem }: LoadedItem): EvidenceDraft {
  const { id: _id, sha256: _sha256, size: _size, ...described } = item;
  const provenance = item.provenance === 'live' ? 'vendor-supplied' : item.provenance;
  if (problem === undefined) return { ...described, provenance, body };
  return { ...described, provenance, status: 'unreadable', reason: problem, body: undefined };
}
