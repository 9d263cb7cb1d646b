import type { Address, IpSet, Prefix, ReasonCode } from '../../core/index.ts';
import type { Balancer, TargetGroup } from './balancer-model.ts';
import type { PacketSet } from './packet-set.ts';
import type { TrafficSet } from './traffic.ts';

/**
 * Something about an object that the model cannot stand for: an unknown target, a dangling id, evidence that
 * is not there. It matters only on a path; off every path it is counted.
 */
export interface Problem {
  readonly code: ReasonCode;
  /** Id of the object. */
  readonly object: string;
  readonly detail: string;
  /**
   * Of a filter that nobody listed, and that AWS makes open: it may take packets away and adds none. What is asked
   * of a single path is answered as if it were open, with the reason; no verdict rests on it.
   */
  readonly opensAnswers?: true;
}

/** VPC Block Public Access as it is in force somewhere, less its exclusions; what is not known blocks nothing. */
export type PublicAccessBlock = 'none' | 'ingress' | 'bidirectional';

export interface Vpc {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly cidrs: IpSet;
  /** What decides for subnets without a table of their own; a problem where there is none or more than one. */
  readonly mainTable: string | Problem;
  readonly blocks: PublicAccessBlock;
}

export interface Subnet {
  readonly id: string;
  readonly vpc: string;
  readonly cidrs: IpSet;
  readonly zone: string;
  readonly table: string | Problem;
  readonly acl: string | Problem;
  readonly blocks: PublicAccessBlock;
}

/** One private IPv4 address of an interface, with the public one that the internet gateway would put in its place. */
export interface PrivateAddress {
  readonly address: Address;
  readonly publicIp: Address | null;
  readonly carrierIp: Address | null;
}

export interface Interface {
  readonly id: string;
  readonly type: string;
  readonly account: string;
  readonly vpc: string;
  readonly subnet: string;
  readonly zone: string;
  readonly instance: string;
  readonly addresses: readonly PrivateAddress[];
  /** Everything that the interface answers to: addresses and delegated prefixes of both families. */
  readonly owned: IpSet;
  /** Blocks that are delegated to it: it sends from any address of them, as containers do. */
  readonly delegated: readonly Prefix[];
  readonly groups: readonly string[];
  /** `null`: nobody says it. */
  readonly sourceDestCheck: boolean | null;
  readonly denyIgw: boolean;
  /** End of the ARN of the load balancer that it belongs to, as AWS describes it; empty otherwise. */
  readonly balancer: string;
}

/** One line of a security group: who or what is on the other side, and which traffic. */
export interface GroupRule {
  readonly label: string;
  readonly traffic: TrafficSet;
  readonly peer:
    | { readonly kind: 'cidr'; readonly set: IpSet }
    | { readonly kind: 'prefix-list'; readonly id: string }
    | { readonly kind: 'group'; readonly id: string; readonly peering: string }
    | { readonly kind: 'unknown'; readonly problem: Problem };
}

export interface SecurityGroup {
  readonly id: string;
  readonly vpc: string;
  readonly ingress: readonly GroupRule[];
  readonly egress: readonly GroupRule[];
}

/** One line of a network ACL. `problem`: it could not be read whole, so it might match anything of its traffic. */
export interface AclEntry {
  readonly number: number;
  readonly allow: boolean;
  readonly traffic: TrafficSet;
  readonly addresses: IpSet;
  readonly problem?: Problem;
}

export interface NetworkAcl {
  readonly id: string;
  /** In the order in which they are tried. */
  readonly ingress: readonly AclEntry[];
  readonly egress: readonly AclEntry[];
}

/** The closed list of what a route can lead to; what is not known is `unsupported`, never left out. */
export type RouteTarget =
  | { readonly kind: 'local' }
  | { readonly kind: 'internet-gateway'; readonly id: string }
  | { readonly kind: 'egress-only-gateway'; readonly id: string }
  | { readonly kind: 'nat-gateway'; readonly id: string }
  | { readonly kind: 'interface'; readonly id: string }
  | { readonly kind: 'peering'; readonly id: string }
  | { readonly kind: 'transit-gateway'; readonly id: string }
  | { readonly kind: 'vpn-gateway'; readonly id: string }
  | { readonly kind: 'endpoint'; readonly id: string }
  | { readonly kind: 'local-gateway'; readonly id: string }
  | { readonly kind: 'carrier-gateway'; readonly id: string }
  | { readonly kind: 'core-network'; readonly id: string }
  | { readonly kind: 'service-network'; readonly id: string }
  | { readonly kind: 'unsupported'; readonly problem: Problem };

/**
 * How a tie between equal prefixes is decided, smallest first (VPC user guide, "Route priority"): static,
 * then prefix lists, then propagated. Equal ranks: any of them may win.
 */
