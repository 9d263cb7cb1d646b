import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compare } from '../../oracle/agreement.ts';
import { MUTANTS } from '../../oracle/mutants.ts';
import { mutantFolder } from '../../oracle/mutate.ts';
import type { Solver } from '../../oracle/solver.ts';
import { SOLVER_FOLDER, solverIn } from '../../oracle/solver.ts';

/** As many networks as it takes; the fault that is hardest to see needs a few hundred. */
const MOST_NETWORKS = 1200;
const PROBES = 100;

describe('a fault in the solver does not pass unnoticed', () => {
  it('is tried with twenty mutants at least, no two of which are the same', () => {
    expect(MUTANTS.length).toBeGreaterThanOrEqual(20);
    expect(new Set(MUTANTS.map(({ fault }) => fault)).size).toBe(MUTANTS.length);
  });

  it.for(MUTANTS.map((mutant) => [mutant.fault, mutant] as const))(
    '%s',
    { timeout: 120_000 },
    async ([, mutant]) => {
      const folder = mutantFolder(mutant);
      try {
        expect(firstKill(await solverIn(folder), await solverIn(SOLVER_FOLDER)), mutant.fault).toBeDefined();
      } finally {
        rmSync(dirname(dirname(folder)), { recursive: true });
      }
    },
  );

  /** The first network on which the mutant disagrees with the oracle, and the solver itself does not. */
  const firstKill = (mutant: Solver, solver: Solver): number | undefined => {
    const disagrees = (one: Solver, seed: number): boolean =>
      compare(one, seed, PROBES).disagreements.some(({ gap }) => gap === undefined);
    for (let seed = 1; seed <= MOST_NETWORKS; seed += 1) {
      if (disagrees(mutant, seed) && !disagrees(solver, seed)) return seed;
    }
    return undefined;
  };
});
