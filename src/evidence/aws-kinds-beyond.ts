import { call, kind } from './kind-parts.ts';
import type { FanOut, KindSpec } from './kind-spec.ts';

const PER_BALANCER: readonly FanOut[] = [
  {
    from: 'elasticloadbalancing:DescribeLoadBalancers',
    ids: 'LoadBalancers[].LoadBalancerArn',
    parameter: 'load-balancer-arn',
    answered: 'Listeners[].LoadBalancerArn',
  },
];

const PER_TARGET_GROUP: readonly FanOut[] = [
  {
    from: 'elasticloadbalancing:DescribeTargetGroups',
    ids: 'TargetGroups[].TargetGroupArn',
    parameter: 'target-group-arn',
  },
];

/** Networks as other services than EC2 describe them: balancers, Direct Connect. */
export const BEYOND_KINDS: readonly KindSpec[] = [
  kind(
    'elbv2.load-balancers',
    call('elasticloadbalancing:DescribeLoadBalancers', 'elbv2 describe-load-balancers', 'LoadBalancers', [
      {
        LoadBalancerArn: true,
        DNSName: true,
        Type: true,
        Scheme: true,
        VpcId: true,
        State: { Code: true },
        SecurityGroups: [true],
        AvailabilityZones: [
          {
            ZoneName: true,
            SubnetId: true,
            LoadBalancerAddresses: [
              { IpAddress: true, PrivateIPv4Address: true, IPv6Address: true, AllocationId: true },
            ],
          },
        ],
      },
    ]),
    call(
      'elasticloadbalancing:DescribeListeners',
      'elbv2 describe-listeners',
      'Listeners',
      [
        {
          ListenerArn: true,
          LoadBalancerArn: true,
          Port: true,
          Protocol: true,
          DefaultActions: [
            {
              Type: true,
              TargetGroupArn: true,
              ForwardConfig: { TargetGroups: [{ TargetGroupArn: true, Weight: true }] },
            },
          ],
        },
      ],
      { forEach: PER_BALANCER },
    ),
    call('elasticloadbalancing:DescribeTargetGroups', 'elbv2 describe-target-groups', 'TargetGroups', [
      {
        TargetGroupArn: true,
        Protocol: true,
        Port: true,
        VpcId: true,
        TargetType: true,
        LoadBalancerArns: [true],
      },
    ]),
    call(
      'elasticloadbalancing:DescribeTargetHealth',
      'elbv2 describe-target-health',
      'TargetHealthDescriptions',
      [
        {
          Target: { Id: true, Port: true, AvailabilityZone: true },
          TargetHealth: { State: true },
        },
      ],
      { forEach: PER_TARGET_GROUP },
    ),
  ),
  // Gateways are told alike in every region of the partition, virtual interfaces in their own (Direct Connect API).
  kind(
    'directconnect.gateways',
    call(
      'directconnect:DescribeDirectConnectGateways',
      'directconnect describe-direct-connect-gateways',
      'directConnectGateways',
      [{ directConnectGatewayId: true, ownerAccount: true, directConnectGatewayState: true }],
    ),
    call(
      'directconnect:DescribeVirtualInterfaces',
      'directconnect describe-virtual-interfaces',
      'virtualInterfaces',
      [
        {
          virtualInterfaceId: true,
          virtualInterfaceType: true,
          virtualInterfaceState: true,
          virtualGatewayId: true,
          directConnectGatewayId: true,
          ownerAccount: true,
          region: true,
          location: true,
          siteLinkEnabled: true,
        },
      ],
    ),
    call(
      'directconnect:DescribeDirectConnectGatewayAssociations',
      'directconnect describe-direct-connect-gateway-associations',
      'directConnectGatewayAssociations',
      [
        {
          // First, since older associations have no id of their own.
          directConnectGatewayId: true,
          associationId: true,
          associationState: true,
          directConnectGatewayOwnerAccount: true,
          associatedGateway: { id: true, type: true, ownerAccount: true, region: true },
          allowedPrefixesToDirectConnectGateway: [{ cidr: true }],
        },
      ],
      {
        forEach: [
          {
            from: 'directconnect:DescribeDirectConnectGateways',
            ids: 'directConnectGateways[].directConnectGatewayId',
            parameter: 'direct-connect-gateway-id',
            answered: 'directConnectGatewayAssociations[].directConnectGatewayId',
          },
        ],
      },
    ),
  ),
];
