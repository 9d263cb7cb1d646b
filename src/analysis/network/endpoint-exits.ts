import { deliverTo } from './deliver.ts';
import type { Doors } from './doors.ts';
import type { Endpoint, Problem } from './model.ts';
import type { Outcome } from './outcome.ts';
import { isEmptyPackets, restrictTo } from './packet-set.ts';
import type { Walk } from './walk-state.ts';
import { ended, leaves, stateFrom, unknown, withPackets } from './walk-state.ts';

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
      // What nobody can judge before the door, such as a subnet that is not described, may let it in.
      if (delivery.end.kind === 'unknown') yield delivery;
      if (delivery.end.kind !== 'arrives') continue;
      const at = stateFrom(delivery);
      const lattice = latticeProblem(walk, endpoint);
      if (lattice === null) continue;
      if (lattice !== undefined) {
        yield ended(at, { kind: 'unknown', problem: lattice });
        continue;
      }
      const account = endpoint.ofAws ? '' : endpoint.service;
      const far = { kind: 'region', region: endpoint.serviceRegion, account } as const;
      yield endpoint.type === 'Interface'
        ? leaves(at, { kind: 'endpoint', id: endpoint.id, far, twoWay: false }, `to ${endpoint.service}`)
        : ended(at, unknown('UNSUPPORTED_CONSTRUCT', endpoint.id, `an endpoint of type ${endpoint.type}`));
    }
  }
}

/** Where an endpoint of VPC Lattice leads: `null`, to what is in the model; `undefined`, it is none of that sort. */
function latticeProblem(
  { network: { serviceNetworks } }: Walk,
  { type, serviceNetwork, resource }: Endpoint,
): Problem | null | undefined {
  if (type === 'ServiceNetwork') return serviceNetworks.problems.get(serviceNetwork);
  return type === 'Resource' ? serviceNetworks.resources.get(resource) : undefined;
}
