import type { Address, IpSet, JsonObject } from '../../core/index.ts';
import {
  canonicalJson,
  parseAddress,
  parsePrefix,
  setOfAddress,
  setOfPrefixes,
  unionAll,
} from '../../core/index.ts';
import type { EvidenceKind } from '../../evidence/index.ts';
import { routeTableOf } from './build-routes.ts';
import { networkAclOf, securityGroupOf } from './build-rules.ts';
import {
  addressOf,
  associatedPrefixes,
  objectOf,
  objectsOf,
  setOfParsed,
  textOf,
  textsOf,
} from './json-fields.ts';
import type {
  Endpoint,
  Interface,
  NatGateway,
  Network,
  Peering,
  PeeringSide,
  PrefixList,
  PrivateAddress,
  Problem,
  RouteTable,
  Subnet,
  Vpc,
} from './model.ts';

/** What one account and region answered. `list` gives the entries of a call, none where it was not made. */
export interface NetworkSource {
  readonly account: string;
  readonly region: string;
  readonly list: (kind: EvidenceKind, call: string) => readonly JsonObject[];
  /** The entries of each managed prefix list, by its id; only lists that were read whole. */
  readonly prefixListEntries: ReadonlyMap<string, readonly string[]>;
}

interface Described {
  readonly object: JsonObject;
  readonly account: string;
  readonly region: string;
}

/**
 * The network of any number of accounts and regions. Nothing here decides what matters: what cannot be read
 * stays in the model as a problem, and the solver meets it on a path or never.
 */
export function buildNetwork(sources: readonly NetworkSource[]): Network {
  const faults: Problem[] = [];
  const byId = <T>(
    kind: EvidenceKind,
    call: string,
    member: string,
    make: (described: Described, id: string) => T,
  ): ReadonlyMap<string, T> => index(sources, { kind, call, member }, faults, make);

  const prefixLists = prefixListsOf(sources);
  const tables = byId('ec2.route-tables', 'ec2:DescribeRouteTables', 'RouteTableId', ({ object }) => ({
    table: routeTableOf(object, prefixLists),
    ...associationsOf(object),
  }));
  const acls = byId('ec2.network-acls', 'ec2:DescribeNetworkAcls', 'NetworkAclId', ({ object }) => ({
    acl: networkAclOf(object),
    subnets: objectsOf(object, 'Associations').map((one) => textOf(one, 'SubnetId')),
  }));
  const mainTables = claims(
    [...tables.values()].filter(({ main }) => main),
    ({ table }) => [table.vpc, table.id],
  );
  const subnetTables = claims(
    [...tables.values()].flatMap(({ table, subnets }) =>
      subnets.map((subnet) => [subnet, table.id] as const),
    ),
    (pair) => pair,
  );
  const subnetAcls = claims(
    [...acls.values()].flatMap(({ acl, subnets }) => subnets.map((subnet) => [subnet, acl.id] as const)),
    (pair) => pair,
  );

  const vpcs = byId(
    'ec2.vpcs',
    'ec2:DescribeVpcs',
    'VpcId',
    ({ object, account, region }, id): Vpc => ({
      id,
      account: textOf(object, 'OwnerId') || account,
      region,
      cidrs: setOfParsed([
        ...(textOf(object, 'CidrBlock') === '' ? [] : [parsePrefix(textOf(object, 'CidrBlock'))]),
        ...associatedPrefixes(object, 'CidrBlockAssociationSet', 'CidrBlock'),
        ...associatedPrefixes(object, 'Ipv6CidrBlockAssociationSet', 'Ipv6CidrBlock'),
      ]),
      mainTable: onlyOne(mainTables.get(id), id, 'main route table'),
    }),
  );
  const subnets = byId('ec2.subnets', 'ec2:DescribeSubnets', 'SubnetId', ({ object }, id): Subnet => {
    const vpc = textOf(object, 'VpcId');
    return {
      id,
      vpc,
      cidrs: setOfParsed([
        parsePrefix(textOf(object, 'CidrBlock')),
        ...associatedPrefixes(object, 'Ipv6CidrBlockAssociationSet', 'Ipv6CidrBlock'),
      ]),
      zone: textOf(object, 'AvailabilityZone'),
      table: subnetTables.has(id)
        ? onlyOne(subnetTables.get(id), id, 'route table')
        : (vpcs.get(vpc)?.mainTable ?? missing(id, `its VPC ${vpc} is not described`)),
      acl: onlyOne(subnetAcls.get(id), id, 'network ACL'),
    };
  });

  const elastic = elasticAddresses(sources);
  return {
    vpcs,
    subnets,
    interfaces: byId(
      'ec2.network-interfaces',
      'ec2:DescribeNetworkInterfaces',
      'NetworkInterfaceId',
      ({ object, account }, id) => interfaceOf(object, id, account, elastic),
    ),
    groups: byId('ec2.security-groups', 'ec2:DescribeSecurityGroups', 'GroupId', ({ object }) =>
      securityGroupOf(object),
    ),
    acls: new Map([...acls].map(([id, { acl }]) => [id, acl])),
    tables: new Map([...tables].map(([id, { table }]): [string, RouteTable] => [id, table])),
    edgeTables: new Map(
      [...tables.values()].flatMap(({ table, gateways }) => gateways.map((gateway) => [gateway, table.id])),
    ),
    prefixLists,
    internetGateways: attachedGateways(sources),
    natGateways: byId('ec2.nat-gateways', 'ec2:DescribeNatGateways', 'NatGatewayId', ({ object }, id) =>
      natGatewayOf(object, id),
    ),
    peerings: byId(
      'ec2.vpc-peering-connections',
      'ec2:DescribeVpcPeeringConnections',
      'VpcPeeringConnectionId',
      ({ object }, id) => peeringOf(object, id),
    ),
    endpoints: byId(
      'ec2.vpc-endpoints',
      'ec2:DescribeVpcEndpoints',
      'VpcEndpointId',
      ({ object, region }, id) => endpointOf(object, id, region),
    ),
    faults,
  };
}

