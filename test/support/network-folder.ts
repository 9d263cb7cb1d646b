import type { Network, PathSolver } from '../../src/analysis/index.ts';
import { buildNetwork, createPathSolver, networkSource } from '../../src/analysis/index.ts';
import { readNetworkFolder } from '../../src/collection/index.ts';
import type { Locator } from '../../src/geo/index.ts';

/** The network that a folder of `describe-*` output describes. */
async function networkOfFolder(folder: string): Promise<Network> {
  const { places } = await readNetworkFolder(folder, {});
  return buildNetwork(
    places.map((place) =>
      networkSource(place, (kind) => place.answers.filter(({ item }) => item.key.kind === kind)),
    ),
  );
}

export async function solverOfFolder(folder: string, locator: Locator): Promise<PathSolver> {
  return createPathSolver(await networkOfFolder(folder), locator);
}
