import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSample } from '../../sim/make-sample.ts';
import type { Sample } from '../../sim/samples.ts';
import { SAMPLE_SEED, SAMPLE_TIME, SAMPLE_WINDOW } from '../../sim/samples.ts';
import { writeInventory } from '../../sim/write-inventory.ts';
import type { Instruments } from '../../src/audit/evaluate-evidence.ts';
import type { RunInputs } from '../../src/audit/run-inputs.ts';
import { runInputDrafts } from '../../src/audit/run-inputs.ts';
import { collectDatabase, collectExportFolder } from '../../src/collection/index.ts';
import {
  loadAddressData,
  loadDataMaps,
  loadInventory,
  projectFile,
  readLegalTexts,
  readPolicyFiles,
  validateJson,
} from '../../src/config/index.ts';
import type { Clock } from '../../src/core/index.ts';
import type { Deployment, EvidenceDraft, LoadedEvidence, RunKind } from '../../src/evidence/index.ts';
import { createMemoryStore, loadEvidence } from '../../src/evidence/index.ts';
import type { Locator } from '../../src/geo/index.ts';
import { createLocator, isCountryCode } from '../../src/geo/index.ts';
import { createDialer } from '../../src/net/index.ts';
import type { Policy } from '../../src/policy/index.ts';
import {
  CHECKS,
  offeredRegions,
  parseLegalTexts,
  parsePolicies,
  policiesFor,
} from '../../src/policy/index.ts';

const DATA_MAPS = loadDataMaps();
const CLOCK: Clock = { now: () => Date.parse(SAMPLE_TIME) };

let locator: Promise<Locator> | undefined;

/** The checks and address data of this version, read once a process. */
export async function instruments(): Promise<Instruments> {
  locator ??= loadAddressData(projectFile('data', 'addresses')).then(createLocator);
  return { checks: CHECKS, locator: await locator };
}

/** The project's own policies, parsed against the real checks. */
function projectPolicies(deployments: readonly string[]): readonly Policy[] {
  const documents = readPolicyFiles();
  return parsePolicies(documents, {
    checks: CHECKS,
    regions: offeredRegions(documents),
    deployments: new Set(deployments),
    isCountryCode,
    legalTexts: parseLegalTexts(readLegalTexts()),
    validate: validateJson,
  });
}

/** A sample's deployment as the inventory reader gives it, with the plants that lie in the inventory. */
export function sampleDeployment(sample: Sample): Deployment {
  return inFolder((folder) => {
    const { deployments } = loadInventory(writeInventory(folder, [sample]), {
      dataMaps: new Set(DATA_MAPS.map(({ id }) => id)),
      isCountryCode,
    });
    const found = deployments.find(({ id }) => id === sample.deployment);
    if (found === undefined) throw new Error(`expected ${sample.deployment} in the sample inventory`);
    return found;
  });
}

/** Whatever a run of a deployment follows from besides evidence, at the samples' time. */
export function sampleInputs(deployment: Deployment, change: Partial<RunInputs> = {}): RunInputs {
  const { applied, faults } = policiesFor(deployment, projectPolicies([deployment.id]));
  if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join('\n'));
  return {
    facts: {
      runId: `${deployment.id}-test`,
      slot: null,
      startedAt: SAMPLE_TIME,
      window: SAMPLE_WINDOW,
      runBy: 'a test',
      operator: 'Northwind Gateway Pte. Ltd.',
      toolVersion: '0.0.0',
      marks: [],
      validUntil: '2026-11-24T20:10:00Z',
      maxAgeHours: 24,
    },
    chain: {
      sequence: 1,
      previous: null,
      scans: { due: null, missed: [], started: 1, finished: 1, passed: 0, aborted: 0 },
      previousPolicies: null,
    },
    deployment,
    policies: applied,
    waivers: [],
    dataMaps: DATA_MAPS.filter(({ id }) => deployment.databases.some(({ dataMap }) => dataMap === id)).map(
      ({ id, sha256, map }) => ({ id, sha256, map }),
    ),
    dataSets: [],
    ...change,
  };
}

/** The export folder's part of a sample's evidence. */
export async function folderDrafts(
  sample: Sample,
  deployment: Deployment,
  seed: number = SAMPLE_SEED,
): Promise<readonly EvidenceDraft[]> {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-sample-'));
  try {
    await writeSample(folder, sample, seed);
    return (await collectExportFolder(folder, { deployment, provenance: 'live' })).drafts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The databases' part, with the log of the connections that were made for it. `urls` are by variable. */
export async function databaseDrafts(
  deployment: Deployment,
  urls: Readonly<Record<string, string>>,
): Promise<readonly EvidenceDraft[]> {
  const dialer = createDialer({
    allowed: [{ id: 'loopback', to: { kind: 'loopback' } }],
    clock: CLOCK,
  });
  const drafts: EvidenceDraft[] = [];
  for (const { id, dataMap, connection } of deployment.databases) {
    const map = DATA_MAPS.find((file) => file.id === dataMap)?.map;
    if (map === undefined) throw new Error(`expected the data map ${dataMap}`);
    const target = { id, url: urls[connection.urlFrom] ?? '', dataMap: map };
    drafts.push(...(await collectDatabase(target, { dialer, clock: CLOCK })));
  }
  return [
    ...drafts,
    runDraft('auditor.connections', dialer.log()),
    runDraft('auditor.location', { location: 'declared', country: deployment.auditor?.country ?? null }),
  ];
}

/** An item of the run itself. */
export function runDraft(kind: RunKind, body: unknown): EvidenceDraft {
  return {
    key: {
      kind,
      partition: '',
      account: '',
      region: '',
      target: '',
      call: kind.replace('.', ':'),
      parameters: {},
      phase: 'start',
      part: 0,
    },
    time: SAMPLE_TIME,
    status: 'complete',
    reason: '',
    provenance: 'live',
    dropped: [],
    body,
  };
}

/** Drafts as a run would read them back: sealed into a store, digests checked, bodies parsed. */
export async function loadedFrom(
  inputs: RunInputs,
  drafts: readonly EvidenceDraft[],
): Promise<LoadedEvidence> {
  const store = createMemoryStore();
  for (const draft of [...runInputDrafts(inputs), ...drafts]) await store.put(draft);
  await store.seal();
  return loadEvidence(store);
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-inventory-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
