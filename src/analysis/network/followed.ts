import type { Problem } from './model.ts';
import type { PacketSet } from './packet-set.ts';
import { subtractPackets } from './packet-set.ts';

/**
 * What one walk has followed from where. Through a mesh of forwarders or transit gateways there are more ways to
 * one place than anybody can count, and from there on all of them are the same: each place is left once for each
 * packet. What is known only with doubts stands for nothing that is known without them.
 */
export interface Followed {
  /** The packets that were not followed from this place before, on these doubts or on fewer; from now on they were. */
  readonly fresh: (place: string, packets: PacketSet, doubts: readonly Problem[]) => PacketSet;
}

interface Seen {
  readonly packets: PacketSet;
  readonly doubts: ReadonlySet<string>;
}

/** After so many different sets of doubts at one place, one more doubtful way there says nothing new. */
const MOST_DOUBTFUL = 16;

export function createFollowed(): Followed {
  const places = new Map<string, Seen[]>();
  return {
    fresh: (place, packets, doubts) => {
      const before = places.get(place) ?? [];
      const names = new Set(doubts.map(({ code, object, detail }) => `${code} ${object} ${detail}`));
      const crowded = names.size > 0 && before.length >= MOST_DOUBTFUL;
      const left = before
        .filter((seen) => (crowded && seen.doubts.size > 0) || seen.doubts.isSubsetOf(names))
        .reduce((rest, seen) => subtractPackets(rest, seen.packets), packets);
      if (left.length > 0) places.set(place, [...before, { packets: left, doubts: names }]);
      return left;
    },
  };
}
