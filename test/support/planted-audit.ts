import { copyDatabase, databaseName, dropDatabase, plantRows, seedSample } from '../../sim/database/seed.ts';
import { makeSample, plantsOf } from '../../sim/make-sample.ts';
import type { PlantId } from '../../sim/plants.ts';
import type { EmbeddedPostgres } from '../../sim/postgres.ts';
import type { Sample } from '../../sim/samples.ts';
import { SAMPLE_SEED } from '../../sim/samples.ts';
import type { Instruments } from '../../src/audit/evaluate-evidence.ts';
import { evaluateEvidence } from '../../src/audit/evaluate-evidence.ts';
import type { EvidenceDraft, LoadedEvidence } from '../../src/evidence/index.ts';
import type { Result } from '../../src/policy/index.ts';
import { databaseDrafts, folderDrafts, loadedFrom, sampleDeployment, sampleInputs } from './run-sample.ts';

/** Enough rows for every plant to find its own, and few enough for hundreds of scans. */
const VOLUME = { requests: 240 };

/** Audits one deployment with any set of plants, again and again. */
export interface PlantedAudits {
  readonly evidence: (plants: readonly PlantId[]) => Promise<LoadedEvidence>;
  readonly result: (plants: readonly PlantId[]) => Promise<Result>;
}

/**
 * The clean databases are seeded once; a set of plants in rows gets a copy of them, made by the server, and
 * what was read of it is kept for the next set with the same plants in rows.
 */
export async function plantedAudits(
  server: EmbeddedPostgres,
  clean: Sample,
  tools: Instruments,
): Promise<PlantedAudits> {
  const urls = await seedSample(server, { ...clean, plants: [] }, SAMPLE_SEED, VOLUME);
  const read = new Map<string, Promise<readonly EvidenceDraft[]>>();

  const readRows = async (sample: Sample): Promise<readonly EvidenceDraft[]> => {
    const copies: Record<string, string> = {};
    const names: string[] = [];
    for (const database of sample.databases) {
      const source = databaseName(sample, database);
      const copy = `${source}_${read.size}`;
      await copyDatabase(server, source, copy);
      if (database.schema === 'gateway') await plantRows(server, copy, sample);
      names.push(copy);
      copies[database.urlFrom] = String(urls[database.urlFrom]).replace(`/${source}`, `/${copy}`);
    }
    const drafts = await databaseDrafts(sampleDeployment(sample), copies);
    for (const name of names) await dropDatabase(server, name);
    return drafts;
  };

  const evidence = async (plants: readonly PlantId[]): Promise<LoadedEvidence> => {
    const sample = { ...clean, plants };
    const deployment = sampleDeployment(sample);
    const inRows = plantsOf(plants)
      .filter(({ sql }) => sql !== undefined)
      .map(({ id }) => id);
    const name = inRows.join(' ');
    const rows = read.get(name) ?? readRows({ ...clean, plants: inRows });
    read.set(name, rows);
    return loadedFrom(sampleInputs(deployment), [
      ...(await folderDrafts(sample, deployment)),
      ...(await rows),
    ]);
  };

  return { evidence, result: async (plants) => evaluateEvidence(await evidence(plants), tools) };
}

/** What the audit must find of a set of plants, as `check class resource`, in order. Checks that are not built find nothing. */
export function expectedFindings(
  clean: Sample,
  plants: readonly PlantId[],
  { checks }: Instruments,
): readonly string[] {
  const { named } = makeSample({ ...clean, plants: [] }, SAMPLE_SEED);
  const built = new Set<string>(checks.keys());
  return plantsOf(plants)
    .flatMap(({ expects }) => expects)
    .filter(({ check }) => built.has(check))
    .map(({ check, class: name, resource }) =>
      [check, name, typeof resource === 'string' ? resource : resource(named)].join(' '),
    )
    .toSorted();
}

/** What it did find, in the same form. */
export function foundIn(result: Result): readonly string[] {
  return result.controls
    .flatMap(({ check, findings }) =>
      findings.map((finding) => [check, finding.class, finding.resource].join(' ')),
    )
    .toSorted();
}

/** Why anything stayed open, but for checks that this version does not build. */
export function openReasons(result: Result): readonly string[] {
  return result.controls.flatMap(({ id, reasons }) =>
    reasons
      .filter(({ code }) => code !== 'NOT_IMPLEMENTED')
      .map(({ code, scope, detail }) => `${id}: ${code} ${scope} ${detail}`),
  );
}
