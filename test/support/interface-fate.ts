import { solveBuilt } from '../../src/analysis/index.ts';
import type { RepeatedAnswer } from './network-source.ts';
import type { Answers } from './small-network.ts';
import { networkWith } from './small-network.ts';

/** What can leave from an interface: by which exits, to which region or account, and what nobody can judge. */
export function fate(change: Answers, repeated: readonly RepeatedAnswer[] = [], id = 'eni-private') {
  const network = networkWith(change, repeated);
  const { classes } = solveBuilt(network);
  const own = classes.find(({ interfaces }) => interfaces.some((one) => one.id === id));
  const exits = (own?.initiated ?? []).map(({ exit }) => exit);
  return {
    exits: [...new Set(exits.map((exit) => exit.id))],
    far: exits.map(({ far }) => far),
    doubts: (own?.initiated ?? []).flatMap(({ doubts }) => doubts.map(({ object }) => object)),
    unknown: [...new Set((own?.unknowns ?? []).map(({ code, object }) => `${code} ${object}`))],
    faults: network.faults.map(({ code, object }) => `${code} ${object}`),
  };
}

export const SEALED = { exits: [], far: [], doubts: [], unknown: [], faults: [] };
