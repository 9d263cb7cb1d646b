import type { AddressPlan } from './address-plan.ts';
import type { Random } from './random.ts';
import type { AwsObject, Stack, StackNames } from './stack.ts';

/** What the network part of a stack is made from. */
export interface NetworkSite {
  readonly partition: Stack['partition'];
  readonly account: string;
  readonly region: string;
  readonly plan: AddressPlan;
  readonly random: Random;
}

export type NetworkPart = Pick<
  Stack,
  | 'vpcs'
  | 'subnets'
  | 'routeTables'
  | 'internetGateways'
  | 'egressOnlyInternetGateways'
  | 'natGateways'
  | 'networkInterfaces'
  | 'securityGroups'
  | 'networkAcls'
  | 'addresses'
  | 'vpcEndpoints'
  | 'flowLogs'
>;

type NetworkNames = Pick<
  StackNames,
  | 'vpc'
  | 'publicSubnets'
  | 'privateSubnets'
  | 'appGroup'
  | 'balancerGroup'
  | 'databaseGroup'
  | 'privateTable'
  | 'publicTable'
  | 'nat'
  | 'internetGateway'
  | 'appInterfaces'
>;

const ANYWHERE: AwsObject = { CidrIp: '0.0.0.0/0' };

/**
 * A gateway's network: a public load balancer, tasks in private subnets behind one NAT gateway, a database
 * that can call nobody. The tasks' security group opens only the declared providers and the VPC itself.
 */
