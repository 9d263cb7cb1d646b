import type { Sample } from '../../../sim/samples.ts';
import { SAMPLES } from '../../../sim/samples.ts';
import type { OtherAnswer } from '../../../sim/stack.ts';

/** In the partition that has all of them. */
export const BEYOND_SAMPLE = SAMPLES.find(({ site }) => site.partition === 'aws') as Sample;
const { account: ACCOUNT, region: REGION } = BEYOND_SAMPLE.site;
const arn = (service: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}`;
const ARN = arn('elasticloadbalancing');

const BALANCERS = [1, 2, 3].map((number) => ({
  LoadBalancerArn: `${ARN}:loadbalancer/app/gateway/${number}`,
  LoadBalancerName: `gateway-${number}`,
  CreatedTime: '2026-01-10T08:00:00.000Z',
  Type: 'application',
  Scheme: 'internal',
  VpcId: 'vpc-0a',
  State: { Code: 'active' },
  SecurityGroups: ['sg-0a', 'sg-0b'],
  AvailabilityZones: [{ ZoneName: `${REGION}a`, SubnetId: 'subnet-0a', LoadBalancerAddresses: [] }],
}));
const listener = (balancer: string, port: number) => ({
  ListenerArn: `${balancer.replace(':loadbalancer/', ':listener/')}/${port}`,
  LoadBalancerArn: balancer,
  Port: port,
  Protocol: 'HTTPS',
  DefaultActions: [
    {
      Type: 'forward',
      ForwardConfig: { TargetGroups: [{ TargetGroupArn: `${ARN}:targetgroup/api/1`, Weight: 1 }] },
    },
  ],
});

/** The account's answers as the AWS CLI prints them: more of each than fit on a page of two. */
export const OTHERS: readonly OtherAnswer[] = [
  { command: 'elbv2 describe-load-balancers', body: { LoadBalancers: BALANCERS } },
  ...BALANCERS.map(({ LoadBalancerArn }, index) => ({
    command: `elbv2 describe-listeners --load-balancer-arn ${LoadBalancerArn}`,
    body: {
      Listeners: [443, 8443, 9443].slice(0, index + 1).map((port) => listener(LoadBalancerArn, port)),
    },
  })),
  {
    command: 'elbv2 describe-target-groups',
    body: {
      TargetGroups: [
        {
          TargetGroupArn: `${ARN}:targetgroup/api/1`,
          Protocol: 'HTTP',
          Port: 4000,
          VpcId: 'vpc-0a',
          TargetType: 'ip',
          LoadBalancerArns: [BALANCERS[0]?.LoadBalancerArn ?? ''],
        },
      ],
    },
  },
  {
    command: `elbv2 describe-target-health --target-group-arn ${ARN}:targetgroup/api/1`,
    body: {
      TargetHealthDescriptions: [
        {
          Target: { Id: '10.20.0.11', Port: 4000, AvailabilityZone: `${REGION}a` },
          TargetHealth: { State: 'healthy' },
        },
      ],
    },
  },
  {
    command: 'directconnect describe-direct-connect-gateways',
    body: {
      directConnectGateways: [1, 2, 3].map((number) => ({
        directConnectGatewayId: `dxgw-${number}`,
        directConnectGatewayName: 'to the office',
        amazonSideAsn: 64_512,
        ownerAccount: ACCOUNT,
        directConnectGatewayState: 'available',
      })),
    },
  },
  {
    command: 'directconnect describe-virtual-interfaces',
    body: {
      virtualInterfaces: [
        {
          virtualInterfaceId: 'dxvif-1',
          virtualInterfaceType: 'private',
          virtualInterfaceState: 'available',
          virtualGatewayId: '',
          directConnectGatewayId: 'dxgw-1',
          ownerAccount: ACCOUNT,
          region: REGION,
          location: 'SINNET1',
          siteLinkEnabled: false,
          authKey: 'never-to-be-seen',
        },
      ],
    },
  },
  ...[1, 2, 3].map((number) => ({
    command: `directconnect describe-direct-connect-gateway-associations --direct-connect-gateway-id dxgw-${number}`,
    body: {
      directConnectGatewayAssociations: [
        {
          directConnectGatewayId: `dxgw-${number}`,
          associationId: `assoc-${number}`,
          associationState: 'associated',
          directConnectGatewayOwnerAccount: ACCOUNT,
          associatedGateway: {
            id: 'vgw-1',
            type: 'virtualPrivateGateway',
            ownerAccount: ACCOUNT,
            region: REGION,
          },
          allowedPrefixesToDirectConnectGateway: [{ cidr: '10.20.0.0/16' }],
        },
      ],
    },
  })),
  {
    command: 'route53resolver list-resolver-endpoints',
    body: {
      ResolverEndpoints: [1, 2, 3].map((number) => ({
        Id: `rslvr-out-${number}`,
        Name: 'never-to-be-seen',
        Direction: 'OUTBOUND',
        SecurityGroupIds: ['sg-0a'],
        HostVPCId: 'vpc-0a',
        Status: 'OPERATIONAL',
      })),
    },
  },
  ...[1, 2, 3].map((number) => ({
    command: `route53resolver list-resolver-endpoint-ip-addresses --resolver-endpoint-id rslvr-out-${number}`,
    body: {
      IpAddresses: ['10.20.0.5', '10.20.1.5', '10.20.2.5'].map((Ip, zone) => ({
        IpId: `rni-${number}${zone}`,
        SubnetId: `subnet-0${zone}`,
        Ip,
        Status: 'ATTACHED',
      })),
    },
  })),
  {
    command: 'route53resolver list-resolver-rules',
    body: {
      ResolverRules: [1, 2, 3, 4, 5].map((number) => ({
        Id: `rslvr-rr-${number}`,
        RuleType: 'FORWARD',
        TargetIps: [{ Ip: '10.20.0.2', Port: 53, Protocol: 'Do53' }],
        ResolverEndpointId: 'rslvr-out-1',
        OwnerId: ACCOUNT,
        Status: 'COMPLETE',
      })),
    },
  },
  {
    command: 'route53resolver list-firewall-configs',
    body: {
      FirewallConfigs: ['vpc-0a', 'vpc-0b', 'vpc-0c'].map((ResourceId) => ({
        ResourceId,
        Id: `rslvr-fc-${ResourceId}`,
        OwnerId: ACCOUNT,
        FirewallFailOpen: 'DISABLED',
      })),
    },
  },
  {
    command: 'route53resolver list-firewall-rule-group-associations',
    body: {
      FirewallRuleGroupAssociations: [
        {
          Id: 'rslvr-frgassoc-1',
          FirewallRuleGroupId: 'rslvr-frg-1',
          VpcId: 'vpc-0a',
          Priority: 101,
          Status: 'COMPLETE',
        },
      ],
    },
  },
  {
    command: 'route53resolver list-firewall-rules --firewall-rule-group-id rslvr-frg-1',
    body: {
      FirewallRules: ['rslvr-fdl-1', 'rslvr-fdl-2', 'rslvr-fdl-3'].map((FirewallDomainListId, index) => ({
        FirewallRuleGroupId: 'rslvr-frg-1',
        FirewallDomainListId,
        Name: `rule-${index}`,
        Priority: index + 1,
        Action: index === 2 ? 'BLOCK' : 'ALLOW',
      })),
    },
  },
  ...[1, 2, 3].flatMap((number) => [
    {
      command: `route53resolver get-firewall-domain-list --firewall-domain-list-id rslvr-fdl-${number}`,
      body: {
        FirewallDomainList: {
          Id: `rslvr-fdl-${number}`,
          DomainCount: number,
          Status: 'COMPLETE',
        },
      },
    },
    {
      command: `route53resolver list-firewall-domains --firewall-domain-list-id rslvr-fdl-${number}`,
      body: { Domains: ['a.example.', 'b.example.', 'c.example.'].slice(0, number) },
    },
  ]),
  {
    command: 'route53profiles list-profile-associations',
    body: {
      ProfileAssociations: [1, 2, 3].map((number) => ({
        Id: `rpassoc-${number}`,
        ProfileId: 'rp-1',
        ResourceId: 'vpc-0a',
        OwnerId: ACCOUNT,
        Status: 'COMPLETE',
        CreationTime: 1_709_338_817.148,
      })),
    },
  },
  {
    command: 'network-firewall list-firewalls',
    body: {
      Firewalls: [1, 2, 3].map((number) => ({
        FirewallArn: `${arn('network-firewall')}:firewall/wall-${number}`,
        FirewallName: `wall-${number}`,
      })),
    },
  },
  ...[1, 2, 3].map((number) => ({
    command: `network-firewall describe-firewall --firewall-arn ${arn('network-firewall')}:firewall/wall-${number}`,
    body: {
      Firewall: {
        FirewallArn: `${arn('network-firewall')}:firewall/wall-${number}`,
        FirewallName: `wall-${number}`,
        VpcId: 'vpc-0a',
      },
      FirewallStatus: {
        Status: 'READY',
        SyncStates: {
          [`${REGION}a`]: {
            Attachment: { EndpointId: `vpce-${number}`, SubnetId: 'subnet-0a', Status: 'READY' },
          },
        },
      },
    },
  })),
  {
    command: 'vpc-lattice list-target-groups',
    body: {
      items: [1, 2, 3].map((number) => ({
        arn: `${arn('vpc-lattice')}:targetgroup/tg-${number}`,
        id: `tg-${number}`,
        type: 'IP',
        vpcIdentifier: 'vpc-0a',
        serviceArns: [`${arn('vpc-lattice')}:service/svc-1`],
        status: 'ACTIVE',
        createdAt: '2026-01-10T08:00:00.000Z',
      })),
    },
  },
  ...[1, 2, 3].map((number) => ({
    command: `vpc-lattice list-targets --target-group-identifier ${arn('vpc-lattice')}:targetgroup/tg-${number}`,
    body: {
      items: [1, 2, 3]
        .slice(0, number)
        .map((last) => ({ id: `10.20.0.${last}`, port: 80, status: 'HEALTHY' })),
    },
  })),
  {
    command: 'lambda list-functions',
    body: {
      Functions: [1, 2, 3].map((number) => ({
        FunctionArn: `${arn('lambda')}:function:f${number}`,
        FunctionName: `f${number}`,
        LastModified: '2026-01-10T08:00:00.000+0000',
        VpcConfig: { VpcId: 'vpc-0a', SubnetIds: ['subnet-0a'], SecurityGroupIds: ['sg-0a'] },
        Environment: { Variables: { TOKEN: 'never-to-be-seen' } },
      })),
    },
  },
];
