import { expect, it } from 'vitest';
import type { Disagreement } from '../../oracle/agreement.ts';
import { compare } from '../../oracle/agreement.ts';
import { SOLVER_FOLDER, solverIn } from '../../oracle/solver.ts';

const NETWORKS = 1500;
const PROBES = 100;
const LEAST_PACKETS = 100_000;

/** The first few, readable: seed, packet, both answers. */
const told = (all: readonly Disagreement[]): string =>
  all
    .slice(0, 10)
    .map(
      (one) =>
        `network ${one.seed}, ${one.about}: ${one.packet}\n  oracle ${one.oracle}\n  solver ${one.solver}`,
    )
    .join('\n');

it('agrees with the oracle on random packets over random networks, in both directions and families', {
  timeout: 180_000,
}, async () => {
  const solver = await solverIn(SOLVER_FOLDER);
  let packets = 0;
  const disagreements: Disagreement[] = [];
  for (let seed = 1; seed <= NETWORKS; seed += 1) {
    const found = compare(solver, seed, PROBES);
    packets += found.packets;
    disagreements.push(...found.disagreements);
  }
  console.log(`${packets} packets over ${NETWORKS} networks, ${disagreements.length} disagreements`);
  expect(disagreements.length, told(disagreements)).toBe(0);
  expect(packets).toBeGreaterThanOrEqual(LEAST_PACKETS);
});
