import type { Document } from '../documents.ts';
import type { NetworkDraft, Place } from './draft.ts';

/** The answers of all calls in every account and region of a network, empty lists included. */
export function documentsOf(network: NetworkDraft): readonly Document[] {
  const places = new Map(
    [...network.vpcs, ...network.lists, ...network.transit].map(({ place }) => [
      `${place.account}/${place.region}`,
      place,
    ]),
  );
  return [...places.values()].flatMap((place) => documentsAt(network, place));
}

function documentsAt(network: NetworkDraft, place: Place): readonly Document[] {
  const here = (other: Place): boolean => other.account === place.account && other.region === place.region;
  const vpcs = network.vpcs.filter((draft) => here(draft.place));
  const own = new Set(vpcs.map(({ vpc }) => vpc.VpcId));
  const transit = network.transit.filter((gateway) => here(gateway.place));
  const lists = network.lists.filter((list) => here(list.place));
  const answer = (call: string, member: string, entries: readonly unknown[]): Document => ({
    ...place,
    call: `ec2:${call}`,
    parameters: {},
    answer: { [member]: entries },
  });
  return [
    answer(
      'DescribeVpcs',
      'Vpcs',
      vpcs.map(({ vpc }) => vpc),
    ),
    answer(
      'DescribeSubnets',
      'Subnets',
      vpcs.flatMap(({ subnets }) => subnets),
    ),
    answer(
      'DescribeRouteTables',
      'RouteTables',
      vpcs.flatMap(({ tables }) => tables),
    ),
    answer(
      'DescribeNetworkInterfaces',
      'NetworkInterfaces',
      vpcs.flatMap(({ interfaces }) => interfaces),
    ),
    answer(
      'DescribeSecurityGroups',
      'SecurityGroups',
      vpcs.flatMap(({ groups }) => groups),
    ),
    answer(
      'DescribeNetworkAcls',
      'NetworkAcls',
      vpcs.flatMap(({ acls }) => acls),
    ),
    answer(
      'DescribeInternetGateways',
      'InternetGateways',
      vpcs.flatMap((one) => one.internetGateways),
    ),
    answer(
      'DescribeEgressOnlyInternetGateways',
      'EgressOnlyInternetGateways',
      vpcs.flatMap((one) => one.egressOnlyGateways),
    ),
    answer(
      'DescribeNatGateways',
      'NatGateways',
      vpcs.flatMap(({ natGateways }) => natGateways),
    ),
    answer(
      'DescribeVpcEndpoints',
      'VpcEndpoints',
      vpcs.flatMap(({ endpoints }) => endpoints),
    ),
    answer(
      'DescribeVpnGateways',
      'VpnGateways',
      vpcs.flatMap(({ vpnGateways }) => vpnGateways),
    ),
    answer('DescribeAddresses', 'Addresses', []),
    answer(
      'DescribeVpcPeeringConnections',
      'VpcPeeringConnections',
      network.peerings.filter(({ AccepterVpcInfo, RequesterVpcInfo }) =>
        [AccepterVpcInfo.VpcId, RequesterVpcInfo.VpcId].some((vpc) => own.has(vpc)),
      ),
    ),
    answer(
      'DescribeManagedPrefixLists',
      'PrefixLists',
      lists.map(({ id, name, owner }) => ({
        PrefixListId: id,
        PrefixListName: name,
        OwnerId: owner,
        State: 'create-complete',
      })),
    ),
    ...lists.flatMap(({ id, cidrs }) =>
      cidrs === undefined
        ? []
        : [
            {
              ...answer(
                'GetManagedPrefixListEntries',
                'Entries',
                cidrs.map((Cidr) => ({ Cidr })),
              ),
              parameters: { PrefixListId: id },
            },
          ],
    ),
    answer(
      'DescribeTransitGateways',
      'TransitGateways',
      transit.map(({ id }) => ({ TransitGatewayId: id, OwnerId: place.account, State: 'available' })),
    ),
    answer(
      'DescribeTransitGatewayAttachments',
      'TransitGatewayAttachments',
      transit.flatMap((one) => one.attachments),
    ),
    answer(
      'DescribeTransitGatewayVpcAttachments',
      'TransitGatewayVpcAttachments',
      transit.flatMap((one) => one.vpcAttachments),
    ),
    answer(
      'DescribeTransitGatewayPeeringAttachments',
      'TransitGatewayPeeringAttachments',
      transit.flatMap((one) => one.peeringAttachments),
    ),
    answer(
      'DescribeTransitGatewayRouteTables',
      'TransitGatewayRouteTables',
      transit.flatMap(({ id, tables }) =>
        tables.map((table) => ({
          TransitGatewayRouteTableId: table.id,
          TransitGatewayId: id,
          State: 'available',
        })),
      ),
    ),
    ...transit.flatMap(({ tables }) =>
      tables.map((table) => ({
        ...answer('SearchTransitGatewayRoutes', 'Routes', table.routes),
        parameters: { TransitGatewayRouteTableId: table.id },
        answer: { Routes: table.routes, AdditionalRoutesAvailable: false },
      })),
    ),
  ];
}
