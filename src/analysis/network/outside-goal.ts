import type { IpSet } from '../../core/index.ts';
import { allAddresses, firstCommonAddress } from '../../core/index.ts';
import type { Outcome } from './outcome.ts';
import type { PacketSet } from './packet-set.ts';
import { destinationsOf, isEmptyPackets, restrictTo } from './packet-set.ts';
import type { Goal } from './places.ts';

/** Addresses to walk with. A country is thousands of prefixes: everything is walked, and held against it at the end. */
export function sentTo(goal: Goal): IpSet {
  return goal.outside === null ? goal.addresses : allAddresses();
}

/** Whether some packet of an ending goes where the question wants; what leads to an unknown place might. */
export function leadsThere(ending: Outcome, goal: Goal): boolean {
  const { end, packets } = ending;
  if (goal.outside === null) return true;
  if (end.kind === 'exit' && end.exit.far.kind === 'unknown') return true;
  if (
    end.kind === 'exit' &&
    end.exit.far.kind === 'region' &&
    goal.outside.includesRegion(end.exit.far.region)
  )
    return true;
  return firstCommonAddress(destinationsOf(packets), wantedBy(goal, ending)) !== undefined;
}

/** The packets of an ending that the answer speaks of: those that go there, or all of them where the place counts. */
export function packetsThere(ending: Outcome, goal: Goal): PacketSet {
  const there = restrictTo(ending.packets, wantedBy(goal, ending));
  return isEmptyPackets(there) ? ending.packets : there;
}

function wantedBy({ addresses, outside }: Goal, { source }: Outcome): IpSet {
  return source.address.family === 4 ? (outside?.written ?? addresses) : addresses;
}
