import type * as Aws from '../documents.ts';
import type { Draw, Place, TransitDraft, VpcDraft } from './draft.ts';
import { ON_PREMISES, OUTER_BLOCKS, OUTER_BLOCKS_V6 } from './draft.ts';

/** Peerings between the VPCs of the network, and with one that nobody listed. */
export function peerings({ random, id }: Draw, vpcs: readonly VpcDraft[]): Aws.VpcPeeringConnection[] {
  const [first, second] = vpcs;
  if (first === undefined) return [];
  const state = (): { readonly Code: string } => ({
    Code: random.chance(0.85) ? 'active' : random.pick(['deleted', 'pending-acceptance']),
  });
  const inside =
    second === undefined || !random.chance(0.6)
      ? []
      : [{ Status: state(), RequesterVpcInfo: peerOf(first), AccepterVpcInfo: peerOf(second) }];
  const outside = random.chance(0.4)
    ? [{ Status: state(), RequesterVpcInfo: peerOf(first), AccepterVpcInfo: foreignPeer(id('vpc')) }]
    : [];
  return [...inside, ...outside].map((one) => ({ VpcPeeringConnectionId: id('pcx'), ...one }));
}

/** The block of the VPC that is not in the model. */
export const FOREIGN_VPC = '10.200.0.0/16';

function foreignPeer(VpcId: string): Aws.PeerVpc {
  const CidrBlock = FOREIGN_VPC;
  const place = { OwnerId: '999999999999', Region: 'cn-north-1' };
  return { VpcId, ...place, CidrBlock, CidrBlockSet: [{ CidrBlock }] };
}

function peerOf({ vpc, place }: VpcDraft): Aws.PeerVpc {
  return {
    VpcId: vpc.VpcId,
    OwnerId: place.account,
    Region: place.region,
    CidrBlock: vpc.CidrBlock,
    CidrBlockSet: (vpc.CidrBlockAssociationSet ?? []).map(({ CidrBlock }) => ({ CidrBlock })),
    Ipv6CidrBlockSet: (vpc.Ipv6CidrBlockAssociationSet ?? []).map(({ Ipv6CidrBlock }) => ({ Ipv6CidrBlock })),
  };
}

/** A transit gateway in each region that has VPCs; two of them are peered. */
export function transitGateways(draw: Draw, vpcs: readonly VpcDraft[]): readonly TransitDraft[] {
  const { random } = draw;
  if (!random.chance(0.5)) return [];
  const places = new Map(vpcs.map(({ place }) => [place.region, place]));
  const gateways = [...places.values()].map((place) => gatewayOf(draw, place, vpcs));
  const [first, second] = gateways;
  if (first !== undefined && (second !== undefined || random.chance(0.2))) {
    peerGateways(draw, first, second);
  }
  for (const gateway of gateways) {
    const near = vpcs.filter(({ place }) => place.region === gateway.place.region);
    for (const table of gateway.tables) table.routes.push(...transitRoutes(draw, gateway, near));
  }
  return gateways;
}

function gatewayOf(draw: Draw, place: Place, vpcs: readonly VpcDraft[]): TransitDraft {
  const { random, id } = draw;
  const gateway: TransitDraft = {
    place,
    id: id('tgw'),
    attachments: [],
    vpcAttachments: [],
    peeringAttachments: [],
    tables: Array.from({ length: 1 + random.below(2) }, () => ({ id: id('tgw-rtb'), routes: [] })),
  };
  for (const draft of vpcs) {
    if (draft.place.region === place.region && random.chance(0.9)) attachVpc(draw, gateway, draft);
  }
  for (const kind of ['vpn', 'direct-connect-gateway', 'connect'] as const) {
    if (random.chance(0.3)) attach(draw, gateway, { kind, resource: id(kind === 'vpn' ? 'vpn' : 'dxgw') });
  }
  if (!draw.ordinary && random.chance(0.2)) attachForeignVpc(draw, gateway);
  return gateway;
}

function attachVpc(draw: Draw, gateway: TransitDraft, draft: VpcDraft): void {
  const { random } = draw;
  const state = random.chance(0.95) ? 'available' : 'deleted';
  const attachment = attach(draw, gateway, { kind: 'vpc', resource: draft.vpc.VpcId, state });
  const zones = new Map(draft.subnets.map((subnet) => [subnet.AvailabilityZone, subnet.SubnetId]));
  // One zone of two may have no door to the gateway.
  const doors = [...zones.values()].slice(random.chance(0.15) ? 1 : 0);
  gateway.vpcAttachments.push({
    TransitGatewayAttachmentId: attachment,
    TransitGatewayId: gateway.id,
    VpcId: draft.vpc.VpcId,
    State: state,
    SubnetIds: doors.length === 0 ? [...zones.values()] : doors,
    Options: {
      ApplianceModeSupport: random.chance(0.2) ? 'enable' : 'disable',
      Ipv6Support: random.chance(0.8) ? 'enable' : 'disable',
    },
    VpcOwnerId: draft.place.account,
  });
}

