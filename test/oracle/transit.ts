import { inside } from './address.ts';
import type {
  PeerVpc,
  Subnet,
  TransitGatewayAttachment,
  TransitGatewayVpcAttachment,
  Vpc,
} from './documents.ts';
import { aclSays } from './filters.ts';
import type { Outcome, Packet } from './packet.ts';
import { arrived, ended, past, via, worst } from './packet.ts';
import type { Place, Roads } from './place.ts';
import { isFromHere, outOfSubnet } from './place.ts';
import { chooseTransitRoute } from './routes.ts';
import type { World } from './world.ts';
import { attachmentKey, blocksOfVpc, holderOf } from './world.ts';

/** VPC peering: from one VPC to the other, never further (VPC Peering Guide, "VPC peering limitations"). */
export function throughPeering(roads: Roads, id: string, place: Place, packet: Packet): Outcome {
  const { world } = roads;
  const peering = world.peerings.get(id);
  if (peering === undefined) {
    return outOfSubnet(world, place, packet, () => ended('unknown', 'the peering is not listed'));
  }
  if (peering.Status.Code !== 'active') return ended('blackhole', 'the peering is not active');
  const sides = [peering.AccepterVpcInfo, peering.RequesterVpcInfo];
  const peer = sides.find(({ VpcId }) => VpcId !== place.vpc.VpcId);
  if (peer === undefined || !sides.some(({ VpcId }) => VpcId === place.vpc.VpcId)) {
    return ended('blackhole', 'the peering is between other VPCs');
  }
  if (!isFromHere(place, packet)) return ended('denied', 'a peering carries no transit');
  if (!inside(blocksOfPeer(world, peer), packet.destination)) return ended('no-route', 'not in the peer VPC');
  return outOfSubnet(world, place, packet, () =>
    via({ kind: 'peering', id }, intoPeer(roads, id, peer, packet)),
  );
}

function intoPeer(roads: Roads, id: string, peer: PeerVpc, packet: Packet): Outcome {
  if (!roads.world.vpcs.has(peer.VpcId)) {
    return arrived('leaves-vpc', { kind: 'peering', id }, packet, 'to a VPC that is not in the model');
  }
  const holder = holderOf(roads.world, peer.VpcId, packet.destination);
  return via(
    { kind: 'vpc', id: peer.VpcId },
    holder === undefined
      ? ended('no-route', 'no interface of the peer VPC holds it')
      : roads.enter(holder, packet),
  );
}

function blocksOfPeer(world: World, peer: PeerVpc): readonly string[] {
  const known = world.vpcs.get(peer.VpcId);
  return [
    ...(known === undefined ? [] : blocksOfVpc(known)),
    ...(peer.CidrBlock === undefined ? [] : [peer.CidrBlock]),
    ...(peer.CidrBlockSet ?? []).map(({ CidrBlock }) => CidrBlock),
    ...(peer.Ipv6CidrBlockSet ?? []).map(({ Ipv6CidrBlock }) => Ipv6CidrBlock),
  ];
}

/**
 * A transit gateway: reached through the attachment's subnet in the sender's own zone, past both network ACLs
 * (Transit Gateways Guide, "Network ACLs"); then the table that this attachment is associated with decides.
 */
export function throughTransitGateway(roads: Roads, id: string, place: Place, packet: Packet): Outcome {
  const { world } = roads;
  const attachment = [...world.vpcAttachments.values()].find(
    (one) => one.TransitGatewayId === id && one.VpcId === place.vpc.VpcId,
  );
  if (attachment === undefined) {
    return outOfSubnet(world, place, packet, () => ended('unknown', 'no attachment is listed'));
  }
  if (attachment.State !== 'available') return ended('blackhole', 'the attachment is not available');
  if (packet.destination.family === 6 && attachment.Options?.Ipv6Support !== 'enable') {
    return ended('denied', 'the attachment carries no IPv6');
  }
  const door = subnetsOf(world, attachment).find(
    ({ AvailabilityZone }) => AvailabilityZone === place.subnet?.AvailabilityZone,
  );
  if (door === undefined) return ended('blackhole', 'no attachment subnet in this zone');
  return outOfSubnet(world, place, packet, () =>
    past(aclSays(world, door, 'in', packet), `network ACL into ${door.SubnetId}`, () =>
      via(
        { kind: 'transit-gateway', id },
        byAssociatedTable(
          roads,
          {
            gateway: id,
            attachment: attachment.TransitGatewayAttachmentId,
            zone: zoneOf(place.vpc, door),
            seen: place.seen,
          },
          packet,
        ),
      ),
    ),
  );
}

/** Names of zones mean other zones in other accounts (RAM User Guide, "Availability Zone IDs"). */
function zoneOf({ OwnerId }: Vpc, { AvailabilityZone }: Subnet): string {
  return `${OwnerId ?? ''} ${AvailabilityZone ?? ''}`;
}

function subnetsOf(world: World, attachment: TransitGatewayVpcAttachment): readonly Subnet[] {
  return attachment.SubnetIds.flatMap((id) => world.subnets.get(id) ?? []);
}

