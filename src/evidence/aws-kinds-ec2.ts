import type { AwsKind } from './evidence-kind.ts';
import type { CallSpec, KindSpec, Projection } from './kind-spec.ts';

/** An EC2 describe call: every one is listed in one region and granted by the action of its name. */
function describe(
  kind: AwsKind,
  operation: string,
  cli: string,
  member: string,
  entry: Projection,
): KindSpec {
  const call: CallSpec = {
    call: `ec2:${operation}`,
    cli: `ec2 ${cli}`,
    iam: [`ec2:${operation}`],
    member,
    projection: { [member]: [entry] },
  };
  return { kind, source: 'aws', calls: [call], grants: [] };
}

const ASSOCIATION: Projection = { PublicIp: true, IpOwnerId: true, CarrierIp: true, AllocationId: true };

/** How AWS itself describes the interface of a load balancer: by the end of its ARN, and nothing else tells it. */
const BALANCER_INTERFACE = /^ELB (?:app|net|gwy)\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/;

const PERMISSION: Projection = {
  IpProtocol: true,
  FromPort: true,
  ToPort: true,
  IpRanges: [{ CidrIp: true }],
  Ipv6Ranges: [{ CidrIpv6: true }],
  PrefixListIds: [{ PrefixListId: true }],
  UserIdGroupPairs: [
    { GroupId: true, UserId: true, VpcId: true, VpcPeeringConnectionId: true, PeeringStatus: true },
  ],
};

/** Every target that a route is known to have (EC2 API, Route). One that is not here is dropped, counted, and leaves the route without a known target. */
const ROUTE: Projection = {
  DestinationCidrBlock: true,
  DestinationIpv6CidrBlock: true,
  DestinationPrefixListId: true,
  GatewayId: true,
  EgressOnlyInternetGatewayId: true,
  NatGatewayId: true,
  NetworkInterfaceId: true,
  InstanceId: true,
  InstanceOwnerId: true,
  VpcPeeringConnectionId: true,
  TransitGatewayId: true,
  LocalGatewayId: true,
  CarrierGatewayId: true,
  CoreNetworkArn: true,
  OdbNetworkArn: true,
  IpAddress: true,
  Origin: true,
  State: true,
};

const CIDR_STATE: Projection = { State: true };