/** Objects by id. A shared object is described by every account that sees it; described differently, it is a fault. */
function index<T>(
  sources: readonly NetworkSource[],
  { kind, call, member }: { readonly kind: EvidenceKind; readonly call: string; readonly member: string },
  faults: Problem[],
  make: (described: Described, id: string) => T,
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
        found.set(id, make({ object, account, region }, id));
      } else if (canonicalJson(before) !== canonicalJson(object)) {
        faults.push({ code: 'UNKNOWN_VALUE', object: id, detail: 'described twice, and differently' });
      }
    }
  }
  return found;
}

function claims<T>(
  all: readonly T[],
  pair: (one: T) => readonly [key: string, value: string],
): ReadonlyMap<string, readonly string[]> {
  const byKey = new Map<string, string[]>();
  for (const [key, value] of all.map(pair)) {
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
} {
  const inForce = objectsOf(object, 'Associations').filter(
    (one) => textOf(objectOf(one, 'AssociationState'), 'State') !== 'disassociated',
  );
  const ids = (member: string): readonly string[] =>
    inForce.map((one) => textOf(one, member)).filter((id) => id !== '');
  return {
    main: inForce.some((one) => one['Main'] === true),
    subnets: ids('SubnetId'),
    gateways: ids('GatewayId'),
  };
}

function prefixListsOf(sources: readonly NetworkSource[]): ReadonlyMap<string, PrefixList> {
  const lists = new Map<string, PrefixList>();
  for (const { list, prefixListEntries } of sources) {
    const names = new Map(
      list('ec2.managed-prefix-lists', 'ec2:DescribeManagedPrefixLists').map((one) => [
        textOf(one, 'PrefixListId'),
        textOf(one, 'PrefixListName'),
      ]),
    );
    for (const [id, cidrs] of prefixListEntries) {
      const prefixes = cidrs.map(parsePrefix);
      // One malformed entry makes the list unknown: what it leaves out could be the way out.
      if (prefixes.includes(null)) continue;
      const parsed = prefixes.filter((prefix) => prefix !== null);
      lists.set(id, { id, name: names.get(id) ?? '', set: setOfPrefixes(parsed), prefixes: parsed });
    }
  }
  return lists;
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

function interfaceOf(
  object: JsonObject,
  id: string,
  account: string,
  elastic: ReadonlyMap<string, Address>,
): Interface {
  const listed = objectsOf(object, 'PrivateIpAddresses');
  const entries = listed.length > 0 ? listed : [object];
  const addresses = entries.flatMap((entry): readonly PrivateAddress[] => {
    const address = addressOf(entry, 'PrivateIpAddress');
    if (address === null) return [];
    const association = objectOf(entry, 'Association');
    return [
      {
        address,
        publicIp:
          addressOf(association, 'PublicIp') ??
          elastic.get(`${id} ${textOf(entry, 'PrivateIpAddress')}`) ??
          null,
        carrierIp: addressOf(association, 'CarrierIp'),
      },
    ];
  });
  const v6 = objectsOf(object, 'Ipv6Addresses').flatMap((one): readonly PrivateAddress[] => {
    const address = addressOf(one, 'Ipv6Address');
    return address === null ? [] : [{ address, publicIp: null, carrierIp: null }];
  });
  const delegated = [
    ...objectsOf(object, 'Ipv4Prefixes').map((one) => parsePrefix(textOf(one, 'Ipv4Prefix'))),
    ...objectsOf(object, 'Ipv6Prefixes').map((one) => parsePrefix(textOf(one, 'Ipv6Prefix'))),
  ].filter((prefix) => prefix !== null);
  const fromPrefixes = delegated.map(
    ({ family, value }): PrivateAddress => ({ address: { family, value }, publicIp: null, carrierIp: null }),
  );
  const owned: IpSet = unionAll([
    ...[...addresses, ...v6].map(({ address }) => setOfAddress(address)),
    setOfPrefixes(delegated),
  ]);
  return {
    id,
    type: textOf(object, 'InterfaceType'),
    account: textOf(object, 'OwnerId') || account,
    vpc: textOf(object, 'VpcId'),
    subnet: textOf(object, 'SubnetId'),
    zone: textOf(object, 'AvailabilityZone'),
    instance: textOf(objectOf(object, 'Attachment'), 'InstanceId'),
    addresses: [...addresses, ...v6, ...fromPrefixes],
    owned,
    groups: objectsOf(object, 'Groups').map((one) => textOf(one, 'GroupId')),
    // Only a plain `false` says that it forwards; NAT gateways and the like are known by their type.
    sourceDestCheck: object['SourceDestCheck'] !== false,
    denyIgw: object['DenyAllIgwTraffic'] === true,
  };
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

function natGatewayOf(object: JsonObject, id: string): NatGateway {
  const state = textOf(object, 'State');
  return {
    id,
    vpc: textOf(object, 'VpcId'),
    subnet: textOf(object, 'SubnetId'),
    public: textOf(object, 'ConnectivityType') !== 'private',
    working: state !== 'failed' && state !== 'deleted',
    table: textOf(object, 'RouteTableId') || null,
    addresses: objectsOf(object, 'NatGatewayAddresses').flatMap((one) => {
      const address = parseAddress(textOf(one, 'PrivateIp'));
      return address === null ? [] : [{ address, publicIp: addressOf(one, 'PublicIp'), carrierIp: null }];
    }),
  };
}

function peeringOf(object: JsonObject, id: string): Peering {
  const side = (member: string): PeeringSide => {
    const info = objectOf(object, member);
    return {
      vpc: textOf(info, 'VpcId'),
      account: textOf(info, 'OwnerId'),
      region: textOf(info, 'Region'),
      cidrs: setOfParsed(
        [textOf(info, 'CidrBlock'), ...objectsOf(info, 'CidrBlockSet').map((one) => textOf(one, 'CidrBlock'))]
          .filter((text) => text !== '')
          .map(parsePrefix),
      ),
    };
  };
  return {
    id,
    active: textOf(objectOf(object, 'Status'), 'Code') === 'active',
    sides: [side('RequesterVpcInfo'), side('AccepterVpcInfo')],
  };
}

function endpointOf(object: JsonObject, id: string, region: string): Endpoint {
  return {
    id,
    type: textOf(object, 'VpcEndpointType'),
    vpc: textOf(object, 'VpcId'),
    service: textOf(object, 'ServiceName'),
    serviceRegion: textOf(object, 'ServiceRegion') || region,
    interfaces: textsOf(object, 'NetworkInterfaceIds'),
  };
}