export type RouteRank = 0 | 1 | 2;

export interface Route {
  /** As a person finds it in the table: its destination. */
  readonly label: string;
  readonly prefixes: readonly Prefix[];
  readonly rank: RouteRank;
  readonly target: RouteTarget;
  readonly blackhole: boolean;
}

export interface RouteTable {
  readonly id: string;
  readonly vpc: string;
  readonly routes: readonly Route[];
  /** Destinations that could not be read (a prefix list without entries): where these packets go, nobody knows. */
  readonly unreadable: readonly Problem[];
  /** Virtual private gateways that may add routes: known ones by the routes, unknown ones only by this. */
  readonly propagating: readonly string[];
  /** Where its routes in force lead, those whose destinations could not be read too: what they name is there. */
  readonly leadsTo: readonly RouteTarget[];
}

export interface PrefixList {
  readonly id: string;
  readonly set: IpSet;
  readonly prefixes: readonly Prefix[];
}

export interface NatGateway {
  readonly id: string;
  readonly vpc: string;
  /** Empty for a regional gateway, which lies in no subnet. */
  readonly subnet: string;
  readonly public: boolean;
  /** Pending, failed and deleted gateways forward nothing. */
  readonly working: boolean;
  /** A regional gateway's own table. */
  readonly table: string | null;
  readonly addresses: readonly PrivateAddress[];
}

export interface PeeringSide {
  readonly vpc: string;
  readonly account: string;
  readonly region: string;
  readonly cidrs: IpSet;
}

export interface Peering {
  readonly id: string;
  readonly active: boolean;
  readonly sides: readonly [PeeringSide, PeeringSide];
}

export interface Endpoint {
  readonly id: string;
  readonly type: string;
  readonly vpc: string;
  readonly service: string;
  /** Where the service runs; empty where nobody can tell. */
  readonly serviceRegion: string;
  /** Whether AWS runs the service; if not, whoever does takes what is sent to it wherever they like. */
  readonly ofAws: boolean;
  /** Whether its state says that it carries nothing. */
  readonly gone: boolean;
  readonly interfaces: readonly string[];
  readonly subnets: readonly string[];
  /** Of an endpoint into a service network, or to one resource (VPC Lattice): its ARN. */
  readonly serviceNetwork: string;
  readonly resource: string;
}

/** Servers that the resolver of a VPC hands questions on to. */
export interface Forwarding {
  readonly rule: string;
  /** The domain whose names are handed on. */
  readonly domain: string;
  readonly targets: readonly Address[];
}

/**
 * The resolver of a VPC. It asks servers anywhere on behalf of whoever asks it, and no security group, network ACL or
 * route has a say (VPC user guide, "DNS attributes"): it is open unless something proves that it is not.
 */
export type Resolver =
  /** `restsOn`: what shows it. */
  | { readonly kind: 'closed'; readonly by: string; readonly restsOn: 'dns-support' | 'dns-firewall' }
  | { readonly kind: 'open'; readonly why: string; readonly forwardings: readonly Forwarding[] }
  /** Something that might close it was not read, or is not understood. */
  | { readonly kind: 'unknown'; readonly problem: Problem; readonly forwardings: readonly Forwarding[] };

/** A Lambda function outside every VPC. */
export interface ServiceFunction {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
}

/** The service networks that VPCs are associated with, and where they lead. `null`: it stays in VPCs of the model. */
export interface ServiceNetworks {
  readonly byVpc: ReadonlyMap<string, ReadonlySet<string>>;
  /** By the ARN of a network. */
  readonly problems: ReadonlyMap<string, Problem | null>;
  /** By the ARN of a resource configuration that an endpoint leads to. */
  readonly resources: ReadonlyMap<string, Problem | null>;
}

/** A way by which callers who may be anywhere are let into a VPC. */
export interface AccessDoor {
  readonly kind: 'client-vpn' | 'instance-connect-endpoint' | 'verified-access-endpoint';
  readonly id: string;
  readonly vpc: string;
  /** The interfaces that callers come by; empty where they are not named, so that it may be any of the VPC's addresses. */
  readonly interfaces: readonly string[];
  /** Whether callers appear under their own addresses. */
  readonly keepsCallers: boolean;
}

/** A virtual private gateway: VPN connections and Direct Connect end at it. */
export interface VpnGateway {
  readonly id: string;
  readonly vpc: string;
  /** Its VPN connections that are not deleted. */
  readonly connections: readonly string[];
}

/** A site-to-site VPN connection: two tunnels between a gateway here and a customer's device. */
export interface VpnConnection {
  readonly id: string;
  /** The virtual private or transit gateway that it ends at. */
  readonly gateway: string;
  /** Id of the customer gateway, and its address where it is described. */
  readonly customer: string;
  readonly customerIp: string;
  /** Public addresses of the tunnels' ends at AWS. */
  readonly outside: readonly Address[];
  /** Whether its routes are all configured, not learned. */
  readonly staticOnly: boolean;
  readonly working: boolean;
}

