import { describe, expect, it } from 'vitest';
import type { PathAnswer } from '../../../src/analysis/index.ts';
import { solveBuilt } from '../../../src/analysis/index.ts';
import type { JsonObject } from '../../../src/core/index.ts';
import { asking } from '../../support/ask-network.ts';
import type { RepeatedAnswer } from '../../support/network-source.ts';
import type { Answers } from '../../support/small-network.ts';
import { networkWith, privateRoutes, route } from '../../support/small-network.ts';

const ask = await asking({ to: '172.20.0.1' });

function ids({ hops }: PathAnswer): readonly string[] {
  return hops.map(({ id }) => id);
}

function connection(id: string, more: JsonObject = {}): JsonObject {
  return {
    VpnConnectionId: id,
    VpnGatewayId: 'vgw-1',
    CustomerGatewayId: 'cgw-1',
    State: 'available',
    Options: { StaticRoutesOnly: false, TunnelOptions: [{ OutsideIpAddress: '3.120.9.1' }] },
    VgwTelemetry: [{ OutsideIpAddress: '3.120.9.2' }],
    Routes: [],
    ...more,
  };
}

const CUSTOMER = { CustomerGatewayId: 'cgw-1', IpAddress: '198.51.100.7', State: 'available' };

describe('a virtual private gateway', () => {
  const site: Answers = {
    ...privateRoutes([route('0.0.0.0/0', { GatewayId: 'vgw-1' })]),
    'ec2:DescribeVpnGateways': [
      { VpnGatewayId: 'vgw-1', VpcAttachments: [{ VpcId: 'vpc-1', State: 'attached' }] },
    ],
    'ec2:DescribeVpnConnections': [connection('vpn-1')],
    'ec2:DescribeCustomerGateways': [CUSTOMER],
    'directconnect:DescribeVirtualInterfaces': [
      { virtualInterfaceId: 'dxvif-1', virtualInterfaceType: 'private', virtualGatewayId: 'vgw-1' },
    ],
  };

  it('is an exit that names what lies behind', () => {
    const answer = ask({}, site);
    expect(answer).toMatchObject({ disposition: 'leaves-vpc', exit: { kind: 'vpn-gateway', id: 'vgw-1' } });
    expect(answer.hops.find(({ id }) => id === 'vgw-1')?.by).toBe(
      'VPN vpn-1 to cgw-1 (198.51.100.7), private interface dxvif-1',
    );
  });

  it.each(['vgw-1', 'vpn-1', 'cgw-1', 'dxvif-1'])('lets a site call in that is named by %s', (from) => {
    expect(ask({ from, to: 'eni-private' }, site)).toMatchObject({ disposition: 'delivered' });
    expect(ids(ask({ from, to: 'eni-private' }, site))[0]).toBe('vgw-1');
    expect(ask({ from, to: '10.1.99.1' }, site).disposition).toBe('no-route');
    expect(ask({ from, to: '10.2.0.1' }, site).disposition).toBe('no-route');
  });

  it.each(['3.120.9.1', '3.120.9.2'])('ends tunnels at %s, which hands nothing on', (to) => {
    const answer = ask({ from: 'internet', to }, site);
    expect(answer.disposition).toBe('delivered');
    expect(ids(answer)).toEqual(['internet', 'vgw-1', 'vpn-1']);
    expect(ask({ from: 'internet', to: '3.120.9.3' }, site).disposition).toBe('no-route');
  });

  it('has nothing to do with a connection that is deleted', () => {
    const gone: Answers = {
      ...site,
      'ec2:DescribeVpnConnections': [connection('vpn-1', { State: 'deleted' })],
    };
    expect(ask({ from: 'internet', to: '3.120.9.1' }, gone).disposition).toBe('no-route');
    expect(ask({}, gone).hops.find(({ id }) => id === 'vgw-1')?.by).toBe('private interface dxvif-1');
    expect(() => ask({ from: 'vpn-1', to: 'eni-private' }, gone)).toThrow();
  });
});

