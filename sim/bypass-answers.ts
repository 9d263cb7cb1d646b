import type { OtherAnswer, Stack } from './stack.ts';

/** Listings of which a plain stack has nothing: no DNS Firewall, no function, no firewall, no profile, no line of its own. */
const NONE: readonly (readonly [command: string, member: string])[] = [
  ['elbv2 describe-load-balancers', 'LoadBalancers'],
  ['elbv2 describe-target-groups', 'TargetGroups'],
  ['directconnect describe-direct-connect-gateways', 'directConnectGateways'],
  ['directconnect describe-virtual-interfaces', 'virtualInterfaces'],
  ['route53resolver list-resolver-endpoints', 'ResolverEndpoints'],
  ['route53resolver list-resolver-rules', 'ResolverRules'],
  ['route53resolver list-resolver-rule-associations', 'ResolverRuleAssociations'],
  ['route53resolver list-firewall-configs', 'FirewallConfigs'],
  ['route53resolver list-firewall-rule-group-associations', 'FirewallRuleGroupAssociations'],
  ['route53profiles list-profile-associations', 'ProfileAssociations'],
  ['lambda list-functions', 'Functions'],
  ['network-firewall list-firewalls', 'Firewalls'],
];

const OF_LATTICE = [
  'vpc-lattice list-target-groups',
  'vpc-lattice list-resource-gateways',
  'vpc-lattice list-resource-configurations',
] as const;

/** What a stack answers about ways that no route shows, where it does not say otherwise itself. */
export function bypassAnswers(stack: Stack): readonly OtherAnswer[] {
  const said = new Set((stack.others ?? []).map(({ command }) => command));
  const answers = [
    ...NONE.map(([command, member]) => ({ command, body: { [member]: [] } })),
    ...(hasLattice(stack) ? latticeCommands(stack).map((command) => ({ command, body: { items: [] } })) : []),
  ];
  return answers.filter(({ command }) => !said.has(command));
}

/** Commands for a service that the partition does not have: the AWS CLI finds nothing to connect to. */
export function absentServices(
  stack: Stack,
): readonly { readonly command: string; readonly error: string }[] {
  if (hasLattice(stack)) return [];
  const endpoint = `https://vpc-lattice.${stack.region}.amazonaws.com.cn/`;
  return latticeCommands(stack).map((command) => ({
    command,
    error: `Could not connect to the endpoint URL: "${endpoint}"`,
  }));
}

/** VPC Lattice is in no region of China. */
export function hasLattice({ partition }: Stack): boolean {
  return partition === 'aws';
}

function latticeCommands({ vpcs }: Stack): readonly string[] {
  return [
    ...vpcs.map(
      ({ VpcId }) => `vpc-lattice list-service-network-vpc-associations --vpc-identifier ${String(VpcId)}`,
    ),
    ...OF_LATTICE,
  ];
}
