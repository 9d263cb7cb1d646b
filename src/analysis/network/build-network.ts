import type { Address, IpSet, JsonObject } from '../../core/index.ts';
import { canonicalJson, containsAddress, parsePrefix, setOfPrefixes } from '../../core/index.ts';
import type { EvidenceKind } from '../../evidence/index.ts';
import { balancingOf } from './build-balancers.ts';
import type { Described } from './build-objects.ts';
import { endpointOf, interfaceOf, natGatewayOf, peeringOf, subnetOf, vpcOf } from './build-objects.ts';
import type { RouteReferences } from './build-routes.ts';
import { routeTableOf } from './build-routes.ts';
import { networkAclOf, securityGroupOf } from './build-rules.ts';
import { sitesOf } from './build-sites.ts';
import { transitOf } from './build-transit.ts';
import { firewallEndpoints } from './firewall-endpoints.ts';
import { functionsOutside } from './functions.ts';
import { addressOf, objectOf, objectsOf, textOf, textsOf } from './json-fields.ts';
import { mirroringProblems } from './mirroring.ts';
import { misfits } from './misfits.ts';
import type { Interface, Network, NetworkAcl, PrefixList, Problem, RouteTable } from './model.ts';
import type { NetworkSource } from './network-source.ts';
import { exclusionsOf } from './public-access.ts';
import { accessDoors } from './remote-access.ts';
import { resolversOf } from './resolver.ts';
import { serviceNetworksOf } from './service-networks.ts';

/** A call by which objects of one sort are described, and the member that identifies each. */
type Listing = readonly [kind: EvidenceKind, call: string, id: string];

/** Reads a listing of every source into objects by id. */
type ById = <T>(listing: Listing, make: (described: Described) => T) => ReadonlyMap<string, T>;

/** How the objects of a network are listed and told apart. */
export const LISTINGS = {
  vpcs: ['ec2.vpcs', 'ec2:DescribeVpcs', 'VpcId'],
  subnets: ['ec2.subnets', 'ec2:DescribeSubnets', 'SubnetId'],
  tables: ['ec2.route-tables', 'ec2:DescribeRouteTables', 'RouteTableId'],
  acls: ['ec2.network-acls', 'ec2:DescribeNetworkAcls', 'NetworkAclId'],
  interfaces: ['ec2.network-interfaces', 'ec2:DescribeNetworkInterfaces', 'NetworkInterfaceId'],
  groups: ['ec2.security-groups', 'ec2:DescribeSecurityGroups', 'GroupId'],
  nats: ['ec2.nat-gateways', 'ec2:DescribeNatGateways', 'NatGatewayId'],
  peerings: ['ec2.vpc-peering-connections', 'ec2:DescribeVpcPeeringConnections', 'VpcPeeringConnectionId'],
  endpoints: ['ec2.vpc-endpoints', 'ec2:DescribeVpcEndpoints', 'VpcEndpointId'],
} as const satisfies Readonly<Record<string, Listing>>;

/**
 * The network of any number of accounts and regions. Nothing here decides what matters: what cannot be read
 * stays in the model as a problem, and the solver meets it on a path or never.
 */
