import type { NetworkSource } from '../../src/analysis/index.ts';
import type { JsonObject } from '../../src/core/index.ts';
import type { EvidenceKind } from '../../src/evidence/index.ts';
import { listMember } from '../../src/evidence/index.ts';

/** How large a generated network is. */
export interface NetworkSize {
  readonly vpcs: number;
  readonly interfaces: number;
  /** Routes and security group rules together, about. */
  readonly rules: number;
}

const ZONES = ['a', 'b'] as const;

/**
 * A hub and its spokes: each spoke VPC has a public, a private and an attachment subnet in two zones, its own NAT
 * gateway, and a way to all others by a transit gateway; every tenth reaches the Internet only through the hub's
 * egress VPC. Groups let out a few prefixes of the allowed country, some of them everything.
 */
export function bigNetwork(size: NetworkSize, allowed: readonly string[]): NetworkSource {
  const lists = new Map<string, JsonObject[]>();
  const add = (call: string, object: JsonObject): void => {
    const known = lists.get(call);
    if (known === undefined) lists.set(call, [object]);
    else known.push(object);
  };
  const perVpc = Math.max(1, Math.floor(size.interfaces / size.vpcs));
  // Six groups and four tables a VPC share what is asked for.
  const rulesPerGroup = Math.max(1, Math.floor((size.rules / size.vpcs - 16) / 6));
  const answers: { call: string; parameters: Readonly<Record<string, string>>; body: JsonObject }[] = [];
  const routes: JsonObject[] = [];

  for (let index = 0; index < size.vpcs; index += 1) {
    const vpc = `vpc-${index}`;
    const second = (index >> 8) & 0xff;
    const cidr = (third: number): string => `10.${second}.${index & 0xff}.${third}/28`;
    const block = `10.${second}.${index & 0xff}.0/24`;
    const v6 = `2406:da14:${index.toString(16)}::/56`;
    addVpc(add, { index, vpc, block, v6 });
    addSubnets(add, { index, vpc, cidr });
    addGroups(add, { index, vpc, rules: rulesPerGroup, allowed });
    addInterfaces(add, { index, vpc, count: perVpc, second });
    routes.push({
      DestinationCidrBlock: block,
      Type: 'propagated',
      State: 'active',
      TransitGatewayAttachments: [
        { TransitGatewayAttachmentId: `tgw-attach-${index}`, ResourceId: vpc, ResourceType: 'vpc' },
      ],
    });
  }
  routes.push({
    DestinationCidrBlock: '0.0.0.0/0',
    Type: 'static',
    State: 'active',
    TransitGatewayAttachments: [
      { TransitGatewayAttachmentId: 'tgw-attach-0', ResourceId: 'vpc-0', ResourceType: 'vpc' },
    ],
  });
  add('ec2:DescribeTransitGateways', { TransitGatewayId: 'tgw-hub' });
  add('ec2:DescribeTransitGatewayRouteTables', {
    TransitGatewayRouteTableId: 'tgw-rtb-hub',
    TransitGatewayId: 'tgw-hub',
  });
  answers.push({
    call: 'ec2:SearchTransitGatewayRoutes',
    parameters: { 'transit-gateway-route-table-id': 'tgw-rtb-hub' },
    body: { Routes: routes, AdditionalRoutesAvailable: false },
  });
  return {
    account: '111111111111',
    region: 'cn-north-1',
    list: (_kind: EvidenceKind, call: string) => lists.get(call) ?? [],
    answers: (kind, call) =>
      answers
        .filter((one) => one.call === call)
        .map(({ parameters, body }) => ({
          parameters,
          complete: true,
          body,
          entries: (body[listMember(kind, call)] ?? []) as readonly JsonObject[],
        })),
  };
}

type Add = (call: string, object: JsonObject) => void;

function addVpc(
  add: Add,
  {
    index,
    vpc,
    block,
    v6,
  }: { readonly index: number; readonly vpc: string; readonly block: string; readonly v6: string },
): void {
  add('ec2:DescribeVpcs', {
    VpcId: vpc,
    CidrBlock: block,
    Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: v6, Ipv6CidrBlockState: { State: 'associated' } }],
  });
  add('ec2:DescribeInternetGateways', {
    InternetGatewayId: `igw-${index}`,
    Attachments: [{ State: 'available', VpcId: vpc }],
  });
  add('ec2:DescribeTransitGatewayAttachments', {
    TransitGatewayAttachmentId: `tgw-attach-${index}`,
    TransitGatewayId: 'tgw-hub',
    ResourceType: 'vpc',
    ResourceId: vpc,
    State: 'available',
    Association: { TransitGatewayRouteTableId: 'tgw-rtb-hub', State: 'associated' },
  });
  add('ec2:DescribeTransitGatewayVpcAttachments', {
    TransitGatewayAttachmentId: `tgw-attach-${index}`,
    TransitGatewayId: 'tgw-hub',
    VpcId: vpc,
    State: 'available',
    SubnetIds: ZONES.map((zone) => `subnet-${index}-t${zone}`),
  });
}

