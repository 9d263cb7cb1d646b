import type { Json, JsonObject } from '../../core/index.ts';
import { isJsonArray, isJsonObject, parseAddress, parsePrefix } from '../../core/index.ts';
import type { EvidenceKind } from '../../evidence/index.ts';
import { objectOf, objectsOf, textOf } from './json-fields.ts';
import type { Problem } from './model.ts';
import type { NetworkSource } from './network-source.ts';

type Leaf = 'text' | 'flag' | 'whole number' | 'CIDR' | 'address';

/** What a value must be: one of these, a list of something, or an object; a member marked `!` must be there. */
type Shape = Leaf | readonly [Shape] | { readonly [member: string]: Shape };

const CIDR_STATE: Shape = { State: 'text' };
const ASSOCIATION: Shape = { PublicIp: 'address', CarrierIp: 'address' };
const RULE: Shape = {
  FromPort: 'whole number',
  ToPort: 'whole number',
  IpRanges: [{ 'CidrIp!': 'text' }],
  Ipv6Ranges: [{ 'CidrIpv6!': 'text' }],
  PrefixListIds: [{ 'PrefixListId!': 'text' }],
  UserIdGroupPairs: [{ 'GroupId!': 'text', VpcPeeringConnectionId: 'text' }],
};
const PEER: Shape = {
  'VpcId!': 'text',
  CidrBlock: 'CIDR',
  CidrBlockSet: [{ CidrBlock: 'CIDR' }],
  Ipv6CidrBlockSet: [{ Ipv6CidrBlock: 'CIDR' }],
};
const TARGETS: readonly string[] = [
  'GatewayId',
  'EgressOnlyInternetGatewayId',
  'NatGatewayId',
  'NetworkInterfaceId',
  'InstanceId',
  'VpcPeeringConnectionId',
  'TransitGatewayId',
  'LocalGatewayId',
  'CarrierGatewayId',
  'CoreNetworkArn',
];

/**
 * The members (EC2 API) of which a wrong one would be read as one that is not there, and so take a way out, a sender
 * or a claim away without a word. What is read as a problem of its own, such as a rule's CIDR, needs no line here.
 */
