import * as ec2 from '@aws-sdk/client-ec2';
import * as ecs from '@aws-sdk/client-ecs';
import * as kms from '@aws-sdk/client-kms';
import * as rds from '@aws-sdk/client-rds';
import * as s3 from '@aws-sdk/client-s3';
import * as sts from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AwsAccess } from '../../../src/collection/index.ts';
import { collectAccount, collectLogs } from '../../../src/collection/index.ts';
import type { EvidenceDraft, EvidenceKind } from '../../../src/evidence/index.ts';
import { textsAt } from '../../../src/evidence/index.ts';
import { createDialer } from '../../../src/net/index.ts';
import { ONE_TRY } from '../../support/live-sample.ts';
import type { Moto } from '../../support/moto.ts';
import { HAS_MOTO, startMoto } from '../../support/moto.ts';

const ACCOUNT = '287312045561';
const REGION = 'cn-north-1';
const ROLE = `arn:aws-cn:iam::${ACCOUNT}:role/DomicileAudit`;
const KEYS = { accessKeyId: 'test', secretAccessKey: 'test' };
const CLOCK = { now: () => Date.now() };
const LOG = `AWSLogs/${ACCOUNT}/vpcflowlogs/${REGION}/2026/11/22/${ACCOUNT}_vpcflowlogs_${REGION}_fl-0a1b2c3d_20261122T0000Z_0a1b2c3d.log`;

let moto: Moto | undefined;
let endpoint = '';

