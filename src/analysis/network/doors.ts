import type { IpSet, Prefix } from '../../core/index.ts';
import { lastOf } from '../../core/index.ts';
import type { Endpoint, Interface, Network } from './model.ts';

/** An endpoint in a VPC behind which packets are somewhere else than in the region. */
interface Door {
  readonly endpoint: Endpoint;
  /** `null` where no interface is named, or one that is not described. */
  readonly one: Interface | null;
}

/** The doors of each VPC: interface endpoints to services of other regions or of others than AWS (PrivateLink guide), and what is not modelled. */
export type Doors = ReadonlyMap<string, readonly Door[]>;

export function doorsOf(network: Network): Doors {
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

/**
 * VPCs out of which nothing leads for packets to their own addresses: no endpoint that is a door, and no route within
 * their blocks but local ones.
 */
export function plainVpcs(network: Network): ReadonlySet<string> {
  const doors = doorsOf(network);
  const tables = Map.groupBy(network.tables.values(), ({ vpc }) => vpc);
  const plain = [...network.vpcs.values()].filter(
    ({ id, cidrs }) =>
      !doors.has(id) &&
      (tables.get(id) ?? []).every(
        ({ routes, unreadable }) =>
          unreadable.length === 0 &&
          routes.every(
            ({ target, prefixes }) =>
              target.kind === 'local' || !prefixes.some((prefix) => isWithin(prefix, cidrs)),
          ),
      ),
  );
  return new Set(plain.map(({ id }) => id));
}

/** Without making sets: a list of a country has thousands of prefixes, in every table that routes to it. */
function isWithin(prefix: Prefix, { v4, v6 }: IpSet): boolean {
  const last = lastOf(prefix);
  return (prefix.family === 4 ? v4 : v6).some(([from, to]) => from <= prefix.value && last <= to);
}
