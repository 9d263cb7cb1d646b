import type { Address } from './address.ts';
import { address, block, inside, keyOf, sameAddress } from './address.ts';
import type * as Aws from './documents.ts';

/** All documents together, by id. Nothing is interpreted here but which object has which address. */
export interface World {
  readonly vpcs: ReadonlyMap<string, Aws.Vpc>;
  readonly subnets: ReadonlyMap<string, Aws.Subnet>;
  readonly routeTables: ReadonlyMap<string, Aws.RouteTable>;
  readonly interfaces: ReadonlyMap<string, Aws.NetworkInterface>;
  readonly securityGroups: ReadonlyMap<string, Aws.SecurityGroup>;
  readonly networkAcls: ReadonlyMap<string, Aws.NetworkAcl>;
  readonly internetGateways: ReadonlyMap<string, Aws.InternetGateway>;
  readonly egressOnlyGateways: ReadonlyMap<string, Aws.EgressOnlyInternetGateway>;
  readonly natGateways: ReadonlyMap<string, Aws.NatGateway>;
  readonly endpoints: ReadonlyMap<string, Aws.VpcEndpoint>;
  readonly peerings: ReadonlyMap<string, Aws.VpcPeeringConnection>;
  readonly vpnGateways: ReadonlyMap<string, Aws.VpnGateway>;
  /** By gateway and attachment id: the two sides of a peering have the same attachment id. */
  readonly attachments: ReadonlyMap<string, Aws.TransitGatewayAttachment>;
  readonly vpcAttachments: ReadonlyMap<string, Aws.TransitGatewayVpcAttachment>;
  readonly peeringAttachments: ReadonlyMap<string, Aws.TransitGatewayPeeringAttachment>;
  /** The blocks of a prefix list; a list without known entries is not here. */
  readonly prefixLists: ReadonlyMap<string, readonly string[]>;
  /** The routes of a transit gateway's table; `undefined` where they were not asked or not all given. */
  readonly transitRoutes: ReadonlyMap<string, readonly Aws.TransitGatewayRoute[] | undefined>;
  /** The interface that holds an address inside a VPC: by VPC id and address. */
  readonly holders: ReadonlyMap<string, Aws.NetworkInterface>;
  /** The interfaces that have delegated blocks. */
  readonly delegates: readonly Aws.NetworkInterface[];
  /** The public addresses that the model knows, with the interface and private address behind each. */
  readonly publicHolders: ReadonlyMap<string, PublicHolder>;
  /** What exactly one claims to be; `undefined` where several do. */
  readonly tableOfSubnet: ReadonlyMap<string, Aws.RouteTable | undefined>;
  readonly mainTableOfVpc: ReadonlyMap<string, Aws.RouteTable | undefined>;
  readonly tableOfGateway: ReadonlyMap<string, Aws.RouteTable | undefined>;
  readonly aclOfSubnet: ReadonlyMap<string, Aws.NetworkAcl | undefined>;
  /** The members of a security group. */
  readonly membersOfGroup: ReadonlyMap<string, readonly Aws.NetworkInterface[]>;
}

export interface PublicHolder {
  readonly holder: Aws.NetworkInterface;
  readonly privateAddress: Address;
}

type Member<K extends string> = Readonly<Record<K, string>>;

