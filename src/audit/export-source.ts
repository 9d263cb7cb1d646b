import type { ExportOptions, FolderReport } from '../collection/index.ts';
import { collectExportFolder } from '../collection/index.ts';
import { DomicileError, isJsonObject } from '../core/index.ts';
import type {
  Deployment,
  EvidenceDraft,
  EvidenceKey,
  LoadedEvidence,
  LoadedItem,
  Provenance,
} from '../evidence/index.ts';
import { loadEvidence } from '../evidence/index.ts';
import { openEvidenceDirectory } from '../storage/index.ts';
import type { EvidenceSource } from './evidence-source.ts';
import { connectionsKey } from './evidence-source.ts';

/** What a person hands over instead of the tool reading it, and what is known of it. */
export type ExportSettings = Omit<ExportOptions, 'onProgress' | 'signal'> & {
  /** Told what became of each file, so that nothing is ignored unseen. */
  readonly onReport?: (report: FolderReport) => void;
};

/** The name of a store as a source. */
const STORE_SOURCE = 'evidence';

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
 * nobody can say that a person did not edit it: whatever it says of who read what, it counts as supplied by whom the
 * inventory names, else by the vendor. The connections by which it was collected are the auditor's own, and kept: to
 * whom they led is what marks against reliance and `self.egress` are about.
 *
 * @throws DomicileError `BAD_INPUT` where the store was collected for another deployment: databases of two
 * deployments bear the same names, and the one's rows would speak for the other.
 */
export async function evidenceStoreSource(
  folder: string,
  { id, evidenceFrom }: Pick<Deployment, 'id' | 'evidenceFrom'>,
): Promise<EvidenceSource> {
  const loaded = await loadEvidence(await openEvidenceDirectory(folder));
  requireDeployment(loaded, id);
  const items = loaded.filter(isOfSystems);
  const provenance = evidenceFrom ?? 'vendor-supplied';
  return {
    id: STORE_SOURCE,
    allowed: [],
    collect: async function* ({ signal, onProgress }) {
      for (const [done, item] of items.entries()) {
        signal?.throwIfAborted();
        onProgress?.({ source: 'evidence', step: 'items', done, total: items.length });
        yield await Promise.resolve(toDraft(item, provenance));
      }
      if (!items.some(isConnections)) yield connectionsUnknown(provenance);
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

/** Everything but what belongs to the run that collected it, which this run has its own of. */
function isOfSystems(loaded: LoadedItem): boolean {
  const { kind } = loaded.item.key;
  return isConnections(loaded) || !(kind.startsWith('run.') || kind.startsWith('auditor.'));
}

function isConnections({ item }: LoadedItem): boolean {
  return item.key.kind === 'auditor.connections';
}

function toDraft({ item, body, problem }: LoadedItem, provenance: Provenance): EvidenceDraft {
  const { id: _id, sha256: _sha256, size: _size, ...described } = item;
  const key = item.key.kind === 'auditor.connections' ? earlier(item.key) : item.key;
  if (problem === undefined) return { ...described, key, provenance, body };
  return { ...described, key, provenance, status: 'unreadable', reason: problem, body: undefined };
}

/** Connections of the collection, apart from those of this run. */
function earlier(key: EvidenceKey): EvidenceKey {
  const source = `${STORE_SOURCE}/${key.parameters['source'] ?? ''}`;
  return { ...key, parameters: { ...key.parameters, source } };
}

/** A store that does not say by which connections it was collected proves nothing of them. */
function connectionsUnknown(provenance: Provenance): EvidenceDraft {
  return {
    key: connectionsKey(`${STORE_SOURCE}/`),
    time: null,
    status: 'absent',
    reason: 'the evidence store does not say by which connections it was collected',
    provenance,
    dropped: [],
    body: undefined,
  };
}
