import type { Address } from './address.ts';
import { block, holds, inside } from './address.ts';
import type { NetworkAclEntry, NetworkInterface, Permission, Subnet } from './documents.ts';
import type { Packet, Verdict } from './packet.ts';
import { ICMP, ICMPV6, TCP, UDP } from './packet.ts';
import type { World } from './world.ts';
import { owns } from './world.ts';

export type Direction = 'in' | 'out';

const PROTOCOL_NAMES: Readonly<Record<string, number>> = { icmp: ICMP, tcp: TCP, udp: UDP, icmpv6: ICMPV6 };

/** Interfaces that AWS runs without security groups. */
const UNGUARDED = new Set(['nat_gateway', 'transit_gateway', 'gateway_load_balancer_endpoint']);

/**
 * Security groups: the union of the allow rules of all groups of an interface; stateful, so that an answer
 * always passes (VPC User Guide, "Security group rules").
 */
export function groupsSay(
  world: World,
  one: NetworkInterface,
  direction: Direction,
  packet: Packet,
): Verdict {
  if (packet.answers) return 'allow';
  if (one.Groups.length === 0) return UNGUARDED.has(one.InterfaceType ?? '') ? 'allow' : 'unsure';
  const verdicts = one.Groups.flatMap(({ GroupId }): readonly Verdict[] => {
    const group = world.securityGroups.get(GroupId);
    if (group === undefined) return ['unsure'];
    const rules = direction === 'in' ? group.IpPermissions : group.IpPermissionsEgress;
    return rules.map((rule) => permissionSays(world, rule, direction, packet));
  });
  if (verdicts.includes('allow')) return 'allow';
  return verdicts.includes('unsure') ? 'unsure' : 'deny';
}

function permissionSays(world: World, rule: Permission, direction: Direction, packet: Packet): Verdict {
  if (!permissionCovers(rule, packet)) return 'deny';
  const peer = direction === 'in' ? packet.source : packet.destination;
  const blocks = [
    ...(rule.IpRanges ?? []).map(({ CidrIp }) => CidrIp),
    ...(rule.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
  ];
  if (inside(blocks, peer)) return 'allow';
  const groups = (rule.UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId);
  if (groups.some((group) => isMember(world, group, peer))) return 'allow';
  const lists = (rule.PrefixListIds ?? []).map(({ PrefixListId }) => world.prefixLists.get(PrefixListId));
  if (lists.some((list) => list !== undefined && inside(list, peer))) return 'allow';
  const unlisted = groups.some((group) => !world.securityGroups.has(group)) && mayBeInterface(peer);
  return unlisted || lists.includes(undefined) ? 'unsure' : 'deny';
}

const PRIVATE_BLOCKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/** Members of a group that nobody listed may have any address that interfaces have, of IPv6 any at all. */
function mayBeInterface(peer: Address): boolean {
  return peer.family === 6 || inside(PRIVATE_BLOCKS, peer);
}

/** A group reference stands for the private addresses of the group's members, wherever they are. */
function isMember(world: World, group: string, peer: Address): boolean {
  return (world.membersOfGroup.get(group) ?? []).some((member) => owns(member, peer));
}

function permissionCovers(rule: Permission, packet: Packet): boolean {
  if (rule.IpProtocol === '-1') return true;
  const protocol = PROTOCOL_NAMES[rule.IpProtocol] ?? Number(rule.IpProtocol);
  if (protocol !== packet.protocol) return false;
  const { FromPort = -1, ToPort = -1 } = rule;
  switch (protocol) {
    case TCP:
    case UDP:
      return FromPort === -1 || (FromPort <= packet.destinationPort && packet.destinationPort <= ToPort);
    case ICMP:
    case ICMPV6:
      return wild(FromPort, packet.icmp.type) && wild(ToPort, packet.icmp.code);
    default:
      return true;
  }
}

function wild(pattern: number, value: number): boolean {
  return pattern === -1 || pattern === value;
}

/**
 * A network ACL: rules by number, the first that matches decides, none denies; stateless (VPC User Guide,
 * "Network ACL basics"). A subnet whose ACL nobody listed may be guarded by anything.
 */
export function aclSays(world: World, subnet: Subnet, direction: Direction, packet: Packet): Verdict {
  const acl = world.aclOfSubnet.get(subnet.SubnetId);
  if (acl === undefined) return 'unsure';
  const first = acl.Entries.filter(({ Egress }) => Egress === (direction === 'out'))
    .sort((left, right) => left.RuleNumber - right.RuleNumber)
    .find((entry) => entryMatches(entry, direction, packet));
  return first?.RuleAction === 'allow' ? 'allow' : 'deny';
}

function entryMatches(entry: NetworkAclEntry, direction: Direction, packet: Packet): boolean {
  const peer = direction === 'in' ? packet.source : packet.destination;
  const cidr = entry.CidrBlock ?? entry.Ipv6CidrBlock;
  if (cidr === undefined || !holds(block(cidr), peer)) return false;
  if (entry.Protocol === '-1') return true;
  if (Number(entry.Protocol) !== packet.protocol) return false;
  switch (packet.protocol) {
    case TCP:
    case UDP: {
      const { From, To } = entry.PortRange ?? { From: 0, To: 65535 };
      return From <= packet.destinationPort && packet.destinationPort <= To;
    }
    case ICMP:
    case ICMPV6: {
      const { Type, Code } = entry.IcmpTypeCode ?? { Type: -1, Code: -1 };
      return wild(Type, packet.icmp.type) && wild(Code, packet.icmp.code);
    }
    default:
      return true;
  }
}
