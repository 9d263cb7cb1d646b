import type * as Aws from '../documents.ts';
import type { Draw, VpcDraft } from './draft.ts';

/** Gives out the numbers of one network: hosts in subnets and public addresses. */
export interface Addresses {
  readonly hostIn: (subnet: Aws.Subnet) => {
    readonly v4: string | undefined;
    readonly v6: string | undefined;
  };
  /** The next block that can be delegated in a subnet: a /28 of IPv4, a /80 of IPv6. */
  readonly blockIn: (subnet: Aws.Subnet) => {
    readonly v4: string | undefined;
    readonly v6: string | undefined;
  };
  readonly publicIp: () => string;
}

export function addressesOfNetwork(): Addresses {
  const used = new Map<string, number>();
  const delegated = new Map<string, number>();
  let publics = 0;
  return {
    hostIn: (subnet) => {
      // The first four addresses of a subnet are AWS's own.
      const host = (used.get(subnet.SubnetId) ?? 9) + 1;
      used.set(subnet.SubnetId, host);
      const v6 = subnet.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock;
      return {
        v4: subnet.CidrBlock?.replace('.0/24', `.${host}`),
        v6: v6?.replace('::/64', `::${host.toString(16)}`),
      };
    },
    blockIn: (subnet) => {
      // Above every host: the first block of a subnet is that of `.64/28`, which network ACLs cut in halves.
      const number = (delegated.get(subnet.SubnetId) ?? 3) + 1;
      delegated.set(subnet.SubnetId, number);
      const v6 = subnet.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock;
      return {
        v4: subnet.CidrBlock?.replace('.0/24', `.${16 * number}/28`),
        v6: v6?.replace('::/64', `:${number}::/80`),
      };
    },
    publicIp: () => {
      publics += 1;
      return `52.80.${publics >> 8}.${publics & 255}`;
    },
  };
}

export interface InterfaceWish {
  readonly subnet: Aws.Subnet;
  readonly groups: readonly string[];
  readonly type: string;
  readonly publicIp: boolean;
  readonly v6: boolean;
  readonly forwards: boolean;
  readonly instance: boolean;
  /** A second private address, mostly without a public one of its own. */
  readonly second: boolean;
  /** Blocks delegated to it, of every family that its subnet has. */
  readonly delegated?: boolean;
  /** An address of a mobile carrier. */
  readonly carrier?: boolean;
}

export function interfaceOf(
  { id, random }: Draw,
  addresses: Addresses,
  { vpc, place }: VpcDraft,
  wish: InterfaceWish,
): Aws.NetworkInterface {
  const host = addresses.hostIn(wish.subnet);
  const elastic = (wanted: boolean, carrier = false): { readonly Association?: Aws.PublicAddress } => {
    if (carrier) return { Association: { CarrierIp: addresses.publicIp(), IpOwnerId: 'carrier' } };
    return wanted ? { Association: { PublicIp: addresses.publicIp(), IpOwnerId: 'amazon' } } : {};
  };
  const own = elastic(wish.publicIp && host.v4 !== undefined, wish.carrier);
  const second = wish.second ? addresses.hostIn(wish.subnet).v4 : undefined;
  const others =
    second === undefined
      ? []
      : [
          {
            PrivateIpAddress: second,
            Primary: false,
            ...elastic(wish.type === 'nat_gateway' ? wish.publicIp : random.chance(0.3)),
          },
        ];
  const v6 = (wish.v6 || host.v4 === undefined) && host.v6 !== undefined ? [{ Ipv6Address: host.v6 }] : [];
  const blocks = wish.delegated === true ? addresses.blockIn(wish.subnet) : undefined;
  return {
    NetworkInterfaceId: id('eni'),
    InterfaceType: wish.type,
    SubnetId: wish.subnet.SubnetId,
    VpcId: vpc.VpcId,
    OwnerId: place.account,
    Groups: wish.groups.map((GroupId) => ({ GroupId })),
    ...(host.v4 === undefined
      ? { PrivateIpAddresses: [] }
      : {
          PrivateIpAddress: host.v4,
          PrivateIpAddresses: [{ PrivateIpAddress: host.v4, Primary: true, ...own }, ...others],
        }),
    Ipv6Addresses: v6,
    ...(blocks?.v4 === undefined ? {} : { Ipv4Prefixes: [{ Ipv4Prefix: blocks.v4 }] }),
    ...(blocks?.v6 === undefined || v6.length === 0 ? {} : { Ipv6Prefixes: [{ Ipv6Prefix: blocks.v6 }] }),
    ...(host.v4 === undefined ? {} : own),
    ...(wish.instance
      ? { Attachment: { InstanceId: id('i'), InstanceOwnerId: place.account, Status: 'attached' } }
      : {}),
    SourceDestCheck: !wish.forwards,
    ...(random.chance(0.03) ? { DenyAllIgwTraffic: true } : {}),
    Status: wish.instance ? 'in-use' : 'available',
  };
}

/** The interfaces of a VPC's own machines: one or two in a subnet. */
export function machines(draw: Draw, addresses: Addresses, draft: VpcDraft): readonly Aws.NetworkInterface[] {
  const { random } = draw;
  return draft.subnets.flatMap((subnet) =>
    Array.from({ length: 1 + random.below(2) }, () =>
      interfaceOf(draw, addresses, draft, {
        subnet,
        groups: groupsFor(draw, draft),
        type: random.pick(['interface', 'interface', 'interface', 'lambda', 'network_load_balancer']),
        publicIp: random.chance(0.45),
        v6: random.chance(0.8),
        forwards: !draw.ordinary && random.chance(0.15),
        instance: random.chance(0.8),
        second: random.chance(0.15),
        delegated: random.chance(0.2),
        carrier: random.chance(0.04),
      }),
    ),
  );
}

export function groupsFor({ random }: Draw, { groups }: VpcDraft): readonly string[] {
  const one = random.any(groups)?.GroupId;
  const other = random.any(groups)?.GroupId;
  if (one === undefined || other === undefined) return [];
  return one === other || random.chance(0.6) ? [one] : [one, other];
}
