import type { Random } from './random.ts';
import type { AwsObject, Bucket, Stack, StackNames } from './stack.ts';

export type WorkloadPart = Pick<
  Stack,
  | 'databaseInstances'
  | 'clusters'
  | 'services'
  | 'tasks'
  | 'taskDefinitions'
  | 'pullThroughCacheRules'
  | 'buckets'
  | 'keys'
>;

type WorkloadNames = Pick<StackNames, 'database' | 'cluster' | 'service' | 'registry' | 'key'>;

export interface WorkloadSite {
  readonly partition: Stack['partition'];
  readonly account: string;
  readonly region: string;
  readonly random: Random;
  /** The tasks' interfaces and addresses, from the network. */
  readonly interfaces: readonly { readonly id: string; readonly address: string; readonly subnet: string }[];
}

const SUFFIX: Readonly<Record<Stack['partition'], string>> = {
  aws: 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
};

/** A gateway's workload: one encrypted database, one cluster with two services, buckets, one customer key. */
export function gatewayWorkload(site: WorkloadSite): {
  readonly part: WorkloadPart;
  readonly names: WorkloadNames;
} {
  const { partition, account, region, random, interfaces } = site;
  const arn = (service: string, resource: string): string =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const uuid = (): string => [8, 4, 4, 4, 12].map((digits) => random.hex(digits)).join('-');
  const names: WorkloadNames = {
    database: 'gateway-db',
    cluster: arn('ecs', 'cluster/gateway'),
    service: arn('ecs', 'service/gateway/gateway-api'),
    registry: `${account}.dkr.ecr.${region}.${SUFFIX[partition]}`,
    key: uuid(),
  };
  const keyArn = arn('kms', `key/${names.key}`);
  const digests = { api: `sha256:${random.hex(64)}`, console: `sha256:${random.hex(64)}` };
  const families = ['gateway-api', 'gateway-api', 'gateway-console'] as const;
  const tagOf = { 'gateway-api': '2026.11.3', 'gateway-console': '2026.10.8' } as const;
  const image = (family: (typeof families)[number]): string => `${names.registry}/${family}:${tagOf[family]}`;
  const definition = (family: (typeof families)[number]): string =>
    arn('ecs', `task-definition/${family}:17`);

  const task = (index: number): AwsObject => {
    const family = families[index] ?? 'gateway-api';
    const place = interfaces[index];
    return {
      taskArn: arn('ecs', `task/gateway/${random.hex(32)}`),
      clusterArn: names.cluster,
      taskDefinitionArn: definition(family),
      lastStatus: 'RUNNING',
      desiredStatus: 'RUNNING',
      launchType: 'FARGATE',
      platformVersion: '1.4.0',
      group: `service:${family}`,
      attachments: [
        {
          type: 'ElasticNetworkInterface',
          status: 'ATTACHED',
          details: [
            { name: 'networkInterfaceId', value: place?.id ?? '' },
            { name: 'privateIPv4Address', value: place?.address ?? '' },
            { name: 'subnetId', value: place?.subnet ?? '' },
          ],
        },
      ],
      containers: [
        {
          name: family,
          image: image(family),
          imageDigest: family === 'gateway-api' ? digests.api : digests.console,
          lastStatus: 'RUNNING',
          runtimeId: `${random.hex(32)}-${random.below(1_000_000_000)}`,
        },
      ],
    };
  };
  const service = (family: (typeof families)[number], count: number): AwsObject => ({
    serviceArn: arn('ecs', `service/gateway/${family}`),
    serviceName: family,
    clusterArn: names.cluster,
    taskDefinition: definition(family),
    status: 'ACTIVE',
    desiredCount: count,
    runningCount: count,
    launchType: 'FARGATE',
  });
  const taskDefinition = (family: (typeof families)[number]): AwsObject => ({
    taskDefinitionArn: definition(family),
    family,
    revision: 17,
    status: 'ACTIVE',
    networkMode: 'awsvpc',
    containerDefinitions: [
      {
        name: family,
        image: image(family),
        essential: true,
        // Dropped by the collector's allow-list: environment values can hold secrets.
        environment: [{ name: 'LOG_LEVEL', value: 'info' }],
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-region': region, 'awslogs-group': `/ecs/${family}` },
        },
      },
    ],
  });
  const bucket = (name: string): Bucket => ({
    name,
    location: region,
    encryption: {
      Rules: [
        {
          ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn },
          BucketKeyEnabled: true,
        },
      ],
    },
  });

  return {
    names,
    part: {
      databaseInstances: [
        {
          DBInstanceIdentifier: names.database,
          DBInstanceArn: arn('rds', `db:${names.database}`),
          DbiResourceId: `db-${random.hex(26).toUpperCase()}`,
          Engine: 'postgres',
          EngineVersion: '17.6',
          DBInstanceStatus: 'available',
          DBInstanceClass: 'db.r6g.large',
          AvailabilityZone: `${region}a`,
          SecondaryAvailabilityZone: `${region}b`,
          MultiAZ: true,
          StorageEncrypted: true,
          KmsKeyId: keyArn,
          PubliclyAccessible: false,
          BackupTarget: 'region',
          ReadReplicaDBInstanceIdentifiers: [],
          Endpoint: {
            Address: `${names.database}.c${random.hex(11)}.rds.${region}.${SUFFIX[partition]}`,
            Port: 5432,
          },
        },
      ],
      clusters: [
        {
          clusterArn: names.cluster,
          clusterName: 'gateway',
          status: 'ACTIVE',
          runningTasksCount: 3,
          activeServicesCount: 2,
        },
      ],
      services: [service('gateway-api', 2), service('gateway-console', 1)],
      tasks: [0, 1, 2].map(task),
      taskDefinitions: [taskDefinition('gateway-api'), taskDefinition('gateway-console')],
      pullThroughCacheRules: [],
      buckets: [bucket(`gateway-flow-logs-${account}`), bucket(`gateway-exports-${account}`)],
      keys: [
        {
          KeyId: names.key,
          Arn: keyArn,
          AWSAccountId: account,
          KeyManager: 'CUSTOMER',
          KeySpec: 'SYMMETRIC_DEFAULT',
          KeyState: 'Enabled',
          KeyUsage: 'ENCRYPT_DECRYPT',
          Enabled: true,
          MultiRegion: false,
          Origin: 'AWS_KMS',
        },
      ],
    },
  };
}