export function buildNetwork(sources: readonly NetworkSource[]): Network {
  const faults: Problem[] = [];
  const byId: ById = (listing, make) => index(sources, listing, faults, make);
  const elastic = elasticAddresses(sources);
  const prefixLists = prefixListsOf(sources);
  const routing = routingOf(byId, { lists: prefixLists, gateways: gatewaysOf(sources) });
  const acls = aclsOf(byId);
  const sites = sitesOf(sources);
  const exclusions = exclusionsOf(sources);
  const vpcs = byId(LISTINGS.vpcs, (described) =>
    vpcOf(described, {
      mainTable: onlyOne(routing.main.get(described.id), described.id, 'main route table'),
      exclusions,
    }),
  );
  const interfaces = new Map([
    ...instanceInterfaces(sources, elastic),
    ...byId(LISTINGS.interfaces, (described) => interfaceOf(described, elastic)),
  ]);
  const functions = functionsOutside(sources);
  const vpcCidrs = (id: string): IpSet | undefined => vpcs.get(id)?.cidrs;
  const subnets = byId(LISTINGS.subnets, ({ object, id, account, region }) => {
    const vpc = textOf(object, 'VpcId');
    const own = routing.bySubnet.get(id);
    const inherited = vpcs.get(vpc)?.mainTable ?? missing(id, `its VPC ${vpc} is not described`);
    return subnetOf(object, id, {
      table: routing.unsettled.has(id)
        ? { code: 'UNKNOWN_VALUE', object: id, detail: 'its route table is being changed' }
        : own === undefined
          ? inherited
          : onlyOne(own, id, 'route table'),
      acl: aclOfSubnet(acls, { id, account, region }),
      exclusions,
    });
  });
  faults.push(
    ...mirroringProblems(sources, { interfaces, vpcs }),
    ...strayAddresses(sources, interfaces),
    ...misfits(sources),
  );
  return {
    vpcs,
    ...balancingOf(sources, interfaces),
    ...sites,
    ...transitOf(sources, { prefixLists, vpnConnections: sites.vpnConnections, vpcCidrs }),
    subnets,
    interfaces,
    groups: byId(LISTINGS.groups, ({ object }) => securityGroupOf(object)),
    acls: acls.acls,
    tables: routing.tables,
    edgeTables: routing.byGateway,
    prefixLists,
    internetGateways: attachedGateways(sources),
    natGateways: byId(LISTINGS.nats, ({ object, id }) => natGatewayOf(object, id)),
    peerings: byId(LISTINGS.peerings, ({ object, id }) => peeringOf(object, id)),
    endpoints: byId(LISTINGS.endpoints, endpointOf),
    resolvers: resolversOf(sources, vpcs),
    serviceNetworks: serviceNetworksOf(sources, { vpcCidrs, functions }),
    doors: accessDoors(sources, { interfaces, subnets }),
    functions,
    firewallEndpoints: firewallEndpoints(sources),
    faults,
  };
}

/** The interfaces that instances name: a listing of interfaces says the same and more, and goes before. */
function instanceInterfaces(
  sources: readonly NetworkSource[],
  elastic: ReadonlyMap<string, Address>,
): ReadonlyMap<string, Interface> {
  return new Map(
    sources.flatMap(({ account, region, list }) =>
      list('ec2.instances', 'ec2:DescribeInstances')
        .flatMap((reservation) => objectsOf(reservation, 'Instances'))
        .flatMap((instance) =>
          objectsOf(instance, 'NetworkInterfaces').map((object) => {
            const id = textOf(object, 'NetworkInterfaceId');
            const attached = { ...object, Attachment: { InstanceId: textOf(instance, 'InstanceId') } };
            return [id, interfaceOf({ object: attached, id, account, region }, elastic)] as const;
          }),
        ),
    ),
  );
}

/** The gateways that are described, by id. */
function gatewaysOf(sources: readonly NetworkSource[]): RouteReferences['gateways'] {
  const ids = (kind: EvidenceKind, call: string, member: string): readonly string[] =>
    sources.flatMap(({ list }) => list(kind, call)).map((one) => textOf(one, member));
  return new Map([
    ...ids('ec2.internet-gateways', 'ec2:DescribeInternetGateways', 'InternetGatewayId').map(
      (id) => [id, 'internet-gateway'] as const,
    ),
    ...ids('ec2.vpn-gateways', 'ec2:DescribeVpnGateways', 'VpnGatewayId').map(
      (id) => [id, 'vpn-gateway'] as const,
    ),
    ...ids(...LISTINGS.endpoints).map((id) => [id, 'endpoint'] as const),
  ]);
}

interface Routing {
  readonly tables: ReadonlyMap<string, RouteTable>;
  /** Tables that claim to be main, by VPC. */
  readonly main: ReadonlyMap<string, readonly string[]>;
  readonly bySubnet: ReadonlyMap<string, readonly string[]>;
  /** Subnets of which an association is being made or taken away, or has failed: another table may decide. */
  readonly unsettled: ReadonlySet<string>;
  readonly byGateway: ReadonlyMap<string, string>;
}

