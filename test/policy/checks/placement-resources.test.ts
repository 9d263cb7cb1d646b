import { describe, expect, it } from 'vitest';
import type { AwsObject, Stack } from '../../../sim/stack.ts';
import type { JsonObject } from '../../../src/core/index.ts';
import type { Deployment } from '../../../src/evidence/index.ts';
import { accountDrafts, CLEAN, DEPLOYMENT, judged, verdictOf } from '../../support/check-case.ts';

const SERVICES = { services: ['rds', 'ecs', 's3', 'kms'] };
const { account, region } = CLEAN.stack;
const arn = (service: string, resource: string, where: string = region, owner: string = account): string =>
  `arn:aws-cn:${service}:${where}:${owner}:${resource}`;
const DATABASE = arn('rds', 'db:gateway-db');

/** The verdict of a changed account. */
async function placed(
  change: (stack: Stack) => Stack,
  given: JsonObject = SERVICES,
  deployment: Deployment = DEPLOYMENT,
): Promise<readonly string[]> {
  const drafts = await accountDrafts(change, CLEAN.logs, deployment);
  return verdictOf({ check: 'placement.resources', with: given, deployment, drafts });
}

const withDatabase =
  (change: AwsObject) =>
  (stack: Stack): Stack => ({
    ...stack,
    databaseInstances: stack.databaseInstances.map((database) => ({ ...database, ...change })),
  });
const withKey =
  (change: AwsObject) =>
  (stack: Stack): Stack => ({ ...stack, keys: stack.keys.map((key) => ({ ...key, ...change })) });
const withBucket =
  (change: Partial<Stack['buckets'][number]>) =>
  (stack: Stack): Stack => ({ ...stack, buckets: stack.buckets.map((bucket) => ({ ...bucket, ...change })) });