export function worldOf(documents: readonly Aws.Document[]): World {
  const entries = (call: string, member: string): readonly unknown[] =>
    documents
      .filter((document) => document.call === `ec2:${call}`)
      .flatMap(({ answer }) => (answer[member] ?? []) as readonly unknown[]);
  const byId = <K extends string, T extends Member<K>>(
    call: string,
    member: string,
    id: K,
  ): ReadonlyMap<string, T> =>
    new Map((entries(call, member) as readonly T[]).map((entry) => [entry[id], entry]));

  const routeTables = byId<'RouteTableId', Aws.RouteTable>(
    'DescribeRouteTables',
    'RouteTables',
    'RouteTableId',
  );
  const interfaces = byId<'NetworkInterfaceId', Aws.NetworkInterface>(
    'DescribeNetworkInterfaces',
    'NetworkInterfaces',
    'NetworkInterfaceId',
  );
  const acls = byId<'NetworkAclId', Aws.NetworkAcl>('DescribeNetworkAcls', 'NetworkAcls', 'NetworkAclId');
  return {
    vpcs: byId('DescribeVpcs', 'Vpcs', 'VpcId'),
    subnets: byId('DescribeSubnets', 'Subnets', 'SubnetId'),
    routeTables,
    interfaces,
    securityGroups: byId('DescribeSecurityGroups', 'SecurityGroups', 'GroupId'),
    networkAcls: acls,
    internetGateways: byId('DescribeInternetGateways', 'InternetGateways', 'InternetGatewayId'),
    egressOnlyGateways: byId(
      'DescribeEgressOnlyInternetGateways',
      'EgressOnlyInternetGateways',
      'EgressOnlyInternetGatewayId',
    ),
    natGateways: byId('DescribeNatGateways', 'NatGateways', 'NatGatewayId'),
    endpoints: byId('DescribeVpcEndpoints', 'VpcEndpoints', 'VpcEndpointId'),
    peerings: byId('DescribeVpcPeeringConnections', 'VpcPeeringConnections', 'VpcPeeringConnectionId'),
    vpnGateways: byId('DescribeVpnGateways', 'VpnGateways', 'VpnGatewayId'),
    attachments: new Map(
      (
        entries(
          'DescribeTransitGatewayAttachments',
          'TransitGatewayAttachments',
        ) as readonly Aws.TransitGatewayAttachment[]
      ).map((one) => [attachmentKey(one.TransitGatewayId, one.TransitGatewayAttachmentId), one]),
    ),
    vpcAttachments: byId(
      'DescribeTransitGatewayVpcAttachments',
      'TransitGatewayVpcAttachments',
      'TransitGatewayAttachmentId',
    ),
    peeringAttachments: byId(
      'DescribeTransitGatewayPeeringAttachments',
      'TransitGatewayPeeringAttachments',
      'TransitGatewayAttachmentId',
    ),
    prefixLists: prefixListsOf(documents),
    transitRoutes: transitRoutesOf(documents),
    ...holdersOf([...interfaces.values()]),
    ...tablesOf([...routeTables.values()]),
    aclOfSubnet: onlyClaims(
      [...acls.values()].flatMap((acl) =>
        (acl.Associations ?? []).map(({ SubnetId }) => [SubnetId, acl] as const),
      ),
    ),
    membersOfGroup: membersOf([...interfaces.values()]),
  };
}

function prefixListsOf(documents: readonly Aws.Document[]): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, readonly string[]>();
  for (const { call, parameters, answer } of documents) {
    if (call === 'ec2:GetManagedPrefixListEntries') {
      const entries = answer['Entries'] as readonly { readonly Cidr: string }[];
      lists.set(
        parameters['PrefixListId'] ?? '',
        entries.map(({ Cidr }) => Cidr),
      );
    }
    if (call === 'ec2:DescribePrefixLists') {
      for (const list of (answer['PrefixLists'] ?? []) as readonly Aws.PrefixList[]) {
        if (list.Cidrs !== undefined) lists.set(list.PrefixListId, list.Cidrs);
      }
    }
  }
  return lists;
}

function transitRoutesOf(documents: readonly Aws.Document[]): World['transitRoutes'] {
  return new Map(
    documents
      .filter(({ call }) => call === 'ec2:SearchTransitGatewayRoutes')
      .map(({ parameters, answer }) => [
        parameters['TransitGatewayRouteTableId'] ?? '',
        answer['AdditionalRoutesAvailable'] === true
          ? undefined
          : (answer['Routes'] as readonly Aws.TransitGatewayRoute[]),
      ]),
  );
}

function holdersOf(
  interfaces: readonly Aws.NetworkInterface[],
): Pick<World, 'holders' | 'publicHolders' | 'delegates'> {
  const holders = new Map<string, Aws.NetworkInterface>();
  const publicHolders = new Map<string, PublicHolder>();
  for (const holder of interfaces) {
    for (const own of addressesOf(holder)) {
      holders.set(holderKey(holder.VpcId, own), holder);
      // An IPv6 address is public as it is.
      if (own.family === 6) publicHolders.set(keyOf(own), { holder, privateAddress: own });
    }
    for (const { PrivateIpAddress, Association } of holder.PrivateIpAddresses ?? []) {
      if (Association?.PublicIp === undefined) continue;
      const privateAddress = address(PrivateIpAddress);
      publicHolders.set(keyOf(address(Association.PublicIp)), { holder, privateAddress });
    }
  }
  return { holders, publicHolders, delegates: interfaces.filter((one) => delegatedTo(one).length > 0) };
}

