import { describe, expect, it } from 'vitest';
import { ACCOUNT, indexOf, PLACE, REGION, readFiles } from '../../support/export.ts';

// Answers about ways that no route shows: several look alike, and one service is in no region of China.
const json = (value: unknown): string => JSON.stringify(value);

describe('DNS support of a VPC', () => {
  const support = json({ VpcId: 'vpc-1', EnableDnsSupport: { Value: false } });

  it('is known by its content, and names its VPC itself', async () => {
    const { said } = await readFiles({ [`${PLACE}/a.json`]: support });
    expect(said).toEqual(['ec2:DescribeVpcAttribute complete']);
  });

  it('is asked for by its name; another attribute of the same command is another question', async () => {
    const command = 'aws ec2 describe-vpc-attribute --vpc-id vpc-1 --attribute';
    const { said, report } = await readFiles({
      [`${PLACE}/a.json`]: support,
      [`${PLACE}/b.json`]: json({ VpcId: 'vpc-1', EnableDnsHostnames: { Value: true } }),
      [`${PLACE}/index.json`]: indexOf(
        ['a.json', `${command} enableDnsSupport`],
        ['b.json', `${command} enableDnsHostnames`],
      ),
    });
    expect(said).toEqual(['ec2:DescribeVpcAttribute complete']);
    expect(report.unused).toEqual([`${PLACE}/b.json`]);
  });
});

describe('answers that look alike', () => {
  const COMMAND = 'aws vpc-lattice list-service-network-vpc-associations --vpc-identifier vpc-1';

  it('are what their command asked for', async () => {
    const { drafts } = await readFiles({
      [`${PLACE}/a.json`]: json({ items: [] }),
      [`${PLACE}/index.json`]: indexOf(['a.json', COMMAND]),
    });
    expect(drafts.map(({ key, status }) => [key.call, key.parameters, status])).toEqual([
      ['vpc-lattice:ListServiceNetworkVpcAssociations', { 'vpc-identifier': 'vpc-1' }, 'complete'],
    ]);
  });

  it('are nothing without it: an empty one would say of each that there is none', async () => {
    const { drafts, report } = await readFiles({ [`${PLACE}/a.json`]: json({ items: [] }) });
    expect({ drafts, unused: report.unused }).toEqual({ drafts: [], unused: [`${PLACE}/a.json`] });
  });
});

describe('a service that is not there', () => {
  const error = (host: string): string =>
    `Could not connect to the endpoint URL: "https://${host}.${REGION}.amazonaws.com.cn/"`;

  it('is known by its endpoint, of those that China does not have; of any other it is a failure', async () => {
    const { said } = await readFiles({
      [`${PLACE}/index.json`]: indexOf(
        [
          undefined,
          'aws vpc-lattice list-service-network-vpc-associations --vpc-identifier vpc-1',
          { exitCode: 255, error: error('vpc-lattice') },
        ],
        [undefined, 'aws lambda list-functions', { exitCode: 255, error: error('lambda') }],
      ),
    });
    expect(said).toEqual([
      'lambda:ListFunctions unreachable: ConnectionError',
      'vpc-lattice:ListServiceNetworkVpcAssociations not-in-partition: NoEndpoint',
    ]);
  });
});

describe('a firewall', () => {
  it('keeps the endpoint of each zone, and nothing else of what a zone says', async () => {
    const FirewallArn = `arn:aws-cn:network-firewall:${REGION}:${ACCOUNT}:firewall/f`;
    const Attachment = { EndpointId: 'vpce-1', SubnetId: 'subnet-1', Status: 'READY', StatusMessage: 'no' };
    const { drafts } = await readFiles({
      [`${PLACE}/a.json`]: json({
        Firewall: { FirewallArn, Description: 'no' },
        FirewallStatus: {
          Status: 'READY',
          SyncStates: { [`${REGION}a`]: { Attachment, Config: {} }, 'no zone at all': { Attachment } },
        },
      }),
    });
    expect(drafts.map(({ body }) => body)).toEqual([
      {
        Firewall: { FirewallArn },
        FirewallStatus: {
          Status: 'READY',
          SyncStates: {
            [`${REGION}a`]: { Attachment: { EndpointId: 'vpce-1', SubnetId: 'subnet-1', Status: 'READY' } },
          },
        },
      },
    ]);
  });
});
