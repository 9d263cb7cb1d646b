import type { Document } from '../documents.ts';
import { ROUTE_TARGETS } from '../documents.ts';
import { documentsOf } from './documents.ts';
import type { Draw, NetworkDraft, Place, VpcDraft } from './draft.ts';
import type { Peers } from './filters.ts';
import { securityGroup } from './filters.ts';
import { addGatewayEndpoint, addGateways, prefixLists } from './gateways.ts';
import { addressesOfNetwork, machines } from './interfaces.ts';
import { idsOf, randomOf } from './random.ts';
import { addInnerRoutes, addRoutes } from './routes.ts';
import { peerings, transitGateways } from './transit.ts';
import { vpcDraft } from './vpc.ts';

const ACCOUNTS = ['111111111111', '222222222222'] as const;
const REGIONS = ['cn-north-1', 'cn-northwest-1'] as const;

/**
 * A random network as the `Describe*` calls would answer it. The same seed gives the same network.
 *
 * What AWS itself refuses is not drawn (two routes to one block, a NAT gateway for all of IPv6), since nobody
 * can say what AWS would do with it.
 */
export function networkOf(seed: number): readonly Document[] {
  return networkFrom(seed, { ordinary: false });
}

/** One of several times as many VPCs, all of which share transit gateways, peerings and prefix lists. */
export function bigNetworkOf(seed: number): readonly Document[] {
  return networkFrom(seed, { ordinary: false, vpcs: 9 });
}

/** One of which everything is known, so that every question about it has an answer. */
export function ordinaryNetworkOf(seed: number): readonly Document[] {
  return networkFrom(seed, { ordinary: true });
}

/** A big one of the same kind. */
export function bigOrdinaryNetworkOf(seed: number): readonly Document[] {
  return networkFrom(seed, { ordinary: true, vpcs: 9 });
}

interface Wish {
  readonly ordinary: boolean;
  /** How many; drawn where nobody says it. */
  readonly vpcs?: number;
}

function networkFrom(seed: number, { ordinary, vpcs: count }: Wish): readonly Document[] {
  const random = randomOf(seed);
  const drawn: Draw = { ordinary, open: random.chance(0.4), random, id: idsOf() };
  const vpcs = Array.from({ length: count ?? random.pick([1, 2, 2, 3]) }, (_, index) =>
    vpcDraft(drawn, index, placeOf(drawn, index)),
  );
  const network: NetworkDraft = {
    vpcs,
    lists: [...prefixLists(drawn, vpcs)],
    peerings: peerings(drawn, vpcs),
    transit: [],
  };
  addGroups(drawn, network);
  const addresses = addressesOfNetwork();
  for (const draft of vpcs) {
    draft.interfaces.push(...machines(drawn, addresses, draft));
    addGateways(drawn, addresses, draft);
  }
  network.transit.push(...transitGateways(drawn, vpcs));
  for (const draft of vpcs) {
    const own = draft.tables.filter(({ Associations }) => (Associations ?? []).length > 0);
    for (const table of own) addRoutes(drawn, network, draft, table);
    if (random.chance(0.5)) addGatewayEndpoint(drawn, network, draft);
    if (random.chance(0.8)) addInnerRoutes(drawn, draft);
  }
  for (const draft of vpcs) settleRoutes(network, draft);
  if (!ordinary && random.chance(0.12)) contradict(drawn, network);
  const documents = documentsOf(network);
  return !ordinary && random.chance(0.15) ? withoutOne(drawn, documents) : documents;
}

/** AWS marks a route whose target is gone as a blackhole (EC2 API, Route). */
function settleRoutes({ peerings: links, transit }: NetworkDraft, draft: VpcDraft): void {
  const gone = new Set([
    ...draft.internetGateways.filter(isLoose).map(({ InternetGatewayId }) => InternetGatewayId),
    ...draft.egressOnlyGateways.filter(isLoose).map((one) => one.EgressOnlyInternetGatewayId),
    ...draft.vpnGateways
      .filter(({ VpcAttachments }) => (VpcAttachments ?? []).length === 0)
      .map(({ VpnGatewayId }) => VpnGatewayId),
    ...draft.natGateways
      .filter(({ State }) => ['deleted', 'failed'].includes(State))
      .map(({ NatGatewayId }) => NatGatewayId),
    ...transit
      .filter(({ vpcAttachments }) =>
        vpcAttachments.some(({ VpcId, State }) => VpcId === draft.vpc.VpcId && State === 'deleted'),
      )
      .map(({ id }) => id),
    ...links.filter(({ Status }) => Status.Code === 'deleted').map((one) => one.VpcPeeringConnectionId),
  ]);
  for (const { Routes } of draft.tables) {
    for (const [index, route] of Routes.entries()) {
      const leadsNowhere = ROUTE_TARGETS.some((target) => gone.has(route[target] ?? ''));
      if (leadsNowhere) Routes.splice(index, 1, { ...route, State: 'blackhole' });
    }
  }
}

