import { call, kind } from './kind-parts.ts';
import type { FanOut, KindSpec } from './kind-spec.ts';

const PER_VPC = { from: 'ec2:DescribeVpcs', ids: 'Vpcs[].VpcId' } as const;

const PER_SERVICE_NETWORK: readonly FanOut[] = [
  {
    from: 'vpc-lattice:ListServiceNetworkVpcAssociations',
    ids: 'items[].serviceNetworkArn',
    parameter: 'service-network-identifier',
  },
  {
    from: 'ec2:DescribeVpcEndpoints',
    ids: 'VpcEndpoints[].ServiceNetworkArn',
    parameter: 'service-network-identifier',
  },
];

const PER_DOMAIN_LIST = {
  from: 'route53resolver:ListFirewallRules',
  ids: 'FirewallRules[].FirewallDomainListId',
  parameter: 'firewall-domain-list-id',
} as const;

/** What EC2 says of ways that no route shows: whether a VPC's resolver answers, and who is let in from outside. */
const ASKED_OF_EC2: readonly KindSpec[] = [
  kind(
    'ec2.vpc-attributes',
    call(
      'ec2:DescribeVpcAttribute',
      'ec2 describe-vpc-attribute',
      'EnableDnsSupport',
      { Value: true },
      {
        projection: { VpcId: true, EnableDnsSupport: { Value: true } },
        forEach: [{ ...PER_VPC, parameter: 'vpc-id', answered: 'VpcId' }],
        fixed: {
          cli: '--attribute enableDnsSupport',
          input: { attribute: 'enableDnsSupport' },
          selects: 'attribute',
        },
      },
    ),
  ),
  kind(
    'ec2.dhcp-options',
    call('ec2:DescribeDhcpOptions', 'ec2 describe-dhcp-options', 'DhcpOptions', [
      { DhcpOptionsId: true, OwnerId: true, DhcpConfigurations: [{ Key: true, Values: [{ Value: true }] }] },
    ]),
  ),
  // Client VPN and Verified Access are not everywhere in China.
  {
    ...kind(
      'ec2.remote-access',
      call('ec2:DescribeClientVpnEndpoints', 'ec2 describe-client-vpn-endpoints', 'ClientVpnEndpoints', [
        { ClientVpnEndpointId: true, VpcId: true, Status: { Code: true }, ClientCidrBlock: true },
      ]),
      call(
        'ec2:DescribeInstanceConnectEndpoints',
        'ec2 describe-instance-connect-endpoints',
        'InstanceConnectEndpoints',
        [
          {
            InstanceConnectEndpointId: true,
            OwnerId: true,
            State: true,
            VpcId: true,
            SubnetId: true,
            NetworkInterfaceIds: [true],
            PreserveClientIp: true,
          },
        ],
      ),
      call(
        'ec2:DescribeVerifiedAccessEndpoints',
        'ec2 describe-verified-access-endpoints',
        'VerifiedAccessEndpoints',
        [
          {
            VerifiedAccessEndpointId: true,
            EndpointType: true,
            AttachmentType: true,
            Status: { Code: true },
            LoadBalancerOptions: { LoadBalancerArn: true, SubnetIds: [true] },
            NetworkInterfaceOptions: { NetworkInterfaceId: true },
          },
        ],
      ),
    ),
    notOfferedIn: ['aws-cn'],
  },
];

/** Whom the resolver of a VPC asks, and what its DNS Firewall keeps from being asked (Route 53 Resolver API). */
const RESOLVER: readonly KindSpec[] = [
  kind(
    'route53resolver.endpoints',
    call(
      'route53resolver:ListResolverEndpoints',
      'route53resolver list-resolver-endpoints',
      'ResolverEndpoints',
      [{ Id: true, Direction: true, SecurityGroupIds: [true], HostVPCId: true, Status: true }],
    ),
    call(
      'route53resolver:ListResolverEndpointIpAddresses',
      'route53resolver list-resolver-endpoint-ip-addresses',
      'IpAddresses',
      [{ IpId: true, SubnetId: true, Ip: true, Ipv6: true, Status: true }],
      {
        forEach: [
          {
            from: 'route53resolver:ListResolverEndpoints',
            ids: 'ResolverEndpoints[].Id',
            parameter: 'resolver-endpoint-id',
          },
        ],
      },
    ),
    call('route53resolver:ListResolverRules', 'route53resolver list-resolver-rules', 'ResolverRules', [
      {
        Id: true,
        DomainName: true,
        RuleType: true,
        TargetIps: [{ Ip: true, Ipv6: true, Port: true, Protocol: true }],
        ResolverEndpointId: true,
        OwnerId: true,
        Status: true,
      },
    ]),
    call(
      'route53resolver:ListResolverRuleAssociations',
      'route53resolver list-resolver-rule-associations',
      'ResolverRuleAssociations',
      [{ Id: true, ResolverRuleId: true, VPCId: true, Status: true }],
    ),
  ),
  kind(
    'route53resolver.firewall',
    call('route53resolver:ListFirewallConfigs', 'route53resolver list-firewall-configs', 'FirewallConfigs', [
      { ResourceId: true, Id: true, OwnerId: true, FirewallFailOpen: true },
    ]),
    call(
      'route53resolver:ListFirewallRuleGroupAssociations',
      'route53resolver list-firewall-rule-group-associations',
      'FirewallRuleGroupAssociations',
      [{ Id: true, FirewallRuleGroupId: true, VpcId: true, Priority: true, Status: true }],
    ),
    call(
      'route53resolver:ListFirewallRules',
      'route53resolver list-firewall-rules',
      'FirewallRules',
      [
        {
          FirewallRuleGroupId: true,
          FirewallDomainListId: true,
          FirewallThreatProtectionId: true,
          Name: true,
          Priority: true,
          Action: true,
          BlockResponse: true,
          Qtype: true,
          DnsThreatProtection: true,
        },
      ],
      {
        forEach: [
          {
            from: 'route53resolver:ListFirewallRuleGroupAssociations',
            ids: 'FirewallRuleGroupAssociations[].FirewallRuleGroupId',
            parameter: 'firewall-rule-group-id',
            answered: 'FirewallRules[].FirewallRuleGroupId',
            mayBeNone: true,
          },
        ],
      },
    ),
    call(
      'route53resolver:GetFirewallDomainList',
      'route53resolver get-firewall-domain-list',
      'FirewallDomainList',
      { Id: true, DomainCount: true, Status: true, ManagedOwnerName: true },
      { forEach: [{ ...PER_DOMAIN_LIST, answered: 'FirewallDomainList.Id' }] },
    ),
    call('route53resolver:ListFirewallDomains', 'route53resolver list-firewall-domains', 'Domains', [true], {
      forEach: [PER_DOMAIN_LIST],
    }),
  ),
  // A profile brings rules and rule groups of its own into a VPC.
  kind(
    'route53profiles.associations',
    call(
      'route53profiles:ListProfileAssociations',
      'route53profiles list-profile-associations',
      'ProfileAssociations',
      [{ Id: true, ProfileId: true, ResourceId: true, OwnerId: true, Status: true }],
    ),
  ),
];

