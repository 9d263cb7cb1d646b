import type { IpSet, JsonObject } from '../../core/index.ts';
import { parsePrefix, toPrefixes } from '../../core/index.ts';
import { objectOf, objectsOf, textOf, textsOf } from './json-fields.ts';
import type {
  PrefixList,
  Problem,
  TransitAttachment,
  TransitAttachments,
  TransitRoute,
  TransitTable,
  VpnConnection,
} from './model.ts';
import type { NetworkSource } from './network-source.ts';

/** Everything about transit gateways. */
export interface Transit {
  readonly transitGateways: ReadonlySet<string>;
  readonly transitAttachments: ReadonlyMap<string, TransitAttachments>;
  readonly transitTables: ReadonlyMap<string, TransitTable>;
}

/** What the routes of a propagating attachment follow from. */
export interface KnownNetworks {
  readonly vpnConnections: ReadonlyMap<string, VpnConnection>;
  readonly prefixLists: ReadonlyMap<string, PrefixList>;
  readonly vpcCidrs: (vpc: string) => IpSet | undefined;
}

export function transitOf(sources: readonly NetworkSource[], known: KnownNetworks): Transit {
  const attachments = attachmentsOf(sources);
  return {
    transitGateways: new Set(
      sources
        .flatMap(({ list }) => list('ec2.transit-gateways', 'ec2:DescribeTransitGateways'))
        .map((one) => textOf(one, 'TransitGatewayId')),
    ),
    transitAttachments: new Map(
      [...Map.groupBy(attachments, ({ gateway }) => gateway)].map(([gateway, own]) => [
        gateway,
        {
          byId: new Map(own.map((one) => [one.id, one])),
          // A VPC has one attachment to a gateway; those that it had before are listed for a while.
          byVpc: new Map(
            own
              .filter(({ type }) => type === 'vpc')
              .sort((left, right) => Number(left.working) - Number(right.working))
              .map((one) => [one.resource, one]),
          ),
        },
      ]),
    ),
    transitTables: new Map(
      sources.flatMap((source) =>
        source
          .list('ec2.transit-gateway-route-tables', 'ec2:DescribeTransitGatewayRouteTables')
          .map(
            (one) =>
              [textOf(one, 'TransitGatewayRouteTableId'), tableOf(one, source, sources, known)] as const,
          ),
      ),
    ),
  };
}

/** Of each attachment what the general, the VPC and the peering listing say together. */
function attachmentsOf(sources: readonly NetworkSource[]): readonly TransitAttachment[] {
  const found = new Map<string, TransitAttachment>();
  for (const source of sources) {
    const associated = associationsOf(source);
    const vpcs = byId(
      source.list('ec2.transit-gateway-vpc-attachments', 'ec2:DescribeTransitGatewayVpcAttachments'),
    );
    const peerings = byId(
      source.list('ec2.transit-gateway-peering-attachments', 'ec2:DescribeTransitGatewayPeeringAttachments'),
    );
    const listed = source.list('ec2.transit-gateway-attachments', 'ec2:DescribeTransitGatewayAttachments');
    const general = byId(listed);
    const only = [...vpcs].filter(([id]) => !general.has(id)).map(([, vpc]) => vpc);
    // Two gateways of one account that are peered list their sides under one attachment id.
    for (const one of [...listed, ...only]) {
      const id = textOf(one, 'TransitGatewayAttachmentId');
      const own = general.has(id) ? one : {};
      const said = { general: own, vpc: vpcs.get(id) ?? {}, peering: peerings.get(id) };
      const gateway = textOf(said.general, 'TransitGatewayId') || textOf(said.vpc, 'TransitGatewayId');
      const key = `${id} ${gateway}`;
      found.set(
        key,
        joined(
          { ...attachmentOf(said, id, gateway), table: tableNamed(said.general, associated.get(id)) },
          found.get(key),
        ),
      );
    }
  }
  return [...found.values()];
}

interface Said {
  readonly general: JsonObject;
  readonly vpc: JsonObject;
  readonly peering: JsonObject | undefined;
}

function attachmentOf(
  { general, vpc, peering }: Said,
  id: string,
  gateway: string,
): Omit<TransitAttachment, 'table'> {
  const either = (one: string, other: string): string => textOf(general, one) || textOf(vpc, other);
  return {
    id,
    gateway,
    type: textOf(general, 'ResourceType') || (textOf(vpc, 'VpcId') === '' ? '' : 'vpc'),
    resource: either('ResourceId', 'VpcId'),
    account: either('ResourceOwnerId', 'VpcOwnerId'),
    working: isWorking(either('State', 'State')),
    subnets: textsOf(vpc, 'SubnetIds'),
    applianceMode: textOf(objectOf(vpc, 'Options'), 'ApplianceModeSupport') === 'enable',
    ipv6: textOf(objectOf(vpc, 'Options'), 'Ipv6Support') !== 'disable',
    peer: peerOf(peering, gateway),
  };
}

