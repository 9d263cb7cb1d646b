import type { Address } from './address.ts';

export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const ICMPV6 = 58;

/** One packet. Ports count for TCP and UDP only, type and code for ICMP only. */
export interface Packet {
  readonly source: Address;
  readonly destination: Address;
  /** IANA protocol number. */
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly icmp: { readonly type: number; readonly code: number };
  /** It answers a packet that was let in (or out) before: security groups know it and let it pass. */
  readonly answers: boolean;
}

export type Disposition = 'delivered' | 'leaves-vpc' | 'denied' | 'no-route' | 'blackhole' | 'unknown';

export interface Hop {
  readonly kind: string;
  readonly id: string;
}

/** What became of one packet. */
export interface Outcome {
  readonly disposition: Disposition;
  /** Why it ended here, for the person who reads a disagreement. */
  readonly reason: string;
  readonly hops: readonly Hop[];
  /** The gateway that it left by, or the interface that it arrived at. */
  readonly exit?: Hop;
  /** The packet as it arrived or left, addresses translated. */
  readonly last?: Packet;
  /** Something that the documents do not say was met on the way. */
  readonly doubt: boolean;
  /** It went out to the internet on the way, or might have; from there it may have come back in. */
  readonly outside: boolean;
  /** Of several things that AWS may do, one lets it through for certain. */
  readonly mayPass?: true;
  /** One of several things that AWS may do, so that another exit is as good an answer. */
  readonly oneOfMany?: true;
}

export function hasPorts({ protocol }: Packet): boolean {
  return protocol === TCP || protocol === UDP;
}

/** What a filter says; `unsure` where the documents do not tell. */
export type Verdict = 'allow' | 'deny' | 'unsure';

export function ended(disposition: Disposition, reason: string): Outcome {
  return { disposition, reason, hops: [], doubt: disposition === 'unknown', outside: false };
}

export function arrived(
  disposition: 'delivered' | 'leaves-vpc',
  exit: Hop,
  last: Packet,
  reason: string,
): Outcome {
  return { disposition, reason, hops: [exit], exit, last, doubt: false, outside: false };
}

export function via(hop: Hop, outcome: Outcome): Outcome {
  return { ...outcome, hops: [hop, ...outcome.hops] };
}

/** Out by a gateway to the internet. */
export function viaInternet(hop: Hop, outcome: Outcome): Outcome {
  return { ...via(hop, outcome), outside: true };
}

/** The same outcome, if only what is not known turns out to let the packet through. */
function doubtful(outcome: Outcome): Outcome {
  const passes = outcome.disposition === 'delivered' || outcome.disposition === 'leaves-vpc';
  const { mayPass: _, ...rest } = outcome;
  return { ...rest, doubt: true, disposition: passes ? 'unknown' : outcome.disposition };
}

/** On through a filter, or denied by it. */
export function past(verdict: Verdict, filter: string, next: () => Outcome): Outcome {
  switch (verdict) {
    case 'allow':
      return next();
    case 'deny':
      return ended('denied', filter);
    case 'unsure':
      return doubtful(next());
  }
}

const WORST_FIRST: readonly Disposition[] = [
  'leaves-vpc',
  'unknown',
  'delivered',
  'denied',
  'blackhole',
  'no-route',
];

/** Of several things that AWS may do, the one that matters most to someone who must not let data leave. */
export function worst(outcomes: readonly Outcome[]): Outcome {
  const order = ({ disposition }: Outcome): number => WORST_FIRST.indexOf(disposition);
  const [first = ended('no-route', 'nothing to choose from')] = [...outcomes].sort(
    (left, right) => order(left) - order(right),
  );
  const stopped = !['leaves-vpc', 'unknown', 'delivered'].includes(first.disposition);
  // Stopped, or known to nobody, whichever way it takes, each for a reason of its own.
  const alike = stopped ? outcomes : outcomes.filter(({ disposition }) => disposition === first.disposition);
  return {
    ...first,
    reason: first.disposition === 'unknown' || stopped ? reasonsOf(alike) : first.reason,
    doubt: outcomes.some(({ doubt }) => doubt),
    outside: outcomes.some(({ outside }) => outside),
    ...(outcomes.some(passesSurely) ? { mayPass: true } : {}),
    ...(outcomes.length > 1 ? { oneOfMany: true } : {}),
  };
}

function passesSurely({ disposition, mayPass }: Outcome): boolean {
  return mayPass === true || disposition === 'delivered' || disposition === 'leaves-vpc';
}

function reasonsOf(outcomes: readonly Outcome[]): string {
  return [...new Set(outcomes.map(({ reason }) => reason))].join(', or ');
}
