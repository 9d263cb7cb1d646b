import type { Address } from '../../core/index.ts';
import { firstAddress, formatAddress } from '../../core/index.ts';
import { blockerWithEntries } from './acl-entries.ts';
import type { Delivery } from './deliver.ts';
import type { PacketSample } from './hops-with-rules.ts';
import { hopsWithRules } from './hops-with-rules.ts';
import type { Hop } from './outcome.ts';
import { hopsOf } from './outcome.ts';
import type { Goal } from './places.ts';
import type { Disposition, PathAnswer } from './question.ts';
import { returnPathOf } from './return-path.ts';
import { protocolName, sampleTraffic } from './traffic.ts';
import type { Walk } from './walk-state.ts';

/** An ending with the address that the packet set out with: translation hides it. */
export type Ending = Delivery & { readonly origin: Address };

/** Which ending answers: whatever could get furthest. What nobody can judge might have got there too. */
export const RANK: readonly Disposition[] = [
  'delivered',
  'leaves-vpc',
  'unknown',
  'denied',
  'blackhole',
  'no-route',
];

export function dispositionOf({ end, doubts, at }: Delivery, goal: Goal): Disposition {
  const inDoubt = !doubts.every(({ opensAnswers }) => opensAnswers === true);
  switch (end.kind) {
    case 'arrives':
      if (inDoubt) return 'unknown';
      if (goal.outside !== null || (goal.interfaces !== null && at !== null && !goal.interfaces.has(at.id)))
        return 'denied';
      return 'delivered';
    case 'exit':
      return inDoubt ? 'unknown' : 'leaves-vpc';
    case 'denied':
    case 'no-route':
    case 'blackhole':
      return end.kind;
    case 'unknown':
      return 'unknown';
  }
}

export function describe(walk: Walk, ending: Ending, goal: Goal): Omit<PathAnswer, 'id'> {
  const disposition = dispositionOf(ending, goal);
  const { end, doubts, trail } = ending;
  const doubt = doubts.find(({ opensAnswers }) => opensAnswers !== true) ?? doubts[0];
  const problem = end.kind === 'unknown' ? end.problem : doubt;
  const stays = end.kind === 'arrives' && disposition === 'denied';
  const sample = sampleOf(ending);
  const before = samplesBefore(ending);
  const hops = sample === null ? hopsOf(trail) : hopsWithRules(walk, trail, sample, before);
  const blocked = 'by' in end ? blockerWithEntries(walk.network, end.by, ending.packets) : null;
  const sent = before.at(-1) ?? sample;
  return {
    disposition,
    exit: end.kind === 'exit' ? { kind: end.exit.kind, id: end.exit.id } : null,
    hops: withInternet(hops, ending),
    blockedBy: blocked ?? (stays ? { kind: 'vpc', id: end.vpc, rule: 'it stays inside' } : null),
    reason:
      ['unknown', 'delivered', 'leaves-vpc'].includes(disposition) && problem !== undefined
        ? `${problem.code} ${problem.object}: ${problem.detail}`
        : null,
    packet: sent === null ? null : packetText(ending.origin, sent),
    returnPath: disposition === 'delivered' ? returnPathOf(walk, ending) : null,
  };
}

function withInternet(hops: readonly Hop[], { end }: Delivery): readonly Hop[] {
  return end.kind === 'exit' && end.exit.far.kind === 'internet'
    ? [...hops, { kind: 'internet', id: 'internet', by: '' }]
    : hops;
}

/** One packet of the ending, as it stands there. */
function sampleOf({ packets }: Delivery): PacketSample | null {
  const [block] = packets;
  if (block === undefined) return null;
  const destination = firstAddress(block.to);
  const traffic = sampleTraffic(block.traffic);
  return destination === undefined || traffic === undefined ? null : { destination, traffic };
}

/** One packet as it came to each load balancer on the way, the last one first. */
function samplesBefore(ending: Delivery): readonly PacketSample[] {
  const samples: PacketSample[] = [];
  for (let at = ending.before; at !== undefined; at = at.before) {
    const sample = sampleOf(at);
    if (sample !== null) samples.push(sample);
  }
  return samples;
}

function packetText(origin: Address, { destination, traffic: { protocol, port } }: PacketSample): string {
  const at = port === null ? '' : ` ${port}`;
  return `${formatAddress(origin)} → ${formatAddress(destination)}, ${protocolName(protocol)}${at}`;
}