function addSubnets(
  add: Add,
  {
    index,
    vpc,
    cidr,
  }: { readonly index: number; readonly vpc: string; readonly cidr: (at: number) => string },
): void {
  const kinds = ['p', 'q', 't'] as const;
  const central = index % 10 === 0 && index > 0;
  for (const [at, kind] of kinds.entries()) {
    for (const [zone, letter] of ZONES.entries()) {
      add('ec2:DescribeSubnets', {
        SubnetId: `subnet-${index}-${kind}${letter}`,
        VpcId: vpc,
        CidrBlock: cidr((at * 2 + zone) * 16),
        AvailabilityZone: `cn-north-1${letter}`,
      });
    }
    const out =
      kind === 'p'
        ? { GatewayId: `igw-${index}` }
        : central
          ? { TransitGatewayId: 'tgw-hub' }
          : { NatGatewayId: `nat-${index}` };
    add('ec2:DescribeRouteTables', {
      RouteTableId: `rtb-${index}-${kind}`,
      VpcId: vpc,
      Associations: [
        ...(kind === 'p' ? [{ Main: true }] : []),
        ...ZONES.map((letter) => ({ Main: false, SubnetId: `subnet-${index}-${kind}${letter}` })),
      ],
      Routes: [
        { DestinationCidrBlock: '0.0.0.0/0', State: 'active', ...out },
        { DestinationCidrBlock: '10.0.0.0/8', State: 'active', TransitGatewayId: 'tgw-hub' },
        { DestinationCidrBlock: '172.16.0.0/12', State: 'blackhole', TransitGatewayId: 'tgw-hub' },
      ],
    });
  }
  add('ec2:DescribeNetworkAcls', {
    NetworkAclId: `acl-${index}`,
    VpcId: vpc,
    Associations: kinds.flatMap((kind) =>
      ZONES.map((letter) => ({ SubnetId: `subnet-${index}-${kind}${letter}` })),
    ),
    Entries: [true, false].flatMap((Egress) => [
      {
        RuleNumber: 90,
        Egress,
        Protocol: '6',
        RuleAction: 'deny',
        CidrBlock: '0.0.0.0/0',
        PortRange: { From: 3389, To: 3389 },
      },
      { RuleNumber: 100, Egress, Protocol: '-1', RuleAction: 'allow', CidrBlock: '0.0.0.0/0' },
    ]),
  });
  add('ec2:DescribeNatGateways', {
    NatGatewayId: `nat-${index}`,
    VpcId: vpc,
    SubnetId: `subnet-${index}-pa`,
    State: 'available',
    ConnectivityType: 'public',
    NatGatewayAddresses: [
      { PrivateIp: cidr(0).replace('.0/28', '.9'), PublicIp: `52.80.${index >> 8}.${index & 0xff}` },
    ],
  });
}

function addGroups(
  add: Add,
  {
    index,
    vpc,
    rules,
    allowed,
  }: {
    readonly index: number;
    readonly vpc: string;
    readonly rules: number;
    readonly allowed: readonly string[];
  },
): void {
  for (let group = 0; group < 6; group += 1) {
    const open = index % 50 === 7 && group === 0;
    add('ec2:DescribeSecurityGroups', {
      GroupId: `sg-${index}-${group}`,
      VpcId: vpc,
      IpPermissions: [
        {
          IpProtocol: 'tcp',
          FromPort: 443,
          ToPort: 443,
          UserIdGroupPairs: [{ GroupId: `sg-${index}-${(group + 1) % 6}` }],
        },
      ],
      IpPermissionsEgress: Array.from({ length: rules }, (_, rule) => ({
        IpProtocol: 'tcp',
        FromPort: 443 + (rule % 3),
        ToPort: 443 + (rule % 3),
        IpRanges: [
          {
            CidrIp:
              open && rule === 0
                ? '0.0.0.0/0'
                : (allowed[(index * 31 + group * 7 + rule) % allowed.length] ?? '52.80.0.0/15'),
          },
        ],
      })),
    });
  }
}

function addInterfaces(
  add: Add,
  {
    index,
    vpc,
    count,
    second,
  }: { readonly index: number; readonly vpc: string; readonly count: number; readonly second: number },
): void {
  for (let at = 0; at < count; at += 1) {
    const isPublic = at % 5 === 0;
    const zone = ZONES[at % 2] ?? 'a';
    const address = `10.${second}.${index & 0xff}.${(isPublic ? 0 : 32) + 4 + (at % 12)}`;
    add('ec2:DescribeNetworkInterfaces', {
      NetworkInterfaceId: `eni-${index}-${at}`,
      InterfaceType: 'interface',
      VpcId: vpc,
      SubnetId: `subnet-${index}-${isPublic ? 'p' : 'q'}${zone}`,
      PrivateIpAddress: address,
      ...(isPublic ? { Association: { PublicIp: `54.222.${index & 0xff}.${at & 0xff}` } } : {}),
      Groups: [{ GroupId: `sg-${index}-${at % 6}` }],
      SourceDestCheck: true,
    });
  }
}
