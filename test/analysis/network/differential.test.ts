import { expect, it } from 'vitest';
import type { Disagreement } from '../../oracle/agreement.ts';
import { compare } from '../../oracle/agreement.ts';
import { exitsOf } from '../../oracle/egress.ts';
import { ordinaryNetworkOf } from '../../oracle/generate/network.ts';
import { SOLVER_FOLDER, solverIn } from '../../oracle/solver.ts';

const NETWORKS = 1200;
const PROBES = 100;
const LEAST_PACKETS = 100_000;
const ORDINARY = 300;

/** The first few, readable: seed, packet, both answers. */
const told = (all: readonly Disagreement[]): string =>
  all
    .slice(0, 10)
    .map(
      (one) =>
        `network ${one.seed}, ${one.about}: ${one.packet}\n  oracle ${one.oracle}\n  solver ${one.solver}`,
    )
    .join('\n');

const seeds = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** How often each known gap shows: what is safe, but not yet exact. */
const gapsIn = (all: readonly Disagreement[]): string =>
  [...Map.groupBy(all, ({ gap }) => gap)]
    .flatMap(([gap, those]) => (gap === undefined ? [] : [`${String(those.length).padStart(6)}  ${gap}`]))
    .join('\n');

it('agrees with the oracle on random packets over random networks, both ways, IPv4 and IPv6', {
  timeout: 300_000,
}, async () => {
  const solver = await solverIn(SOLVER_FOLDER);
  let packets = 0;
  const disagreements: Disagreement[] = [];
  for (let seed = 1; seed <= NETWORKS; seed += 1) {
    const found = compare(solver, seed, PROBES);
    packets += found.packets;
    disagreements.push(...found.disagreements);
  }
  const errors = disagreements.filter(({ gap }) => gap === undefined);
  console.log(
    `${packets} packets over ${NETWORKS} networks: ${errors.length} errors\n${gapsIn(disagreements)}`,
  );
  expect(errors.length, told(errors)).toBe(0);
  expect(packets).toBeGreaterThanOrEqual(LEAST_PACKETS);
});

it('decides every question about networks of which everything is known', { timeout: 120_000 }, async () => {
  const solver = await solverIn(SOLVER_FOLDER);
  const found = seeds(ORDINARY).map((seed) => compare(solver, seed, PROBES, ordinaryNetworkOf));
  const packets = sum(found.map((one) => one.packets));
  console.log(`${packets} packets over ${ORDINARY} ordinary networks`);
  expect(sum(found.map(({ undecided }) => undecided))).toBe(0);
  const unknowns = seeds(ORDINARY).flatMap((seed) =>
    [...exitsOf(ordinaryNetworkOf(seed)).values()].flatMap((one) => one.unknowns),
  );
  expect(unknowns).toEqual([]);
  expect(told(found.flatMap((one) => one.disagreements).filter(({ gap }) => gap === undefined))).toBe('');
});
