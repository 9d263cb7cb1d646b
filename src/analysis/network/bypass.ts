import type { IpSet } from '../../core/index.ts';
import { allAddresses, parsePrefix, setOfPrefixes, unionAll } from '../../core/index.ts';
import type { AccessDoor, Interface, Problem } from './model.ts';
import type { Leaving } from './outcome.ts';
import type { PacketSet } from './packet-set.ts';
import { isEmptyPackets, restrictTo } from './packet-set.ts';
import type { Walk } from './walk-state.ts';

/** What the groups of an interface let through, for certain or in doubt. */
interface Passing {
  readonly packets: PacketSet;
  readonly doubts: readonly Problem[];
}

/** Addresses by which VPC Lattice is reached in every VPC (VPC Lattice guide, "Security groups"). */
const LATTICE: IpSet = setOfPrefixes(
  ['169.254.171.0/24', 'fd00:ec2:80::/64'].map(parsePrefix).filter((prefix) => prefix !== null),
);

/** Service networks of an interface's VPC that its groups let it reach, and that lead to what nobody can judge. */
export function serviceNetworkProblems(
  { network: { serviceNetworks } }: Walk,
  { vpc }: Interface,
  sent: readonly Passing[],
): readonly Problem[] {
  const own = serviceNetworks.byVpc.get(vpc);
  if (own === undefined || !sent.some(({ packets }) => !isEmptyPackets(restrictTo(packets, LATTICE))))
    return [];
  return [...own]
    .map((id) => serviceNetworks.problems.get(id))
    .filter((problem) => problem !== undefined && problem !== null);
}

/** Answers of an interface to callers who are let into its VPC by a door, and may be anywhere. */
export function answersByDoors(walk: Walk, one: Interface, answered: readonly Passing[]): readonly Leaving[] {
  const [source] = walk.sources.ofInterface(one);
  if (source === undefined) return [];
  return walk.network.doors
    .filter(({ vpc, interfaces }) => vpc === one.vpc && !interfaces.includes(one.id))
    .flatMap((door) =>
      answered.flatMap(({ packets, doubts }): readonly Leaving[] => {
        const back = restrictTo(packets, callersBy(walk, door));
        if (isEmptyPackets(back)) return [];
        const exit = { kind: door.kind, id: door.id, far: { kind: 'unknown' }, twoWay: true } as const;
        const by = 'answers go to whoever called by it';
        return [
          {
            exit,
            packets: back,
            trail: { hop: { kind: door.kind, id: door.id, by }, before: null },
            source,
            doubts,
          },
        ];
      }),
    );
}

/** The addresses that callers appear under: their own, or those of the door in the VPC. */
function callersBy(
  { network: { interfaces, vpcs } }: Walk,
  { vpc, interfaces: ids, keepsCallers }: AccessDoor,
): IpSet {
  if (keepsCallers) return allAddresses();
  const own = ids.map((id) => interfaces.get(id)?.owned);
  return own.length > 0 && own.every((set) => set !== undefined)
    ? unionAll(own.filter((set) => set !== undefined))
    : (vpcs.get(vpc)?.cidrs ?? allAddresses());
}
