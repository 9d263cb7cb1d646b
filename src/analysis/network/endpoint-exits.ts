import { deliverTo } from './deliver.ts';
import type { Endpoint, Interface } from './model.ts';
import type { Outcome } from './outcome.ts';
import { isEmptyPackets, restrictTo } from './packet-set.ts';
import type { Walk } from './walk-state.ts';
import { ended, leaves, stateFrom, unknown, withPackets } from './walk-state.ts';

/** An endpoint in a VPC behind which packets are somewhere else than in the region. */
interface Door {
  readonly endpoint: Endpoint;
  /** `null` where no interface is named, or one that is not described. */
  readonly one: Interface | null;
}

/** The doors of each VPC: interface endpoints to services of other regions or of others than AWS (PrivateLink guide), and what is not modelled. */
export type Doors = ReadonlyMap<string, readonly Door[]>;

export function doorsOf({ network }: Pick<Walk, 'network'>): Doors {
  const doors = [...network.endpoints.values()]
    .filter(({ type }) => type !== 'Gateway' && type !== 'GatewayLoadBalancer')
    .filter(
      ({ type, vpc, serviceRegion, ofAws, gone }) =>
        !gone && (type !== 'Interface' || !ofAws || serviceRegion !== network.vpcs.get(vpc)?.region),
    )
    .flatMap((endpoint) => {
      const { interfaces, vpc } = endpoint;
      if (interfaces.length === 0) return [{ vpc, endpoint, one: null }];
      return interfaces.map((id) => ({ vpc, endpoint, one: network.interfaces.get(id) ?? null }));
    });
  return Map.groupBy(doors, ({ vpc }) => vpc);
}

/** What of packets that stay inside a VPC leaves after all, by an endpoint's interface. */
export function* byDoors(walk: Walk, doors: Doors, arrived: Outcome): Generator<Outcome> {
  if (arrived.end.kind !== 'arrives') return;
  const { vpc, from } = arrived.end;
  for (const { endpoint, one } of doors.get(vpc) ?? []) {
    const state = stateFrom(arrived);
    if (one === null) {
      const end = unknown('NOT_COLLECTED', endpoint.id, 'an interface of the endpoint is not described');
      yield ended(state, end);
      continue;
    }
    const packets = restrictTo(arrived.packets, one.owned);
    if (isEmptyPackets(packets)) continue;
    for (const delivery of deliverTo(walk, one, from, withPackets(state, packets))) {
      if (delivery.end.kind !== 'arrives') continue;
      const at = stateFrom(delivery);
      const account = endpoint.ofAws ? '' : endpoint.service;
      const far = { kind: 'region', region: endpoint.serviceRegion, account } as const;
      yield endpoint.type === 'Interface'
        ? leaves(at, { kind: 'endpoint', id: endpoint.id, far, twoWay: false }, `to ${endpoint.service}`)
        : ended(at, unknown('UNSUPPORTED_CONSTRUCT', endpoint.id, `an endpoint of type ${endpoint.type}`));
    }
  }
}
