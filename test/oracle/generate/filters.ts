import type * as Aws from '../documents.ts';
import type { Draw, VpcDraft } from './draft.ts';
import { ON_PREMISES, OUTER_BLOCKS, OUTER_BLOCKS_V6 } from './draft.ts';

/** Ports at which rules begin and end; the packets stand on both sides of each. */
export const PORTS = [22, 53, 80, 443, 1024, 5432, 8080, 65_535] as const;

const PROTOCOLS = ['-1', 'tcp', 'tcp', 'tcp', 'udp', 'icmp', 'icmp', '47'] as const;

/** What rules of one VPC may name. */
export interface Peers {
  readonly groups: readonly { readonly GroupId: string; readonly VpcPeeringConnectionId?: string }[];
  readonly lists: readonly string[];
  readonly blocks: readonly string[];
}

/** A security group: mostly open outwards and partly inwards, as they are in life; else drawn rule by rule. */
export function securityGroup(draw: Draw, vpcId: string, id: string, peers: Peers): Aws.SecurityGroup {
  const { random, open } = draw;
  const rules = (openness: number): readonly Aws.Permission[] => {
    if (random.chance(openness)) return [openPermission(draw)];
    return Array.from({ length: random.below(4) }, () => permission(draw, peers));
  };
  return {
    GroupId: id,
    VpcId: vpcId,
    IpPermissions: rules(open ? 0.9 : 0.35),
    IpPermissionsEgress: rules(open ? 0.95 : 0.55),
  };
}

function openPermission({ random }: Draw): Aws.Permission {
  const v6 = random.chance(0.8) ? [{ CidrIpv6: '::/0' }] : [];
  return ruleOf('-1', undefined, { IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: v6 });
}

/** AWS has no rule about nobody. */
const NEAR: Partial<Aws.Permission> = { IpRanges: [{ CidrIp: ON_PREMISES }] };

function permission(draw: Draw, peers: Peers): Aws.Permission {
  const { random } = draw;
  const protocol = random.pick(PROTOCOLS);
  switch (random.below(5)) {
    case 0: {
      const group = random.any(peers.groups);
      return ruleOf(protocol, draw, group === undefined ? NEAR : { UserIdGroupPairs: [group] });
    }
    case 1: {
      const list = random.any(peers.lists);
      return ruleOf(protocol, draw, list === undefined ? NEAR : { PrefixListIds: [{ PrefixListId: list }] });
    }
    case 2:
      return ruleOf(protocol === 'icmp' ? 'icmpv6' : protocol, draw, {
        Ipv6Ranges: [{ CidrIpv6: random.pick(['::/0', ...OUTER_BLOCKS_V6]) }],
      });
    default:
      return ruleOf(protocol, draw, {
        IpRanges: [{ CidrIp: random.pick(['0.0.0.0/0', ON_PREMISES, ...OUTER_BLOCKS, ...peers.blocks]) }],
      });
  }
}

/** The members as AWS gives them: every list is there, the ports only where the protocol has some. */
function ruleOf(protocol: string, draw: Draw | undefined, peers: Partial<Aws.Permission>): Aws.Permission {
  return {
    IpProtocol: protocol,
    ...(draw === undefined ? {} : portsOf(protocol, draw)),
    IpRanges: [],
    Ipv6Ranges: [],
    PrefixListIds: [],
    UserIdGroupPairs: [],
    ...peers,
  };
}

function portsOf(protocol: string, { random }: Draw): { FromPort?: number; ToPort?: number } {
  switch (protocol) {
    case 'tcp':
    case 'udp': {
      const { from, to } = portRange(random);
      return { FromPort: from, ToPort: to };
    }
    case 'icmp':
    case 'icmpv6': {
      const type = random.pick([-1, 8, 8, 128]);
      return { FromPort: type, ToPort: type === -1 ? -1 : random.pick([-1, 0, 0]) };
    }
    default:
      return {};
  }
}

function portRange(random: Draw['random']): { readonly from: number; readonly to: number } {
  const [one, other] = [random.pick(PORTS), random.pick(PORTS)];
  if (random.chance(0.2)) return { from: 0, to: 65_535 };
  return random.chance(0.4)
    ? { from: one, to: one }
    : { from: Math.min(one, other), to: Math.max(one, other) };
}