/** What is in the account: created by the API itself, as a customer would. */
async function fillAccount(): Promise<void> {
  const { Credentials } = await new sts.STSClient({ region: REGION, endpoint, credentials: KEYS }).send(
    new sts.AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'filler' }),
  );
  const settings = {
    region: REGION,
    endpoint,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  };
  const network = new ec2.EC2Client(settings);
  const { Vpc } = await network.send(new ec2.CreateVpcCommand({ CidrBlock: '10.77.0.0/16' }));
  for (let block = 0; block < 3; block += 1)
    await network.send(new ec2.CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: `10.77.${block}.0/24` }));
  const key = await new kms.KMSClient(settings).send(new kms.CreateKeyCommand({ MultiRegion: false }));
  await new rds.RDSClient(settings).send(
    new rds.CreateDBInstanceCommand({
      DBInstanceIdentifier: 'gateway-db',
      DBInstanceClass: 'db.t3.micro',
      Engine: 'postgres',
      AllocatedStorage: 20,
      StorageEncrypted: true,
      KmsKeyId: key.KeyMetadata?.Arn,
      MasterUsername: 'postgres',
      MasterUserPassword: 'never-to-be-seen',
    }),
  );
  const containers = new ecs.ECSClient(settings);
  await containers.send(new ecs.CreateClusterCommand({ clusterName: 'gateway' }));
  await containers.send(
    new ecs.RegisterTaskDefinitionCommand({
      family: 'gateway-api',
      containerDefinitions: [
        {
          name: 'api',
          image: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com.cn/gateway-api:1`,
          memory: 128,
          environment: [{ name: 'TOKEN', value: 'never-to-be-seen' }],
        },
      ],
    }),
  );
  for (let service = 0; service < 12; service += 1)
    await containers.send(
      new ecs.CreateServiceCommand({
        cluster: 'gateway',
        serviceName: `api-${service}`,
        taskDefinition: 'gateway-api',
        desiredCount: 1,
      }),
    );
  const buckets = new s3.S3Client({ ...settings, forcePathStyle: true });
  const place = { CreateBucketConfiguration: { LocationConstraint: REGION } } as const;
  await buckets.send(new s3.CreateBucketCommand({ Bucket: 'plain-bucket', ...place }));
  await buckets.send(new s3.CreateBucketCommand({ Bucket: 'log-bucket', ...place }));
  await buckets.send(
    new s3.PutBucketEncryptionCommand({
      Bucket: 'log-bucket',
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: {
              SSEAlgorithm: 'aws:kms',
              KMSMasterKeyID: key.KeyMetadata?.Arn ?? '',
            },
          },
        ],
      },
    }),
  );
  const header =
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
  const record = `2 ${ACCOUNT} eni-0a1b2c3d4e5f60718 10.77.0.9 10.77.1.9 40000 5432 6 10 840 1763769600 1763769660 ACCEPT OK`;
  await buckets.send(
    new s3.PutObjectCommand({ Bucket: 'log-bucket', Key: LOG, Body: `${header}\n${record}\n` }),
  );
}

const ACCESS = (): AwsAccess => ({
  partition: 'aws-cn',
  account: ACCOUNT,
  region: REGION,
  base: { kind: 'keys', read: () => KEYS },
  role: { arn: ROLE },
  endpoint,
});

async function read(kinds: readonly EvidenceKind[]): Promise<readonly EvidenceDraft[]> {
  const drafts: EvidenceDraft[] = [];
  const dialer = createDialer({ allowed: [{ id: 'loopback', to: { kind: 'loopback' } }], clock: CLOCK });
  const reading = { access: ACCESS(), kinds, phase: 'start', limits: ONE_TRY } as const;
  for await (const draft of collectAccount(reading, { dialer, clock: CLOCK })) drafts.push(draft);
  return drafts;
}

/** The texts at a path of every answer to a call. */
function seen(drafts: readonly EvidenceDraft[], call: string, path: string): readonly string[] {
  return drafts
    .filter(({ key }) => key.call === call)
    .flatMap(({ body }) => textsAt(body as never, path))
    .toSorted();
}

describe.skipIf(!HAS_MOTO)('an account that moto keeps', () => {
  beforeAll(async () => {
    moto = await startMoto();
    endpoint = moto.url;
    await fillAccount();
  }, 90_000);
  afterAll(() => moto?.stop());

  it('is seen as it was made, in the partition of China', async () => {
    const drafts = await read([
      'ec2.vpcs',
      'ec2.subnets',
      'rds.instances',
      'ecs.clusters',
      'ecs.services',
      'ecs.task-definitions',
      's3.buckets',
      'kms.keys',
    ]);
    expect(
      drafts.filter(({ status }) => status !== 'complete').map(({ key, reason }) => `${key.call} ${reason}`),
    ).toEqual([]);
    expect(seen(drafts, 'ec2:DescribeVpcs', 'Vpcs[].CidrBlock')).toContain('10.77.0.0/16');
    expect(seen(drafts, 'ec2:DescribeSubnets', 'Subnets[].CidrBlock')).toEqual(
      expect.arrayContaining(['10.77.0.0/24', '10.77.1.0/24', '10.77.2.0/24']) as string[],
    );
    expect(seen(drafts, 'rds:DescribeDBInstances', 'DBInstances[].DBInstanceIdentifier')).toEqual([
      'gateway-db',
    ]);
    expect(seen(drafts, 'ecs:DescribeServices', 'services[].serviceName')).toHaveLength(12);
    expect(seen(drafts, 'ecs:DescribeTaskDefinition', 'taskDefinition.containerDefinitions[].image')).toEqual(
      [`${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com.cn/gateway-api:1`],
    );
    expect(seen(drafts, 's3:ListBuckets', 'Buckets[].Name')).toEqual(['log-bucket', 'plain-bucket']);
    expect(seen(drafts, 's3:GetBucketLocation', 'LocationConstraint')).toEqual([REGION, REGION]);
    expect(
      seen(
        drafts,
        's3:GetBucketEncryption',
        'ServerSideEncryptionConfiguration.Rules[].ApplyServerSideEncryptionByDefault.SSEAlgorithm',
      ),
    ).toContain('aws:kms');
    expect(seen(drafts, 'kms:DescribeKey', 'KeyMetadata.Arn')[0]).toMatch(
      /^arn:aws-cn:kms:cn-north-1:287312045561:key\//,
    );
    expect(JSON.stringify(drafts)).not.toContain('never-to-be-seen');
  });

  it('tells a call that moto does not know, which it answers in HTML', async () => {
    const [draft] = await read(['ecr.pull-through-cache-rules']);
    expect(draft).toMatchObject({ key: { call: 'ecr:DescribePullThroughCacheRules' } });
    expect(draft?.status).not.toBe('complete');
  });

  it('has its flow logs read from their bucket', async () => {
    const dialer = createDialer({ allowed: [{ id: 'loopback', to: { kind: 'loopback' } }], clock: CLOCK });
    const source = { id: 'flow-logs', bucket: 'log-bucket', prefix: 'AWSLogs/' };
    const window = { start: '2026-11-21T18:00:00Z', end: '2026-11-22T18:00:00Z' };
    const drafts: EvidenceDraft[] = [];
    for await (const draft of collectLogs({ access: ACCESS(), source, window }, { dialer, clock: CLOCK }))
      drafts.push(draft);
    expect(drafts.map(({ status, reason }) => `${status} ${reason}`.trim())).toEqual([
      'complete',
      'complete',
    ]);
    expect(drafts[0]?.body).toMatchObject({ objects: [{ key: LOG }] });
    expect(drafts[1]?.body).toMatchObject({
      rows: [{ source: '10.77.0.9', destinationPort: 5432, bytes: 840 }],
    });
  });
});
