import type { Filters } from './filters.ts';
import type { Followed } from './followed.ts';
import { createFollowed } from './followed.ts';
import type { Filter, Interface, Network, Problem, TransitRoute } from './model.ts';
import type { Blocker, End, Exit, FilterPoint, Hop, Outcome, Source, Trail } from './outcome.ts';
import type { PacketSet } from './packet-set.ts';
import { intersectPackets, isEmptyPackets, subtractPackets } from './packet-set.ts';
import type { Segments } from './segments.ts';
import type { SourceKinds } from './sources.ts';

/** What a walk looks things up in. */
export interface Walk {
  readonly network: Network;
  readonly filters: Filters;
  readonly segments: (table: string) => Segments | undefined;
  readonly transitSegments: (table: string) => Segments<TransitRoute> | undefined;
  /** VPCs with an internet gateway: the Internet can call in. */
  readonly called: ReadonlySet<string>;
  /** VPCs that sites can call into: by a VPN gateway, or by a transit gateway that leads to some. */
  readonly calledBySites: ReadonlySet<string>;
  /** Whether packets that stay inside are followed too. */
  readonly arrivals: boolean;
  readonly sources: SourceKinds;
  readonly byVpc: ReadonlyMap<string, readonly Interface[]>;
}

/** Packets on their way. */
export interface State {
  readonly source: Source;
  readonly packets: PacketSet;
  readonly trail: Trail;
  readonly doubts: readonly Problem[];
  /** Places where packets of this source were already: being there again is a loop, out of which nothing leads. */
  readonly visited: readonly string[];
  /** A NAT gateway gave them their source: nobody can call what sent them by it. */
  readonly translated: boolean;
  readonly followed: Followed;
}

/** Packets at the beginning of a walk. */
export function startOf(source: Source, packets: PacketSet): State {
  return {
    source,
    packets,
    trail: null,
    doubts: [],
    visited: [],
    translated: false,
    followed: createFollowed(),
  };
}

/** Parts packets by a filter: those that pass, for certain or in doubt, and those that do not. */
export function pass(
  state: State,
  filter: Filter,
  blocker: Blocker,
): { readonly passed: readonly State[]; readonly denied: readonly Outcome[] } {
  const certain = intersectPackets(state.packets, filter.allowed);
  let rest = subtractPackets(state.packets, filter.allowed);
  const passed: State[] = isEmptyPackets(certain) ? [] : [withPackets(state, certain)];
  for (const { problem, packets } of filter.doubtful) {
    const maybe = intersectPackets(rest, packets);
    if (isEmptyPackets(maybe)) continue;
    passed.push({ ...withPackets(state, maybe), doubts: [...state.doubts, problem] });
    rest = subtractPackets(rest, packets);
  }
  return {
    passed,
    denied: isEmptyPackets(rest) ? [] : [ended(withPackets(state, rest), { kind: 'denied', by: blocker })],
  };
}

export function leaves(state: State, exit: Exit, by: string): Outcome {
  return ended(hop(state, { kind: exit.kind, id: exit.id, by }), { kind: 'exit', exit });
}

export function hop(state: State, next: Hop): State {
  return { ...state, trail: { hop: next, before: state.trail } };
}

/** A hop that let packets through by a rule: which one it was is looked up once a packet is chosen. */
export function filtered(
  state: State,
  through: Pick<Hop, 'kind' | 'id'>,
  direction: FilterPoint['direction'],
): State {
  const by = direction === 'egress' ? 'outbound' : 'inbound';
  const at = { direction, source: state.source.address };
  return { ...state, trail: { hop: { ...through, by }, before: state.trail, at } };
}

export function withPackets(state: State, packets: PacketSet): State {
  return { ...state, packets };
}

export function ended({ packets, trail, doubts, source }: State, end: End): Outcome {
  return { end, packets, trail, doubts, source };
}

export function* unlessEmpty(outcome: Outcome): Generator<Outcome> {
  if (!isEmptyPackets(outcome.packets)) yield outcome;
}

export function unknown(code: Problem['code'], object: string, detail: string): End {
  return { kind: 'unknown', problem: { code, object, detail } };
}

/** Goes on from where a walk ended. An outcome itself must not pass for a state: it says that it has ended. */
export function stateFrom({ source, packets, trail, doubts }: Outcome): State {
  return { ...startOf(source, packets), trail, doubts };
}

/** A place in a walk: a table that decides, and everything about packets there that anything later looks at. */
export function placeOf({ arrivals }: Walk, table: string, { source, translated }: State): string {
  const address = arrivals ? `${source.address.family}/${source.address.value}` : '';
  return `${table} ${source.key} ${address}${translated ? ' translated' : ''}`;
}

/** The packets that come to a place for the first time in this walk; `null` where none do. */
export function arriveAt(state: State, place: string): State | null {
  const packets = state.followed.fresh(place, state.packets, state.doubts);
  return isEmptyPackets(packets) ? null : { ...state, packets, visited: [...state.visited, place] };
}
