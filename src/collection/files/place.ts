import type { JsonObject } from '../../core/index.ts';
import { textsAt } from '../../evidence/index.ts';

/** The account and region that an exported file speaks of. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Where the things of an answer are, by their own names. */
export interface OwnPlaces {
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  readonly partitions: readonly string[];
  /** Of things that others may have beside the account: one of them must be its own. */
  readonly owners: readonly string[];
}

const ACCOUNT = /^\d{12}$/;
const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/;
/** A zone names its region first: `cn-north-1a`, and `us-west-2-lax-1a` in a Local Zone. */
const ZONE = /^([a-z]{2}(?:-[a-z]+)+?-\d{1,2})(?:[a-z]|-[a-z0-9-]+)$/;
const ARN = /^arn:(aws[a-z-]*):[a-z0-9-]+:([a-z0-9-]*):(\d{12}|):/;

/** The place that the folders of a path name: `…/<account>/<region>/x.json`, either or both. */
export function placeOfPath(path: string): Partial<Place> {
  const folders = path.split('/').slice(0, -1);
  const account = folders.findLast((folder) => ACCOUNT.test(folder));
  const region = folders.findLast((folder) => REGION.test(folder));
  return { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
}

/** Paths in an answer whose values say where the listed things themselves are, not what they refer to. */
interface PlacePaths {
  /** Of things that only their own account lists. */
  readonly arns?: readonly string[];
  /** Of things that another account may share with this one, so that only region and partition count. */
  readonly sharedArns?: readonly string[];
  readonly zones?: readonly string[];
  readonly accounts?: readonly string[];
  readonly owners?: readonly string[];
}

/** By call. Of every thing here AWS answers in the region that it is in (API references of EC2, RDS, ECS, KMS, ECR, Lambda, Network Firewall). */
const PLACES: Readonly<Record<string, PlacePaths>> = {
  'ec2:DescribeSubnets': { zones: ['Subnets[].AvailabilityZone'], sharedArns: ['Subnets[].SubnetArn'] },
  // In subnets that are shared, others have interfaces too; without one of its own the account is another.
  'ec2:DescribeNetworkInterfaces': {
    zones: ['NetworkInterfaces[].AvailabilityZone'],
    owners: ['NetworkInterfaces[].OwnerId'],
  },
  'ec2:DescribeNatGateways': { zones: ['NatGateways[].NatGatewayAddresses[].AvailabilityZone'] },
  'ec2:DescribeSecurityGroups': { sharedArns: ['SecurityGroups[].SecurityGroupArn'] },
  'ec2:DescribeManagedPrefixLists': { sharedArns: ['PrefixLists[].PrefixListArn'] },
  'rds:DescribeDBInstances': {
    arns: ['DBInstances[].DBInstanceArn'],
    zones: ['DBInstances[].AvailabilityZone', 'DBInstances[].SecondaryAvailabilityZone'],
  },
  'rds:DescribeDBClusters': {
    arns: ['DBClusters[].DBClusterArn'],
    zones: ['DBClusters[].AvailabilityZones[]'],
  },
  'ecs:ListClusters': { arns: ['clusterArns[]'] },
  'ecs:DescribeClusters': { arns: ['clusters[].clusterArn'] },
  'ecs:ListServices': { arns: ['serviceArns[]'] },
  'ecs:DescribeServices': { arns: ['services[].serviceArn'] },
  'ecs:ListTasks': { arns: ['taskArns[]'] },
  'ecs:DescribeTasks': { arns: ['tasks[].taskArn'], zones: ['tasks[].availabilityZone'] },
  'ecs:DescribeTaskDefinition': { arns: ['taskDefinition.taskDefinitionArn'] },
  'ecr:DescribePullThroughCacheRules': { accounts: ['pullThroughCacheRules[].registryId'] },
  'lambda:ListFunctions': { arns: ['Functions[].FunctionArn'] },
  'network-firewall:ListFirewalls': { sharedArns: ['Firewalls[].FirewallArn'] },
  'kms:ListKeys': { arns: ['Keys[].KeyArn'] },
  // A key of another account can be described by its ARN.
  'kms:DescribeKey': { sharedArns: ['KeyMetadata.Arn'] },
};

/** The places that an answer's own things name; none for a call whose answers name none. */
export function ownPlaces(call: string, body: JsonObject): OwnPlaces {
  const { arns = [], sharedArns = [], zones = [], accounts = [], owners = [] } = PLACES[call] ?? {};
  const at = (paths: readonly string[]): readonly string[] => paths.flatMap((path) => textsAt(body, path));
  const own = at(arns).map((text) => ARN.exec(text));
  const all = [...own, ...at(sharedArns).map((text) => ARN.exec(text))];
  return {
    accounts: distinct([...own.map((arn) => arn?.[3]), ...at(accounts)]),
    regions: distinct([...all.map((arn) => arn?.[2]), ...at(zones).map((zone) => ZONE.exec(zone)?.[1])]),
    partitions: distinct(all.map((arn) => arn?.[1])),
    owners: distinct(at(owners).filter((owner) => ACCOUNT.test(owner))),
  };
}

/** Whether things that are somewhere else lie in an answer of this place. Nobody can say then which of the two is right. */
export function contradicts(own: OwnPlaces, place: Place, partition: string): boolean {
  return (
    own.accounts.some((account) => account !== place.account) ||
    own.regions.some((region) => region !== place.region) ||
    own.partitions.some((one) => one !== partition) ||
    (own.owners.length > 0 && !own.owners.includes(place.account))
  );
}

function distinct(texts: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(texts.filter((text) => text !== undefined && text !== ''))] as readonly string[];
}
