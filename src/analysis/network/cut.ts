import { formatPrefix, toPrefixes } from '../../core/index.ts';
import { blockerWithEntries } from './acl-entries.ts';
import type { InterfaceEgress } from './egress.ts';
import type { Network } from './model.ts';
import type { Outcome } from './outcome.ts';
import { destinationsOf, trafficIn } from './packet-set.ts';
import { describeTraffic } from './traffic.ts';
import type { Walk } from './walk-state.ts';

const MOST = 6;

/** What keeps the packets of equal interfaces inside: one line a blocking route, rule, list or missing address. */
export function cutOf(walk: Walk, { interfaces, reachable, blocked }: InterfaceEgress): readonly string[] {
  const groups = interfaces[0]?.groups ?? [];
  const exits = [...new Set(reachable.map(({ end }) => (end.kind === 'exit' ? end.exit.id : '')))];
  const bySecurityGroup = exits.map(
    (exit) => `${exit}: ${groups.join(', ') || 'no group'} lets out ${letOut(walk, groups)}`,
  );
  return [
    ...new Set([...bySecurityGroup, ...blocked.flatMap((outcome) => blockLine(walk.network, outcome))]),
  ].slice(0, MOST);
}

function letOut(walk: Walk, groups: readonly string[]): string {
  const { allowed } = walk.filters.groups(groups, 'egress');
  if (allowed.length === 0) return 'nothing';
  const prefixes = toPrefixes(destinationsOf(allowed));
  const shown = prefixes.slice(0, MOST).map(formatPrefix).join(', ');
  const more = prefixes.length > MOST ? ` and ${prefixes.length - MOST} more` : '';
  return `only ${describeTraffic(trafficIn(allowed))} to ${shown}${more}`;
}

function blockLine(network: Network, { end, packets }: Outcome): readonly string[] {
  switch (end.kind) {
    case 'denied':
    case 'no-route':
    case 'blackhole': {
      const { kind, id, rule } = blockerWithEntries(network, end.by, packets);
      return [`${kind} ${id}: ${rule}`];
    }
    case 'exit':
    case 'arrives':
    case 'unknown':
      return [];
  }
}
