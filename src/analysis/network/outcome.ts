import type { Address } from '../../core/index.ts';
import type { Problem } from './model.ts';
import type { PacketSet } from './packet-set.ts';

/** One step of a path: the object, and the rule or route of it that lets the packets through. */
export interface Hop {
  readonly kind:
    | 'instance'
    | 'interface'
    | 'security-group'
    | 'subnet'
    | 'network-acl'
    | 'route-table'
    | 'vpc'
    | 'internet-gateway'
    | 'egress-only-gateway'
    | 'nat-gateway'
    | 'peering'
    | 'vpn-gateway'
    | 'carrier-gateway'
    | 'local-gateway'
    | 'endpoint'
    | 'transit-gateway'
    | 'transit-gateway-attachment'
    | 'transit-gateway-route-table'
    | 'vpn'
    | 'connect'
    | 'client-vpn'
    | 'direct-connect-gateway'
    | 'core-network'
    | 'service-network'
    | 'instance-connect-endpoint'
    | 'verified-access-endpoint'
    | 'lambda-service'
    | 'load-balancer'
    | 'internet';
  readonly id: string;
  readonly by: string;
}

/** Where a stateless or stateful filter looked at packets: which way, and with which source. */
export interface FilterPoint {
  readonly direction: 'ingress' | 'egress';
  readonly source: Address;
}

/** A path so far, last hop first: paths share their beginnings, of which there are many. */
export type Trail = { readonly hop: Hop; readonly before: Trail; readonly at?: FilterPoint } | null;

export function hopsOf(trail: Trail): readonly Hop[] {
  const hops: Hop[] = [];
  for (let at = trail; at !== null; at = at.before) hops.push(at.hop);
  return hops.toReversed();
}

/** Where packets are once they have left: what decides in which country that is. */
export type FarSide =
  /** The destination address says it. */
  | { readonly kind: 'internet' }
  /** An AWS region says it. `account`: who holds the far side, where it is somebody's. */
  | { readonly kind: 'region'; readonly region: string; readonly account: string }
  /** Nothing in the evidence says it: a customer's site, a carrier. */
  | { readonly kind: 'unknown' };

/** A way out of the model. */
export interface Exit {
  readonly kind: Hop['kind'];
  readonly id: string;
  readonly far: FarSide;
  /** Whether somebody on the far side can open a connection inwards by it. */
  readonly twoWay: boolean;
}

/** What stops packets: the object, and the rule, route or missing address of it. */
export interface Blocker {
  readonly kind: string;
  readonly id: string;
  readonly rule: string;
  /** Of a network ACL: where it looked, so that the entries that deny can be named. */
  readonly at?: FilterPoint;
}

/** How a walk ends for some packets. */
export type End =
  | { readonly kind: 'exit'; readonly exit: Exit }
  /** Inside a VPC, at the subnet that holds the destination; `from` is the subnet it comes from, if any. */
  | { readonly kind: 'arrives'; readonly vpc: string; readonly from: string | null }
  | { readonly kind: 'denied'; readonly by: Blocker }
  | { readonly kind: 'no-route'; readonly by: Blocker }
  | { readonly kind: 'blackhole'; readonly by: Blocker }
  | { readonly kind: 'unknown'; readonly problem: Problem };

/** What becomes of a set of packets. `doubts`: they got this far only if these unknowns let them. */
export interface Outcome {
  readonly end: End;
  readonly packets: PacketSet;
  readonly trail: Trail;
  readonly doubts: readonly Problem[];
  /** The source that the packets have at the end: translation changes it. */
  readonly source: Source;
}

/** Who sends, as far as anything on the way looks at it. */
export interface Source {
  /** Equal keys are treated equally by everything on the way. */
  readonly key: string;
  readonly vpc: string;
  readonly address: Address;
  readonly publicIp: string;
  readonly carrierIp: string;
  readonly denyIgw: boolean;
  /** Its interface checks no source: it may have any address of its family, of which `address` is one. */
  readonly forged?: true;
}

/** Packets that can leave by one exit, and how. With `doubts` they can only if these unknowns let them. */
export interface Leaving {
  readonly exit: Exit;
  readonly packets: PacketSet;
  readonly trail: Trail;
  readonly source: Source;
  readonly doubts: readonly Problem[];
}