function routingOf(byId: ById, references: RouteReferences): Routing {
  const described = byId(LISTINGS.tables, ({ object }) => ({
    table: routeTableOf(object, references),
    ...associationsOf(object),
  }));
  const all = [...described.values()];
  return {
    tables: new Map([...described].map(([id, { table }]) => [id, table])),
    main: claims(all.filter(({ main }) => main).map(({ table }) => [table.vpc, table.id])),
    bySubnet: claims(all.flatMap(({ table, subnets }) => subnets.map((subnet) => [subnet, table.id]))),
    unsettled: new Set(all.flatMap(({ unsettled }) => unsettled)),
    byGateway: new Map(all.flatMap(({ table, gateways }) => gateways.map((id) => [id, table.id]))),
  };
}

interface Acls {
  readonly acls: ReadonlyMap<string, NetworkAcl>;
  readonly bySubnet: ReadonlyMap<string, readonly string[]>;
  /** Accounts and regions that described any: every VPC has one. */
  readonly places: ReadonlySet<string>;
}

function aclOfSubnet(acls: Acls, { id, account, region }: Omit<Described, 'object'>): string | Problem {
  const found = acls.bySubnet.get(id);
  return found === undefined && !acls.places.has(`${account}/${region}`)
    ? { ...missing(id, 'no network ACL was listed where it is'), opensAnswers: true }
    : onlyOne(found, id, 'network ACL');
}

function aclsOf(byId: ById): Acls {
  const described = byId(LISTINGS.acls, ({ object, account, region }) => ({
    acl: networkAclOf(object),
    place: `${account}/${region}`,
    subnets: objectsOf(object, 'Associations').map((one) => textOf(one, 'SubnetId')),
  }));
  return {
    acls: new Map([...described].map(([id, { acl }]) => [id, acl])),
    bySubnet: claims(
      [...described.values()].flatMap(({ acl, subnets }) => subnets.map((subnet) => [subnet, acl.id])),
    ),
    places: new Set([...described.values()].map(({ place }) => place)),
  };
}

/** Objects by id. A shared object is described by every account that sees it; described differently, it is a fault. */
function index<T>(
  sources: readonly NetworkSource[],
  [kind, call, member]: Listing,
  faults: Problem[],
  make: (described: Described) => T,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  const texts = new Map<string, JsonObject>();
  for (const { account, region, list } of sources) {
    for (const object of list(kind, call)) {
      const id = textOf(object, member);
      const before = texts.get(id);
      if (id === '') {
        faults.push({ code: 'UNKNOWN_VALUE', object: call, detail: `an entry without its ${member}` });
      } else if (before === undefined) {
        texts.set(id, object);
        found.set(id, make({ object, id, account, region }));
      } else if (canonicalJson(before) !== canonicalJson(object)) {
        faults.push({ code: 'UNKNOWN_VALUE', object: id, detail: 'described twice, and differently' });
      }
    }
  }
  return found;
}

/** Who claims what: several claims on one key are told, not decided. */
function claims(
  pairs: readonly (readonly [key: string, value: string])[],
): ReadonlyMap<string, readonly string[]> {
  const byKey = new Map<string, string[]>();
  for (const [key, value] of pairs) {
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, [value]);
    else if (!known.includes(value)) known.push(value);
  }
  return byKey;
}

function onlyOne(found: readonly string[] | undefined, object: string, what: string): string | Problem {
  const [only] = found ?? [];
  if (only === undefined) return missing(object, `no ${what} is described for it`);
  return found?.length === 1
    ? only
    : { code: 'UNKNOWN_VALUE', object, detail: `more than one ${what}: ${found?.join(', ') ?? ''}` };
}

function missing(object: string, detail: string): Problem {
  return { code: 'NOT_COLLECTED', object, detail };
}

