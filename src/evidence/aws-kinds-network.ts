import type { AwsKind } from './evidence-kind.ts';
import { call, kind } from './kind-parts.ts';
import type { FanOut, KindSpec, Projection } from './kind-spec.ts';

function ec2(name: AwsKind, operation: string, cli: string, member: string, entry: Projection): KindSpec {
  return kind(name, call(`ec2:${operation}`, `ec2 ${cli}`, member, [entry]));
}

const TGW_INFO: Projection = { TransitGatewayId: true, OwnerId: true, Region: true };

const PER_TRANSIT_TABLE: readonly FanOut[] = [
  {
    from: 'ec2:DescribeTransitGatewayRouteTables',
    ids: 'TransitGatewayRouteTables[].TransitGatewayRouteTableId',
    parameter: 'transit-gateway-route-table-id',
  },
];

/** What joins networks to each other and to the world beyond a VPC's own gateways (EC2 API). */
export const NETWORK_KINDS: readonly KindSpec[] = [
  kind(
    'ec2.instances',
    call('ec2:DescribeInstances', 'ec2 describe-instances', 'Reservations', [
      {
        Instances: [
          {
            InstanceId: true,
            NetworkInterfaces: [
              {
                NetworkInterfaceId: true,
                InterfaceType: true,
                SubnetId: true,
                VpcId: true,
                OwnerId: true,
                Groups: [{ GroupId: true }],
                Ipv6Addresses: [{ Ipv6Address: true }],
                PrivateIpAddress: true,
                PrivateIpAddresses: [
                  {
                    PrivateIpAddress: true,
                    Primary: true,
                    Association: { PublicIp: true, IpOwnerId: true, CarrierIp: true },
                  },
                ],
                Association: { PublicIp: true, IpOwnerId: true, CarrierIp: true },
                SourceDestCheck: true,
                Status: true,
              },
            ],
          },
        ],
      },
    ]),
  ),
  ec2('ec2.vpn-gateways', 'DescribeVpnGateways', 'describe-vpn-gateways', 'VpnGateways', {
    VpnGatewayId: true,
    State: true,
    VpcAttachments: [{ State: true, VpcId: true }],
  }),
  // The configuration document of a connection holds its keys and is never kept.
  ec2('ec2.vpn-connections', 'DescribeVpnConnections', 'describe-vpn-connections', 'VpnConnections', {
    VpnConnectionId: true,
    VpnGatewayId: true,
    TransitGatewayId: true,
    CustomerGatewayId: true,
    State: true,
    Options: { StaticRoutesOnly: true, TunnelOptions: [{ OutsideIpAddress: true }] },
    Routes: [{ DestinationCidrBlock: true, State: true }],
    VgwTelemetry: [{ OutsideIpAddress: true }],
  }),
  ec2('ec2.customer-gateways', 'DescribeCustomerGateways', 'describe-customer-gateways', 'CustomerGateways', {
    CustomerGatewayId: true,
    IpAddress: true,
    State: true,
  }),
  ec2('ec2.transit-gateways', 'DescribeTransitGateways', 'describe-transit-gateways', 'TransitGateways', {
    TransitGatewayId: true,
    OwnerId: true,
    State: true,
    Options: { AssociationDefaultRouteTableId: true, PropagationDefaultRouteTableId: true },
  }),
  ec2(
    'ec2.transit-gateway-attachments',
    'DescribeTransitGatewayAttachments',
    'describe-transit-gateway-attachments',
    'TransitGatewayAttachments',
    {
      TransitGatewayAttachmentId: true,
      TransitGatewayId: true,
      TransitGatewayOwnerId: true,
      ResourceOwnerId: true,
      ResourceType: true,
      ResourceId: true,
      State: true,
      Association: { TransitGatewayRouteTableId: true, State: true },
    },
  ),
  ec2(
    'ec2.transit-gateway-vpc-attachments',
    'DescribeTransitGatewayVpcAttachments',
    'describe-transit-gateway-vpc-attachments',
    'TransitGatewayVpcAttachments',
    {
      TransitGatewayAttachmentId: true,
      TransitGatewayId: true,
      VpcId: true,
      VpcOwnerId: true,
      State: true,
      SubnetIds: [true],
      Options: { ApplianceModeSupport: true, Ipv6Support: true },
    },
  ),
  ec2(
    'ec2.transit-gateway-peering-attachments',
    'DescribeTransitGatewayPeeringAttachments',
    'describe-transit-gateway-peering-attachments',
    'TransitGatewayPeeringAttachments',
    {
      TransitGatewayAttachmentId: true,
      RequesterTgwInfo: TGW_INFO,
      AccepterTgwInfo: TGW_INFO,
      State: true,
    },
  ),
  kind(
    'ec2.transit-gateway-route-tables',
    call(
      'ec2:DescribeTransitGatewayRouteTables',
      'ec2 describe-transit-gateway-route-tables',
      'TransitGatewayRouteTables',
      [{ TransitGatewayRouteTableId: true, TransitGatewayId: true, State: true }],
    ),
    call(
      'ec2:SearchTransitGatewayRoutes',
      'ec2 search-transit-gateway-routes',
      'Routes',
      [
        {
          State: true,
          Type: true,
          DestinationCidrBlock: true,
          PrefixListId: true,
          TransitGatewayAttachments: [
            { ResourceId: true, TransitGatewayAttachmentId: true, ResourceType: true },
          ],
        },
      ],
      {
        projection: {
          Routes: [
            {
              State: true,
              Type: true,
              DestinationCidrBlock: true,
              PrefixListId: true,
              TransitGatewayAttachments: [
                { ResourceId: true, TransitGatewayAttachmentId: true, ResourceType: true },
              ],
            },
          ],
          AdditionalRoutesAvailable: true,
        },
        forEach: PER_TRANSIT_TABLE,
        fixed: {
          cli: '--filters Name=state,Values=active,blackhole',
          input: { Filters: [{ Name: 'state', Values: ['active', 'blackhole'] }] },
        },
      },
    ),
    call(
      'ec2:GetTransitGatewayRouteTableAssociations',
      'ec2 get-transit-gateway-route-table-associations',
      'Associations',
      [{ TransitGatewayAttachmentId: true, ResourceId: true, ResourceType: true, State: true }],
      { forEach: PER_TRANSIT_TABLE },
    ),
    call(
      'ec2:GetTransitGatewayRouteTablePropagations',
      'ec2 get-transit-gateway-route-table-propagations',
      'TransitGatewayRouteTablePropagations',
      [{ TransitGatewayAttachmentId: true, ResourceId: true, ResourceType: true, State: true }],
      { forEach: PER_TRANSIT_TABLE },
    ),
    call(
      'ec2:GetTransitGatewayPrefixListReferences',
      'ec2 get-transit-gateway-prefix-list-references',
      'TransitGatewayPrefixListReferences',
      [
        {
          TransitGatewayRouteTableId: true,
          PrefixListId: true,
          State: true,
          Blackhole: true,
          TransitGatewayAttachment: {
            TransitGatewayAttachmentId: true,
            ResourceType: true,
            ResourceId: true,
          },
        },
      ],
      { forEach: PER_TRANSIT_TABLE },
    ),
  ),
  kind(
    'ec2.traffic-mirroring',
    call(
      'ec2:DescribeTrafficMirrorSessions',
      'ec2 describe-traffic-mirror-sessions',
      'TrafficMirrorSessions',
      [
        {
          TrafficMirrorSessionId: true,
          TrafficMirrorTargetId: true,
          NetworkInterfaceId: true,
          OwnerId: true,
        },
      ],
    ),
    call('ec2:DescribeTrafficMirrorTargets', 'ec2 describe-traffic-mirror-targets', 'TrafficMirrorTargets', [
      {
        TrafficMirrorTargetId: true,
        NetworkInterfaceId: true,
        NetworkLoadBalancerArn: true,
        GatewayLoadBalancerEndpointId: true,
        Type: true,
        OwnerId: true,
      },
    ]),
  ),
];
