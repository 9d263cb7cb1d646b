import { isJsonObject } from '../../core/index.ts';
import { objectOf, textOf } from './json-fields.ts';
import type { NetworkSource } from './network-source.ts';

/**
 * Endpoints of Network Firewall (its API, DescribeFirewall): AWS's own appliances, which drop packets or hand them on
 * unchanged. What their rules drop is not modelled, so that they count as letting everything through.
 */
export function firewallEndpoints(sources: readonly NetworkSource[]): ReadonlySet<string> {
  return new Set(
    sources
      .flatMap(({ answers }) => answers('network-firewall.firewalls', 'network-firewall:DescribeFirewall'))
      .flatMap(({ body }) =>
        Object.values(objectOf(objectOf(body, 'FirewallStatus'), 'SyncStates')).filter(isJsonObject),
      )
      .map((zone) => textOf(objectOf(zone, 'Attachment'), 'EndpointId'))
      .filter((id) => id !== ''),
  );
}
