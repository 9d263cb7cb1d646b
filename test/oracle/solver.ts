import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Answers from '../../src/analysis/network/answer.ts';
import type * as Egress from '../../src/analysis/network/egress.ts';
import type * as PacketSets from '../../src/analysis/network/packet-set.ts';

/** The solver as the oracle asks it: all that can leave, once a network, and single questions. */
export interface Solver {
  readonly solveNetwork: typeof Egress.solveNetwork;
  readonly containsPacket: typeof PacketSets.containsPacket;
  readonly createPathSolver: typeof Answers.createPathSolver;
}

/** The product's solver. */
export const SOLVER_FOLDER = join(import.meta.dirname, '../../src/analysis/network');

/** The solver in a folder: the product's own, or a copy with a fault in it. */
export async function solverIn(folder: string): Promise<Solver> {
  const load = (file: string): Promise<unknown> => import(pathToFileURL(join(folder, file)).href);
  const { solveNetwork } = (await load('egress.ts')) as typeof Egress;
  const { containsPacket } = (await load('packet-set.ts')) as typeof PacketSets;
  const { createPathSolver } = (await load('answer.ts')) as typeof Answers;
  return { solveNetwork, containsPacket, createPathSolver };
}