/** Two that claim what only one can have: as when two answers are of different moments. */
function contradict({ random, id }: Draw, { vpcs }: NetworkDraft): void {
  const draft = random.any(vpcs);
  const subnet = random.any(draft?.subnets ?? []);
  if (draft === undefined || subnet === undefined) return;
  if (random.chance(0.2)) {
    draft.acls.push({
      NetworkAclId: id('acl'),
      VpcId: draft.vpc.VpcId,
      Associations: [{ NetworkAclAssociationId: id('aclassoc'), SubnetId: subnet.SubnetId }],
      Entries: [],
    });
    return;
  }
  const other = draft.tables[draft.tables.length - 1];
  if (other === undefined || other === draft.tables[0]) return;
  const claim = random.chance(0.7) ? { Main: true } : { Main: false, SubnetId: subnet.SubnetId };
  draft.tables.splice(draft.tables.length - 1, 1, {
    ...other,
    Associations: [
      ...(other.Associations ?? []),
      {
        RouteTableAssociationId: id('rtbassoc'),
        RouteTableId: other.RouteTableId,
        AssociationState: { State: 'associated' },
        ...claim,
      },
    ],
  });
}

function isLoose({ Attachments }: { readonly Attachments?: readonly unknown[] }): boolean {
  return (Attachments ?? []).length === 0;
}

function placeOf({ random }: Draw, index: number): Place {
  const first = index === 0;
  return {
    account: first || random.chance(0.75) ? ACCOUNTS[0] : ACCOUNTS[1],
    region: first || random.chance(0.8) ? REGIONS[0] : REGIONS[1],
  };
}

/** Groups know each other's ids, those of a peer VPC in the same region too. */
function addGroups(draw: Draw, { vpcs, lists, peerings: links }: NetworkDraft): void {
  const ids = new Map(vpcs.map((draft) => [draft, [draw.id('sg'), draw.id('sg'), draw.id('sg')]]));
  for (const [draft, own] of ids) {
    const peers: Peers = {
      groups: [
        ...own.map((GroupId) => ({ GroupId, UserId: draft.place.account })),
        ...peerGroups(draft, ids, links),
      ],
      lists: lists.filter(({ place }) => place.region === draft.place.region).map(({ id }) => id),
      blocks: vpcs.map(({ vpc }) => vpc.CidrBlock),
    };
    for (const id of own) draft.groups.push(securityGroup(draw, draft.vpc.VpcId, id, peers));
  }
}

function peerGroups(
  draft: VpcDraft,
  ids: ReadonlyMap<VpcDraft, readonly string[]>,
  links: NetworkDraft['peerings'],
): Peers['groups'] {
  return [...ids].flatMap(([other, groups]) => {
    const link = links.find(
      ({ RequesterVpcInfo, AccepterVpcInfo, Status }) =>
        Status.Code === 'active' &&
        [RequesterVpcInfo.VpcId, AccepterVpcInfo.VpcId].includes(draft.vpc.VpcId) &&
        [RequesterVpcInfo.VpcId, AccepterVpcInfo.VpcId].includes(other.vpc.VpcId),
    );
    if (other === draft || link === undefined || other.place.region !== draft.place.region) return [];
    return groups.map((GroupId) => ({
      GroupId,
      UserId: other.place.account,
      VpcId: other.vpc.VpcId,
      VpcPeeringConnectionId: link.VpcPeeringConnectionId,
    }));
  });
}

/** Lists of which one object is missing, as when somebody was not allowed to see it. */
const MAY_BE_MISSING = new Set([
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeNetworkAcls',
  'ec2:DescribeNatGateways',
  'ec2:DescribeInternetGateways',
  'ec2:DescribeVpcPeeringConnections',
  'ec2:DescribeVpnGateways',
  'ec2:SearchTransitGatewayRoutes',
]);

function withoutOne({ random }: Draw, documents: readonly Document[]): readonly Document[] {
  const victim = random.any(documents.filter(({ call }) => MAY_BE_MISSING.has(call)));
  if (victim === undefined) return documents;
  if (victim.call === 'ec2:SearchTransitGatewayRoutes') return documents.filter((one) => one !== victim);
  const answer = Object.fromEntries(
    Object.entries(victim.answer).map(([member, list]) => {
      const entries = list as readonly unknown[];
      return [member, entries.filter((entry) => entry !== entries[random.below(entries.length)])];
    }),
  );
  return documents.map((one) => (one === victim ? { ...victim, answer } : one));
}