/** The table that decides for an attachment, if exactly one claims to: while it is being exchanged, either may. */
function tableNamed(general: JsonObject, associated: readonly string[] = []): string | null {
  const association = objectOf(general, 'Association');
  const state = textOf(association, 'State');
  const named = state === 'disassociated' ? '' : textOf(association, 'TransitGatewayRouteTableId');
  const tables = new Set([named, ...associated].filter((table) => table !== ''));
  const settled = state === '' || state === 'associated' || state === 'disassociated';
  const [only] = tables;
  if (only === undefined) return null;
  return tables.size === 1 && settled ? only : CONTRADICTED;
}

/** Two accounts see different halves of one attachment: what either says holds. */
function joined(now: TransitAttachment, before: TransitAttachment | undefined): TransitAttachment {
  if (before === undefined) return now;
  return {
    ...now,
    type: now.type || before.type,
    resource: now.resource || before.resource,
    account: now.account || before.account,
    table: agreed(now.table, before.table),
    working: now.working || before.working,
    subnets: now.subnets.length > 0 ? now.subnets : before.subnets,
    applianceMode: now.applianceMode || before.applianceMode,
    ipv6: now.ipv6 && before.ipv6,
    peer: now.peer ?? before.peer,
  };
}

/** Of two tables nobody can say which decides: then it is none that is described. */
const CONTRADICTED = '';

function agreed(now: string | null, before: string | null): string | null {
  if (now === null || before === null) return now ?? before;
  return now === before ? now : CONTRADICTED;
}

function byId(list: readonly JsonObject[]): ReadonlyMap<string, JsonObject> {
  return new Map(list.map((one) => [textOf(one, 'TransitGatewayAttachmentId'), one]));
}

/** What is being made or taken away may still, or already, forward; only what is gone or refused surely does not. */
function isWorking(state: string): boolean {
  return !['deleted', 'failed', 'rejected', 'failing', 'pendingAcceptance', 'initiatingRequest'].includes(
    state,
  );
}

function peerOf(peering: JsonObject | undefined, gateway: string): TransitAttachment['peer'] {
  if (peering === undefined) return null;
  const other = ['RequesterTgwInfo', 'AccepterTgwInfo']
    .map((member) => objectOf(peering, member))
    .find((side) => textOf(side, 'TransitGatewayId') !== gateway);
  return other === undefined
    ? null
    : {
        gateway: textOf(other, 'TransitGatewayId'),
        account: textOf(other, 'OwnerId'),
        region: textOf(other, 'Region'),
      };
}

/** The tables that list an attachment. */
function associationsOf({ answers }: NetworkSource): ReadonlyMap<string, readonly string[]> {
  const found = answers(
    'ec2.transit-gateway-route-tables',
    'ec2:GetTransitGatewayRouteTableAssociations',
  ).flatMap(({ parameters, entries }) =>
    entries
      .filter((one) => textOf(one, 'State') !== 'disassociated')
      .map((one) => ({
        attachment: textOf(one, 'TransitGatewayAttachmentId'),
        table: parameters['transit-gateway-route-table-id'] ?? '',
      })),
  );
  return new Map(
    [...Map.groupBy(found, ({ attachment }) => attachment)].map(([attachment, own]) => [
      attachment,
      [...new Set(own.map(({ table }) => table))],
    ]),
  );
}

const KIND = 'ec2.transit-gateway-route-tables';

function tableOf(
  described: JsonObject,
  source: NetworkSource,
  sources: readonly NetworkSource[],
  known: KnownNetworks,
): TransitTable {
  const id = textOf(described, 'TransitGatewayRouteTableId');
  const own = (call: string) =>
    source
      .answers(KIND, call)
      .filter(({ parameters }) => parameters['transit-gateway-route-table-id'] === id);
  const searched = own('ec2:SearchTransitGatewayRoutes');
  const unreadable: Problem[] = [];
  const problem = (code: Problem['code'], detail: string): void => {
    unreadable.push({ code, object: id, detail });
  };
  const propagating = own('ec2:GetTransitGatewayRouteTablePropagations')
    .flatMap(({ entries }) => entries)
    .filter((entry) => textOf(entry, 'State') === 'enabled');
  if (searched.length === 0)
    problem('NOT_COLLECTED', 'the routes of the transit gateway route table are not there');
  for (const { complete, body } of searched) {
    if (!complete || body['AdditionalRoutesAvailable'] === true) {
      problem('NOT_COLLECTED', 'the transit gateway route table has more routes than were read');
    }
  }
  const routes: TransitRoute[] = [];
  for (const entry of searched.flatMap(({ entries }) => entries)) {
    const route = routeOf(entry, known.prefixLists);
    if (route === null) problem('UNKNOWN_VALUE', 'a route that cannot be read');
    else routes.push(route);
  }
  for (const entry of own('ec2:GetTransitGatewayPrefixListReferences').flatMap(({ entries }) => entries)) {
    const list = known.prefixLists.get(textOf(entry, 'PrefixListId'));
    const to = textOf(objectOf(entry, 'TransitGatewayAttachment'), 'TransitGatewayAttachmentId');
    if (to === '' && entry['Blackhole'] !== true) {
      problem('UNKNOWN_VALUE', 'a prefix list that leads to no attachment that is named');
    } else if (list === undefined) {
      problem('NOT_COLLECTED', `the entries of prefix list ${textOf(entry, 'PrefixListId')} are not there`);
    } else {
      routes.push({
        label: list.id,
        prefixes: list.prefixes,
        rank: 1,
        attachments: to === '' ? [] : [to],
        blackhole: entry['Blackhole'] === true,
      });
    }
  }
  const listed = searched.some(
    ({ parameters, entries }) =>
      parameters['type'] !== 'static' && entries.some((entry) => textOf(entry, 'Type') === 'propagated'),
  );
  for (const entry of propagating) routes.push(...propagatedRoutes(entry, sources, known));
  return {
    id,
    gateway: textOf(described, 'TransitGatewayId'),
    routes,
    learned: listed ? [] : propagating.filter((entry) => learns(entry, known)).map(attachmentIn),
    unreadable,
  };
}

