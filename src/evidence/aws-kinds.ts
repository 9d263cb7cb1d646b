import { EC2_KINDS } from './aws-kinds-ec2.ts';
import type { CallSpec, KindSpec, Projection } from './kind-spec.ts';

/** A regional listing call whose IAM action is named after it. */
function listing(call: string, cli: string, member: string, projection: Projection): CallSpec {
  return { call, cli, iam: [call], member, projection: { [member]: projection } };
}

const DATABASE: Projection = [
  {
    DBInstanceIdentifier: true,
    DBInstanceArn: true,
    DBClusterIdentifier: true,
    DbiResourceId: true,
    Engine: true,
    DBInstanceStatus: true,
    AvailabilityZone: true,
    SecondaryAvailabilityZone: true,
    StorageEncrypted: true,
    KmsKeyId: true,
    PubliclyAccessible: true,
    BackupTarget: true,
    Endpoint: { Address: true, Port: true },
  },
];

const DATABASE_CLUSTER: Projection = [
  {
    DBClusterIdentifier: true,
    DBClusterArn: true,
    DbClusterResourceId: true,
    Engine: true,
    Status: true,
    AvailabilityZones: [true],
    StorageEncrypted: true,
    KmsKeyId: true,
    GlobalClusterIdentifier: true,
    Endpoint: true,
  },
];

const TASK_DEFINITION: Projection = {
  taskDefinitionArn: true,
  family: true,
  revision: true,
  status: true,
  networkMode: true,
  containerDefinitions: [{ name: true, image: true, essential: true }],
};

const TASK: Projection = [
  {
    taskArn: true,
    clusterArn: true,
    taskDefinitionArn: true,
    lastStatus: true,
    desiredStatus: true,
    launchType: true,
    platformVersion: true,
    group: true,
    containers: [{ name: true, image: true, imageDigest: true, lastStatus: true }],
  },
];

const SERVICE: Projection = [
  {
    serviceArn: true,
    serviceName: true,
    clusterArn: true,
    taskDefinition: true,
    status: true,
    desiredCount: true,
    runningCount: true,
    launchType: true,
    taskSets: [{ id: true, taskDefinition: true, status: true }],
    deployments: [{ id: true, taskDefinition: true, status: true }],
  },
];

const FAILURES: Projection = [{ arn: true, reason: true }];

const KEY: Projection = {
  KeyId: true,
  Arn: true,
  AWSAccountId: true,
  KeyManager: true,
  KeySpec: true,
  KeyState: true,
  KeyUsage: true,
  Enabled: true,
  Origin: true,
  CustomKeyStoreId: true,
  MultiRegion: true,
  MultiRegionConfiguration: {
    MultiRegionKeyType: true,
    PrimaryKey: { Arn: true, Region: true },
    ReplicaKeys: [{ Arn: true, Region: true }],
  },
};

const ENCRYPTION: Projection = {
  Rules: [
    {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: true, KMSMasterKeyID: true },
      BucketKeyEnabled: true,
    },
  ],
};

const CLUSTERS: CallSpec = listing('ecs:ListClusters', 'ecs list-clusters', 'clusterArns', [true]);
const BY_DEFINITION = { parameter: 'task-definition', answered: 'taskDefinition.taskDefinitionArn' } as const;
const PER_CLUSTER = { from: 'ecs:ListClusters', ids: 'clusterArns[]', parameter: 'cluster' } as const;