describe('placement.resources', () => {
  it('passes where everything is in the region, and says what', async () => {
    const { verdict, positive, coverage } = await judged({
      check: 'placement.resources',
      with: SERVICES,
      deployment: DEPLOYMENT,
      drafts: await accountDrafts(),
    });
    expect(verdict).toBe('pass');
    expect(positive.map(({ text }) => text.en)).toEqual([
      '1 resource of rds is in cn-north-1',
      '6 resources of ecs are in cn-north-1',
      '2 resources of s3 are in cn-north-1',
      '1 resource of kms is in cn-north-1',
    ]);
    expect(coverage).toMatchObject([{ examined: 10, expected: 10 }]);
  });

  it.each<[string, (stack: Stack) => Stack, readonly string[]]>([
    [
      'an unencrypted database',
      withDatabase({ StorageEncrypted: false, KmsKeyId: null }),
      [`NOT_ENCRYPTED ${DATABASE}`],
    ],
    [
      'a key of another region',
      withDatabase({ KmsKeyId: arn('kms', 'key/1', 'cn-northwest-1') }),
      [`KEY_OUT_OF_REGION ${DATABASE}`],
    ],
    [
      'another database than the inventory says',
      withDatabase({ DBInstanceArn: arn('rds', 'db:other') }),
      ['DATABASE_NOT_FOUND gateway-db'],
    ],
    [
      'a replica of a key whose primary is elsewhere',
      withKey({
        MultiRegion: true,
        MultiRegionConfiguration: {
          MultiRegionKeyType: 'REPLICA',
          PrimaryKey: { Arn: arn('kms', 'key/mrk-1', 'cn-northwest-1'), Region: 'cn-northwest-1' },
          ReplicaKeys: [{ Arn: arn('kms', 'key/mrk-1'), Region: region }],
        },
      }),
      [`KEY_MULTI_REGION ${arn('kms', `key/${CLEAN.names.key}`)}`],
    ],
    [
      'a bucket without a location, which means us-east-1',
      withBucket({ location: null }),
      BUCKETS('RESOURCE_OUT_OF_REGION'),
    ],
    ['a bucket of the old European name', withBucket({ location: 'EU' }), BUCKETS('RESOURCE_OUT_OF_REGION')],
  ])('fails for %s', async (_, change, findings) => {
    const [verdict, ...told] = await placed(change);
    expect({ verdict, told }).toEqual({ verdict: 'fail', told: findings });
  });

  it.each<[string, (stack: Stack) => Stack, readonly string[]]>([
    [
      'an encrypted database that names no key',
      withDatabase({ KmsKeyId: null }),
      [`UNKNOWN_VALUE ${DATABASE}`],
    ],
    ['a key by alias', withDatabase({ KmsKeyId: 'alias/aws/rds' }), [`UNKNOWN_VALUE ${DATABASE}`]],
    [
      'a database in a local zone',
      withDatabase({ AvailabilityZone: 'cn-north-1-pkx-1a' }),
      [`UNKNOWN_VALUE ${DATABASE}`],
    ],
    [
      'a database that keeps its backups on an Outpost',
      withDatabase({ BackupTarget: 'outposts' }),
      [`UNKNOWN_VALUE ${DATABASE}`],
    ],
    [
      'a key that is none of KMS',
      withDatabase({ KmsKeyId: arn('s3', 'key/1') }),
      [`UNKNOWN_VALUE ${DATABASE}`],
    ],
    [
      'a multi-region key that was not described',
      withDatabase({ KmsKeyId: arn('kms', 'key/mrk-1') }),
      [`UNKNOWN_VALUE ${DATABASE}`],
    ],
    [
      'buckets under such a key, by its id alone',
      withBucket({
        encryption: {
          Rules: [
            { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'mrk-1' } },
          ],
        },
      }),
      BUCKETS('UNKNOWN_VALUE'),
    ],
    [
      'services on machines outside of AWS',
      (stack) => ({
        ...stack,
        services: stack.services.map((service) => ({ ...service, launchType: 'EXTERNAL' })),
      }),
      CLEAN.stack.services.map(({ serviceArn }) => `UNKNOWN_VALUE ${String(serviceArn)}`),
    ],
    [
      'tasks on machines outside of AWS',
      (stack) => ({ ...stack, tasks: stack.tasks.map((task) => ({ ...task, launchType: 'EXTERNAL' })) }),
      CLEAN.stack.tasks.map(({ taskArn }) => `UNKNOWN_VALUE ${String(taskArn)}`).toSorted(),
    ],
    [
      'a key of an account that nobody lists',
      withDatabase({ KmsKeyId: arn('kms', 'key/1', region, '999999999999') }),
      [`OUT_OF_SCOPE_ACCOUNT ${arn('kms', 'key/1', region, '999999999999')}`],
    ],
    [
      'key material from elsewhere',
      withKey({ Origin: 'EXTERNAL' }),
      [`UNKNOWN_VALUE ${arn('kms', `key/${CLEAN.names.key}`)}`],
    ],
    [
      'a multi-region key that says no more',
      withKey({ MultiRegion: true }),
      [`UNKNOWN_VALUE ${arn('kms', `key/${CLEAN.names.key}`)}`],
    ],
    [
      'a bucket encryption of an unknown kind',
      withBucket({ encryption: { Rules: [] } }),
      BUCKETS('UNKNOWN_VALUE'),
    ],
  ])('cannot tell for %s', async (_, change, reasons) => {
    const [verdict, ...told] = await placed(change);
    expect({ verdict, told }).toEqual({ verdict: 'inconclusive', told: reasons });
  });

  it.each<[string, AwsObject, string]>([
    [
      'an instance',
      { DBInstanceArn: arn('rds', 'db:gateway-db', 'cn-northwest-1') },
      arn('rds', 'db:gateway-db', 'cn-northwest-1'),
    ],
    ['a standby', { SecondaryAvailabilityZone: 'cn-northwest-1b' }, DATABASE],
  ])('fails for %s of another region in a live answer', async (_, change, resource) => {
    const drafts = (await accountDrafts()).map((draft) =>
      draft.key.call === 'rds:DescribeDBInstances'
        ? { ...draft, body: { DBInstances: [{ ...CLEAN.stack.databaseInstances[0], ...change }] } }
        : draft,
    );
    const told = await verdictOf({
      check: 'placement.resources',
      with: { services: ['rds'] },
      deployment: DEPLOYMENT,
      drafts,
    });
    expect(told).toEqual(['fail', `RESOURCE_OUT_OF_REGION ${resource}`]);
  });

  it('passes a bucket whose key is named by alias, or is the service’s own', async () => {
    const rule = (given: JsonObject): Stack['buckets'][number]['encryption'] => ({
      Rules: [{ ApplyServerSideEncryptionByDefault: given }],
    });
    for (const given of [
      { SSEAlgorithm: 'AES256' },
      { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/logs' },
    ])
      expect(await placed(withBucket({ encryption: rule(given) }))).toEqual(['pass']);
  });

  it('judges clusters as it judges instances', async () => {
    const cluster = {
      DBClusterIdentifier: 'gateway-db',
      DBClusterArn: arn('rds', 'cluster:gateway-db'),
      Engine: 'aurora-postgresql',
      AvailabilityZones: [`${region}a`, `${region}b`],
      StorageEncrypted: true,
      KmsKeyId: arn('kms', `key/${CLEAN.names.key}`),
    };
    const drafts = await accountDrafts((stack) => ({ ...stack, databaseInstances: [] }));
    const withCluster = (change: JsonObject) =>
      verdictOf({
        check: 'placement.resources',
        with: { services: ['rds'] },
        deployment: DEPLOYMENT,
        drafts: drafts.map((draft) =>
          draft.key.call === 'rds:DescribeDBClusters'
            ? { ...draft, body: { DBClusters: [{ ...cluster, ...change }] } }
            : draft,
        ),
      });
    expect(await withCluster({})).toEqual(['pass']);
    expect(await withCluster({ StorageEncrypted: false })).toEqual([
      'fail',
      `NOT_ENCRYPTED ${arn('rds', 'cluster:gateway-db')}`,
    ]);
    expect((await withCluster({ AvailabilityZones: ['cn-northwest-1a'] }))[0]).toBe('fail');
  });

  it('leaves out keys that AWS manages', async () => {
    expect(await placed(withKey({ KeyManager: 'AWS', Origin: 'EXTERNAL' }))).toEqual(['pass']);
  });

  it('tells instead of judging where the policy says so', async () => {
    const drafts = await accountDrafts(withDatabase({ StorageEncrypted: false, KmsKeyId: null }));
    const control = await judged({
      check: 'placement.resources',
      with: { services: ['rds'], encrypted: 'disclose' },
      deployment: DEPLOYMENT,
      drafts,
    });
    expect(control).toMatchObject({
      verdict: 'pass',
      disclosed: [{ class: 'NOT_ENCRYPTED', resource: DATABASE }],
    });
  });

  it('claims nothing of an account that holds nothing', async () => {
    const nothing = (stack: Stack): Stack => ({
      ...stack,
      databaseInstances: [],
      clusters: [],
      services: [],
      tasks: [],
      taskDefinitions: [],
      buckets: [],
      keys: [],
    });
    const { databases: _, ...rest } = DEPLOYMENT;
    const [verdict, ...told] = await placed(nothing, SERVICES, { ...rest, databases: [] });
    expect({ verdict, told }).toEqual({
      verdict: 'inconclusive',
      told: [`NOT_COLLECTED rds, ecs, s3, kms (${CLEAN.stack.account})`],
    });
  });

  it('claims nothing of a database of which nobody says which resource it is', async () => {
    const [database] = DEPLOYMENT.databases;
    if (database === undefined) throw new Error('expected a database');
    const { resource: _, ...nameless } = database;
    expect(await placed((stack) => stack, SERVICES, { ...DEPLOYMENT, databases: [nameless] })).toEqual([
      'inconclusive',
      `UNKNOWN_VALUE ${database.id}`,
    ]);
  });

  it('asks for every workload account', async () => {
    const deployment: Deployment = {
      ...DEPLOYMENT,
      accounts: [...DEPLOYMENT.accounts, { id: '111122223333', purpose: 'workload' }],
    };
    const [verdict, ...told] = await placed((stack) => stack, { services: ['rds'] }, deployment);
    expect(verdict).toBe('inconclusive');
    expect(told).toContain('NOT_COLLECTED rds:DescribeDBInstances (111122223333/cn-north-1)');
  });
});

function BUCKETS(told: string): readonly string[] {
  return [`gateway-exports-${account}`, `gateway-flow-logs-${account}`].map(
    (name) => `${told} arn:aws-cn:s3:::${name}`,
  );
}
