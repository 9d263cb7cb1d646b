import { dirname, join } from 'node:path';
import type { Fault, Json, LocatedDocument } from '../core/index.ts';
import { assertNoFaults, isJsonArray, isJsonObject } from '../core/index.ts';
import type { Deployment } from '../evidence/index.ts';
import type { InventoryEnvironment } from './deployment-checks.ts';
import { deploymentFaults } from './deployment-checks.ts';
import { ABSENT_FILE, displayName, readYamlFile } from './yaml-file.ts';

/** The schema's 5,000 deployments at some 3 KiB each: 16 MiB. */
const LARGEST_INVENTORY = 16 * 1024 * 1024;

/** A checked `deployments.yaml`. */
export interface InventoryFile {
  readonly file: string;
  readonly sha256: string;
  /** The company that runs the deployments and this tool. */
  readonly operator: string;
  readonly deployments: readonly Deployment[];
  /** `waivers.yaml` beside it, for `parseWaivers`; undefined where there is none. */
  readonly waivers?: LocatedDocument;
}

/**
 * Reads an inventory and the waivers beside it.
 *
 * @throws DomicileError `BAD_INPUT` with every fault of the inventory. Those of the waivers stay in their
 * document, since they can be told only together with what the policies say.
 */
export function loadInventory(path: string, environment: InventoryEnvironment): InventoryFile {
  const document = readYamlFile(path, 'inventory', displayName(path), LARGEST_INVENTORY);
  const waivers = readYamlFile(join(dirname(path), 'waivers.yaml'), 'waivers');
  return { ...parseInventory(document, environment), ...(isAbsent(waivers) ? {} : { waivers }) };
}

/**
 * The inventory of a located document that was checked against `inventory.schema.json`.
 *
 * Refused, all at once: whatever the schema refuses; ids that are there twice; a region of another
 * partition; a role of another account or partition; a log source or data map that nothing declares; a
 * country that is none; a cron expression or time zone that is none; dates in the wrong order.
 *
 * @throws DomicileError `BAD_INPUT` with every fault.
 */
export function parseInventory(document: LocatedDocument, environment: InventoryEnvironment): InventoryFile {
  const deployments = listOf(document.value, 'deployments');
  assertNoFaults([
    ...document.faults,
    ...repeatedDeployments(document, deployments),
    ...deployments.flatMap((deployment, index) =>
      deploymentFaults(document, environment, deployment, ['deployments', index]),
    ),
  ]);
  // No faults: the document has the shape of its schema, from which the type is generated.
  const { operator, deployments: checked } = document.value as unknown as Pick<
    InventoryFile,
    'operator' | 'deployments'
  >;
  return { file: document.file, sha256: document.sha256, operator, deployments: checked };
}

function repeatedDeployments(document: LocatedDocument, deployments: readonly Json[]): readonly Fault[] {
  const ids = new Set<Json>();
  return deployments.flatMap((deployment, index) => {
    const id = isJsonObject(deployment) ? deployment['id'] : undefined;
    if (typeof id !== 'string') return [];
    const repeated = ids.has(id);
    ids.add(id);
    if (!repeated) return [];
    const at = document.at(['deployments', index, 'id']);
    return [{ message: `expected each deployment once, found ${id.slice(0, 63)} again`, at }];
  });
}

function listOf(value: Json, member: string): readonly Json[] {
  const list = isJsonObject(value) ? value[member] : undefined;
  return isJsonArray(list) ? list : [];
}

/** Waivers are optional: only a file that is there can be wrong. */
function isAbsent(document: LocatedDocument): boolean {
  return document.faults.some(({ message }) => message === ABSENT_FILE);
}
