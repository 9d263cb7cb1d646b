import type { Network, Problem } from './model.ts';
import type { PathAnswer } from './question.ts';

/**
 * Faults of the evidence that a conclusion rests on: about an object that it names, or about one of a VPC that it
 * speaks of, where what was read wrong may be the way out that was not found.
 */
export function faultsMet(network: Network, named: readonly string[]): readonly Problem[] {
  if (network.faults.length === 0) return [];
  const ids = new Set(named);
  const vpcs = new Set(named.map((id) => vpcOf(network, id)).filter((id) => id !== undefined));
  return network.faults.filter(({ object }) => ids.has(object) || vpcs.has(vpcOf(network, object) ?? ''));
}

function vpcOf(network: Network, id: string): string | undefined {
  const { vpcs, subnets, tables, interfaces, natGateways, endpoints, groups } = network;
  if (vpcs.has(id)) return id;
  const holders = [subnets, tables, interfaces, natGateways, endpoints, groups];
  return holders.map((held) => held.get(id)?.vpc).find((vpc) => vpc !== undefined);
}

/** An answer that something is stopped holds only where nothing that it rests on was read wrong. */
export function doubtedByFaults(network: Network, from: string, answer: PathAnswer): PathAnswer {
  const { disposition, hops, blockedBy } = answer;
  if (disposition !== 'denied' && disposition !== 'no-route' && disposition !== 'blackhole') return answer;
  // Who has an address on the Internet, any interface may say.
  const anybody = blockedBy?.kind === 'internet' ? network.interfaces.keys() : [];
  const named = [from, ...hops.map(({ id }) => id), blockedBy?.id ?? '', ...anybody];
  const [first] = faultsMet(network, named);
  if (first === undefined) return answer;
  const reason = `${first.code} ${first.object}: ${first.detail}`;
  return { ...answer, disposition: 'unknown', blockedBy: null, reason };
}
