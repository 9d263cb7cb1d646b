import type { NetworkEgress } from './egress.ts';
import type { Network, Problem } from './model.ts';

/**
 * What the model could not read, and no path met: it is told and counted, since nothing depends on it. A problem that
 * a path met is a reason already.
 */
export function offPathProblems({ network, classes }: NetworkEgress): {
  readonly off: readonly Problem[];
  readonly all: number;
} {
  const met = new Set(
    classes
      .flatMap(({ unknowns, initiated, replies }) => [
        ...unknowns,
        ...[...initiated, ...replies].flatMap(({ doubts }) => doubts),
      ])
      .map(nameOf),
  );
  const all = new Map(problemsOf(network).map((problem) => [nameOf(problem), problem]));
  return { off: [...all].filter(([name]) => !met.has(name)).map(([, problem]) => problem), all: all.size };
}

function nameOf({ code, object, detail }: Problem): string {
  return `${code} ${object}: ${detail}`;
}

/** Everything in a network that could not be read, whatever it matters. */
function problemsOf(network: Network): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { mainTable } of network.vpcs.values())
    if (typeof mainTable !== 'string') problems.push(mainTable);
  for (const { table, acl } of network.subnets.values()) {
    if (typeof table !== 'string') problems.push(table);
    if (typeof acl !== 'string') problems.push(acl);
  }
  for (const { routes, unreadable } of network.tables.values()) {
    problems.push(...unreadable);
    for (const { target } of routes) if (target.kind === 'unsupported') problems.push(target.problem);
  }
  for (const { ingress, egress } of network.acls.values()) {
    for (const { problem } of [...ingress, ...egress]) if (problem !== undefined) problems.push(problem);
  }
  for (const { ingress, egress } of network.groups.values()) {
    for (const { peer } of [...ingress, ...egress]) if (peer.kind === 'unknown') problems.push(peer.problem);
  }
  for (const { unreadable } of network.transitTables.values()) problems.push(...unreadable);
  for (const problem of [
    ...network.serviceNetworks.problems.values(),
    ...network.serviceNetworks.resources.values(),
  ]) {
    if (problem !== null) problems.push(problem);
  }
  return problems;
}
