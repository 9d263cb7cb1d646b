import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NetworkFolder } from '../../../src/collection/index.ts';
import { readNetworkFolder } from '../../../src/collection/index.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const root = temporaryFolder();
let count = 0;

/** What a folder with one account and region says, file by file. */
async function read(files: Readonly<Record<string, unknown>>): Promise<NetworkFolder> {
  const folder = join(root, String((count += 1)));
  const own = join(folder, '111111111111', 'eu-central-1');
  mkdirSync(own, { recursive: true });
  for (const [name, body] of Object.entries(files)) writeFileSync(join(own, name), JSON.stringify(body));
  return readNetworkFolder(folder, {});
}

function answersOf({ places }: NetworkFolder, call: string): readonly unknown[] {
  return places
    .flatMap(({ answers }) => answers)
    .filter(({ item }) => item.key.call === call)
    .map(({ item, body }) => ({ parameters: item.key.parameters, status: item.status, body }));
}

describe('a folder of network answers in which collectors bundled repeated calls', () => {
  it('gives each answer its own question, and says what was asked for only', async () => {
    const folder = await read({
      'TransitGatewayStaticRoutes.json': {
        TransitGatewayStaticRoutes: [
          { TransitGatewayRouteTableId: 'tgw-rtb-1', Routes: [], AdditionalRoutesAvailable: false },
          { TransitGatewayRouteTableId: 'tgw-rtb-2', Routes: [], AdditionalRoutesAvailable: true },
        ],
      },
    });
    expect(answersOf(folder, 'ec2:SearchTransitGatewayRoutes')).toEqual([
      {
        parameters: { 'transit-gateway-route-table-id': 'tgw-rtb-1', type: 'static' },
        status: 'complete',
        body: { Routes: [] },
      },
      {
        parameters: { 'transit-gateway-route-table-id': 'tgw-rtb-2', type: 'static' },
        status: 'complete',
        body: { Routes: [], AdditionalRoutesAvailable: true },
      },
    ]);
  });

  it('reads the listeners and targets of load balancers', async () => {
    const folder = await read({
      'a.json': {
        LoadBalancerListeners: [{ LoadBalancerArn: 'arn:lb', Listeners: [{ ListenerArn: 'l', Port: 80 }] }],
      },
      'b.json': {
        LoadBalancerTargetHealth: [
          { TargetGroupArn: 'arn:tg', TargetHealthDescriptions: [{ Target: { Id: 'i-1' } }] },
        ],
      },
    });
    expect(answersOf(folder, 'elasticloadbalancing:DescribeListeners')).toMatchObject([
      { parameters: { 'load-balancer-arn': 'arn:lb' } },
    ]);
    expect(answersOf(folder, 'elasticloadbalancing:DescribeTargetHealth')).toMatchObject([
      { parameters: { 'target-group-arn': 'arn:tg' } },
    ]);
  });

  it("reads Direct Connect's answers with capital members as those with small ones", async () => {
    const small = await read({
      'gateways.json': { directConnectGateways: [{ directConnectGatewayId: 'dx-1', ownerAccount: '1' }] },
      'interfaces.json': {
        virtualInterfaces: [{ virtualInterfaceId: 'dxvif-1', directConnectGatewayId: 'dx-1' }],
      },
      'associations.json': {
        directConnectGatewayAssociations: [
          { directConnectGatewayId: 'dx-1', associatedGateway: { id: 'tgw-1' } },
        ],
      },
    });
    const capital = await read({
      'gateways.json': { DirectConnectGateways: [{ DirectConnectGatewayId: 'dx-1', OwnerAccount: '1' }] },
      'interfaces.json': {
        VirtualInterfaces: [{ VirtualInterfaceId: 'dxvif-1', DirectConnectGatewayId: 'dx-1' }],
      },
      'associations.json': {
        DirectConnectGatewayAssociations: [
          { DirectConnectGatewayId: 'dx-1', AssociatedGateway: { Id: 'tgw-1' } },
        ],
      },
    });
    for (const call of [
      'directconnect:DescribeDirectConnectGateways',
      'directconnect:DescribeVirtualInterfaces',
      'directconnect:DescribeDirectConnectGatewayAssociations',
    ]) {
      expect(answersOf(capital, call)).toEqual(answersOf(small, call));
      expect(answersOf(capital, call)).toHaveLength(1);
    }
    expect(capital.gaps).toEqual([]);
  });

  it('keeps the public ends of tunnels, and neither their keys nor the document that holds them', async () => {
    const folder = await read({
      'VpnConnections.json': {
        VpnConnections: [
          {
            VpnConnectionId: 'vpn-1',
            CustomerGatewayConfiguration: '<pre_shared_key>planted</pre_shared_key>',
            Options: { TunnelOptions: [{ OutsideIpAddress: '3.120.9.1', PreSharedKey: 'planted' }] },
            VgwTelemetry: [{ OutsideIpAddress: '3.120.9.2', StatusMessage: 'planted' }],
          },
        ],
      },
    });
    const text = JSON.stringify(folder);
    expect(text).toContain('3.120.9.1');
    expect(text).toContain('3.120.9.2');
    expect(text).not.toContain('planted');
  });

  it('keeps of descriptions of interfaces what names a load balancer, and nothing that people wrote', async () => {
    const folder = await read({
      'NetworkInterfaces.json': {
        NetworkInterfaces: [
          { NetworkInterfaceId: 'eni-1', Description: 'ELB net/ingress/0123456789abcdef' },
          { NetworkInterfaceId: 'eni-2', Description: 'ELB planted by hand' },
          { NetworkInterfaceId: 'eni-3', Description: 'planted' },
        ],
      },
    });
    const text = JSON.stringify(folder);
    expect(text).toContain('ELB net/ingress/0123456789abcdef');
    expect(text).not.toContain('planted');
  });
});