/** Service networks join VPCs past their routes (VPC Lattice API). Its answers look alike: only their commands tell them apart. */
const LATTICE: readonly KindSpec[] = [
  kind(
    'vpc-lattice.associations',
    call(
      'vpc-lattice:ListServiceNetworkVpcAssociations',
      'vpc-lattice list-service-network-vpc-associations',
      'items',
      [{ vpcId: true, id: true, serviceNetworkArn: true, serviceNetworkId: true, status: true }],
      { forEach: [{ ...PER_VPC, parameter: 'vpc-identifier', answered: 'items[].vpcId', mayBeNone: true }] },
    ),
    call(
      'vpc-lattice:ListServiceNetworkServiceAssociations',
      'vpc-lattice list-service-network-service-associations',
      'items',
      [{ serviceArn: true, id: true, serviceId: true, serviceNetworkArn: true, status: true }],
      { forEach: PER_SERVICE_NETWORK },
    ),
    call(
      'vpc-lattice:ListServiceNetworkResourceAssociations',
      'vpc-lattice list-service-network-resource-associations',
      'items',
      [{ resourceConfigurationArn: true, id: true, serviceNetworkArn: true, status: true }],
      { forEach: PER_SERVICE_NETWORK },
    ),
  ),
  kind(
    'vpc-lattice.targets',
    call('vpc-lattice:ListTargetGroups', 'vpc-lattice list-target-groups', 'items', [
      { arn: true, id: true, type: true, vpcIdentifier: true, serviceArns: [true], status: true },
    ]),
    call(
      'vpc-lattice:ListTargets',
      'vpc-lattice list-targets',
      'items',
      [{ id: true, port: true, status: true }],
      {
        forEach: [
          { from: 'vpc-lattice:ListTargetGroups', ids: 'items[].arn', parameter: 'target-group-identifier' },
        ],
      },
    ),
    call('vpc-lattice:ListResourceGateways', 'vpc-lattice list-resource-gateways', 'items', [
      { arn: true, id: true, vpcIdentifier: true, subnetIds: [true], status: true },
    ]),
    call('vpc-lattice:ListResourceConfigurations', 'vpc-lattice list-resource-configurations', 'items', [
      { arn: true, id: true, type: true, resourceGatewayId: true, status: true },
    ]),
  ),
].map((spec): KindSpec => ({ ...spec, absentFrom: ['aws-cn'] }));

/** Ways out that routes do not show, and what stands on the way of those that they do. */
export const BYPASS_KINDS: readonly KindSpec[] = [
  ...ASKED_OF_EC2,
  ...RESOLVER,
  ...LATTICE,
  kind(
    'lambda.functions',
    call('lambda:ListFunctions', 'lambda list-functions', 'Functions', [
      { FunctionArn: true, VpcConfig: { VpcId: true, SubnetIds: [true] } },
    ]),
  ),
  kind(
    'network-firewall.firewalls',
    call('network-firewall:ListFirewalls', 'network-firewall list-firewalls', 'Firewalls', [
      { FirewallArn: true, FirewallName: true },
    ]),
    call(
      'network-firewall:DescribeFirewall',
      'network-firewall describe-firewall',
      'Firewall',
      {},
      {
        projection: {
          Firewall: { FirewallArn: true, FirewallName: true, VpcId: true },
          FirewallStatus: {
            Status: true,
            SyncStates: { '*': { Attachment: { EndpointId: true, SubnetId: true, Status: true } } },
          },
        },
        forEach: [
          {
            from: 'network-firewall:ListFirewalls',
            ids: 'Firewalls[].FirewallArn',
            parameter: 'firewall-arn',
            answered: 'Firewall.FirewallArn',
          },
        ],
      },
    ),
  ),
];
