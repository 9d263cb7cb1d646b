import type { Address, IpSet, JsonObject } from '../../core/index.ts';
import { parsePrefix, setOfAddress, setOfPrefixes, unionAll } from '../../core/index.ts';
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
  Peering,
  PeeringSide,
  PrivateAddress,
  Subnet,
  Vpc,
} from './model.ts';
import type { Exclusions } from './public-access.ts';
import { blocksOf } from './public-access.ts';

/** One object of a listing, and which account and region answered. */
export interface Described {
  readonly object: JsonObject;
  readonly id: string;
  readonly account: string;
  readonly region: string;
}

/** EC2 API, Vpc: every associated block of both families. */
export function vpcOf(
  { object, id, account, region }: Described,
  { mainTable, exclusions }: Pick<Vpc, 'mainTable'> & { readonly exclusions: Exclusions },
): Vpc {
  const primary = textOf(object, 'CidrBlock');
  return {
    id,
    account: textOf(object, 'OwnerId') || account,
    region,
    cidrs: setOfParsed([
      ...(primary === '' ? [] : [parsePrefix(primary)]),
      ...associatedPrefixes(object, 'CidrBlockAssociationSet', 'CidrBlock'),
      ...associatedPrefixes(object, 'Ipv6CidrBlockAssociationSet', 'Ipv6CidrBlock'),
    ]),
    mainTable,
    blocks: blocksOf(object, [id], exclusions),
  };
}

/** EC2 API, Subnet. Its table and ACL are told by those. */
export function subnetOf(
  object: JsonObject,
  id: string,
  { exclusions, ...by }: Pick<Subnet, 'table' | 'acl'> & { readonly exclusions: Exclusions },
): Subnet {
  const vpc = textOf(object, 'VpcId');
  return {
    id,
    vpc,
    cidrs: setOfParsed([
      parsePrefix(textOf(object, 'CidrBlock')),
      ...associatedPrefixes(object, 'Ipv6CidrBlockAssociationSet', 'Ipv6CidrBlock'),
    ]),
    // Names of zones mean other zones in other accounts; ids do not.
    zone: textOf(object, 'AvailabilityZoneId') || textOf(object, 'AvailabilityZone'),
    blocks: blocksOf(object, [id, vpc], exclusions),
    ...by,
  };
}

/** EC2 API, NetworkInterface, running or not, attached or not, whoever manages it. */
export function interfaceOf(
  { object, id, account }: Described,
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
    addresses: [...addresses, ...v6],
    delegated,
    owned,
    groups: objectsOf(object, 'Groups').map((one) => textOf(one, 'GroupId')),
    sourceDestCheck: typeof object['SourceDestCheck'] === 'boolean' ? object['SourceDestCheck'] : null,
    denyIgw: object['DenyAllIgwTraffic'] === true,
    balancer: textOf(object, 'Description').split('ELB ', 2)[1] ?? '',
  };
}

/**
 * EC2 API, NatGateway. A public gateway has a public address even where the answer leaves it out; a regional one
 * has no private ones at all.
 */
export function natGatewayOf(object: JsonObject, id: string): NatGateway {
  const state = textOf(object, 'State');
  const isPublic = textOf(object, 'ConnectivityType') !== 'private';
  return {
    id,
    vpc: textOf(object, 'VpcId'),
    subnet: textOf(object, 'SubnetId'),
    public: isPublic,
    working: state !== 'failed' && state !== 'deleted',
    table: textOf(object, 'RouteTableId') || null,
    addresses: objectsOf(object, 'NatGatewayAddresses').flatMap((one) => {
      const publicIp = addressOf(one, 'PublicIp');
      const address = addressOf(one, 'PrivateIp') ?? publicIp;
      return address === null
        ? []
        : [{ address, publicIp: publicIp ?? (isPublic ? address : null), carrierIp: null }];
    }),
  };
}

/**
 * States in which a peering connection surely carries nothing (VPC peering guide, "Lifecycle"). One that is being
 * made or taken away may already, or still, carry packets, and so may one of a state that nobody tells.
 */
const NO_PEERING: ReadonlySet<string> = new Set([
  'initiating-request',
  'pending-acceptance',
  'failed',
  'expired',
  'rejected',
  'deleted',
]);

export function peeringOf(object: JsonObject, id: string): Peering {
  const side = (member: string): PeeringSide => {
    const info = objectOf(object, member);
    return {
      vpc: textOf(info, 'VpcId'),
      account: textOf(info, 'OwnerId'),
      region: textOf(info, 'Region'),
      cidrs: setOfParsed(
        [
          textOf(info, 'CidrBlock'),
          ...objectsOf(info, 'CidrBlockSet').map((one) => textOf(one, 'CidrBlock')),
          ...objectsOf(info, 'Ipv6CidrBlockSet').map((one) => textOf(one, 'Ipv6CidrBlock')),
        ]
          .filter((text) => text !== '')
          .map(parsePrefix),
      ),
    };
  };
  return {
    id,
    active: !NO_PEERING.has(textOf(objectOf(object, 'Status'), 'Code')),
    sides: [side('RequesterVpcInfo'), side('AccepterVpcInfo')],
  };
}

/** States in which an endpoint has no interfaces, or none any more (EC2 API, VpcEndpoint). */
const GONE_ENDPOINT: ReadonlySet<string> = new Set([
  'pendingacceptance',
  'deleted',
  'rejected',
  'failed',
  'expired',
]);

const REGION_IN_NAME = /(?:^|\.)([a-z]{2}(?:-[a-z]+)+-\d{1,2})(?:\.|$)/;

/**
 * Where the service of an endpoint runs. Older command lines leave the region out; the name has it. A multi-region
 * access point leads to buckets of any region, whatever its endpoint says; a service of no region may be anywhere.
 */
function serviceRegionOf(service: string, said: string, own: string): string {
  if (service.includes('.s3-global.')) return '';
  if (said !== '') return said;
  return service === '' ? own : (REGION_IN_NAME.exec(service)?.[1] ?? '');
}

/** PrivateLink guide, "Endpoint services": what others offer is named `vpce-svc-`; AWS's own services are not. */
function isOfAws(service: string): boolean {
  return /^(?:cn\.)?(?:com\.amazonaws|aws)\./.test(service) && !/\bvpce\b|vpce-svc-/.test(service);
}

export function endpointOf({ object, id, region }: Described): Endpoint {
  const service = textOf(object, 'ServiceName');
  return {
    id,
    type: textOf(object, 'VpcEndpointType'),
    vpc: textOf(object, 'VpcId'),
    service,
    serviceRegion: serviceRegionOf(service, textOf(object, 'ServiceRegion'), region),
    ofAws: isOfAws(service),
    gone: GONE_ENDPOINT.has(textOf(object, 'State').toLowerCase()),
    interfaces: textsOf(object, 'NetworkInterfaceIds'),
    subnets: textsOf(object, 'SubnetIds'),
    serviceNetwork: textOf(object, 'ServiceNetworkArn'),
    resource: textOf(object, 'ResourceConfigurationArn'),
  };
}
