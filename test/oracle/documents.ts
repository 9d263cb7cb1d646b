/**
 * The answers of the `Describe*` calls as far as the oracle reads them: the API's own member names, all of
 * them optional that AWS may leave out.
 */
interface Ipv6Association {
  readonly Ipv6CidrBlock: string;
  readonly Ipv6CidrBlockState?: { readonly State: string };
}

export interface Vpc {
  readonly VpcId: string;
  readonly OwnerId?: string;
  readonly CidrBlock: string;
  readonly CidrBlockAssociationSet?: readonly {
    readonly CidrBlock: string;
    readonly CidrBlockState?: { readonly State: string };
  }[];
  readonly Ipv6CidrBlockAssociationSet?: readonly Ipv6Association[];
  readonly BlockPublicAccessStates?: { readonly InternetGatewayBlockMode: string };
}

export interface Subnet {
  readonly SubnetId: string;
  readonly VpcId: string;
  readonly CidrBlock?: string;
  readonly Ipv6CidrBlockAssociationSet?: readonly Ipv6Association[];
  readonly AvailabilityZone?: string;
  readonly BlockPublicAccessStates?: { readonly InternetGatewayBlockMode: string };
}

/** What a route may be sent to: exactly one of these must be there. */
export const ROUTE_TARGETS = [
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
  'OdbNetworkArn',
  'IpAddress',
] as const;

export type RouteTarget = (typeof ROUTE_TARGETS)[number];

export interface Route extends Partial<Readonly<Record<RouteTarget, string>>> {
  readonly DestinationCidrBlock?: string;
  readonly DestinationIpv6CidrBlock?: string;
  readonly DestinationPrefixListId?: string;
  readonly Origin?: string;
  readonly State?: string;
}

export interface RouteTable {
  readonly RouteTableId: string;
  readonly VpcId: string;
  readonly OwnerId?: string;
  readonly Associations?: readonly {
    readonly RouteTableAssociationId?: string;
    readonly RouteTableId?: string;
    readonly AssociationState?: { readonly State: string };
    readonly Main?: boolean;
    readonly SubnetId?: string;
    readonly GatewayId?: string;
  }[];
  readonly Routes: readonly Route[];
}

export interface PublicAddress {
  readonly PublicIp?: string;
  readonly IpOwnerId?: string;
  readonly CarrierIp?: string;
}

export interface NetworkInterface {
  readonly NetworkInterfaceId: string;
  readonly InterfaceType?: string;
  readonly SubnetId: string;
  readonly VpcId: string;
  readonly OwnerId?: string;
  readonly Groups: readonly { readonly GroupId: string }[];
  readonly PrivateIpAddress?: string;
  readonly PrivateIpAddresses?: readonly {
    readonly PrivateIpAddress: string;
    readonly Primary?: boolean;
    readonly Association?: PublicAddress;
  }[];
  readonly Ipv6Addresses?: readonly { readonly Ipv6Address: string }[];
  readonly Ipv4Prefixes?: readonly { readonly Ipv4Prefix: string }[];
  readonly Ipv6Prefixes?: readonly { readonly Ipv6Prefix: string }[];
  readonly Association?: PublicAddress;
  readonly Attachment?: {
    readonly InstanceId?: string;
    readonly InstanceOwnerId?: string;
    readonly Status?: string;
  };
  readonly Status?: string;
  readonly SourceDestCheck?: boolean;
  readonly DenyAllIgwTraffic?: boolean;
}

export interface Permission {
  readonly IpProtocol: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly IpRanges?: readonly { readonly CidrIp: string }[];
  readonly Ipv6Ranges?: readonly { readonly CidrIpv6: string }[];
  readonly PrefixListIds?: readonly { readonly PrefixListId: string }[];
  readonly UserIdGroupPairs?: readonly {
    readonly GroupId: string;
    readonly UserId?: string;
    readonly VpcId?: string;
    readonly VpcPeeringConnectionId?: string;
  }[];
}

export interface SecurityGroup {
  readonly GroupId: string;
  readonly VpcId: string;
  readonly IpPermissions: readonly Permission[];
  readonly IpPermissionsEgress: readonly Permission[];
}

export interface NetworkAclEntry {
  readonly RuleNumber: number;
  readonly Egress: boolean;
  readonly Protocol: string;
  readonly RuleAction: string;
  readonly CidrBlock?: string;
  readonly Ipv6CidrBlock?: string;
  readonly PortRange?: { readonly From: number; readonly To: number };
  readonly IcmpTypeCode?: { readonly Type: number; readonly Code: number };
}

