import type { JsonObject } from '../../core/index.ts';
import { objectOf, textOf, textsOf } from './json-fields.ts';
import type { AccessDoor, Interface, Subnet } from './model.ts';
import type { NetworkSource } from './network-source.ts';

const KIND = 'ec2.remote-access';
const GONE: ReadonlySet<string> = new Set(['deleted', 'deleting', 'delete-complete', 'create-failed']);

interface Places {
  readonly interfaces: ReadonlyMap<string, Interface>;
  readonly subnets: ReadonlyMap<string, Subnet>;
}

/**
 * Ways by which people anywhere are let into a VPC, and by which its answers go back to them, past routes and
 * gateways: Client VPN, EC2 Instance Connect, Verified Access (their guides, and the EC2 API). Whoever calls is
 * authenticated; where they are, nobody here can see.
 */
export function accessDoors(sources: readonly NetworkSource[], places: Places): readonly AccessDoor[] {
  const listed = (call: string): readonly JsonObject[] => sources.flatMap(({ list }) => list(KIND, call));
  return [
    ...listed('ec2:DescribeClientVpnEndpoints')
      .filter((one) => !GONE.has(textOf(objectOf(one, 'Status'), 'Code')))
      .map(
        (one): AccessDoor => ({
          kind: 'client-vpn',
          id: textOf(one, 'ClientVpnEndpointId'),
          vpc: textOf(one, 'VpcId'),
          interfaces: [],
          keepsCallers: false,
        }),
      ),
    ...listed('ec2:DescribeInstanceConnectEndpoints')
      .filter((one) => !GONE.has(textOf(one, 'State')))
      .map(
        (one): AccessDoor => ({
          kind: 'instance-connect-endpoint',
          id: textOf(one, 'InstanceConnectEndpointId'),
          vpc: textOf(one, 'VpcId'),
          interfaces: textsOf(one, 'NetworkInterfaceIds'),
          keepsCallers: one['PreserveClientIp'] !== false,
        }),
      ),
    ...listed('ec2:DescribeVerifiedAccessEndpoints')
      .filter((one) => !GONE.has(textOf(objectOf(one, 'Status'), 'Code')))
      .map(
        (one): AccessDoor => ({
          kind: 'verified-access-endpoint',
          id: textOf(one, 'VerifiedAccessEndpointId'),
          vpc: vpcOfEndpoint(one, places),
          interfaces: [],
          keepsCallers: false,
        }),
      ),
  ].filter(({ vpc }) => vpc !== '');
}

/** A Verified Access endpoint names a load balancer's subnets, or an interface. */
function vpcOfEndpoint(one: JsonObject, { interfaces, subnets }: Places): string {
  const own = interfaces.get(textOf(objectOf(one, 'NetworkInterfaceOptions'), 'NetworkInterfaceId'));
  const [subnet] = textsOf(objectOf(one, 'LoadBalancerOptions'), 'SubnetIds');
  return own?.vpc ?? subnets.get(subnet ?? '')?.vpc ?? '';
}
