import { copyDatabase, databaseName, dropDatabase, plantRows, seedSample } from '../../sim/database/seed.ts';
import { makeSample, plantsOf } from '../../sim/make-sample.ts';
import type { PlantId } from '../../sim/plants.ts';
import type { EmbeddedPostgres } from '../../sim/postgres.ts';
import type { Sample } from '../../sim/samples.ts';
import { SAMPLE_SEED } from '../../sim/samples.ts';
import type { Instruments } from '../../src/audit/evaluate-evidence.ts';
import { evaluateEvidence } from '../../src/audit/evaluate-evidence.ts';
import type { RunInputs } from '../../src/audit/run-inputs.ts';
import type { EvidenceDraft, LoadedEvidence } from '../../src/evidence/index.ts';
import type { Result, Waiver } from '../../src/policy/index.ts';
import { databaseDrafts, folderDrafts, loadedFrom, sampleDeployment, sampleInputs } from './run-sample.ts';

/** Enough rows for every plant to find its own, and few enough for hundreds of scans. */
const VOLUME = { requests: 240 };

/** Audits one deployment with any set of plants, again and again. */
export interface PlantedAudits {
  readonly evidence: (plants: readonly PlantId[]) => Promise<LoadedEvidence>;
  readonly result: (plants: readonly PlantId[]) => Promise<Result>;
  /** The same evidence with a waiver for whatever was found. */
  readonly accepted: (plants: readonly PlantId[]) => Promise<LoadedEvidence>;
}

const seeded = new WeakMap<EmbeddedPostgres, Map<string, Promise<Readonly<Record<string, string>>>>>();
let copies = 0;

function cleanDatabases(server: EmbeddedPostgres, clean: Sample): Promise<Readonly<Record<string, string>>> {
  const known = seeded.get(server) ?? new Map<string, Promise<Readonly<Record<string, string>>>>();
  seeded.set(server, known);
  const urls =
    known.get(clean.deployment) ?? seedSample(server, { ...clean, plants: [] }, SAMPLE_SEED, VOLUME);
  known.set(clean.deployment, urls);
  return urls;
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
  const urls = await cleanDatabases(server, clean);
  const read = new Map<string, Promise<readonly EvidenceDraft[]>>();

  const readRows = async (sample: Sample): Promise<readonly EvidenceDraft[]> => {
    const urlsOfCopies: Record<string, string> = {};
    const names: string[] = [];
    for (const database of sample.databases) {
      const source = databaseName(sample, database);
      const copy = `${source}_${++copies}`;
      await copyDatabase(server, source, copy);
      if (database.schema === 'gateway') await plantRows(server, copy, sample);
      names.push(copy);
      urlsOfCopies[database.urlFrom] = String(urls[database.urlFrom]).replace(`/${source}`, `/${copy}`);
    }
    const drafts = await databaseDrafts(sampleDeployment(sample), urlsOfCopies);
    for (const name of names) await dropDatabase(server, name);
    return drafts;
  };

  const draftsOf = async (plants: readonly PlantId[]): Promise<readonly EvidenceDraft[]> => {
    const sample = { ...clean, plants };
    const inRows = plantsOf(plants)
      .filter(({ sql }) => sql !== undefined)
      .map(({ id }) => id);
    const name = inRows.join(' ');
    const rows = read.get(name) ?? readRows({ ...clean, plants: inRows });
    read.set(name, rows);
    return [...(await folderDrafts(sample, sampleDeployment(sample))), ...(await rows)];
  };

  const evidence = async (
    plants: readonly PlantId[],
    change: Partial<RunInputs> = {},
  ): Promise<LoadedEvidence> =>
    loadedFrom(sampleInputs(sampleDeployment({ ...clean, plants }), change), await draftsOf(plants));

  const result = async (plants: readonly PlantId[]): Promise<Result> =>
    evaluateEvidence(await evidence(plants), tools);

  return {
    result,
    evidence: (plants) => evidence(plants),
    accepted: async (plants) => {
      const { controls } = await result(plants);
      const waivers = controls.flatMap(({ id, findings }) =>
        findings.map((finding) => waiverOf(clean.deployment, id, finding.id)),
      );
      return evidence(plants, { waivers });
    },
  };
}

/** An accepted exception for one finding, within its days at the samples' time. */
function waiverOf(deployment: string, control: string, finding: string): Waiver {
  return {
    id: `waiver-${finding}`,
    deployment,
    control,
    finding,
    requestedBy: 'Chen Jie',
    approvedBy: 'Tan Hui',
    reason: 'The archive bucket moves next month',
    granted: '2026-11-01',
    expires: '2026-12-15',
    renewals: 0,
  };
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
