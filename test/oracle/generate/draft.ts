import type * as Aws from '../documents.ts';
import type { Random } from './random.ts';

/** One VPC in the making. The lists grow while the network is drawn; afterwards nothing changes them. */
export interface VpcDraft {
  readonly place: Place;
  /** Which of the network's VPCs: its addresses follow from it. */
  readonly index: number;
  readonly vpc: Aws.Vpc;
  readonly blocks: readonly string[];
  readonly subnets: Aws.Subnet[];
  readonly tables: RouteTableDraft[];
  readonly acls: Aws.NetworkAcl[];
  readonly groups: Aws.SecurityGroup[];
  readonly interfaces: Aws.NetworkInterface[];
  readonly internetGateways: Aws.InternetGateway[];
  readonly egressOnlyGateways: Aws.EgressOnlyInternetGateway[];
  readonly natGateways: Aws.NatGateway[];
  readonly endpoints: Aws.VpcEndpoint[];
  readonly vpnGateways: Aws.VpnGateway[];
}

export interface RouteTableDraft extends Omit<Aws.RouteTable, 'Routes'> {
  readonly Routes: Aws.Route[];
  readonly PropagatingVgws: { readonly GatewayId: string }[];
}

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** What all parts of a generator need. */
export interface Draw {
  /** Nothing in it that anybody would call unknown: every target known, every object there, nothing that forwards. */
  readonly ordinary: boolean;
  /** A network whose filters let most things pass, so that its routes are what decides. */
  readonly open: boolean;
  readonly random: Random;
  readonly id: (kind: string) => string;
}

/** A whole network in the making. */
export interface NetworkDraft {
  readonly vpcs: readonly VpcDraft[];
  readonly peerings: Aws.VpcPeeringConnection[];
  readonly lists: PrefixListDraft[];
  readonly transit: TransitDraft[];
}

export interface PrefixListDraft {
  readonly place: Place;
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  /** `undefined`: nobody listed the entries. */
  readonly cidrs: readonly string[] | undefined;
}

/** One transit gateway with what belongs to it. */
export interface TransitDraft {
  readonly place: Place;
  readonly id: string;
  readonly attachments: Aws.TransitGatewayAttachment[];
  readonly vpcAttachments: Aws.TransitGatewayVpcAttachment[];
  readonly peeringAttachments: Aws.TransitGatewayPeeringAttachment[];
  readonly tables: { readonly id: string; readonly routes: Aws.TransitGatewayRoute[] }[];
}

export const OUTER_BLOCKS = ['198.51.100.0/24', '203.0.113.0/24', '192.0.2.128/25', '8.8.0.0/16'] as const;
export const OUTER_BLOCKS_V6 = ['2001:4860::/32', '2606:4700:10::/48'] as const;
export const ON_PREMISES = '172.20.0.0/16';
export const NAT64 = '64:ff9b::/96';