/** A network ACL: mostly open at the end, so that its first rules matter; always closed by AWS's own denies. */
export function networkAcl(draw: Draw, vpc: VpcDraft, subnets: readonly string[]): Aws.NetworkAcl {
  const { random, id } = draw;
  const entries = [false, true].flatMap((egress): readonly Aws.NetworkAclEntry[] => [
    ...Array.from({ length: random.below(4) }, (_, index) => aclEntry(draw, vpc, egress, 100 + 10 * index)),
    ...(random.chance(0.75) ? openEntries(random, egress) : []),
    ...lastEntries(egress),
  ]);
  return {
    NetworkAclId: id('acl'),
    VpcId: vpc.vpc.VpcId,
    Associations: subnets.map((subnet) => ({
      NetworkAclAssociationId: id('aclassoc'),
      SubnetId: subnet,
    })),
    // The API gives them in no order.
    Entries: entries.toSorted((left, right) => (left.RuleNumber % 7) - (right.RuleNumber % 7)),
  };
}

/** The ACL that lets everything pass, as a new VPC has it. */
export function openAcl({ id }: Draw, vpc: VpcDraft, subnets: readonly string[]): Aws.NetworkAcl {
  return {
    NetworkAclId: id('acl'),
    VpcId: vpc.vpc.VpcId,
    Associations: subnets.map((subnet) => ({
      NetworkAclAssociationId: id('aclassoc'),
      SubnetId: subnet,
    })),
    Entries: [false, true].flatMap((egress) => [...openEntries(undefined, egress), ...lastEntries(egress)]),
  };
}

function openEntries(random: Draw['random'] | undefined, Egress: boolean): readonly Aws.NetworkAclEntry[] {
  const all = { Protocol: '-1', RuleAction: 'allow', Egress };
  const v4 = { ...all, RuleNumber: 900, CidrBlock: '0.0.0.0/0' };
  return random?.chance(0.2) === true ? [v4] : [v4, { ...all, RuleNumber: 901, Ipv6CidrBlock: '::/0' }];
}

function lastEntries(Egress: boolean): readonly Aws.NetworkAclEntry[] {
  const none = { Protocol: '-1', RuleAction: 'deny', Egress };
  return [
    { ...none, RuleNumber: 32_767, CidrBlock: '0.0.0.0/0' },
    { ...none, RuleNumber: 32_768, Ipv6CidrBlock: '::/0' },
  ];
}

const EVERY_KIND = { Type: -1, Code: -1 };

function aclEntry(draw: Draw, vpc: VpcDraft, Egress: boolean, RuleNumber: number): Aws.NetworkAclEntry {
  const { random } = draw;
  const v6 = random.chance(0.25);
  const cidr = v6
    ? { Ipv6CidrBlock: random.pick(['::/0', ...OUTER_BLOCKS_V6]) }
    : { CidrBlock: random.pick(['0.0.0.0/0', ON_PREMISES, ...OUTER_BLOCKS, ...v4Blocks(vpc)]) };
  const protocol = random.pick(['-1', '6', '6', '17', v6 ? '58' : '1', '47']);
  const { from, to } = portRange(random);
  return {
    RuleNumber,
    Egress,
    Protocol: protocol,
    RuleAction: random.chance(0.55) ? 'deny' : 'allow',
    ...cidr,
    ...(protocol === '6' || protocol === '17' ? { PortRange: { From: from, To: to } } : {}),
    ...(protocol === '1' || protocol === '58'
      ? { IcmpTypeCode: random.pick([EVERY_KIND, { Type: 8, Code: -1 }, { Type: 8, Code: 0 }]) }
      : {}),
  };
}

/** The blocks of the VPC, and the halves of what may be delegated to an interface of its first subnet. */
function v4Blocks({ blocks, index }: VpcDraft): readonly string[] {
  const halves = [`10.${index}.1.64/29`, `10.${index}.1.72/29`];
  return [...blocks.filter((block) => !block.includes(':')), ...halves];
}
