import type { Network, TransitAttachment, VpnConnection } from './model.ts';

/** A gateway by which a site calls in. */
export type SiteEntry =
  | { readonly kind: 'vpn-gateway'; readonly id: string; readonly vpc: string }
  | { readonly kind: 'attachment'; readonly attachment: TransitAttachment };

/**
 * By which gateways packets of a site come in. The site is named by a virtual private gateway, VPN connection,
 * customer gateway, virtual interface, Direct Connect gateway, or attachment of a transit gateway.
 */
export function entriesOf(network: Network, id: string): readonly SiteEntry[] {
  if (id === '') return [];
  const gateway = network.vpnGateways.get(id);
  if (gateway !== undefined) return [{ kind: 'vpn-gateway', id: gateway.id, vpc: gateway.vpc }];
  const attachments = attachmentsTo(network, id);
  if (attachments.length > 0) return attachments.map((attachment) => ({ kind: 'attachment', attachment }));
  const connections = [...network.vpnConnections.values()].filter(
    (one) => one.working && (one.id === id || one.customer === id),
  );
  const ends = [
    ...connections.map((one) => (one.id === id ? one.gateway : one.id)),
    network.virtualInterfaces.get(id)?.gateway ?? '',
    ...network.directConnectLinks.filter((one) => one.gateway === id).map(({ associated }) => associated),
  ];
  return [...new Set(ends)].flatMap((end) =>
    end === id ? [] : [...entriesOf(network, end), ...directConnectOf(network, id, end)],
  );
}

/** Attachments that lead out of the model, by their own id or by what is attached. */
function attachmentsTo(network: Network, id: string): readonly TransitAttachment[] {
  return [...network.transitAttachments.values()]
    .flatMap(({ byId }) => [...byId.values()])
    .filter((one) => one.type !== 'vpc' && one.working && (one.id === id || one.resource === id));
}

/** A transit gateway may name the Direct Connect gateway that is associated with it by another id of the same. */
function directConnectOf(network: Network, gateway: string, associated: string): readonly SiteEntry[] {
  const isLinked = network.directConnectLinks.some(
    (one) => one.gateway === gateway && one.associated === associated,
  );
  if (!isLinked) return [];
  return [...(network.transitAttachments.get(associated)?.byId.values() ?? [])]
    .filter(({ type, working }) => type === 'direct-connect-gateway' && working)
    .map((attachment) => ({ kind: 'attachment', attachment }));
}

/** What lies behind a virtual private gateway or an attachment, as far as anybody says it. */
export function behind(network: Network, gateway: string): string {
  const connections = [...network.vpnConnections.values()].filter(
    (one) => one.working && (one.gateway === gateway || one.id === gateway),
  );
  const lines = [...network.virtualInterfaces.values()].filter((one) => one.gateway === gateway);
  return [...connections.map(connectionText), ...lines.map(({ id, type }) => `${type} interface ${id}`)].join(
    ', ',
  );
}

function connectionText({ id, customer, customerIp }: VpnConnection): string {
  return `VPN ${id} to ${customerIp === '' ? customer : `${customer} (${customerIp})`}`;
}