/** The EC2 kinds: what an egress solver needs of a network, and nothing that describes people or payloads. */
export const EC2_KINDS: readonly KindSpec[] = [
  describe('ec2.vpcs', 'DescribeVpcs', 'describe-vpcs', 'Vpcs', {
    VpcId: true,
    OwnerId: true,
    CidrBlock: true,
    CidrBlockAssociationSet: [{ CidrBlock: true, CidrBlockState: CIDR_STATE }],
    Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: true, Ipv6CidrBlockState: CIDR_STATE }],
    DhcpOptionsId: true,
    State: true,
    IsDefault: true,
    BlockPublicAccessStates: { InternetGatewayBlockMode: true },
  }),
  describe('ec2.subnets', 'DescribeSubnets', 'describe-subnets', 'Subnets', {
    SubnetId: true,
    VpcId: true,
    OwnerId: true,
    CidrBlock: true,
    Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: true, Ipv6CidrBlockState: CIDR_STATE }],
    AvailabilityZone: true,
    AvailabilityZoneId: true,
    State: true,
    MapPublicIpOnLaunch: true,
    AssignIpv6AddressOnCreation: true,
    OutpostArn: true,
    BlockPublicAccessStates: { InternetGatewayBlockMode: true },
  }),
  describe(
    'ec2.public-access-exclusions',
    'DescribeVpcBlockPublicAccessExclusions',
    'describe-vpc-block-public-access-exclusions',
    'VpcBlockPublicAccessExclusions',
    { ExclusionId: true, ResourceArn: true, InternetGatewayExclusionMode: true, State: true },
  ),
  describe('ec2.route-tables', 'DescribeRouteTables', 'describe-route-tables', 'RouteTables', {
    RouteTableId: true,
    VpcId: true,
    OwnerId: true,
    Associations: [
      {
        RouteTableAssociationId: true,
        RouteTableId: true,
        SubnetId: true,
        GatewayId: true,
        Main: true,
        AssociationState: { State: true },
      },
    ],
    PropagatingVgws: [{ GatewayId: true }],
    Routes: [ROUTE],
  }),
  describe(
    'ec2.internet-gateways',
    'DescribeInternetGateways',
    'describe-internet-gateways',
    'InternetGateways',
    {
      InternetGatewayId: true,
      OwnerId: true,
      Attachments: [{ State: true, VpcId: true }],
    },
  ),
  describe(
    'ec2.egress-only-internet-gateways',
    'DescribeEgressOnlyInternetGateways',
    'describe-egress-only-internet-gateways',
    'EgressOnlyInternetGateways',
    { EgressOnlyInternetGatewayId: true, Attachments: [{ State: true, VpcId: true }] },
  ),
  describe('ec2.nat-gateways', 'DescribeNatGateways', 'describe-nat-gateways', 'NatGateways', {
    NatGatewayId: true,
    SubnetId: true,
    VpcId: true,
    State: true,
    ConnectivityType: true,
    AvailabilityMode: true,
    RouteTableId: true,
    NatGatewayAddresses: [
      {
        AllocationId: true,
        NetworkInterfaceId: true,
        PrivateIp: true,
        PublicIp: true,
        IsPrimary: true,
        Status: true,
        AvailabilityZone: true,
      },
    ],
  }),
  describe(
    'ec2.network-interfaces',
    'DescribeNetworkInterfaces',
    'describe-network-interfaces',
    'NetworkInterfaces',
    {
      NetworkInterfaceId: true,
      InterfaceType: true,
      Description: BALANCER_INTERFACE,
      SubnetId: true,
      VpcId: true,
      OwnerId: true,
      RequesterId: true,
      RequesterManaged: true,
      AvailabilityZone: true,
      Groups: [{ GroupId: true }],
      Ipv6Addresses: [{ Ipv6Address: true }],
      Ipv6Prefixes: [{ Ipv6Prefix: true }],
      Ipv4Prefixes: [{ Ipv4Prefix: true }],
      PrivateIpAddress: true,
      PrivateIpAddresses: [{ PrivateIpAddress: true, Primary: true, Association: ASSOCIATION }],
      Association: ASSOCIATION,
      Attachment: { InstanceId: true, InstanceOwnerId: true, Status: true },
      SourceDestCheck: true,
      DenyAllIgwTraffic: true,
      Status: true,
    },
  ),
  describe('ec2.security-groups', 'DescribeSecurityGroups', 'describe-security-groups', 'SecurityGroups', {
    GroupId: true,
    VpcId: true,
    OwnerId: true,
    IpPermissions: [PERMISSION],
    IpPermissionsEgress: [PERMISSION],
  }),
  describe('ec2.network-acls', 'DescribeNetworkAcls', 'describe-network-acls', 'NetworkAcls', {
    NetworkAclId: true,
    VpcId: true,
    OwnerId: true,
    IsDefault: true,
    Associations: [{ NetworkAclAssociationId: true, SubnetId: true }],
    Entries: [
      {
        RuleNumber: true,
        Egress: true,
        Protocol: true,
        RuleAction: true,
        CidrBlock: true,
        Ipv6CidrBlock: true,
        PortRange: { From: true, To: true },
        IcmpTypeCode: { Type: true, Code: true },
      },
    ],
  }),
  describe('ec2.addresses', 'DescribeAddresses', 'describe-addresses', 'Addresses', {
    PublicIp: true,
    AllocationId: true,
    AssociationId: true,
    Domain: true,
    InstanceId: true,
    NetworkInterfaceId: true,
    NetworkInterfaceOwnerId: true,
    PrivateIpAddress: true,
    CarrierIp: true,
  }),
  describe('ec2.vpc-endpoints', 'DescribeVpcEndpoints', 'describe-vpc-endpoints', 'VpcEndpoints', {
    VpcEndpointId: true,
    VpcEndpointType: true,
    VpcId: true,
    ServiceName: true,
    ServiceRegion: true,
    State: true,
    RouteTableIds: [true],
    SubnetIds: [true],
    NetworkInterfaceIds: [true],
    Groups: [{ GroupId: true }],
    ServiceNetworkArn: true,
    ResourceConfigurationArn: true,
    OwnerId: true,
  }),
  describe(
    'ec2.vpc-peering-connections',
    'DescribeVpcPeeringConnections',
    'describe-vpc-peering-connections',
    'VpcPeeringConnections',
    {
      VpcPeeringConnectionId: true,
      Status: { Code: true },
      AccepterVpcInfo: {
        VpcId: true,
        OwnerId: true,
        Region: true,
        CidrBlock: true,
        CidrBlockSet: [{ CidrBlock: true }],
        Ipv6CidrBlockSet: [{ Ipv6CidrBlock: true }],
      },
      RequesterVpcInfo: {
        VpcId: true,
        OwnerId: true,
        Region: true,
        CidrBlock: true,
        CidrBlockSet: [{ CidrBlock: true }],
        Ipv6CidrBlockSet: [{ Ipv6CidrBlock: true }],
      },
    },
  ),
  {
    kind: 'ec2.managed-prefix-lists',
    source: 'aws',
    calls: [
      {
        call: 'ec2:DescribeManagedPrefixLists',
        cli: 'ec2 describe-managed-prefix-lists',
        iam: ['ec2:DescribeManagedPrefixLists'],
        member: 'PrefixLists',
        projection: {
          PrefixLists: [
            {
              PrefixListId: true,
              PrefixListName: true,
              // DescribePrefixLists answers in the same member and tells AWS's own lists whole.
              Cidrs: [true],
              OwnerId: true,
              AddressFamily: true,
              State: true,
              Version: true,
            },
          ],
        },
      },
      {
        call: 'ec2:GetManagedPrefixListEntries',
        cli: 'ec2 get-managed-prefix-list-entries',
        iam: ['ec2:GetManagedPrefixListEntries'],
        member: 'Entries',
        projection: { Entries: [{ Cidr: true }] },
        forEach: [
          {
            from: 'ec2:DescribeManagedPrefixLists',
            ids: 'PrefixLists[].PrefixListId',
            parameter: 'prefix-list-id',
          },
        ],
      },
    ],
    grants: [],
  },
  describe('ec2.flow-logs', 'DescribeFlowLogs', 'describe-flow-logs', 'FlowLogs', {
    FlowLogId: true,
    ResourceId: true,
    TrafficType: true,
    LogDestinationType: true,
    LogDestination: true,
    LogGroupName: true,
    LogFormat: true,
    MaxAggregationInterval: true,
    FlowLogStatus: true,
    DeliverLogsStatus: true,
    CreationTime: true,
    DestinationOptions: { FileFormat: true, HiveCompatiblePartitions: true, PerHourPartition: true },
  }),
];