function associationsOf(object: JsonObject): {
  readonly main: boolean;
  readonly subnets: readonly string[];
  readonly gateways: readonly string[];
  readonly unsettled: readonly string[];
} {
  const stateOf = (one: JsonObject): string => textOf(objectOf(one, 'AssociationState'), 'State');
  const inForce = objectsOf(object, 'Associations').filter((one) => stateOf(one) !== 'disassociated');
  const ids = (all: readonly JsonObject[], member: string): readonly string[] =>
    all.map((one) => textOf(one, member)).filter((id) => id !== '');
  return {
    main: inForce.some((one) => one['Main'] === true),
    subnets: ids(inForce, 'SubnetId'),
    gateways: ids(inForce, 'GatewayId'),
    unsettled: ids(
      inForce.filter((one) => !['', 'associated'].includes(stateOf(one))),
      'SubnetId',
    ),
  };
}

/**
 * Lists whose entries were read whole, customers' and AWS's own. One malformed entry makes a list unknown: it could
 * be the way out. So does a list that two accounts tell differently, since nobody knows which is right.
 */
function prefixListsOf(sources: readonly NetworkSource[]): ReadonlyMap<string, PrefixList> {
  const texts = new Map<string, readonly string[]>();
  const told = (id: string, cidrs: readonly string[]): void => {
    const before = texts.get(id);
    const same = before === undefined || canonicalJson(before.toSorted()) === canonicalJson(cidrs.toSorted());
    texts.set(id, same ? cidrs : [CONTRADICTED]);
  };
  for (const { list, answers } of sources) {
    for (const one of list('ec2.managed-prefix-lists', 'ec2:DescribeManagedPrefixLists')) {
      const cidrs = textsOf(one, 'Cidrs');
      if (cidrs.length > 0) told(textOf(one, 'PrefixListId'), cidrs);
    }
    for (const answer of answers('ec2.managed-prefix-lists', 'ec2:GetManagedPrefixListEntries')) {
      const id = answer.parameters['prefix-list-id'];
      if (id !== undefined && answer.complete)
        told(
          id,
          answer.entries.map((entry) => textOf(entry, 'Cidr')),
        );
    }
  }
  return new Map(
    [...texts].flatMap(([id, cidrs]) => {
      const prefixes = cidrs.map(parsePrefix).filter((prefix) => prefix !== null);
      return prefixes.length === cidrs.length
        ? [[id, { id, set: setOfPrefixes(prefixes), prefixes }] as const]
        : [];
    }),
  );
}

/** Public address of each private address of each interface, as the list of elastic addresses has it. */
function elasticAddresses(sources: readonly NetworkSource[]): ReadonlyMap<string, Address> {
  return new Map(
    sources
      .flatMap(({ list }) => list('ec2.addresses', 'ec2:DescribeAddresses'))
      .flatMap((one) => {
        const publicIp = addressOf(one, 'PublicIp');
        const key = `${textOf(one, 'NetworkInterfaceId')} ${textOf(one, 'PrivateIpAddress')}`;
        return publicIp === null ? [] : [[key, publicIp] as const];
      }),
  );
}

/** No CIDR, so that the list that holds it is unknown. */
const CONTRADICTED = '';

/**
 * Elastic addresses of interfaces that are not described, or of private addresses that theirs does not list: two
 * answers that do not fit, so that one of them lacks something that can send.
 */
function strayAddresses(
  sources: readonly NetworkSource[],
  interfaces: ReadonlyMap<string, Interface>,
): readonly Problem[] {
  return sources
    .flatMap(({ list }) => list('ec2.addresses', 'ec2:DescribeAddresses'))
    .flatMap((one): readonly Problem[] => {
      const id = textOf(one, 'NetworkInterfaceId');
      const inside = addressOf(one, 'PrivateIpAddress');
      const holder = interfaces.get(id);
      if (id === '' || (holder !== undefined && (inside === null || containsAddress(holder.owned, inside)))) {
        return [];
      }
      return [missing(id, 'an elastic address is on it, and it is not described with that address')];
    });
}

function attachedGateways(sources: readonly NetworkSource[]): ReadonlyMap<string, string> {
  return new Map(
    sources
      .flatMap(({ list }) => list('ec2.internet-gateways', 'ec2:DescribeInternetGateways'))
      .flatMap((one) =>
        objectsOf(one, 'Attachments').map(
          (attachment) => [textOf(one, 'InternetGatewayId'), textOf(attachment, 'VpcId')] as const,
        ),
      ),
  );
}
