import type { InterfaceEgress, Leaving } from '../../src/analysis/index.ts';
import { solveNetwork } from '../../src/analysis/index.ts';
import type { PacketSet } from '../../src/analysis/network/packet-set.ts';
import {
  isEmptyPackets,
  NO_PACKETS,
  subtractPackets,
  unionPackets,
} from '../../src/analysis/network/packet-set.ts';
import type { Document } from './documents.ts';
import { sourcesOf } from './solver-input.ts';

/** What can leave from each interface, in a form that can be compared: by exit, whatever the way. */
export type Exits = ReadonlyMap<string, InterfaceExits>;

export interface InterfaceExits {
  /** By traffic class and exit id: what leaves for certain, and what might. */
  readonly certain: ReadonlyMap<string, PacketSet>;
  readonly possible: ReadonlyMap<string, PacketSet>;
  /** Ids of what nobody can judge. */
  readonly unknowns: readonly string[];
}

export function exitsOf(documents: readonly Document[]): Exits {
  return new Map(
    solveNetwork(sourcesOf(documents)).classes.flatMap((one) => {
      const exits = exitsOfClass(one);
      return one.interfaces.map(({ id }) => [id, exits] as const);
    }),
  );
}

function exitsOfClass({ initiated, replies, unknowns }: InterfaceEgress): InterfaceExits {
  const all = [
    ...initiated.map((leaving) => ['initiated', leaving] as const),
    ...replies.map((leaving) => ['reply', leaving] as const),
  ];
  return {
    certain: byExit(all.filter(([, { doubts }]) => doubts.length === 0)),
    possible: byExit(all),
    unknowns: [...new Set(unknowns.map(({ object, code }) => `${code} ${object}`))].toSorted(),
  };
}

function byExit(
  all: readonly (readonly [traffic: string, leaving: Leaving])[],
): ReadonlyMap<string, PacketSet> {
  const sets = new Map<string, PacketSet>();
  for (const [traffic, { exit, packets }] of all) {
    const key = `${traffic} ${exit.id}`;
    sets.set(key, unionPackets(sets.get(key) ?? NO_PACKETS, packets));
  }
  return sets;
}

/** Nothing leaves, and nothing is unknown: what a pass needs of an interface. */
export function isSealed({ possible, unknowns }: InterfaceExits): boolean {
  return possible.size === 0 && unknowns.length === 0;
}

/** Whether everything that leaves in one account of a network leaves in the other, by the same exits. */
export function holdsAll(more: InterfaceExits, less: InterfaceExits): boolean {
  return [...less.possible].every(([exit, packets]) =>
    isEmptyPackets(subtractPackets(packets, more.possible.get(exit) ?? NO_PACKETS)),
  );
}

export function sameExits(left: InterfaceExits, right: InterfaceExits): boolean {
  const within = (one: ReadonlyMap<string, PacketSet>, other: ReadonlyMap<string, PacketSet>): boolean =>
    [...one].every(([exit, packets]) =>
      isEmptyPackets(subtractPackets(packets, other.get(exit) ?? NO_PACKETS)),
    );
  return (
    within(left.certain, right.certain) &&
    within(right.certain, left.certain) &&
    within(left.possible, right.possible) &&
    within(right.possible, left.possible) &&
    left.unknowns.join() === right.unknowns.join()
  );
}