const SHAPES: readonly (readonly [kind: EvidenceKind, call: string, id: string, shape: Shape])[] = [
  [
    'ec2.vpcs',
    'ec2:DescribeVpcs',
    'VpcId',
    {
      CidrBlock: 'CIDR',
      CidrBlockAssociationSet: [{ CidrBlock: 'CIDR', CidrBlockState: CIDR_STATE }],
      Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: 'CIDR', Ipv6CidrBlockState: CIDR_STATE }],
      BlockPublicAccessStates: { InternetGatewayBlockMode: 'text' },
    },
  ],
  [
    'ec2.subnets',
    'ec2:DescribeSubnets',
    'SubnetId',
    {
      'VpcId!': 'text',
      CidrBlock: 'CIDR',
      Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: 'CIDR', Ipv6CidrBlockState: CIDR_STATE }],
      AvailabilityZone: 'text',
      BlockPublicAccessStates: { InternetGatewayBlockMode: 'text' },
    },
  ],
  [
    'ec2.public-access-exclusions',
    'ec2:DescribeVpcBlockPublicAccessExclusions',
    'ExclusionId',
    { 'ResourceArn!': 'text', InternetGatewayExclusionMode: 'text', State: 'text' },
  ],
  [
    'ec2.route-tables',
    'ec2:DescribeRouteTables',
    'RouteTableId',
    {
      'VpcId!': 'text',
      'Associations!': [
        { Main: 'flag', SubnetId: 'text', GatewayId: 'text', AssociationState: { State: 'text' } },
      ],
      PropagatingVgws: [{ 'GatewayId!': 'text' }],
      Routes: [
        Object.fromEntries([...TARGETS, 'State', 'Origin'].map((member) => [member, 'text' as const])),
      ],
    },
  ],
  [
    'ec2.network-interfaces',
    'ec2:DescribeNetworkInterfaces',
    'NetworkInterfaceId',
    {
      InterfaceType: 'text',
      'VpcId!': 'text',
      'SubnetId!': 'text',
      Groups: [{ 'GroupId!': 'text' }],
      PrivateIpAddress: 'address',
      PrivateIpAddresses: [{ 'PrivateIpAddress!': 'address', Association: ASSOCIATION }],
      Association: ASSOCIATION,
      Ipv6Addresses: [{ 'Ipv6Address!': 'address' }],
      Ipv4Prefixes: [{ 'Ipv4Prefix!': 'CIDR' }],
      Ipv6Prefixes: [{ 'Ipv6Prefix!': 'CIDR' }],
      SourceDestCheck: 'flag',
      DenyAllIgwTraffic: 'flag',
      Attachment: { InstanceId: 'text' },
    },
  ],
  [
    'ec2.security-groups',
    'ec2:DescribeSecurityGroups',
    'GroupId',
    { IpPermissions: [RULE], IpPermissionsEgress: [RULE] },
  ],
  [
    'ec2.network-acls',
    'ec2:DescribeNetworkAcls',
    'NetworkAclId',
    { Associations: [{ 'SubnetId!': 'text' }] },
  ],
  [
    'ec2.internet-gateways',
    'ec2:DescribeInternetGateways',
    'InternetGatewayId',
    { 'Attachments!': [{ 'VpcId!': 'text', State: 'text' }] },
  ],
  [
    'ec2.nat-gateways',
    'ec2:DescribeNatGateways',
    'NatGatewayId',
    {
      'VpcId!': 'text',
      SubnetId: 'text',
      State: 'text',
      ConnectivityType: 'text',
      RouteTableId: 'text',
      NatGatewayAddresses: [{ PrivateIp: 'address', PublicIp: 'address' }],
    },
  ],
  [
    'ec2.vpc-endpoints',
    'ec2:DescribeVpcEndpoints',
    'VpcEndpointId',
    {
      'VpcId!': 'text',
      VpcEndpointType: 'text',
      ServiceName: 'text',
      ServiceRegion: 'text',
      State: 'text',
      NetworkInterfaceIds: ['text'],
      SubnetIds: ['text'],
    },
  ],
  [
    'ec2.vpc-peering-connections',
    'ec2:DescribeVpcPeeringConnections',
    'VpcPeeringConnectionId',
    { Status: { Code: 'text' }, 'RequesterVpcInfo!': PEER, 'AccepterVpcInfo!': PEER },
  ],
  [
    'ec2.vpn-gateways',
    'ec2:DescribeVpnGateways',
    'VpnGatewayId',
    { VpcAttachments: [{ 'VpcId!': 'text', State: 'text' }] },
  ],
  [
    'ec2.addresses',
    'ec2:DescribeAddresses',
    'PublicIp',
    { PublicIp: 'address', PrivateIpAddress: 'address', NetworkInterfaceId: 'text' },
  ],
  [
    'ec2.transit-gateway-attachments',
    'ec2:DescribeTransitGatewayAttachments',
    'TransitGatewayAttachmentId',
    {
      'TransitGatewayId!': 'text',
      ResourceType: 'text',
      ResourceId: 'text',
      State: 'text',
      Association: { TransitGatewayRouteTableId: 'text', State: 'text' },
    },
  ],
  [
    'ec2.transit-gateway-vpc-attachments',
    'ec2:DescribeTransitGatewayVpcAttachments',
    'TransitGatewayAttachmentId',
    {
      'TransitGatewayId!': 'text',
      'VpcId!': 'text',
      State: 'text',
      SubnetIds: ['text'],
      Options: { ApplianceModeSupport: 'text', Ipv6Support: 'text' },
    },
  ],
];

/** Ids, names and words of the API are of these characters; anything else was put there by somebody else. */
const PRINTABLE = /^[\x20-\x7e]*$/;

/** Evidence that is broken throughout is told by its first cases. */
const MOST = 200;

/**
 * What of the evidence is not what the API answers with: values of another type, malformed addresses, members that
 * are always there and are not, and objects that contradict each other about where they are. Nobody can say what
 * it means, and read as nothing it would only take ways out away.
 */
export function misfits(sources: readonly NetworkSource[]): readonly Problem[] {
  const found: Problem[] = [];
  for (const { list } of sources) {
    for (const [kind, call, id, shape] of SHAPES) {
      for (const object of list(kind, call)) {
        const name = textOf(object, id) || call;
        const whole: Shape = { [`${id}!`]: 'text', ...(shape as object) };
        for (const detail of faultsOf(object, whole, '')) found.push(fault(name, detail));
        if (found.length >= MOST) return found;
      }
    }
  }
  const contradictions = [claimsOnNothing, elsewhere, homeless, namelessAddresses];
  return [...found, ...contradictions.flatMap((of) => of(sources))].slice(0, MOST);
}

function fault(object: string, detail: string): Problem {
  return { code: 'UNKNOWN_VALUE', object, detail };
}