export interface NetworkAcl {
  readonly NetworkAclId: string;
  readonly VpcId: string;
  readonly Associations?: readonly {
    readonly NetworkAclAssociationId?: string;
    readonly SubnetId: string;
  }[];
  readonly Entries: readonly NetworkAclEntry[];
}

interface Attached {
  readonly Attachments?: readonly { readonly VpcId: string; readonly State?: string }[];
}

export interface InternetGateway extends Attached {
  readonly InternetGatewayId: string;
}

export interface EgressOnlyInternetGateway extends Attached {
  readonly EgressOnlyInternetGatewayId: string;
}

export interface NatGateway {
  readonly NatGatewayId: string;
  readonly SubnetId?: string;
  readonly VpcId: string;
  readonly State: string;
  readonly ConnectivityType?: string;
  readonly AvailabilityMode?: string;
  readonly RouteTableId?: string;
  readonly NatGatewayAddresses: readonly {
    readonly NetworkInterfaceId?: string;
    readonly PrivateIp?: string;
    readonly PublicIp?: string;
    readonly IsPrimary?: boolean;
    readonly Status?: string;
  }[];
}

export interface VpcEndpoint {
  readonly VpcEndpointId: string;
  readonly VpcEndpointType: string;
  readonly VpcId: string;
  readonly ServiceName?: string;
  readonly ServiceRegion?: string;
  readonly State?: string;
  readonly NetworkInterfaceIds?: readonly string[];
  readonly SubnetIds?: readonly string[];
  readonly RouteTableIds?: readonly string[];
  readonly OwnerId?: string;
}

export interface PeerVpc {
  readonly VpcId: string;
  readonly OwnerId?: string;
  readonly Region?: string;
  readonly CidrBlock?: string;
  readonly CidrBlockSet?: readonly { readonly CidrBlock: string }[];
  readonly Ipv6CidrBlockSet?: readonly { readonly Ipv6CidrBlock: string }[];
}

export interface VpcPeeringConnection {
  readonly VpcPeeringConnectionId: string;
  readonly Status: { readonly Code: string };
  readonly AccepterVpcInfo: PeerVpc;
  readonly RequesterVpcInfo: PeerVpc;
}

export interface VpnGateway {
  readonly VpnGatewayId: string;
  readonly State?: string;
  readonly VpcAttachments?: readonly { readonly VpcId: string; readonly State: string }[];
}

export interface PrefixList {
  readonly PrefixListId: string;
  readonly Cidrs?: readonly string[];
}

export interface TransitGatewayAttachment {
  readonly TransitGatewayAttachmentId: string;
  readonly TransitGatewayId: string;
  readonly ResourceType: string;
  readonly ResourceId?: string;
  readonly ResourceOwnerId?: string;
  readonly TransitGatewayOwnerId?: string;
  readonly State: string;
  readonly Association?: { readonly TransitGatewayRouteTableId: string; readonly State: string };
}

export interface TransitGatewayVpcAttachment {
  readonly TransitGatewayAttachmentId: string;
  readonly TransitGatewayId: string;
  readonly VpcId: string;
  readonly VpcOwnerId?: string;
  readonly State: string;
  readonly SubnetIds: readonly string[];
  readonly Options?: { readonly ApplianceModeSupport?: string; readonly Ipv6Support?: string };
}

interface TransitGatewaySide {
  readonly TransitGatewayId: string;
  readonly OwnerId?: string;
  readonly Region?: string;
}

export interface TransitGatewayPeeringAttachment {
  readonly TransitGatewayAttachmentId: string;
  readonly RequesterTgwInfo: TransitGatewaySide;
  readonly AccepterTgwInfo: TransitGatewaySide;
  readonly State: string;
}

export interface TransitGatewayRoute {
  readonly DestinationCidrBlock?: string;
  readonly PrefixListId?: string;
  readonly TransitGatewayAttachments?: readonly {
    readonly TransitGatewayAttachmentId: string;
    readonly ResourceId?: string;
    readonly ResourceType?: string;
  }[];
  readonly Type: string;
  readonly State: string;
}

/** One answer of one call, with the parameters that it was asked with. */
export interface Document {
  readonly account: string;
  readonly region: string;
  /** As in `ec2:DescribeVpcs`. */
  readonly call: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly answer: Readonly<Record<string, unknown>>;
}
