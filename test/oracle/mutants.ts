/** One fault in the solver, as a change of its text: what must be there exactly once, and what takes its place. */
export interface Mutant {
  /** What the solver then gets wrong. */
  readonly fault: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Faults that somebody could make in the solver. The differential test must notice each of them; one that it does
 * not notice shows what the random networks or the comparison do not cover.
 */
export const MUTANTS: readonly Mutant[] = [
  {
    fault: 'a deny of a network ACL is dropped',
    file: 'filters.ts',
    from: 'open = subtractPackets(open, matched);',
    to: 'if (entry.allow) open = subtractPackets(open, matched);',
  },
  {
    fault: 'the rules of a network ACL are tried as listed, not by number',
    file: 'build-rules.ts',
    from: '.sort((left, right) => left.number - right.number);',
    to: ';',
  },
  {
    fault: 'the shortest prefix wins',
    file: 'segments.ts',
    from: 'return [...byPrefix.values()].sort(',
    to: `return [...byPrefix.values()]
    .filter(
      (one, _, all) =>
        !all.some(
          (other) =>
            other.family === one.family &&
            other.length < one.length &&
            other.first <= one.first &&
            other.last >= one.last,
        ),
    )
    .sort(`,
  },
  {
    fault: 'a propagated route wins over a static one',
    file: 'build-routes.ts',
    from: "if (origin === 'EnableVgwRoutePropagation' || origin === 'Advertisement') return 2;",
    to: "if (origin !== 'EnableVgwRoutePropagation' && origin !== 'Advertisement') return 2;",
  },
  {
    fault: 'a blackhole is taken for no route at all',
    file: 'build-routes.ts',
    from: "if ('prefixes' in route) routes.push(route);",
    to: "if ('prefixes' in route) { if (!route.blackhole) routes.push(route); }",
  },
  {
    fault: 'IPv6 routes are ignored',
    file: 'build-routes.ts',
    from: ': { label: text, prefixes: [prefix], ...rest };',
    to: ': { label: text, prefixes: prefix.family === 6 ? [] : [prefix], ...rest };',
  },
  {
    fault: 'IPv6 addresses of interfaces are ignored',
    file: 'build-objects.ts',
    from: 'addresses: [...addresses, ...v6],',
    to: 'addresses: [...addresses],',
  },
  {
    fault: 'secondary private addresses are ignored',
    file: 'build-objects.ts',
    from: 'const entries = listed.length > 0 ? listed : [object];',
    to: 'const entries = listed.length > 0 ? listed.slice(0, 1) : [object];',
  },
  {
    fault: 'routes by prefix list are ignored',
    file: 'build-routes.ts',
    from: ': { label: list, prefixes: known.prefixes, ...rest };',
    to: ': { label: list, prefixes: [], ...rest };',
  },
  {
    fault: 'an unlisted prefix list leads nowhere',
    file: 'walk.ts',
    from: "for (const problem of table.unreadable) yield ended(here, { kind: 'unknown', problem });",
    to: '',
  },
  {
    fault: 'prefix lists in security groups are ignored',
    file: 'filters.ts',
    from: 'if (list !== undefined) blocks.push({ traffic, to: list.set });',
    to: 'if (list !== undefined) blocks.push();',
  },
  {
    fault: 'references to security groups are ignored',
    file: 'filters.ts',
    from: 'blocks.push({ traffic, to: members(peer.id) });',
    to: '',
  },
  {
    fault: 'a security group that is not described is taken for an empty one',
    file: 'filters.ts',
    from: "detail: 'the security group is not described',\n      });",
    to: "detail: 'the security group is not described',\n      }) && { allowed: NO_PACKETS, doubtful: [] };",
  },
  {
    fault: 'only the first security group of an interface counts',
    file: 'filters.ts',
    from: 'return eitherOf(ids.map((id) => ofGroup(`${direction} ${id}`)));',
    to: 'return eitherOf(ids.slice(0, 1).map((id) => ofGroup(`${direction} ${id}`)));',
  },
  {
    fault: 'ports of rules are ignored',
    file: 'build-rules.ts',
    from: 'return low < 0 || high < low || high > 65_535 ? null : trafficOf(protocol, low, high);',
    to: 'return low < 0 || high < low || high > 65_535 ? null : trafficOf(protocol);',
  },
  {
    fault: 'inbound network ACLs are ignored',
    file: 'walk.ts',
    from: 'if (subnetId === from) return [state];',
    to: 'if (subnetId === from || subnetId !== from) return [state];',
  },
  {
    fault: 'a network ACL stands between neighbours of one subnet',
    file: 'walk.ts',
    from: 'if (subnetId === from) return [state];',
    to: '',
  },
  {
    fault: 'the second lookup of a NAT gateway is skipped',
    file: 'walk.ts',
    from: "if (nat.subnet !== '') yield* leaveSubnet(walk, nat.subnet, translated);",
    to: `if (nat.subnet !== '') yield leaves(translated, { kind: 'nat-gateway', id, far: { kind: 'internet' }, twoWay: false }, by);`,
  },
  {
    fault: 'a NAT gateway keeps the source',
    file: 'walk.ts',
    from: "const translated = { ...hop(forwarded, { kind: 'nat-gateway', id, by }), source, translated: true };",
    to: "const translated = { ...hop(forwarded, { kind: 'nat-gateway', id, by }), translated: true };",
  },
  {
    fault: 'a NAT gateway passes every protocol',
    file: 'walk.ts',
    from: 'const TRANSLATED = unionTraffic([trafficOf(TCP), trafficOf(UDP), trafficOf(ICMP)]);',
    to: 'const TRANSLATED = [[0, 256 * 65_536 - 1]] as const; void [unionTraffic, trafficOf, TCP, UDP, ICMP];',
  },
  {
    fault: 'the main table stands for the one that a subnet is associated with',
    file: 'build-network.ts',
    from: 'bySubnet: claims(all.flatMap(({ table, subnets }) => subnets.map((subnet) => [subnet, table.id]))),',
    to: 'bySubnet: claims([]),',
  },
  {
    fault: 'an interface without a public address leaves by an internet gateway',
    file: 'gateways.ts',
    from: "else if (source.address.family === 4 && source.publicIp === '')",
    to: "else if (source.address.family === 4 && source.publicIp === 'none')",
  },
  {
    fault: 'a peering carries no IPv6',
    file: 'gateways.ts',
    from: 'const inside = restrictTo(state.packets, known.cidrs);',
    to: 'const inside = restrictTo(state.packets, { v4: known.cidrs.v4, v6: [] });',
  },
  {
    fault: 'an inactive peering passes',
    file: 'gateways.ts',
    from: 'if (!peering.active) {',
    to: 'if (!peering.active && peering.id === "") {',
  },
  {
    fault: 'a route without a known target is dropped',
    file: 'walk.ts',
    from: "yield ended(state, { kind: 'unknown', problem: target.problem });",
    to: '',
  },
  {
    fault: 'a blackhole of a transit gateway is ignored',
    file: 'transit.ts',
    from: 'if (route.blackhole || route.attachments.length === 0) {',
    to: 'if (route.attachments.length === 0) {',
  },
  {
    fault: 'the zone of a transit gateway attachment is ignored',
    file: 'transit.ts',
    from: "const near = zone === '' ? subnets : subnets.filter((subnet) => subnet.zone === zone || subnet.zone === '');",
    to: 'const near = subnets; void zone;',
  },
  {
    fault: 'a transit gateway forwards to its own VPC only',
    file: 'transit.ts',
    from: 'for (const subnet of same.length > 0 ? same : subnets) yield* leave(walk, subnet.id, entered);',
    to: 'void [same, entered, leave];',
  },
  {
    fault: 'answers to callers are forgotten',
    file: 'egress.ts',
    from: '.flatMap((outcome) => leavings(outcome, answered)),',
    to: '.flatMap(() => []),',
  },
  {
    fault: 'the way back is always open',
    file: 'return-path.ts',
    from: "return inbound.doubtful.length > 0 ? 'unknown' : 'blocked';",
    to: "return 'open';",
  },
  {
    fault: 'the table of an internet gateway is ignored',
    file: 'inbound.ts',
    from: 'const table = walk.network.edgeTables.get(gateway);',
    to: 'const table = walk.network.edgeTables.get(`${gateway} ignored`);',
  },
];