export function gatewayNetwork(site: NetworkSite): {
  readonly part: NetworkPart;
  readonly names: NetworkNames;
} {
  const { account, region, plan, random } = site;
  const id = (prefix: string): string => `${prefix}-0${random.hex(16)}`;
  const zones = [`${region}a`, `${region}b`] as const;
  const names: NetworkNames = {
    vpc: id('vpc'),
    publicSubnets: [id('subnet'), id('subnet')],
    privateSubnets: [id('subnet'), id('subnet')],
    appGroup: id('sg'),
    balancerGroup: id('sg'),
    databaseGroup: id('sg'),
    privateTable: id('rtb'),
    publicTable: id('rtb'),
    nat: id('nat'),
    internetGateway: id('igw'),
    appInterfaces: [id('eni'), id('eni'), id('eni')],
  };
  const at = (list: readonly string[], index: number): string => list[index] ?? '';

  const subnet = (SubnetId: string, CidrBlock: string, zone: number, open: boolean): AwsObject => ({
    SubnetId,
    VpcId: names.vpc,
    OwnerId: account,
    CidrBlock,
    Ipv6CidrBlockAssociationSet: [],
    AvailabilityZone: zones[zone] ?? region,
    State: 'available',
    MapPublicIpOnLaunch: open,
    AssignIpv6AddressOnCreation: false,
  });
  const networkInterface = (
    NetworkInterfaceId: string,
    type: string,
    SubnetId: string,
    address: string,
    groups: readonly string[],
    description: string,
    publicIp?: string,
  ): AwsObject => {
    const association =
      publicIp === undefined ? {} : { Association: { PublicIp: publicIp, IpOwnerId: account } };
    return {
      NetworkInterfaceId,
      InterfaceType: type,
      SubnetId,
      VpcId: names.vpc,
      OwnerId: account,
      AvailabilityZone:
        zones[
          names.publicSubnets.indexOf(SubnetId) === 1 || names.privateSubnets.indexOf(SubnetId) === 1 ? 1 : 0
        ],
      Description: description,
      Groups: groups.map((GroupId) => ({ GroupId, GroupName: GroupId })),
      Ipv6Addresses: [],
      PrivateIpAddress: address,
      PrivateIpAddresses: [{ PrivateIpAddress: address, Primary: true, ...association }],
      RequesterManaged: type !== 'interface',
      SourceDestCheck: type !== 'nat_gateway',
      Status: 'in-use',
      ...association,
    };
  };

  const natInterface = id('eni');
  const natAllocation = id('eipalloc');
  const [publicA, publicB] = plan.publicCidrs.map((cidr) => cidr.replace('.0/24', ''));
  const [privateA, privateB] = plan.privateCidrs.map((cidr) => cidr.replace('.0/20', ''));
  const permission = (IpProtocol: string, port: number | null, to: Partial<AwsObject>): AwsObject => ({
    IpProtocol,
    ...(port === null ? {} : { FromPort: port, ToPort: port }),
    IpRanges: [],
    Ipv6Ranges: [],
    PrefixListIds: [],
    UserIdGroupPairs: [],
    ...to,
  });
  const group = (
    GroupId: string,
    GroupName: string,
    ingress: readonly AwsObject[],
    egress: readonly AwsObject[],
  ): AwsObject => ({
    GroupId,
    GroupName,
    Description: GroupName,
    VpcId: names.vpc,
    OwnerId: account,
    IpPermissions: ingress,
    IpPermissionsEgress: egress,
  });
  const from = (GroupId: string): Partial<AwsObject> => ({
    UserIdGroupPairs: [{ GroupId, UserId: account }],
  });
  const inside: Partial<AwsObject> = { IpRanges: [{ CidrIp: plan.vpcCidr }] };
  const local: AwsObject = {
    DestinationCidrBlock: plan.vpcCidr,
    GatewayId: 'local',
    Origin: 'CreateRouteTable',
    State: 'active',
  };
  const endpointGroup = id('sg');

  const part: NetworkPart = {
    vpcs: [
      {
        VpcId: names.vpc,
        OwnerId: account,
        CidrBlock: plan.vpcCidr,
        CidrBlockAssociationSet: [
          {
            AssociationId: id('vpc-cidr-assoc'),
            CidrBlock: plan.vpcCidr,
            CidrBlockState: { State: 'associated' },
          },
        ],
        Ipv6CidrBlockAssociationSet: [],
        DhcpOptionsId: id('dopt'),
        InstanceTenancy: 'default',
        IsDefault: false,
        State: 'available',
      },
    ],
    subnets: [
      subnet(at(names.publicSubnets, 0), plan.publicCidrs[0], 0, true),
      subnet(at(names.publicSubnets, 1), plan.publicCidrs[1], 1, true),
      subnet(at(names.privateSubnets, 0), plan.privateCidrs[0], 0, false),
      subnet(at(names.privateSubnets, 1), plan.privateCidrs[1], 1, false),
    ],
    routeTables: [
      {
        RouteTableId: names.publicTable,
        VpcId: names.vpc,
        OwnerId: account,
        Associations: names.publicSubnets.map((SubnetId) => ({
          RouteTableAssociationId: id('rtbassoc'),
          RouteTableId: names.publicTable,
          SubnetId,
          Main: false,
          AssociationState: { State: 'associated' },
        })),
        PropagatingVgws: [],
        Routes: [
          local,
          {
            DestinationCidrBlock: '0.0.0.0/0',
            GatewayId: names.internetGateway,
            Origin: 'CreateRoute',
            State: 'active',
          },
        ],
      },
      {
        RouteTableId: names.privateTable,
        VpcId: names.vpc,
        OwnerId: account,
        Associations: [
          {
            RouteTableAssociationId: id('rtbassoc'),
            RouteTableId: names.privateTable,
            Main: true,
            AssociationState: { State: 'associated' },
          },
          ...names.privateSubnets.map((SubnetId) => ({
            RouteTableAssociationId: id('rtbassoc'),
            RouteTableId: names.privateTable,
            SubnetId,
            Main: false,
            AssociationState: { State: 'associated' },
          })),
        ],
        PropagatingVgws: [],
        Routes: [
          local,
          {
            DestinationCidrBlock: '0.0.0.0/0',
            NatGatewayId: names.nat,
            Origin: 'CreateRoute',
            State: 'active',
          },
        ],
      },
    ],
    internetGateways: [
      {
        InternetGatewayId: names.internetGateway,
        OwnerId: account,
        Attachments: [{ State: 'available', VpcId: names.vpc }],
      },
    ],
    egressOnlyInternetGateways: [],
    natGateways: [
      {
        NatGatewayId: names.nat,
        SubnetId: at(names.publicSubnets, 0),
        VpcId: names.vpc,
        State: 'available',
        ConnectivityType: 'public',
        AvailabilityMode: 'zonal',
        NatGatewayAddresses: [
          {
            AllocationId: natAllocation,
            NetworkInterfaceId: natInterface,
            PrivateIp: `${publicA}.200`,
            PublicIp: plan.natPublic,
            AssociationId: id('eipassoc'),
            IsPrimary: true,
            Status: 'succeeded',
          },
        ],
      },
    ],
    networkInterfaces: [
      networkInterface(
        at(names.appInterfaces, 0),
        'interface',
        at(names.privateSubnets, 0),
        `${privateA}.21`,
        [names.appGroup],
        'gateway task',
      ),
      networkInterface(
        at(names.appInterfaces, 1),
        'interface',
        at(names.privateSubnets, 1),
        `${privateB}.22`,
        [names.appGroup],
        'gateway task',
      ),
      networkInterface(
        at(names.appInterfaces, 2),
        'interface',
        at(names.privateSubnets, 0),
        `${privateA}.23`,
        [names.appGroup],
        'console task',
      ),
      networkInterface(
        id('eni'),
        'interface',
        at(names.publicSubnets, 0),
        `${publicA}.10`,
        [names.balancerGroup],
        'ELB app/gateway',
        plan.balancerPublic[0],
      ),
      networkInterface(
        id('eni'),
        'interface',
        at(names.publicSubnets, 1),
        `${publicB}.10`,
        [names.balancerGroup],
        'ELB app/gateway',
        plan.balancerPublic[1],
      ),
      networkInterface(
        id('eni'),
        'interface',
        at(names.privateSubnets, 0),
        `${privateA}.80`,
        [names.databaseGroup],
        'RDSNetworkInterface',
      ),
      networkInterface(
        id('eni'),
        'interface',
        at(names.privateSubnets, 1),
        `${privateB}.81`,
        [endpointGroup],
        'ECR pull-through relay',
      ),
      networkInterface(
        natInterface,
        'nat_gateway',
        at(names.publicSubnets, 0),
        `${publicA}.200`,
        [],
        'Interface for NAT Gateway',
        plan.natPublic,
      ),
    ],
    securityGroups: [
      group(
        names.balancerGroup,
        'gateway-balancer',
        [permission('tcp', 443, { IpRanges: [ANYWHERE] })],
        [permission('tcp', 4000, from(names.appGroup))],
      ),
      group(
        names.appGroup,
        'gateway-app',
        [permission('tcp', 4000, from(names.balancerGroup))],
        [
          permission('tcp', 443, { IpRanges: plan.providerCidrs.map((CidrIp) => ({ CidrIp })) }),
          permission('-1', null, inside),
        ],
      ),
      group(names.databaseGroup, 'gateway-database', [permission('tcp', 5432, from(names.appGroup))], []),
      group(endpointGroup, 'gateway-endpoints', [permission('tcp', 443, inside)], []),
    ],
    networkAcls: [
      {
        NetworkAclId: id('acl'),
        VpcId: names.vpc,
        OwnerId: account,
        IsDefault: true,
        Associations: [...names.publicSubnets, ...names.privateSubnets].map((SubnetId) => ({
          NetworkAclAssociationId: id('aclassoc'),
          SubnetId,
        })),
        Entries: [true, false].flatMap((Egress) => [
          { RuleNumber: 100, Egress, Protocol: '-1', RuleAction: 'allow', CidrBlock: '0.0.0.0/0' },
          { RuleNumber: 32767, Egress, Protocol: '-1', RuleAction: 'deny', CidrBlock: '0.0.0.0/0' },
        ]),
      },
    ],
    addresses: [
      {
        AllocationId: natAllocation,
        PublicIp: plan.natPublic,
        Domain: 'vpc',
        NetworkInterfaceId: natInterface,
        NetworkInterfaceOwnerId: account,
        PrivateIpAddress: `${publicA}.200`,
      },
    ],
    vpcEndpoints: [],
    flowLogs: [
      {
        FlowLogId: id('fl'),
        ResourceId: names.vpc,
        TrafficType: 'ALL',
        LogDestinationType: 's3',
        LogDestination: `arn:${site.partition}:s3:::gateway-flow-logs-${account}`,
        LogFormat: '',
        MaxAggregationInterval: 600,
        FlowLogStatus: 'ACTIVE',
        DeliverLogsStatus: 'SUCCESS',
        CreationTime: '2026-01-10T08:00:00+00:00',
      },
    ],
  };
  return { part, names };
}
