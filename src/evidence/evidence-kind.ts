/** AWS evidence kinds that today's checks need. Later issues add kinds here and their calls in `aws-kinds.ts`. */
export type AwsKind =
  | 'ec2.vpcs'
  | 'ec2.subnets'
  | 'ec2.public-access-exclusions'
  | 'ec2.route-tables'
  | 'ec2.internet-gateways'
  | 'ec2.egress-only-internet-gateways'
  | 'ec2.nat-gateways'
  | 'ec2.network-interfaces'
  | 'ec2.security-groups'
  | 'ec2.network-acls'
  | 'ec2.addresses'
  | 'ec2.vpc-endpoints'
  | 'ec2.vpc-peering-connections'
  | 'ec2.managed-prefix-lists'
  | 'ec2.flow-logs'
  | 'ec2.instances'
  | 'ec2.vpn-gateways'
  | 'ec2.vpn-connections'
  | 'ec2.customer-gateways'
  | 'ec2.transit-gateways'
  | 'ec2.transit-gateway-attachments'
  | 'ec2.transit-gateway-vpc-attachments'
  | 'ec2.transit-gateway-peering-attachments'
  | 'ec2.transit-gateway-route-tables'
  | 'ec2.traffic-mirroring'
  | 'ec2.vpc-attributes'
  | 'ec2.dhcp-options'
  | 'ec2.remote-access'
  | 'elbv2.load-balancers'
  | 'directconnect.gateways'
  | 'route53resolver.endpoints'
  | 'route53resolver.firewall'
  | 'route53profiles.associations'
  | 'vpc-lattice.associations'
  | 'vpc-lattice.targets'
  | 'network-firewall.firewalls'
  | 'lambda.functions'
  | 'rds.instances'
  | 'rds.clusters'
  | 'ecs.clusters'
  | 'ecs.services'
  | 'ecs.tasks'
  | 'ecs.task-definitions'
  | 'ecr.pull-through-cache-rules'
  | 's3.buckets'
  | 'kms.keys';

/** What the database scanner brings: the catalogue, and the reduced values. */
export type PostgresKind = 'postgres.catalog' | 'postgres.content';

/** What the log reader brings: the listing of objects (key, size, ETag), and the reduced records. */
export type FlowLogKind = 'flow-logs.listing' | 'flow-logs.records';

/** What belongs to the run itself, so that a replay reads nothing but the evidence. */
export type RunKind =
  | 'run.inventory'
  | 'run.policies'
  | 'run.waivers'
  | 'run.data-maps'
  | 'run.data-sets'
  | 'run.legal-texts'
  | 'run.ledger'
  | 'run.clock'
  | 'auditor.connections'
  | 'auditor.location';

/** The closed list of what evidence there is. */
export type EvidenceKind = AwsKind | PostgresKind | FlowLogKind | RunKind;
