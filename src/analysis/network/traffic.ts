/**
 * What kind of packets: IP protocol and, where the protocol has them, destination port or ICMP type and code.
 * A sorted list of disjoint closed intervals of `protocol * 65536 + port`. For ICMP the port is
 * `type * 256 + code`; a protocol without ports holds all 65,536 or none, so that every set has one form.
 */
export type TrafficSet = readonly (readonly [first: number, last: number])[];

const PORTS = 65_536;
const LAST = 256 * PORTS - 1;

export const TCP = 6;
export const UDP = 17;
export const ICMP = 1;
export const ICMPV6 = 58;

export const ALL_TRAFFIC: TrafficSet = [[0, LAST]];

/** One protocol, all of it or some of its ports. */
export function trafficOf(protocol: number, first = 0, last = PORTS - 1): TrafficSet {
  return [[protocol * PORTS + first, protocol * PORTS + last]];
}

export function unionTraffic(sets: readonly TrafficSet[]): TrafficSet {
  const sorted = sets.flat().sort(([left], [right]) => left - right);
  const merged: [number, number][] = [];
  for (const [first, last] of sorted) {
    const previous = merged.at(-1);
    if (previous !== undefined && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

export function intersectTraffic(left: TrafficSet, right: TrafficSet): TrafficSet {
  if (left === ALL_TRAFFIC) return right;
  if (right === ALL_TRAFFIC) return left;
  const common: (readonly [number, number])[] = [];
  let i = 0;
  let j = 0;
  for (let a = left[i], b = right[j]; a !== undefined && b !== undefined; a = left[i], b = right[j]) {
    const first = Math.max(a[0], b[0]);
    const last = Math.min(a[1], b[1]);
    if (first <= last) common.push([first, last]);
    if (a[1] < b[1]) i += 1;
    else j += 1;
  }
  return common;
}

export function subtractTraffic(left: TrafficSet, right: TrafficSet): TrafficSet {
  if (right.length === 0) return left;
  return intersectTraffic(left, complementTraffic(right));
}

function complementTraffic(set: TrafficSet): TrafficSet {
  const between: (readonly [number, number])[] = [];
  let next = 0;
  for (const [first, last] of set) {
    if (first > next) between.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= LAST) between.push([next, LAST]);
  return between;
}

export function containsTraffic(set: TrafficSet, protocol: number, port: number): boolean {
  const value = protocol * PORTS + port;
  return set.some(([first, last]) => first <= value && value <= last);
}

/** The protocols of a set, each with all of its ports: what may answer packets of the set. */
export function wholeProtocols(set: TrafficSet): TrafficSet {
  return unionTraffic(
    set.map(([first, last]) => [
      [Math.floor(first / PORTS) * PORTS, Math.floor(last / PORTS) * PORTS + PORTS - 1] as const,
    ]),
  );
}

/** One packet of a set, as a person would name it. Prefers what people know: TCP 443, then any TCP, UDP, ICMP. */
export interface TrafficSample {
  readonly protocol: number;
  /** Destination port, or ICMP `type * 256 + code`; `null` where the protocol has none. */
  readonly port: number | null;
}

export function sampleTraffic(set: TrafficSet): TrafficSample | undefined {
  if (containsTraffic(set, TCP, 443)) return { protocol: TCP, port: 443 };
  for (const protocol of [TCP, UDP, ICMP, ICMPV6]) {
    const own = intersectTraffic(set, trafficOf(protocol))[0];
    if (own !== undefined) return { protocol, port: own[0] % PORTS };
  }
  const first = set[0];
  return first === undefined ? undefined : { protocol: Math.floor(first[0] / PORTS), port: null };
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [TCP, 'tcp'],
  [UDP, 'udp'],
  [ICMP, 'icmp'],
  [ICMPV6, 'icmpv6'],
]);

export function protocolName(protocol: number): string {
  return NAMES.get(protocol) ?? `protocol ${protocol}`;
}

/** `tcp 443, udp 53-54`, or `all traffic`. At most eight parts are named. */
export function describeTraffic(set: TrafficSet): string {
  if (set.length === 1 && set[0]?.[0] === 0 && set[0][1] === LAST) return 'all traffic';
  const parts = set.flatMap(([first, last]) => partsOf(first, last));
  return parts.length <= 8
    ? parts.join(', ')
    : `${parts.slice(0, 8).join(', ')} and ${parts.length - 8} more`;
}

function partsOf(first: number, last: number): readonly string[] {
  const [from, to] = [Math.floor(first / PORTS), Math.floor(last / PORTS)];
  const part = (protocol: number, low: number, high: number): string => {
    const name = protocolName(protocol);
    if (low === 0 && high === PORTS - 1) return name;
    return low === high ? `${name} ${low}` : `${name} ${low}-${high}`;
  };
  if (from === to) return [part(from, first % PORTS, last % PORTS)];
  const middle = to - from > 1 ? [`protocols ${from + 1} to ${to - 1}`] : [];
  return [part(from, first % PORTS, PORTS - 1), ...middle, part(to, 0, last % PORTS)];
}