function* faultsOf(value: Json, shape: Shape, path: string): Generator<string> {
  if (typeof shape === 'string') {
    if (!isOf(value, shape)) yield `${path} is no ${shape}`;
  } else if (isListShape(shape)) {
    if (!isJsonArray(value)) yield `${path} is no list`;
    else for (const entry of value) yield* faultsOf(entry, shape[0], `${path}[]`);
  } else if (!isJsonObject(value)) {
    yield `${path} is no object`;
  } else {
    for (const [marked, inner] of Object.entries(shape)) {
      const member = marked.replace('!', '');
      // Command lines leave out what does not apply, and some SDKs write null for it.
      const own = Object.hasOwn(value, member) ? (value[member] ?? null) : null;
      const at = path === '' ? member : `${path}.${member}`;
      if (own !== null) yield* faultsOf(own, inner, at);
      else if (marked !== member) yield `${at} is not there`;
    }
  }
}

function isListShape(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function isOf(value: Json, leaf: Leaf): boolean {
  switch (leaf) {
    case 'text':
      return typeof value === 'string' && PRINTABLE.test(value);
    case 'flag':
      return typeof value === 'boolean';
    case 'whole number':
      return Number.isInteger(value);
    case 'CIDR':
      return typeof value === 'string' && (value === '' || parsePrefix(value) !== null);
    case 'address':
      return typeof value === 'string' && (value === '' || parseAddress(value) !== null);
  }
}

/** Associations of route tables with nothing: whose table it is, nobody says. */
function claimsOnNothing(sources: readonly NetworkSource[]): readonly Problem[] {
  return sources
    .flatMap(({ list }) => list('ec2.route-tables', 'ec2:DescribeRouteTables'))
    .filter((table) =>
      objectsOf(table, 'Associations').some(
        (one) => one['Main'] !== true && textOf(one, 'SubnetId') === '' && textOf(one, 'GatewayId') === '',
      ),
    )
    .map((table) => fault(textOf(table, 'RouteTableId'), 'an association with nothing that is named'));
}

/** Interfaces that say that they are in another VPC than their subnet does. */
function elsewhere(sources: readonly NetworkSource[]): readonly Problem[] {
  const all = (kind: EvidenceKind, call: string): readonly JsonObject[] =>
    sources.flatMap(({ list }) => list(kind, call));
  const vpcs = new Map(
    all('ec2.subnets', 'ec2:DescribeSubnets').map((one) => [textOf(one, 'SubnetId'), textOf(one, 'VpcId')]),
  );
  return all('ec2.network-interfaces', 'ec2:DescribeNetworkInterfaces')
    .filter((one) => (vpcs.get(textOf(one, 'SubnetId')) ?? textOf(one, 'VpcId')) !== textOf(one, 'VpcId'))
    .map((one) => fault(textOf(one, 'NetworkInterfaceId'), 'its subnet is in another VPC than it says'));
}

/** Interfaces in a VPC that nobody describes: whose blocks and gateways theirs are, is not known. */
function homeless(sources: readonly NetworkSource[]): readonly Problem[] {
  const vpcs = new Set(
    sources.flatMap(({ list }) => list('ec2.vpcs', 'ec2:DescribeVpcs')).map((one) => textOf(one, 'VpcId')),
  );
  const missing = sources
    .flatMap(({ list }) => list('ec2.network-interfaces', 'ec2:DescribeNetworkInterfaces'))
    .map((one) => textOf(one, 'VpcId'))
    .filter((vpc) => vpc !== '' && !vpcs.has(vpc));
  const detail = 'it holds interfaces and is not described';
  return [...new Set(missing)].map((object) => ({ code: 'NOT_COLLECTED', object, detail }));
}

/** Interfaces with an address on the internet, or of a carrier, that is not told. */
function namelessAddresses(sources: readonly NetworkSource[]): readonly Problem[] {
  const isNameless = (entry: JsonObject): boolean =>
    isJsonObject(entry['Association']) &&
    ['PublicIp', 'CarrierIp'].every((member) => textOf(objectOf(entry, 'Association'), member) === '');
  return sources
    .flatMap(({ list }) => list('ec2.network-interfaces', 'ec2:DescribeNetworkInterfaces'))
    .filter((one) => [one, ...objectsOf(one, 'PrivateIpAddresses')].some(isNameless))
    .map((one) => fault(textOf(one, 'NetworkInterfaceId'), 'an address outside that is not told'));
}
