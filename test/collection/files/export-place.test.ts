import { describe, expect, it } from 'vitest';
import { ACCOUNT, indexOf, PLACE, REGION, readFiles } from '../../support/export.ts';

const VPC = { VpcId: 'vpc-1', OwnerId: ACCOUNT, CidrBlock: '10.0.0.0/16' };
const vpcs = (...ids: readonly string[]): object => ({ Vpcs: ids.map((VpcId) => ({ ...VPC, VpcId })) });
const json = (value: unknown): string => JSON.stringify(value, null, 2);
const DESCRIBE = 'aws ec2 describe-vpcs';
const complete = 'ec2:DescribeVpcs complete';

describe('a place that path and content tell differently', () => {
  const subnet = (zone: string, arn?: string): string =>
    json({
      Subnets: [
        { SubnetId: 'subnet-1', AvailabilityZone: zone, ...(arn === undefined ? {} : { SubnetArn: arn }) },
      ],
    });
  const CLUSTER = `arn:aws-cn:ecs:${REGION}:${ACCOUNT}:cluster/a`;

  it('is where both say the same (control)', async () => {
    const { said } = await readFiles({
      [`${PLACE}/subnets.json`]: subnet('cn-north-1a', `arn:aws-cn:ec2:${REGION}:${ACCOUNT}:subnet/subnet-1`),
      [`${PLACE}/clusters.json`]: json({ clusterArns: [CLUSTER] }),
      [`${PLACE}/keys.json`]: json({
        Keys: [{ KeyId: 'k', KeyArn: `arn:aws-cn:kms:${REGION}:${ACCOUNT}:key/k` }],
      }),
    });
    expect(said.filter((one) => !one.endsWith(' complete'))).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['zone', 'subnets.json', subnet('us-east-1a')],
    ['Local Zone', 'subnets.json', subnet('us-west-2-lax-1a')],
    ['region in an ARN', 'clusters.json', json({ clusterArns: [CLUSTER.replace(REGION, 'cn-northwest-1')] })],
    ['account in an ARN', 'clusters.json', json({ clusterArns: [CLUSTER.replace(ACCOUNT, '111122223333')] })],
    ['partition in an ARN', 'clusters.json', json({ clusterArns: [CLUSTER.replace('aws-cn', 'aws')] })],
    ['one of two', 'clusters.json', json({ clusterArns: [CLUSTER, CLUSTER.replace(REGION, 'us-east-1')] })],
    [
      'registry',
      'rules.json',
      json({ pullThroughCacheRules: [{ ecrRepositoryPrefix: 'x', registryId: '111122223333' }] }),
    ],
  ])('by its %s is an item that cannot be read, in the place of its folder', async (_what, file, content) => {
    const { drafts, report, said } = await readFiles({ [`${PLACE}/${file}`]: content });
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/ unreadable: names another place than its folder$/);
    expect(drafts.every(({ key, body }) => key.region === REGION && body === undefined)).toBe(true);
    expect(report.unplaced).toEqual([`${PLACE}/${file}`]);
  });

  it('is another where none of its interfaces is of the account; in a shared subnet some are of others', async () => {
    const owned = (...owners: readonly string[]): string =>
      json({
        NetworkInterfaces: owners.map((OwnerId, index) => ({ NetworkInterfaceId: `eni-${index}`, OwnerId })),
      });
    const read = async (...owners: readonly string[]): Promise<readonly string[]> =>
      (await readFiles({ [`${PLACE}/enis.json`]: owned(...owners) })).said;
    expect((await read('111122223333'))[0]).toMatch(/names another place than its folder$/);
    expect((await read('111122223333', ACCOUNT))[0]).toMatch(/ complete$/);
  });

  it('by the region of its command is one too', async () => {
    const { said } = await readFiles({
      [`${PLACE}/vpcs.json`]: json(vpcs('a')),
      [`${PLACE}/index.json`]: indexOf(['vpcs.json', `${DESCRIBE} --region cn-northwest-1`]),
    });
    expect(said).toEqual(['ec2:DescribeVpcs unreadable: names another place than its folder']);
  });

  it('is what a thing refers to, not where it is: replicas, peers and shared owners are no contradiction', async () => {
    const elsewhere = 'arn:aws-cn:kms:cn-northwest-1:111122223333:key/k';
    const { said } = await readFiles({
      [`${PLACE}/key.json`]: json({
        KeyMetadata: {
          KeyId: 'k',
          Arn: `arn:aws-cn:kms:${REGION}:111122223333:key/k`,
          MultiRegionConfiguration: { PrimaryKey: { Arn: elsewhere, Region: 'cn-northwest-1' } },
        },
      }),
      [`${PLACE}/vpcs.json`]: json({ Vpcs: [{ ...VPC, OwnerId: '111122223333' }] }),
    });
    expect(said).toEqual([complete, 'kms:DescribeKey complete']);
  });
});

describe('a place', () => {
  it('may come from the command, a person or the content where no folder names it', async () => {
    const owned = { 'vpcs.json': json(vpcs('a')) };
    expect((await readFiles(owned)).report.unplaced).toEqual(['vpcs.json']);
    expect((await readFiles(owned, { region: REGION })).said).toEqual([complete]);
    const commanded = { ...owned, 'index.json': indexOf(['vpcs.json', `${DESCRIBE} --region ${REGION}`]) };
    expect((await readFiles(commanded)).said).toEqual([complete]);
    const arn = `arn:aws-cn:ecs:${REGION}:${ACCOUNT}:cluster/a`;
    expect((await readFiles({ 'c.json': json({ clusterArns: [arn] }) })).said).toEqual([
      'ecs:ListClusters complete',
    ]);
  });

  it("in an account that the inventory does not name is nobody's evidence", async () => {
    const { drafts, report } = await readFiles({
      [`111122223333/${REGION}/vpcs.json`]: json({ Vpcs: [{ VpcId: 'vpc-1' }] }),
    });
    expect(drafts).toEqual([]);
    expect(report.unused).toEqual([`111122223333/${REGION}/vpcs.json`]);
  });
});