/** The addresses that an interface may send from, both families. */
export function addressesOf(holder: Aws.NetworkInterface): readonly Address[] {
  const primary = holder.PrivateIpAddress === undefined ? [] : [holder.PrivateIpAddress];
  const listed = (holder.PrivateIpAddresses ?? []).map(({ PrivateIpAddress }) => PrivateIpAddress);
  const v6 = (holder.Ipv6Addresses ?? []).map(({ Ipv6Address }) => Ipv6Address);
  return [...new Set([...primary, ...listed, ...v6])].map(address);
}

/** The blocks that are delegated to an interface: it sends from any address of them, and answers to it. */
export function delegatedTo(holder: Aws.NetworkInterface): readonly string[] {
  return [
    ...(holder.Ipv4Prefixes ?? []).map(({ Ipv4Prefix }) => Ipv4Prefix),
    ...(holder.Ipv6Prefixes ?? []).map(({ Ipv6Prefix }) => Ipv6Prefix),
  ];
}

/** Whether an address is an interface's own. */
export function owns(holder: Aws.NetworkInterface, one: Address): boolean {
  return addressesOf(holder).some((own) => sameAddress(own, one)) || inside(delegatedTo(holder), one);
}

/** Every address of an interface that a test can name: of a delegated block both ends. */
export function nameableOf(holder: Aws.NetworkInterface): readonly Address[] {
  const ends = delegatedTo(holder).flatMap((text): readonly Address[] => {
    const { family, value, length } = block(text);
    const size = 1n << BigInt((family === 4 ? 32 : 128) - length);
    return [
      { family, value },
      { family, value: value + size - 1n },
    ];
  });
  return [...addressesOf(holder), ...ends];
}

/** The interface of a VPC that answers to an address. */
export function holderOf(world: World, vpc: string, one: Address): Aws.NetworkInterface | undefined {
  return (
    world.holders.get(holderKey(vpc, one)) ??
    world.delegates.find((each) => each.VpcId === vpc && inside(delegatedTo(each), one))
  );
}

/** The interface that answers to an address on the internet, and its address inside. */
export function publicHolderOf(world: World, one: Address): PublicHolder | undefined {
  const exact = world.publicHolders.get(keyOf(one));
  const holder =
    one.family === 6 ? world.delegates.find((each) => inside(delegatedTo(each), one)) : undefined;
  return exact ?? (holder && { holder, privateAddress: one });
}

export function attachmentKey(gateway: string, attachment: string): string {
  return `${gateway} ${attachment}`;
}

function holderKey(vpc: string, one: Address): string {
  return `${vpc} ${keyOf(one)}`;
}

function tablesOf(
  tables: readonly Aws.RouteTable[],
): Pick<World, 'tableOfSubnet' | 'mainTableOfVpc' | 'tableOfGateway'> {
  const claims = tables.flatMap((table) =>
    (table.Associations ?? []).map((association) => ({ table, ...association })),
  );
  const by = (
    keyOfClaim: (claim: (typeof claims)[number]) => string | undefined,
  ): ReadonlyMap<string, Aws.RouteTable | undefined> =>
    onlyClaims(
      claims.flatMap((claim) => {
        const key = keyOfClaim(claim);
        return key === undefined ? [] : [[key, claim.table] as const];
      }),
    );
  return {
    tableOfSubnet: by(({ SubnetId }) => SubnetId),
    tableOfGateway: by(({ SubnetId, GatewayId }) => (SubnetId === undefined ? GatewayId : undefined)),
    mainTableOfVpc: by(({ Main, table }) => (Main === true ? table.VpcId : undefined)),
  };
}

/** What two claim belongs to nobody for certain. */
function onlyClaims<T>(
  claims: readonly (readonly [key: string, claim: T])[],
): ReadonlyMap<string, T | undefined> {
  const found = new Map<string, T | undefined>();
  for (const [key, claim] of claims) {
    found.set(key, found.has(key) && found.get(key) !== claim ? undefined : claim);
  }
  return found;
}

function membersOf(interfaces: readonly Aws.NetworkInterface[]): World['membersOfGroup'] {
  const members = new Map<string, Aws.NetworkInterface[]>();
  for (const one of interfaces) {
    for (const { GroupId } of one.Groups) members.set(GroupId, [...(members.get(GroupId) ?? []), one]);
  }
  return members;
}

/** The address blocks of a VPC, both families. */
export function blocksOfVpc(vpc: Aws.Vpc): readonly string[] {
  return [
    vpc.CidrBlock,
    ...(vpc.CidrBlockAssociationSet ?? []).map(({ CidrBlock }) => CidrBlock),
    ...(vpc.Ipv6CidrBlockAssociationSet ?? []).map(({ Ipv6CidrBlock }) => Ipv6CidrBlock),
  ];
}
