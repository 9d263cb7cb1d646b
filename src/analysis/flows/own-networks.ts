import type { Address, IpSet, JsonObject } from '../../core/index.ts';
import { containsAddress, EMPTY_SET, isJsonObject, parsePrefix, setOfPrefixes } from '../../core/index.ts';
import type { Deployment, EvidenceView, Need } from '../../evidence/index.ts';
import { awsNeed } from '../../evidence/index.ts';
import type { KnownInterface } from './interfaces.ts';

/** Says whether an address belongs to the network that an interface stands in. */
export type IsOwnAddress = (interfaceId: string, address: Address) => boolean;

/** Where a deployment's networks are listed: its workload accounts in its region. */
export function ownNetworkNeeds(deployment: Deployment): readonly Need[] {
  return deployment.accounts
    .filter(({ purpose }) => purpose === 'workload')
    .map(({ id }) => awsNeed('ec2.vpcs', id, deployment.region));
}

const ON_LINK = setOfPrefixes(
  ['127.0.0.0/8', '169.254.0.0/16', '::1/128', 'fe80::/10'].flatMap((text) => parsePrefix(text) ?? []),
);

/**
 * A private address is ours only where the interface's own network has it: beyond a peering, a transit gateway
 * or a private line, the same kind of address can stand in any country. An interface that is no longer listed
 * belongs to the only network, where there is but one.
 */
export function ownAddresses(view: EvidenceView, interfaces: readonly KnownInterface[]): IsOwnAddress {
  const vpcs = ownNetworkNeeds(view.deployment).flatMap((need) => view.list(need, 'ec2:DescribeVpcs') ?? []);
  const networks = new Map(vpcs.map((vpc) => [String(vpc['VpcId']), networkOf(vpc)]));
  const only = networks.size === 1 ? [...networks.values()][0] : undefined;
  const vpcOf = new Map(interfaces.map(({ id, vpc }) => [id, vpc]));
  return (id, address) => {
    const vpc = vpcOf.get(id);
    const network = (vpc === undefined ? only : networks.get(vpc)) ?? EMPTY_SET;
    return containsAddress(ON_LINK, address) || containsAddress(network, address);
  };
}

function networkOf(vpc: JsonObject): IpSet {
  const blocks = [
    ...members(vpc['CidrBlockAssociationSet'], 'CidrBlock', 'CidrBlockState'),
    ...members(vpc['Ipv6CidrBlockAssociationSet'], 'Ipv6CidrBlock', 'Ipv6CidrBlockState'),
  ];
  const texts = blocks.length > 0 ? blocks : [vpc['CidrBlock']];
  return setOfPrefixes(texts.flatMap((text) => (typeof text === 'string' ? (parsePrefix(text) ?? []) : [])));
}

function members(list: unknown, block: string, state: string): readonly unknown[] {
  return (Array.isArray(list) ? list : []).filter(isJsonObject).flatMap((entry) => {
    const association = entry[state];
    const associated = isJsonObject(association) ? association['State'] : undefined;
    return associated === undefined || associated === 'associated' ? [entry[block]] : [];
  });
}
