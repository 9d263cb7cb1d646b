import type { JsonObject } from '../../core/index.ts';
import { addressOf, objectOf, objectsOf, textOf } from './json-fields.ts';
import type { DirectConnectLink, VirtualInterface, VpnConnection, VpnGateway } from './model.ts';
import type { NetworkSource } from './network-source.ts';

/** What connects VPCs and transit gateways with sites: virtual private networks and Direct Connect. */
export interface Sites {
  readonly vpnGateways: ReadonlyMap<string, VpnGateway>;
  readonly vpnConnections: ReadonlyMap<string, VpnConnection>;
  readonly virtualInterfaces: ReadonlyMap<string, VirtualInterface>;
  readonly directConnectLinks: readonly DirectConnectLink[];
}

export function sitesOf(sources: readonly NetworkSource[]): Sites {
  const vpnConnections = vpnConnectionsOf(sources);
  return {
    vpnGateways: vpnGatewaysOf(sources, [...vpnConnections.values()]),
    vpnConnections,
    virtualInterfaces: virtualInterfacesOf(sources),
    directConnectLinks: directConnectLinksOf(sources),
  };
}

function vpnGatewaysOf(
  sources: readonly NetworkSource[],
  connections: readonly VpnConnection[],
): ReadonlyMap<string, VpnGateway> {
  return new Map(
    sources
      .flatMap(({ list }) => list('ec2.vpn-gateways', 'ec2:DescribeVpnGateways'))
      .map((one) => {
        const attached = objectsOf(one, 'VpcAttachments').find(
          (each) => textOf(each, 'State') !== 'detached',
        );
        const id = textOf(one, 'VpnGatewayId');
        const own = connections.filter(({ gateway, working }) => gateway === id && working);
        return [
          id,
          { id, vpc: textOf(attached ?? {}, 'VpcId'), connections: own.map((each) => each.id) },
        ] as const;
      }),
  );
}

/**
 * EC2 API, VpnConnection. The addresses of AWS's ends of the tunnels stand in its options, in older answers only in
 * its telemetry; the document that the customer's device is configured from names them too, and the keys, and is not read.
 */
function vpnConnectionsOf(sources: readonly NetworkSource[]): ReadonlyMap<string, VpnConnection> {
  const customers = new Map(
    sources
      .flatMap(({ list }) => list('ec2.customer-gateways', 'ec2:DescribeCustomerGateways'))
      .map((one) => [textOf(one, 'CustomerGatewayId'), textOf(one, 'IpAddress')] as const),
  );
  return new Map(
    sources
      .flatMap(({ list }) => list('ec2.vpn-connections', 'ec2:DescribeVpnConnections'))
      .map((one): readonly [string, VpnConnection] => {
        const id = textOf(one, 'VpnConnectionId');
        const customer = textOf(one, 'CustomerGatewayId');
        const options = objectOf(one, 'Options');
        const ends: readonly JsonObject[] = [
          ...objectsOf(options, 'TunnelOptions'),
          ...objectsOf(one, 'VgwTelemetry'),
        ];
        return [
          id,
          {
            id,
            gateway: textOf(one, 'VpnGatewayId') || textOf(one, 'TransitGatewayId'),
            customer,
            customerIp: customers.get(customer) ?? '',
            outside: ends.flatMap((end) => addressOf(end, 'OutsideIpAddress') ?? []),
            staticOnly: options['StaticRoutesOnly'] === true,
            working: !['deleting', 'deleted'].includes(textOf(one, 'State')),
          },
        ];
      }),
  );
}

/** Direct Connect API, VirtualInterface: which gateway each ends at. */
function virtualInterfacesOf(sources: readonly NetworkSource[]): ReadonlyMap<string, VirtualInterface> {
  return new Map(
    sources
      .flatMap(({ list }) => list('directconnect.gateways', 'directconnect:DescribeVirtualInterfaces'))
      .filter((one) => !['deleting', 'deleted', 'rejected'].includes(textOf(one, 'virtualInterfaceState')))
      .map((one): readonly [string, VirtualInterface] => {
        const id = textOf(one, 'virtualInterfaceId');
        return [
          id,
          {
            id,
            type: textOf(one, 'virtualInterfaceType'),
            gateway: textOf(one, 'virtualGatewayId') || textOf(one, 'directConnectGatewayId'),
          },
        ];
      }),
  );
}

/** Direct Connect API, DirectConnectGatewayAssociation: a Direct Connect gateway is global, its associations anywhere. */
function directConnectLinksOf(sources: readonly NetworkSource[]): readonly DirectConnectLink[] {
  return sources
    .flatMap(({ list }) =>
      list('directconnect.gateways', 'directconnect:DescribeDirectConnectGatewayAssociations'),
    )
    .filter((one) => textOf(one, 'associationState') !== 'disassociated')
    .map((one) => ({
      gateway: textOf(one, 'directConnectGatewayId'),
      associated: textOf(objectOf(one, 'associatedGateway'), 'id'),
    }));
}
