import {
  loadAddressData,
  loadDataMaps,
  loadInventory,
  projectFile,
  readLegalTexts,
  readPolicyFiles,
  validateJson,
} from '../config/index.ts';
import { assertNoFaults, DomicileError, digestOf } from '../core/index.ts';
import type { Deployment } from '../evidence/index.ts';
import { createLocator, isCountryCode } from '../geo/index.ts';
import type { DataSetReference, LegalTexts, Policy, Waiver } from '../policy/index.ts';
import {
  CHECKS,
  offeredRegions,
  parseLegalTexts,
  parsePolicies,
  parseWaivers,
  policiesFor,
  waiversFor,
} from '../policy/index.ts';
import { DETECTOR_SET, DETECTORS } from '../scan/index.ts';
import type { Instruments } from './evaluate-evidence.ts';
import type { RunInputs } from './run-inputs.ts';

/** The operator's own files, read and checked together, and what ships with the tool. */
export interface Project extends Instruments {
  readonly operator: string;
  readonly deployments: readonly Deployment[];
  readonly policies: readonly Policy[];
  readonly waivers: readonly Waiver[];
  readonly dataMaps: RunInputs['dataMaps'];
  readonly dataSets: readonly DataSetReference[];
  /** Whether somebody named the policy files by hand: then nothing that they judge is for reliance. */
  readonly adHocPolicies: boolean;
}

export interface ProjectFiles {
  readonly inventory: string;
  /** Policy files given by hand; without them the project's own. */
  readonly policies?: readonly string[];
}

/** The instruments alone: what `replay` and `geo` need. */
export async function loadInstruments(): Promise<Instruments & Pick<Project, 'dataSets'>> {
  const locator = createLocator(await loadAddressData(projectFile('data', 'addresses')));
  return {
    checks: CHECKS,
    locator,
    dataSets: dataSetsOf(locator.dataSets, parseLegalTexts(readLegalTexts())),
  };
}

/**
 * Reads an inventory, its waivers, the policies, data maps and legal texts that it names.
 *
 * @throws DomicileError `BAD_INPUT` with every fault of every file, as far as each could be read.
 */
export async function loadProject(files: ProjectFiles): Promise<Project> {
  const dataMaps = loadDataMaps();
  const inventory = loadInventory(files.inventory, {
    isCountryCode,
    dataMaps: new Set(dataMaps.map(({ id }) => id)),
  });
  const legalTexts = parseLegalTexts(readLegalTexts());
  const documents = readPolicyFiles(files.policies);
  const deployments = new Set(inventory.deployments.map(({ id }) => id));
  const policies = parsePolicies(documents, {
    checks: CHECKS,
    // A policy that is given alone is still held against the product's own region table.
    regions: offeredRegions([...documents, ...readPolicyFiles()]),
    deployments,
    isCountryCode,
    legalTexts,
    validate: validateJson,
  });
  const instruments = await loadInstruments();
  return {
    ...instruments,
    operator: inventory.operator,
    deployments: inventory.deployments,
    policies,
    waivers:
      inventory.waivers === undefined ? [] : parseWaivers(inventory.waivers, { deployments, policies }),
    dataMaps: dataMaps.map(({ id, sha256, map }) => ({ id, sha256, map })),
    adHocPolicies: files.policies !== undefined,
  };
}

/** What judges one deployment. */
export interface DeploymentScope {
  readonly deployment: Deployment;
  readonly policies: readonly Policy[];
  readonly waivers: readonly Waiver[];
  readonly dataMaps: RunInputs['dataMaps'];
}

/**
 * One deployment with the policies that it names. Policies that were given by hand all apply.
 *
 * @throws DomicileError `NOT_FOUND` for a deployment that is not in the inventory, `BAD_INPUT` where its policies
 * and the policies' scopes disagree.
 */
export function scopeOf(project: Project, id: string): DeploymentScope {
  const deployment = project.deployments.find((one) => one.id === id);
  if (deployment === undefined) {
    throw new DomicileError('NOT_FOUND', {
      message: `expected a deployment of the inventory, found ${id.slice(0, 63)}`,
      hint: `known are ${project.deployments
        .slice(0, 20)
        .map((one) => one.id)
        .join(', ')}`,
    });
  }
  const waivers = waiversFor(id, project.waivers);
  const dataMaps = project.dataMaps.filter((one) =>
    deployment.databases.some(({ dataMap }) => dataMap === one.id),
  );
  if (project.adHocPolicies) return { deployment, policies: project.policies, waivers, dataMaps };
  const { applied, faults } = policiesFor(deployment, project.policies);
  assertNoFaults(faults);
  return { deployment, policies: applied, waivers, dataMaps };
}

/** Every data set that a verdict may rest on, by digest: addresses, detectors, legal texts. */
function dataSetsOf(addresses: readonly DataSetReference[], legal: LegalTexts): readonly DataSetReference[] {
  return [
    ...addresses,
    {
      id: 'content-detectors',
      title: 'Content detectors',
      edition: DETECTOR_SET,
      sha256: digestOf({ set: DETECTOR_SET, detectors: DETECTORS.map(({ id }) => id) }),
    },
    { id: 'legal-texts', title: 'Legal texts', edition: legal.edition, sha256: legal.sha256 },
  ];
}