/** A VPC of somebody else, of which the gateway's owner sees the attachment only. */
function attachForeignVpc(draw: Draw, gateway: TransitDraft): void {
  const VpcId = draw.id('vpc');
  gateway.vpcAttachments.push({
    TransitGatewayAttachmentId: attach(draw, gateway, { kind: 'vpc', resource: VpcId }),
    TransitGatewayId: gateway.id,
    VpcId,
    State: 'available',
    SubnetIds: [draw.id('subnet')],
    Options: { ApplianceModeSupport: 'disable', Ipv6Support: 'enable' },
    VpcOwnerId: '999999999999',
  });
}

interface Attached {
  readonly kind: string;
  readonly resource: string;
  readonly state?: string;
  /** The same attachment is listed on both sides of a peering. */
  readonly attachment?: string;
}

function attach({ random, id, ordinary }: Draw, gateway: TransitDraft, wish: Attached): string {
  const attachment = wish.attachment ?? id('tgw-attach');
  const table = random.any(gateway.tables);
  const associated =
    table === undefined || (!ordinary && random.chance(0.07))
      ? {}
      : { Association: { TransitGatewayRouteTableId: table.id, State: 'associated' } };
  gateway.attachments.push({
    TransitGatewayAttachmentId: attachment,
    TransitGatewayId: gateway.id,
    ResourceType: wish.kind,
    ResourceId: wish.resource,
    State: wish.state ?? 'available',
    ...associated,
    TransitGatewayOwnerId: gateway.place.account,
    ResourceOwnerId: gateway.place.account,
  });
  return attachment;
}

/** A peering of two gateways, or with one that nobody listed. */
function peerGateways(draw: Draw, near: TransitDraft, far: TransitDraft | undefined): void {
  const { id } = draw;
  const other = far?.id ?? id('tgw');
  const attachment = attach(draw, near, { kind: 'peering', resource: other });
  if (far !== undefined) attach(draw, far, { kind: 'peering', resource: near.id, attachment });
  const info = (
    gateway: string,
    place: Place,
  ): { TransitGatewayId: string; OwnerId: string; Region: string } => ({
    TransitGatewayId: gateway,
    OwnerId: place.account,
    Region: place.region,
  });
  for (const side of [near, far]) {
    side?.peeringAttachments.push({
      TransitGatewayAttachmentId: attachment,
      RequesterTgwInfo: info(near.id, near.place),
      AccepterTgwInfo: info(other, far?.place ?? { account: '999999999999', region: 'cn-north-1' }),
      State: 'available',
    });
  }
}

function transitRoutes(
  draw: Draw,
  gateway: TransitDraft,
  near: readonly VpcDraft[],
): readonly Aws.TransitGatewayRoute[] {
  const { random } = draw;
  const propagated = gateway.vpcAttachments.flatMap((attachment) => {
    const draft = near.find(({ vpc }) => vpc.VpcId === attachment.VpcId);
    if (draft === undefined || !random.chance(0.75)) return [];
    return draft.blocks.map((block) => routeTo(gateway, block, 'propagated', attachment));
  });
  const wishes = [
    '0.0.0.0/0',
    '::/0',
    ON_PREMISES,
    '10.0.0.0/8',
    ...OUTER_BLOCKS,
    ...OUTER_BLOCKS_V6,
    '10.1.2.0/24',
    // What an attachment propagates as well: the static route goes before.
    ...propagated.map(({ DestinationCidrBlock }) => DestinationCidrBlock ?? '::/0'),
  ];
  const fixed = [...new Set(wishes)]
    .filter((block) => random.chance(block.endsWith('/0') ? 0.7 : 0.2))
    .map((block): Aws.TransitGatewayRoute => {
      const attachment = random.any(gateway.attachments);
      return attachment === undefined || random.chance(0.15)
        ? { DestinationCidrBlock: block, Type: 'static', State: 'blackhole' }
        : routeTo(gateway, block, 'static', attachment);
    });
  return [...fixed, ...propagated, ...listed(draw, gateway)];
}

/** A reference to a prefix list shows as one route for each of its blocks. */
function listed({ random, id }: Draw, gateway: TransitDraft): readonly Aws.TransitGatewayRoute[] {
  const attachment = random.any(gateway.attachments);
  if (attachment === undefined || !random.chance(0.3)) return [];
  const PrefixListId = id('pl');
  return ['172.20.128.0/17', '198.51.100.64/26'].map((block) => ({
    ...routeTo(gateway, block, 'static', attachment),
    PrefixListId,
  }));
}

function routeTo(
  gateway: TransitDraft,
  block: string,
  Type: string,
  { TransitGatewayAttachmentId }: { readonly TransitGatewayAttachmentId: string },
): Aws.TransitGatewayRoute {
  const target = gateway.attachments.find(
    (one) => one.TransitGatewayAttachmentId === TransitGatewayAttachmentId,
  );
  return {
    DestinationCidrBlock: block,
    Type,
    State: target?.State === 'available' ? 'active' : 'blackhole',
    TransitGatewayAttachments: [
      {
        TransitGatewayAttachmentId,
        ResourceId: target?.ResourceId ?? '',
        ResourceType: target?.ResourceType ?? '',
      },
    ],
  };
}