/** A virtual interface of a Direct Connect line, and the virtual private or Direct Connect gateway that it ends at. */
export interface VirtualInterface {
  readonly id: string;
  /** `private`, `transit` or `public`. */
  readonly type: string;
  readonly gateway: string;
}

/** Which gateway a Direct Connect gateway leads to. */
export interface DirectConnectLink {
  readonly gateway: string;
  readonly associated: string;
}

/** What is attached to a transit gateway; `table` decides for packets that come in by it. */
export interface TransitAttachment {
  readonly id: string;
  readonly gateway: string;
  /** As the API names it; what this version does not know is an unknown on the path. */
  readonly type: string;
  readonly resource: string;
  readonly account: string;
  readonly working: boolean;
  readonly table: string | null;
  /** Of a VPC attachment: where its interfaces are. */
  readonly subnets: readonly string[];
  readonly applianceMode: boolean;
  /** False only where the attachment says that it carries none. */
  readonly ipv6: boolean;
  /** Of a peering: the other gateway. */
  readonly peer: { readonly gateway: string; readonly account: string; readonly region: string } | null;
}

/** The attachments of one transit gateway. */
export interface TransitAttachments {
  readonly byId: ReadonlyMap<string, TransitAttachment>;
  readonly byVpc: ReadonlyMap<string, TransitAttachment>;
}

/** Ranked as `RouteRank`, then by what brought a propagated route (transit gateway guide, "Route evaluation order"). */
export interface TransitRoute {
  readonly label: string;
  readonly prefixes: readonly Prefix[];
  readonly rank: number;
  readonly attachments: readonly string[];
  readonly blackhole: boolean;
}

export interface TransitTable {
  readonly id: string;
  readonly gateway: string;
  readonly routes: readonly TransitRoute[];
  /** Attachments that propagate routes which they learn and nobody listed: packets to anywhere may go by them. */
  readonly learned: readonly string[];
  /** Why there may be routes that are not here. */
  readonly unreadable: readonly Problem[];
}

/** A network of any number of accounts and regions, by id. Everything that a path can meet. */
export interface Network {
  readonly vpcs: ReadonlyMap<string, Vpc>;
  readonly subnets: ReadonlyMap<string, Subnet>;
  readonly interfaces: ReadonlyMap<string, Interface>;
  readonly groups: ReadonlyMap<string, SecurityGroup>;
  readonly acls: ReadonlyMap<string, NetworkAcl>;
  readonly tables: ReadonlyMap<string, RouteTable>;
  /** Tables for what comes in by a gateway, by the gateway's id. */
  readonly edgeTables: ReadonlyMap<string, string>;
  readonly prefixLists: ReadonlyMap<string, PrefixList>;
  /** VPC of each attached internet gateway. */
  readonly internetGateways: ReadonlyMap<string, string>;
  readonly natGateways: ReadonlyMap<string, NatGateway>;
  readonly peerings: ReadonlyMap<string, Peering>;
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly vpnGateways: ReadonlyMap<string, VpnGateway>;
  readonly vpnConnections: ReadonlyMap<string, VpnConnection>;
  readonly virtualInterfaces: ReadonlyMap<string, VirtualInterface>;
  readonly directConnectLinks: readonly DirectConnectLink[];
  /** Transit gateways that are described, and the attachments of each, whoever holds them. */
  readonly transitGateways: ReadonlySet<string>;
  readonly transitAttachments: ReadonlyMap<string, TransitAttachments>;
  readonly transitTables: ReadonlyMap<string, TransitTable>;
  /** By VPC. */
  readonly resolvers: ReadonlyMap<string, Resolver>;
  readonly serviceNetworks: ServiceNetworks;
  readonly doors: readonly AccessDoor[];
  /** Functions that run in no VPC, by ARN. */
  readonly functions: ReadonlyMap<string, ServiceFunction>;
  /** Endpoints of AWS's own firewalls, which hand packets on unchanged or drop them. */
  readonly firewallEndpoints: ReadonlySet<string>;
  readonly balancers: ReadonlyMap<string, Balancer>;
  /** The balancer of each interface that belongs to one. */
  readonly balancerOf: ReadonlyMap<string, Balancer>;
  readonly targetGroups: ReadonlyMap<string, TargetGroup>;
  /** Faults of the evidence that belong to no object on its own. */
  readonly faults: readonly Problem[];
}

/** What a filter lets through for certain, and what it might, with the reason why nobody can tell. */
export interface Filter {
  readonly allowed: PacketSet;
  readonly doubtful: readonly { readonly problem: Problem; readonly packets: PacketSet }[];
}