/** A VPC and sites at one transit gateway, of whose table only the static routes were listed. */
describe('a transit gateway with routes that it learns', () => {
  const attachment = (name: string, type: string, resource: string, state = 'available'): JsonObject => ({
    TransitGatewayAttachmentId: `tgw-attach-${name}`,
    TransitGatewayId: 'tgw-1',
    ResourceType: type,
    ResourceId: resource,
    State: state,
    Association: { TransitGatewayRouteTableId: 'tgw-rtb-1', State: 'associated' },
  });
  const hub: Answers = {
    ...privateRoutes([route('0.0.0.0/0', { TransitGatewayId: 'tgw-1' })]),
    'ec2:DescribeTransitGateways': [{ TransitGatewayId: 'tgw-1' }],
    'ec2:DescribeTransitGatewayRouteTables': [
      { TransitGatewayRouteTableId: 'tgw-rtb-1', TransitGatewayId: 'tgw-1' },
    ],
    'ec2:DescribeTransitGatewayAttachments': [
      attachment('vpc', 'vpc', 'vpc-1'),
      attachment('dx', 'direct-connect-gateway', 'dx-1'),
    ],
    'ec2:DescribeTransitGatewayVpcAttachments': [
      {
        TransitGatewayAttachmentId: 'tgw-attach-vpc',
        TransitGatewayId: 'tgw-1',
        VpcId: 'vpc-1',
        State: 'available',
        SubnetIds: ['subnet-private'],
      },
    ],
    'directconnect:DescribeVirtualInterfaces': [
      { virtualInterfaceId: 'dxvif-1', virtualInterfaceType: 'transit', directConnectGatewayId: 'dx-1' },
    ],
  };
  const propagations = (...entries: readonly (readonly [string, string, string])[]): RepeatedAnswer => ({
    call: 'ec2:GetTransitGatewayRouteTablePropagations',
    parameters: { 'transit-gateway-route-table-id': 'tgw-rtb-1' },
    body: {
      TransitGatewayRouteTablePropagations: entries.map(([name, ResourceType, ResourceId]) => ({
        TransitGatewayAttachmentId: `tgw-attach-${name}`,
        ResourceType,
        ResourceId,
        State: 'enabled',
      })),
    },
  });
  const searched = (
    routes: readonly JsonObject[],
    only: Readonly<Record<string, string>>,
  ): RepeatedAnswer => ({
    call: 'ec2:SearchTransitGatewayRoutes',
    parameters: { 'transit-gateway-route-table-id': 'tgw-rtb-1', ...only },
    body: { Routes: routes },
  });
  const toVpc = {
    DestinationCidrBlock: '10.1.0.0/16',
    State: 'active',
    Type: 'propagated',
    TransitGatewayAttachments: [{ TransitGatewayAttachmentId: 'tgw-attach-vpc', ResourceType: 'vpc' }],
  };
  const learning = propagations(['vpc', 'vpc', 'vpc-1'], ['dx', 'direct-connect-gateway', 'dx-1']);
  const onlyStatic = searched([], { type: 'static' });

  it('leads by the attachment that learns them to what no listed route takes', () => {
    const answer = ask({}, hub, [learning, onlyStatic]);
    expect(answer).toMatchObject({
      disposition: 'leaves-vpc',
      exit: { kind: 'direct-connect-gateway', id: 'dx-1' },
    });
    expect(answer.hops.at(-1)?.by).toBe('transit interface dxvif-1');
  });

  it('leaves in doubt what a listed route takes, since a learned one may be more specific', () => {
    const dropped = { DestinationCidrBlock: '172.16.0.0/12', State: 'blackhole', Type: 'static' };
    const listed = searched([dropped], { type: 'static' });
    expect(ask({}, hub, [learning, listed])).toMatchObject({
      disposition: 'unknown',
      reason: expect.stringContaining('may be more specific') as string,
    });
    expect(ask({ to: '192.168.0.1' }, hub, [learning, listed]).disposition).toBe('leaves-vpc');
    const { classes } = solveBuilt(networkWith(hub, [learning, listed]));
    const leaving = classes.flatMap(({ initiated }) => initiated).filter(({ exit }) => exit.id === 'dx-1');
    expect(leaving.some(({ doubts }) => doubts.length > 0)).toBe(true);
    expect(leaving.some(({ doubts }) => doubts.length === 0)).toBe(true);
  });

  it('leads nowhere where all its routes were listed', () => {
    expect(ask({}, hub, [learning, searched([toVpc], {})]).disposition).toBe('no-route');
  });

  it.each([
    ['nothing learns', propagations(['vpc', 'vpc', 'vpc-1']), hub],
    [
      'the attachment is deleted',
      learning,
      {
        ...hub,
        'ec2:DescribeTransitGatewayAttachments': [
          attachment('vpc', 'vpc', 'vpc-1'),
          attachment('dx', 'direct-connect-gateway', 'dx-1', 'deleted'),
        ],
      },
    ],
    [
      'the connection has static routes only',
      propagations(['vpc', 'vpc', 'vpc-1'], ['vpn', 'vpn', 'vpn-1']),
      {
        ...hub,
        'ec2:DescribeTransitGatewayAttachments': [
          attachment('vpc', 'vpc', 'vpc-1'),
          attachment('vpn', 'vpn', 'vpn-1'),
        ],
        'ec2:DescribeVpnConnections': [
          connection('vpn-1', {
            VpnGatewayId: '',
            TransitGatewayId: 'tgw-1',
            Options: { StaticRoutesOnly: true },
          }),
        ],
      },
    ],
  ] as const)('leads nowhere where %s', (_why, propagated, change) => {
    expect(ask({}, change, [propagated, onlyStatic]).disposition).toBe('no-route');
  });

  it('is unknown where what learns them is not described', () => {
    const change = { ...hub, 'ec2:DescribeTransitGatewayAttachments': [attachment('vpc', 'vpc', 'vpc-1')] };
    expect(ask({}, change, [learning, onlyStatic]).disposition).toBe('unknown');
  });

  it.each(['dx-1', 'dxvif-1', 'tgw-attach-dx'])('lets a site call in that is named by %s', (from) => {
    const answer = ask({ from, to: 'eni-private' }, hub, [learning, onlyStatic]);
    expect(answer.disposition).toBe('delivered');
    expect(ids(answer).slice(0, 2)).toEqual(['tgw-1', 'tgw-attach-dx']);
  });

  it('knows a Direct Connect gateway by its association too', () => {
    const linked: Answers = {
      ...hub,
      'directconnect:DescribeDirectConnectGatewayAssociations': [
        {
          directConnectGatewayId: 'dx-global',
          associationState: 'associated',
          associatedGateway: { id: 'tgw-1', type: 'transitGateway' },
        },
      ],
    };
    expect(ask({ from: 'dx-global', to: 'eni-private' }, linked, [learning, onlyStatic]).disposition).toBe(
      'delivered',
    );
    expect(() => ask({ from: 'dx-other', to: 'eni-private' }, linked, [learning, onlyStatic])).toThrow();
  });
});
