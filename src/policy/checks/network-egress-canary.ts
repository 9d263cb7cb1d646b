import type { NetworkSource } from '../../analysis/index.ts';
import { solveNetwork } from '../../analysis/index.ts';
import type { JsonObject } from '../../core/index.ts';
import { containsAddress, formatAddress, parseAddress } from '../../core/index.ts';
import type { CanaryResult } from '../result.ts';
import { judgeFunctions, judgeResolvers } from './network-egress-bypass.ts';
import type { EgressContext } from './network-egress-judge.ts';
import { allowedBeside, judgeLeaving } from './network-egress-judge.ts';

/** Addresses of AWS regions in several countries: at least one lies outside any policy that allows a handful. */
const ADDRESSES: readonly string[] = ['52.80.0.1', '18.180.0.1', '3.120.0.1', '18.136.0.1'];

/** Feeds a network with one open door of each class through the same model, solver and judgement. */
export function networkCanary(context: EgressContext): readonly CanaryResult[] {
  const foreign = ADDRESSES.map(parseAddress)
    .filter((address) => address !== null)
    .find((address) => {
      const location = context.locator.locate(address);
      return (
        location.kind === 'located' &&
        !context.countries.includes(location.country) &&
        !containsAddress(allowedBeside(context), address)
      );
    });
  if (foreign === undefined) return [{ id: 'foreign-address', caught: false }];
  const egress = solveNetwork([openNetwork(`${formatAddress(foreign)}/32`)]);
  const classes = new Set(
    [
      ...judgeLeaving(egress, context).seen,
      ...judgeFunctions(egress),
      ...judgeResolvers(egress, context).seen,
    ].map((one) => one.class),
  );
  return [
    { id: 'initiated-path-abroad', caught: classes.has('CAN_LEAVE_INITIATED') },
    { id: 'reply-path-abroad', caught: classes.has('CAN_LEAVE_REPLY') },
    { id: 'function-outside', caught: classes.has('CAN_LEAVE_FUNCTION') },
    { id: 'resolver-open', caught: classes.has('CAN_LEAVE_RESOLVER') },
  ];
}

/** One public instance whose group lets one foreign address out and in, a resolver without a firewall, and a function. */
function openNetwork(foreign: string): NetworkSource {
  const door = [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: foreign }] }];
  const entry = (Egress: boolean): JsonObject => ({
    RuleNumber: 100,
    Egress,
    Protocol: '-1',
    RuleAction: 'allow',
    CidrBlock: '0.0.0.0/0',
  });
  const answers: Readonly<Record<string, readonly JsonObject[]>> = {
    'ec2:DescribeVpcs': [{ VpcId: 'vpc-0', CidrBlock: '10.0.0.0/16' }],
    'ec2:DescribeSubnets': [{ SubnetId: 'subnet-0', VpcId: 'vpc-0', CidrBlock: '10.0.0.0/24' }],
    'ec2:DescribeRouteTables': [
      {
        RouteTableId: 'rtb-0',
        VpcId: 'vpc-0',
        Associations: [{ Main: true }],
        Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-0', State: 'active' }],
      },
    ],
    'ec2:DescribeInternetGateways': [
      { InternetGatewayId: 'igw-0', Attachments: [{ State: 'available', VpcId: 'vpc-0' }] },
    ],
    'ec2:DescribeNetworkAcls': [
      {
        NetworkAclId: 'acl-0',
        Associations: [{ SubnetId: 'subnet-0' }],
        Entries: [entry(true), entry(false)],
      },
    ],
    'ec2:DescribeSecurityGroups': [{ GroupId: 'sg-0', IpPermissions: door, IpPermissionsEgress: door }],
    'ec2:DescribeNetworkInterfaces': [
      {
        NetworkInterfaceId: 'eni-0',
        VpcId: 'vpc-0',
        SubnetId: 'subnet-0',
        PrivateIpAddress: '10.0.0.7',
        Association: { PublicIp: '192.0.2.7' },
        Groups: [{ GroupId: 'sg-0' }],
      },
    ],
    'lambda:ListFunctions': [{ FunctionArn: 'arn:aws:lambda:canary:000000000000:function:door' }],
    'route53profiles:ListProfileAssociations': [],
    'route53resolver:ListFirewallRuleGroupAssociations': [],
  };
  const support: JsonObject = { VpcId: 'vpc-0', EnableDnsSupport: { Value: true } };
  return {
    account: '000000000000',
    region: 'canary',
    list: (_kind, call) => answers[call] ?? [],
    answers: (_kind, call) => {
      const entries = call === 'ec2:DescribeVpcAttribute' ? [] : answers[call];
      const body = call === 'ec2:DescribeVpcAttribute' ? support : {};
      return [{ parameters: {}, complete: entries !== undefined, body, entries: entries ?? [] }];
    },
  };
}