const OTHER_KINDS: readonly KindSpec[] = [
  {
    kind: 'rds.instances',
    source: 'aws',
    calls: [listing('rds:DescribeDBInstances', 'rds describe-db-instances', 'DBInstances', DATABASE)],
    grants: [],
  },
  {
    kind: 'rds.clusters',
    source: 'aws',
    calls: [listing('rds:DescribeDBClusters', 'rds describe-db-clusters', 'DBClusters', DATABASE_CLUSTER)],
    grants: [],
  },
  {
    kind: 'ecs.clusters',
    source: 'aws',
    calls: [
      CLUSTERS,
      {
        call: 'ecs:DescribeClusters',
        cli: 'ecs describe-clusters',
        iam: ['ecs:DescribeClusters'],
        member: 'clusters',
        projection: { clusters: [{ clusterArn: true, clusterName: true, status: true }], failures: FAILURES },
        forEach: [
          {
            from: 'ecs:ListClusters',
            ids: 'clusterArns[]',
            parameter: 'clusters',
            answered: 'clusters[].clusterArn',
            batch: 100,
          },
        ],
      },
    ],
    grants: [],
  },
  {
    kind: 'ecs.services',
    source: 'aws',
    calls: [
      CLUSTERS,
      {
        ...listing('ecs:ListServices', 'ecs list-services', 'serviceArns', [true]),
        forEach: [PER_CLUSTER],
      },
      {
        call: 'ecs:DescribeServices',
        cli: 'ecs describe-services',
        iam: ['ecs:DescribeServices'],
        member: 'services',
        projection: { services: SERVICE, failures: FAILURES },
        forEach: [
          {
            from: 'ecs:ListServices',
            ids: 'serviceArns[]',
            parameter: 'services',
            answered: 'services[].serviceArn',
            carries: 'cluster',
            batch: 10,
          },
        ],
      },
    ],
    grants: [],
  },
  {
    kind: 'ecs.tasks',
    source: 'aws',
    calls: [
      CLUSTERS,
      { ...listing('ecs:ListTasks', 'ecs list-tasks', 'taskArns', [true]), forEach: [PER_CLUSTER] },
      {
        call: 'ecs:DescribeTasks',
        cli: 'ecs describe-tasks',
        iam: ['ecs:DescribeTasks'],
        member: 'tasks',
        projection: { tasks: TASK, failures: FAILURES },
        forEach: [
          {
            from: 'ecs:ListTasks',
            ids: 'taskArns[]',
            parameter: 'tasks',
            answered: 'tasks[].taskArn',
            carries: 'cluster',
            batch: 100,
          },
        ],
      },
    ],
    grants: [],
  },
  {
    kind: 'ecs.task-definitions',
    source: 'aws',
    calls: [
      {
        call: 'ecs:DescribeTaskDefinition',
        cli: 'ecs describe-task-definition',
        iam: ['ecs:DescribeTaskDefinition'],
        member: 'taskDefinition',
        projection: { taskDefinition: TASK_DEFINITION },
        forEach: [
          { from: 'ecs:DescribeServices', ids: 'services[].taskDefinition', ...BY_DEFINITION },
          // What is being rolled out, and what another controller than ECS deploys.
          { from: 'ecs:DescribeServices', ids: 'services[].deployments[].taskDefinition', ...BY_DEFINITION },
          { from: 'ecs:DescribeServices', ids: 'services[].taskSets[].taskDefinition', ...BY_DEFINITION },
          { from: 'ecs:DescribeTasks', ids: 'tasks[].taskDefinitionArn', ...BY_DEFINITION },
        ],
      },
    ],
    grants: [],
  },
  {
    kind: 'ecr.pull-through-cache-rules',
    source: 'aws',
    calls: [
      listing(
        'ecr:DescribePullThroughCacheRules',
        'ecr describe-pull-through-cache-rules',
        'pullThroughCacheRules',
        [{ ecrRepositoryPrefix: true, upstreamRegistryUrl: true, upstreamRegistry: true, registryId: true }],
      ),
    ],
    grants: [],
  },
  {
    kind: 's3.buckets',
    source: 'aws',
    calls: [
      {
        call: 's3:ListBuckets',
        cli: 's3api list-buckets',
        iam: ['s3:ListAllMyBuckets'],
        member: 'Buckets',
        projection: { Buckets: [{ Name: true, BucketRegion: true }] },
      },
      {
        call: 's3:GetBucketLocation',
        cli: 's3api get-bucket-location',
        iam: ['s3:GetBucketLocation'],
        member: 'LocationConstraint',
        projection: { LocationConstraint: true },
        forEach: [{ from: 's3:ListBuckets', ids: 'Buckets[].Name', parameter: 'bucket' }],
      },
      {
        call: 's3:GetBucketEncryption',
        cli: 's3api get-bucket-encryption',
        iam: ['s3:GetEncryptionConfiguration'],
        member: 'ServerSideEncryptionConfiguration',
        projection: { ServerSideEncryptionConfiguration: ENCRYPTION },
        mayBeEmpty: true,
        forEach: [{ from: 's3:ListBuckets', ids: 'Buckets[].Name', parameter: 'bucket' }],
      },
    ],
    grants: [],
  },
  {
    kind: 'kms.keys',
    source: 'aws',
    calls: [
      listing('kms:ListKeys', 'kms list-keys', 'Keys', [{ KeyId: true, KeyArn: true }]),
      {
        call: 'kms:DescribeKey',
        cli: 'kms describe-key',
        iam: ['kms:DescribeKey'],
        member: 'KeyMetadata',
        projection: { KeyMetadata: KEY },
        forEach: [
          { from: 'kms:ListKeys', ids: 'Keys[].KeyId', parameter: 'key-id', answered: 'KeyMetadata.KeyId' },
        ],
      },
    ],
    grants: [],
  },
];

/** Every AWS kind with its calls: the source of the collection plan, the IAM policy and the export script. */
export const AWS_KINDS: readonly KindSpec[] = [...EC2_KINDS, ...OTHER_KINDS];
