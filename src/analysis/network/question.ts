import { DomicileError } from '../../core/index.ts';
import type { Blocker, Hop } from './outcome.ts';
import type { TrafficSet } from './traffic.ts';
import { ALL_TRAFFIC, ICMP, ICMPV6, TCP, trafficOf, UDP, unionTraffic } from './traffic.ts';

/** One question: from here, can a packet reach there? */
export interface PathQuestion {
  /** Comes back as it is, so that answers find their questions. */
  readonly id?: string | number;
  /**
   * Id of an interface, instance, subnet or VPC; of what a site calls in by (virtual private, customer or Direct Connect
   * gateway, VPN connection, virtual interface, attachment); `internet`; an address.
   */
  readonly from: string;
  /** The source address, where `from` has several or none. */
  readonly fromIp?: string;
  /** Id of an interface or instance; ARN or DNS name of a load balancer; an address; a CIDR; `country:XX`; `outside:XX,YY`; `internet`. */
  readonly to: string;
  /** `tcp`, `udp`, `icmp`, `icmpv6`, a number; nothing or `any` for whatever gets furthest. */
  readonly protocol?: string;
  readonly port?: number;
}

/**
 * `delivered`: it arrives at an interface that the model knows. `leaves-vpc`: it is handed to a gateway and the
 * far side is not in the model. `unknown`: something on the way is not modelled or not in the evidence.
 */
export type Disposition = 'delivered' | 'leaves-vpc' | 'denied' | 'no-route' | 'blackhole' | 'unknown';

export interface PathAnswer {
  readonly id?: string | number;
  readonly disposition: Disposition;
  readonly exit: { readonly kind: string; readonly id: string } | null;
  readonly hops: readonly Hop[];
  readonly blockedBy: Pick<Blocker, 'kind' | 'id' | 'rule'> | null;
  readonly reason: string | null;
  /** A packet of the question that fares so. */
  readonly packet: string | null;
  /** Whether the answer to that packet could come back through the stateless filters and tables on the way. */
  readonly returnPath: 'open' | 'blocked' | 'unknown' | null;
}

const NAMES: ReadonlyMap<string, number> = new Map([
  ['tcp', TCP],
  ['udp', UDP],
  ['icmp', ICMP],
  ['icmpv6', ICMPV6],
]);

/**
 * The packets that a question is about, as far as protocol and port say.
 *
 * @throws DomicileError `BAD_INPUT` for a protocol or port that there is not.
 */
export function trafficOfQuestion({ protocol, port }: PathQuestion): TrafficSet {
  if (port !== undefined && (!Number.isInteger(port) || port < 0 || port > 65_535)) {
    throw new DomicileError('BAD_INPUT', 'expected a port from 0 to 65535, found another number');
  }
  const name = (protocol ?? 'any').trim().toLowerCase();
  if (['any', 'all', '-1', ''].includes(name)) {
    if (port === undefined) return ALL_TRAFFIC;
    return unionTraffic([trafficOf(TCP, port, port), trafficOf(UDP, port, port)]);
  }
  const number = NAMES.get(name) ?? numberIn(name);
  if (number === undefined || number > 255) {
    throw new DomicileError(
      'BAD_INPUT',
      'expected a protocol as tcp, udp, icmp, icmpv6, 0 to 255 or any, found another text',
    );
  }
  return port !== undefined && (number === TCP || number === UDP)
    ? trafficOf(number, port, port)
    : trafficOf(number);
}

/** `17`, or a name with its number in brackets, as `ip-proto-107 (107)` and `any(0)`. */
function numberIn(name: string): number | undefined {
  const found = /^(\d{1,3})$/.exec(name) ?? /\((\d{1,3})\)$/.exec(name) ?? /^ip-proto-(\d{1,3})\b/.exec(name);
  return found?.[1] === undefined ? undefined : Number(found[1]);
}
