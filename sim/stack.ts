import type { JsonObject } from '../src/core/index.ts';

/** One object of an API's answer, in that API's own shape. */
export type AwsObject = JsonObject;

/**
 * One deployment's AWS account as the API would describe it: a value from which export folders, an AWS
 * endpoint and flow logs are made, and which plants change.
 */
export interface Stack {
  readonly partition: 'aws' | 'aws-cn';
  readonly account: string;
  readonly region: string;
  readonly vpcs: readonly AwsObject[];
  readonly subnets: readonly AwsObject[];
  readonly routeTables: readonly AwsObject[];
  readonly internetGateways: readonly AwsObject[];
  readonly egressOnlyInternetGateways: readonly AwsObject[];
  readonly natGateways: readonly AwsObject[];
  readonly networkInterfaces: readonly AwsObject[];
  readonly securityGroups: readonly AwsObject[];
  readonly networkAcls: readonly AwsObject[];
  readonly addresses: readonly AwsObject[];
  readonly vpcEndpoints: readonly AwsObject[];
  readonly flowLogs: readonly AwsObject[];
  readonly databaseInstances: readonly AwsObject[];
  readonly clusters: readonly AwsObject[];
  readonly services: readonly AwsObject[];
  readonly tasks: readonly AwsObject[];
  readonly taskDefinitions: readonly AwsObject[];
  readonly pullThroughCacheRules: readonly AwsObject[];
  readonly buckets: readonly Bucket[];
  readonly keys: readonly AwsObject[];
  /** What else the account answers, by the command that asks for it. */
  readonly others?: readonly OtherAnswer[];
}

/** An answer of a service whose objects have no list of their own here. */
export interface OtherAnswer {
  /** As `elbv2 describe-load-balancers`, with the parameters of a child. */
  readonly command: string;
  readonly body: AwsObject;
}

/** A bucket with what its own calls answer. */
export interface Bucket {
  readonly name: string;
  /** As GetBucketLocation says it: null means us-east-1. */
  readonly location: string | null;
  readonly encryption: AwsObject;
}

/** The ids of a stack that plants and tests refer to. */
export interface StackNames {
  readonly vpc: string;
  readonly publicSubnets: readonly string[];
  readonly privateSubnets: readonly string[];
  readonly appGroup: string;
  readonly balancerGroup: string;
  readonly databaseGroup: string;
  readonly privateTable: string;
  readonly publicTable: string;
  readonly nat: string;
  readonly internetGateway: string;
  readonly appInterfaces: readonly string[];
  readonly database: string;
  readonly cluster: string;
  readonly service: string;
  readonly registry: string;
  readonly key: string;
}

/** Replaces one object of a list, found by an id member; an id that is not there is a mistake in the plant. */
export function replaceObject(
  list: readonly AwsObject[],
  member: string,
  id: string,
  change: (object: AwsObject) => AwsObject,
): readonly AwsObject[] {
  if (!list.some((object) => object[member] === id)) throw new Error(`expected ${member} ${id} in the stack`);
  return list.map((object) => (object[member] === id ? change(object) : object));
}
