import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NetworkEgress, NetworkSource } from '../../../src/analysis/index.ts';
import { networkSource, solveNetwork } from '../../../src/analysis/index.ts';
import { readNetworkFolder } from '../../../src/collection/index.ts';
import { bigNetworkOf, bigOrdinaryNetworkOf, ordinaryNetworkOf } from '../../oracle/generate/network.ts';
import { sourcesOf } from '../../oracle/solver-input.ts';

/** Of ordinary networks everything is decided: to be sure by saying `unknown` would be no answer. */
const SNAPSHOTS = join(import.meta.dirname, '../../../../shared/data/network/batfish');
const snapshots = existsSync(SNAPSHOTS)
  ? readdirSync(SNAPSHOTS, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  : [];
if (snapshots.length === 0) console.log('skipped: ../shared/data/network/batfish is not there');

const sourcesIn = async (folder: string): Promise<readonly NetworkSource[]> => {
  const { places } = await readNetworkFolder(folder, { account: '111111111111', region: 'us-east-1' });
  return places.map((place) =>
    networkSource(place, (kind) => place.answers.filter(({ item }) => item.key.kind === kind)),
  );
};

/** Interfaces about which nothing is unknown, and all of them. */
const decidedOf = ({ classes }: NetworkEgress): { readonly decided: number; readonly all: number } => {
  const count = (those: NetworkEgress['classes']): number =>
    those.reduce((sum, { interfaces }) => sum + interfaces.length, 0);
  return { decided: count(classes.filter(({ unknowns }) => unknowns.length === 0)), all: count(classes) };
};

const share = (all: readonly NetworkEgress[]): string => {
  const counts = all.map(decidedOf);
  const sum = (of: 'decided' | 'all'): number => counts.reduce((total, one) => total + one[of], 0);
  return `${sum('decided')} of ${sum('all')} interfaces decided`;
};

const expectDecided = (egress: NetworkEgress): void => {
  const { decided, all } = decidedOf(egress);
  expect(all).toBeGreaterThan(0);
  expect(decided).toBe(all);
  expect(egress.network.faults).toEqual([]);
};

describe('every interface is decided', () => {
  it.each(snapshots.map(({ name }) => name))('in the public snapshot %s', async (name) => {
    expectDecided(solveNetwork(await sourcesIn(join(SNAPSHOTS, name))));
  });

  it.each([
    ['small', ordinaryNetworkOf, 150],
    ['big', bigOrdinaryNetworkOf, 15],
  ] as const)('in ordinary networks, %s ones', { timeout: 60_000 }, (_, draw, count) => {
    const solved = Array.from({ length: count }, (__, index) => solveNetwork(sourcesOf(draw(index + 1))));
    console.log(`${_} ordinary networks: ${share(solved)}`);
    for (const egress of solved) expectDecided(egress);
  });

  it('but not where something is unknown, so that the above can fail', () => {
    const solved = Array.from({ length: 5 }, (_, index) => solveNetwork(sourcesOf(bigNetworkOf(index + 1))));
    expect(solved.map(decidedOf).some(({ decided, all }) => decided < all)).toBe(true);
  });
});