function attachmentIn(propagation: JsonObject): string {
  return textOf(propagation, 'TransitGatewayAttachmentId');
}

/** Whether an attachment propagates what the other side tells it by BGP, which only a search of the routes lists. */
function learns(propagation: JsonObject, { vpnConnections }: KnownNetworks): boolean {
  if (textOf(propagation, 'ResourceType') === 'vpc') return false;
  const connection = vpnConnections.get(textOf(propagation, 'ResourceId'));
  return connection === undefined || (connection.working && !connection.staticOnly);
}

/** Of propagated routes to one prefix the transit gateway prefers these, in this order (guide, "Route evaluation order"). */
const PROPAGATED_ORDER: readonly string[] = [
  'vpc',
  'direct-connect-gateway',
  'connect',
  'vpn',
  'vpn-concentrator',
  'client-vpn',
  'peering',
  'tgw-peering',
];

function propagatedRank(type: string): number {
  const at = PROPAGATED_ORDER.indexOf(type);
  return 2 + (at < 0 ? PROPAGATED_ORDER.length : at);
}

function routeOf(entry: JsonObject, lists: ReadonlyMap<string, PrefixList>): TransitRoute | null {
  const state = textOf(entry, 'State');
  const attachments = objectsOf(entry, 'TransitGatewayAttachments');
  const type = textOf(attachments[0] ?? {}, 'ResourceType');
  const propagated = textOf(entry, 'Type') === 'propagated';
  const list = lists.get(textOf(entry, 'PrefixListId'));
  const prefix = parsePrefix(textOf(entry, 'DestinationCidrBlock'));
  if (prefix === null && list === undefined) return null;
  // Only these three states are documented; a route that is neither in force nor a blackhole is not there.
  if (state !== 'active' && state !== 'blackhole' && state !== '')
    return state === 'deleted' ? noRoute() : null;
  // A route in force that leads to nobody who is named may lead anywhere.
  if (state !== 'blackhole' && attachments.length === 0) return null;
  return {
    label: textOf(entry, 'DestinationCidrBlock') || textOf(entry, 'PrefixListId'),
    prefixes: prefix === null ? (list?.prefixes ?? []) : [prefix],
    rank: propagated ? propagatedRank(type) : list === undefined || prefix !== null ? 0 : 1,
    attachments: attachments.map((one) => textOf(one, 'TransitGatewayAttachmentId')),
    blackhole: state === 'blackhole',
  };
}

function noRoute(): TransitRoute {
  return { label: '', prefixes: [], rank: 0, attachments: [], blackhole: false };
}

/**
 * What an attachment that propagates brings into a table. A search lists the same routes; where only the
 * propagations were exported, they follow from the VPC's blocks and the VPN's static routes.
 */
function propagatedRoutes(
  entry: JsonObject,
  sources: readonly NetworkSource[],
  { vpcCidrs }: KnownNetworks,
): readonly TransitRoute[] {
  const [type, resource] = [textOf(entry, 'ResourceType'), textOf(entry, 'ResourceId')];
  const prefixes =
    type === 'vpc' ? toPrefixes(vpcCidrs(resource) ?? { v4: [], v6: [] }) : vpnPrefixes(sources, resource);
  if (prefixes.length === 0) return [];
  return [
    {
      label: `propagated from ${resource}`,
      prefixes,
      rank: propagatedRank(type),
      attachments: [textOf(entry, 'TransitGatewayAttachmentId')],
      blackhole: false,
    },
  ];
}

function vpnPrefixes(sources: readonly NetworkSource[], connection: string): TransitRoute['prefixes'] {
  return sources
    .flatMap(({ list }) => list('ec2.vpn-connections', 'ec2:DescribeVpnConnections'))
    .filter((one) => textOf(one, 'VpnConnectionId') === connection)
    .flatMap((one) =>
      objectsOf(one, 'Routes').map((route) => parsePrefix(textOf(route, 'DestinationCidrBlock'))),
    )
    .filter((prefix) => prefix !== null);
}
