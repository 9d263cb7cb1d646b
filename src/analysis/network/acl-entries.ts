import { allAddresses, containsAddress, formatPrefix, toPrefixes } from '../../core/index.ts';
import type { AclEntry, Network } from './model.ts';
import type { Blocker, FilterPoint } from './outcome.ts';
import type { PacketSet } from './packet-set.ts';
import {
  intersectPackets,
  isEmptyPackets,
  packetsTo,
  restrictTraffic,
  subtractPackets,
} from './packet-set.ts';
import { describeTraffic } from './traffic.ts';

/** Default entry of every network ACL, shown as `*` by the console (VPC user guide, "Network ACL basics"). */
const DEFAULT_ENTRY = 32_767;

/** The first entry that lets some of the packets through: `100 (tcp 443, 0.0.0.0/0)`. */
export function allowingEntry(
  network: Network,
  acl: string,
  at: FilterPoint,
  packets: PacketSet,
): string | undefined {
  const [entry] = decidingEntries(network, acl, at, packets).allowing;
  if (entry === undefined) return undefined;
  const addresses = toPrefixes(entry.addresses).map(formatPrefix).join(', ');
  return `${entry.number} (${describeTraffic(entry.traffic)}, ${addresses})`;
}

/** What stops packets, with the entries of a network ACL that deny them. */
export function blockerWithEntries(
  network: Network,
  { kind, id, rule, at }: Blocker,
  packets: PacketSet,
): Pick<Blocker, 'kind' | 'id' | 'rule'> {
  if (kind !== 'network-acl' || at === undefined) return { kind, id, rule };
  const { denying } = decidingEntries(network, id, at, packets);
  if (denying.length === 0) return { kind, id, rule };
  const side = at.direction === 'egress' ? 'outbound' : 'inbound';
  const numbers = denying.map(({ number }) => (number === DEFAULT_ENTRY ? '* (default)' : String(number)));
  return {
    kind,
    id,
    rule: `${side} ${numbers.length === 1 ? 'entry' : 'entries'} ${numbers.join(', ')}: deny`,
  };
}

/** The entries that decide over packets, in the order in which they are tried: inbound ones look at the source. */
function decidingEntries(
  { acls }: Network,
  acl: string,
  { direction, source }: FilterPoint,
  packets: PacketSet,
): { readonly allowing: readonly AclEntry[]; readonly denying: readonly AclEntry[] } {
  const allowing: AclEntry[] = [];
  const denying: AclEntry[] = [];
  let open = packets;
  for (const entry of acls.get(acl)?.[direction] ?? []) {
    if (direction === 'ingress' && !containsAddress(entry.addresses, source)) continue;
    const to = direction === 'egress' ? entry.addresses : allAddresses();
    const matched = restrictTraffic(packetsTo(to), entry.traffic);
    if (isEmptyPackets(intersectPackets(open, matched))) continue;
    (entry.allow ? allowing : denying).push(entry);
    open = subtractPackets(open, matched);
  }
  return { allowing, denying };
}