/** How a packet came into a transit gateway. */
interface Entry {
  readonly gateway: string;
  readonly attachment: string;
  /** The zone that it came from, where that is known. */
  readonly zone: string | undefined;
  readonly seen: readonly string[];
}

function byAssociatedTable(roads: Roads, entry: Entry, packet: Packet): Outcome {
  const { world } = roads;
  const attachment = world.attachments.get(attachmentKey(entry.gateway, entry.attachment));
  if (attachment === undefined) return ended('unknown', 'the attachment is not listed');
  const { Association } = attachment;
  if (Association === undefined || Association.State !== 'associated') {
    return ended('no-route', 'the attachment is associated with no table');
  }
  const routes = world.transitRoutes.get(Association.TransitGatewayRouteTableId);
  if (routes === undefined) return ended('unknown', 'the routes of the table are not all listed');
  const choice = chooseTransitRoute(world, routes, packet.destination);
  if (choice.doubt) return ended('unknown', 'a prefix list of the table is not listed');
  if (choice.routes.length === 0) return ended('no-route', 'the transit gateway has no route');
  return worst(
    choice.routes.map((route) => {
      if (route.State === 'blackhole') return ended('blackhole', 'the route is a blackhole');
      if (route.State !== 'active') return ended('unknown', 'a route state that is not known');
      const targets = route.TransitGatewayAttachments ?? [];
      if (targets.length === 0) return ended('unknown', 'a route without a target');
      return worst(
        targets.map(({ TransitGatewayAttachmentId: to }) => outByAttachment(roads, to, entry, packet)),
      );
    }),
  );
}

function outByAttachment(roads: Roads, id: string, entry: Entry, packet: Packet): Outcome {
  const attachment = roads.world.attachments.get(attachmentKey(entry.gateway, id));
  if (attachment === undefined) return ended('unknown', 'the attachment is not listed');
  if (attachment.State !== 'available') return ended('blackhole', 'the attachment is not available');
  switch (attachment.ResourceType) {
    case 'vpc':
      return intoAttachedVpc(roads, id, entry, packet);
    case 'peering':
    case 'tgw-peering':
      return intoPeerGateway(roads, attachment, entry.seen, packet);
    case 'vpn':
    case 'direct-connect-gateway':
    case 'connect':
      return arrived('leaves-vpc', { kind: attachment.ResourceType, id }, packet, 'to on-premises');
    default:
      return ended('unknown', 'an attachment of an unknown kind');
  }
}

/** Out of the attachment's subnet in the same zone, or without one there out of any; that subnet's table decides. */
function intoAttachedVpc(roads: Roads, id: string, { zone, seen }: Entry, packet: Packet): Outcome {
  const { world } = roads;
  const attachment = world.vpcAttachments.get(id);
  if (attachment === undefined) return ended('unknown', 'the VPC attachment is not listed');
  const vpc = world.vpcs.get(attachment.VpcId);
  if (vpc === undefined) {
    return ended('unknown', 'a VPC that nobody describes is behind the attachment');
  }
  if (packet.destination.family === 6 && attachment.Options?.Ipv6Support !== 'enable') {
    return ended('denied', 'the attachment carries no IPv6');
  }
  const doors = subnetsOf(world, attachment);
  const near = doors.filter((door) => zoneOf(vpc, door) === zone);
  const anyZone = near.length === 0 || attachment.Options?.ApplianceModeSupport === 'enable';
  const used = anyZone ? doors : near;
  if (used.length === 0) return ended('unknown', 'the subnets of the attachment are not listed');
  return via(
    { kind: 'vpc', id: vpc.VpcId },
    worst(used.map((subnet) => roads.onFrom({ vpc, subnet, seen }, packet))),
  );
}

function intoPeerGateway(
  roads: Roads,
  { TransitGatewayAttachmentId: id, TransitGatewayId: here }: TransitGatewayAttachment,
  seen: readonly string[],
  packet: Packet,
): Outcome {
  const { world } = roads;
  const peering = world.peeringAttachments.get(id);
  if (peering === undefined) return ended('unknown', 'the peering attachment is not listed');
  const far = [peering.AccepterTgwInfo, peering.RequesterTgwInfo]
    .map(({ TransitGatewayId }) => TransitGatewayId)
    .find((gateway) => gateway !== here);
  // Both sides know the peering by the same attachment id.
  if (far === undefined || !world.attachments.has(attachmentKey(far, id))) {
    return arrived(
      'leaves-vpc',
      { kind: 'transit-gateway-peering', id },
      packet,
      'to another transit gateway',
    );
  }
  const turn = `${far} ${id}`;
  if (seen.includes(turn)) return ended('blackhole', 'a loop');
  return via(
    { kind: 'transit-gateway', id: far },
    byAssociatedTable(
      roads,
      { gateway: far, attachment: id, zone: undefined, seen: [...seen, turn] },
      packet,
    ),
  );
}
