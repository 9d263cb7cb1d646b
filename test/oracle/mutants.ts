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
  {
    fault: 'delegated blocks answer to nobody',
    file: 'build-objects.ts',
    from: '    setOfPrefixes(delegated),',
    to: '    setOfPrefixes(delegated.slice(0, 0)),',
  },
  {
    fault: 'delegated blocks of IPv6 cannot be called',
    file: 'inbound.ts',
    from: 'one.delegated.filter(({ family }) => family === 6)',
    to: 'one.delegated.filter(({ family }) => family !== 6 && family !== 4)',
  },
  {
    fault: 'an interface that checks no source sends as itself only',
    file: 'sources.ts',
    from: '...(one.sourceDestCheck === false ? forgedIn(one.vpc) : [])',
    to: '...(one.sourceDestCheck === null ? forgedIn(one.vpc) : [])',
  },
  {
    fault: 'a route by prefix list wins over a static one',
    file: 'build-routes.ts',
    from: "  return textOf(entry, 'DestinationPrefixListId') === '' ? 0 : 1;",
    to: "  return textOf(entry, 'DestinationPrefixListId') === '' ? 1 : 0;",
  },
  {
    fault: 'a propagated route ties with one by prefix list',
    file: 'build-routes.ts',
    from: "  return textOf(entry, 'DestinationPrefixListId') === '' ? 0 : 1;",
    to: "  return textOf(entry, 'DestinationPrefixListId') === '' ? 0 : 2;",
  },
  {
    fault: 'of routes that tie only the first is followed',
    file: 'segments.ts',
    from: 'routes: tied && known !== undefined ? [...known.routes, route] : [route],',
    to: 'routes: tied && known !== undefined ? known.routes : [route],',
  },
  {
    fault: 'the first of two main tables decides',
    file: 'build-network.ts',
    from: '  return found?.length === 1\n    ? only',
    to: '  return found !== undefined && found.length > 0\n    ? only',
  },
  {
    fault: 'the table of a VPN gateway is ignored',
    file: 'inbound.ts',
    from: 'const table = walk.network.edgeTables.get(gateway.id);',
    to: 'const table = walk.network.edgeTables.get(`${gateway.id} ignored`);',
  },
  {
    fault: 'the table of a regional NAT gateway is another one',
    file: 'build-objects.ts',
    from: "    table: textOf(object, 'RouteTableId') || null,",
    to: "    table: textOf(object, 'RouteTableId').slice(1) || null,",
  },
  {
    fault: 'an endpoint to another region is one like any other',
    file: 'doors.ts',
    from: "!gone && (type !== 'Interface' || !ofAws || serviceRegion !== network.vpcs.get(vpc)?.region),",
    to: "!gone && (type !== 'Interface' || !ofAws || serviceRegion === ''),",
  },
  {
    fault: 'an endpoint to the service of somebody else is one like any other',
    file: 'doors.ts',
    from: "!gone && (type !== 'Interface' || !ofAws ||",
    to: "!gone && (type !== 'Interface' ||",
  },
  {
    fault: 'an inspection lets nothing through',
    file: 'walk.ts',
    from: 'yield* byInspection(walk, endpoint, from, state);',
    to: 'return;',
  },
  {
    fault: 'appliance mode is ignored',
    file: 'transit.ts',
    from: 'const same = attachment.applianceMode ? [] : subnets.filter',
    to: 'const same = subnets.filter',
  },
  {
    fault: 'a transit gateway ends at its peer',
    file: 'transit.ts',
    from: '  if (other !== undefined && other.table !== null) {',
    to: '  if (other !== undefined && other.table === null) {',
  },
  {
    fault: 'Connect attachments lead nowhere',
    file: 'transit.ts',
    from: "    case 'connect':\n      yield exit('connect');",
    to: "    case 'connect':",
  },
  {
    fault: 'Direct Connect leads nowhere',
    file: 'transit.ts',
    from: "    case 'direct-connect-gateway':\n      yield exit('direct-connect-gateway');",
    to: "    case 'direct-connect-gateway':",
  },
  {
    fault: 'a VPN leads nowhere',
    file: 'transit.ts',
    from: "      yield exit('vpn');",
    to: '',
  },
  {
    fault: 'an attached VPC that nobody describes leads nowhere',
    file: 'transit.ts',
    from: "    yield ended(state, { kind: 'unknown', problem });\n    return;\n  }\n  if (!attachment.ipv6",
    to: '    void problem;\n    return;\n  }\n  if (!attachment.ipv6',
  },
  {
    fault: 'IPv6 passes by an attachment that carries none',
    file: 'transit.ts',
    from: "  if (!attachment.ipv6 && state.source.address.family === 6) {\n    const rule = 'the attachment carries no IPv6';\n    const by = { kind",
    to: "  if (!attachment.ipv6 && state.source.address.family === 4) {\n    const rule = 'the attachment carries no IPv6';\n    const by = { kind",
  },
  {
    fault: 'a propagated route of a transit gateway wins over a static one',
    file: 'build-transit.ts',
    from: '    rank: propagated ? propagatedRank(type) :',
    to: '    rank: !propagated ? propagatedRank(type) :',
  },
  {
    fault: 'the block of public access is that of the VPC',
    file: 'gateways.ts',
    from: "  return walk.network.subnets.get(from ?? '')?.blocks ?? walk",
    to: '  return walk',
  },
  {
    fault: 'public access that is blocked inwards is let in',
    file: 'inbound.ts',
    from: "  if (blocks !== 'none') {",
    to: "  if (blocks === 'bidirectional') {",
  },
  {
    fault: 'an interface may use the internet gateway that denies itself it',
    file: 'build-objects.ts',
    from: "    denyIgw: object['DenyAllIgwTraffic'] === true,",
    to: "    denyIgw: object['DenyAllIgwTraffic'] === 1,",
  },
  {
    fault: 'a carrier gateway needs no carrier address',
    file: 'gateways.ts',
    from: "if (foreign || source.carrierIp === '') {",
    to: 'if (foreign) {',
  },
  {
    fault: 'a local gateway leads nowhere',
    file: 'walk.ts',
    from: "    case 'vpn-gateway':\n    case 'local-gateway': {",
    to: "    case 'local-gateway':\n      return;\n    case 'vpn-gateway': {",
  },
  {
    fault: 'NAT64 carries nothing',
    file: 'walk.ts',
    from: "    if (isEmptyPackets(meant)) continue;\n    const by = 'IPv6 becomes",
    to: "    if (!isEmptyPackets(meant)) continue;\n    const by = 'IPv6 becomes",
  },
  {
    fault: 'the code of an ICMP rule is ignored',
    file: 'build-rules.ts',
    from: '      : trafficOf(protocol, low * 256 + high, low * 256 + high);',
    to: '      : trafficOf(protocol, low * 256, low * 256 + 255);',
  },
  {
    fault: 'members of a group are known by IPv4 only',
    file: 'filters.ts',
    from: 'const members = (group: string): IpSet => membersOf.get(group) ?? EMPTY_SET;',
    to: 'const members = (group: string): IpSet => ({ v4: membersOf.get(group)?.v4 ?? [], v6: [] });',
  },
];
