import type { JsonObject } from '../../core/index.ts';
import { allAddresses, parsePrefix, setOfPrefixes } from '../../core/index.ts';
import { hasList, numberOf, objectOf, objectsOf, textOf } from './json-fields.ts';
import type { AclEntry, GroupRule, NetworkAcl, Problem, SecurityGroup } from './model.ts';
import type { TrafficSet } from './traffic.ts';
import { ALL_TRAFFIC, ICMP, ICMPV6, TCP, trafficOf, UDP } from './traffic.ts';

const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['tcp', TCP],
  ['udp', UDP],
  ['icmp', ICMP],
  ['icmpv6', ICMPV6],
]);

function unknownValue(object: string, detail: string): Problem {
  return { code: 'UNKNOWN_VALUE', object, detail };
}

/** EC2 API, IpPermission: names for four protocols, numbers for all, -1 for everything. `null` for anything else. */
function protocolOf(text: string): number | 'all' | null {
  if (text === '-1') return 'all';
  const named = PROTOCOLS.get(text);
  if (named !== undefined) return named;
  return /^\d{1,3}$/.test(text) && Number(text) <= 255 ? Number(text) : null;
}

/** Ports of TCP and UDP, or type and code of ICMP; -1 and nothing mean all of them. `null` where they make no range. */
function trafficBetween(protocol: number, from: number | null, to: number | null): TrafficSet | null {
  const [low, high] = [from ?? -1, to ?? -1];
  if (protocol === ICMP || protocol === ICMPV6) {
    if (low === -1) return trafficOf(protocol);
    if (low > 255 || high > 255) return null;
    return high === -1
      ? trafficOf(protocol, low * 256, low * 256 + 255)
      : trafficOf(protocol, low * 256 + high, low * 256 + high);
  }
  if (protocol !== TCP && protocol !== UDP) return trafficOf(protocol);
  if (low === -1 && high === -1) return trafficOf(protocol);
  return low < 0 || high < low || high > 65_535 ? null : trafficOf(protocol, low, high);
}

/** EC2 API, SecurityGroup: `IpPermissions` in, `IpPermissionsEgress` out; rules only allow. */
export function securityGroupOf(object: JsonObject): SecurityGroup {
  const id = textOf(object, 'GroupId');
  const rules = (member: string): readonly GroupRule[] =>
    hasList(object, member)
      ? objectsOf(object, member).flatMap((permission) => rulesOf(id, permission))
      : [unreadableRule(id, `its rules (${member}) are not there`)];
  return {
    id,
    vpc: textOf(object, 'VpcId'),
    ingress: rules('IpPermissions'),
    egress: rules('IpPermissionsEgress'),
  };
}

function rulesOf(group: string, permission: JsonObject): readonly GroupRule[] {
  const protocol = protocolOf(textOf(permission, 'IpProtocol'));
  const ports = (member: string): number | null => numberOf(permission, member);
  const known =
    protocol === 'all'
      ? ALL_TRAFFIC
      : protocol === null
        ? null
        : trafficBetween(protocol, ports('FromPort'), ports('ToPort'));
  if (known === null) {
    return [unreadableRule(group, 'a rule with a protocol or ports that cannot be read')];
  }
  const rule = (label: string, peer: GroupRule['peer']): GroupRule => ({ label, traffic: known, peer });
  const cidrs = (list: string, member: string): readonly GroupRule[] =>
    objectsOf(permission, list).map((one) => cidrRule(group, textOf(one, member), rule));
  const named = [
    ...cidrs('IpRanges', 'CidrIp'),
    ...cidrs('Ipv6Ranges', 'CidrIpv6'),
    ...objectsOf(permission, 'PrefixListIds').map((one) => {
      const list = textOf(one, 'PrefixListId');
      return rule(list, { kind: 'prefix-list', id: list });
    }),
    ...objectsOf(permission, 'UserIdGroupPairs').map((one) => {
      const other = textOf(one, 'GroupId');
      return rule(other, { kind: 'group', id: other, peering: textOf(one, 'VpcPeeringConnectionId') });
    }),
  ];
  if (named.length > 0) return named;
  // A rule is about somebody: SDKs drop members that they do not know.
  const problem = unknownValue(group, 'a rule about nobody that this version knows');
  return [rule('unreadable rule', { kind: 'unknown', problem })];
}

function unreadableRule(group: string, detail: string): GroupRule {
  const problem = unknownValue(group, detail);
  return { label: 'unreadable rule', traffic: ALL_TRAFFIC, peer: { kind: 'unknown', problem } };
}

function cidrRule(
  group: string,
  text: string,
  rule: (label: string, peer: GroupRule['peer']) => GroupRule,
): GroupRule {
  const prefix = parsePrefix(text);
  return prefix === null
    ? rule('unreadable CIDR', {
        kind: 'unknown',
        problem: unknownValue(group, 'a rule with a malformed CIDR'),
      })
    : rule(text, { kind: 'cidr', set: setOfPrefixes([prefix]) });
}

/** EC2 API, NetworkAcl: rules by ascending number, the first match decides (VPC user guide, "Network ACL rules"). */
export function networkAclOf(object: JsonObject): NetworkAcl {
  const id = textOf(object, 'NetworkAclId');
  // Of a list that is not there, or an entry that does not say which direction it is for, anything may hold.
  const entries = hasList(object, 'Entries') ? objectsOf(object, 'Entries') : [{}];
  const direction = (egress: boolean): readonly AclEntry[] =>
    entries
      .filter((entry) => entry['Egress'] !== !egress)
      .map((entry) => aclEntryOf(id, entry))
      .sort((left, right) => left.number - right.number);
  return { id, ingress: direction(false), egress: direction(true) };
}

function aclEntryOf(acl: string, entry: JsonObject): AclEntry {
  const number = numberOf(entry, 'RuleNumber');
  const action = textOf(entry, 'RuleAction');
  const v4 = textOf(entry, 'CidrBlock');
  const cidr = parsePrefix(v4 === '' ? textOf(entry, 'Ipv6CidrBlock') : v4);
  const protocol = protocolOf(textOf(entry, 'Protocol'));
  const traffic = protocol === null ? null : aclTraffic(protocol, entry);
  const readable =
    number !== null &&
    typeof entry['Egress'] === 'boolean' &&
    (action === 'allow' || action === 'deny') &&
    cidr !== null &&
    traffic !== null;
  return {
    // An entry without a number might stand first.
    number: number ?? -1,
    allow: action === 'allow',
    traffic: traffic ?? ALL_TRAFFIC,
    addresses: cidr === null ? allAddresses() : setOfPrefixes([cidr]),
    ...(readable ? {} : { problem: unknownValue(acl, `entry ${number ?? '?'} cannot be read`) }),
  };
}

function aclTraffic(protocol: number | 'all', entry: JsonObject): TrafficSet | null {
  if (protocol === 'all') return ALL_TRAFFIC;
  const icmp = protocol === ICMP || protocol === ICMPV6;
  const range = objectOf(entry, icmp ? 'IcmpTypeCode' : 'PortRange');
  return trafficBetween(
    protocol,
    numberOf(range, icmp ? 'Type' : 'From'),
    numberOf(range, icmp ? 'Code' : 'To'),
  );
}
