import * as ec2 from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleKeys } from '../../../sim/aws-endpoint/accounts.ts';
import type { AwsEndpoint } from '../../../sim/aws-endpoint/endpoint.ts';
import type { Sample } from '../../../sim/samples.ts';
import { SAMPLES } from '../../../sim/samples.ts';
import { openService } from '../../../src/collection/aws/open-service.ts';
import { assertReadOnly, READ_ONLY_CALLS } from '../../../src/collection/aws/read-only.ts';
import { AWS_LIMITS } from '../../../src/collection/index.ts';
import { loopbackDialer, SAMPLE_CLOCK, startSampleEndpoint } from '../../support/live-sample.ts';

const SAMPLE = SAMPLES[0] as Sample;
let endpoint: AwsEndpoint;

beforeAll(async () => {
  endpoint = await startSampleEndpoint([SAMPLE]);
});
afterAll(() => endpoint.close());

describe('the list of calls', () => {
  it('lets every call of the table through, and names only reads', () => {
    for (const call of READ_ONLY_CALLS) expect(() => assertReadOnly(call)).not.toThrow();
    expect([...READ_ONLY_CALLS].filter((call) => !/:(?:Describe|Get|List|Search)/.test(call))).toEqual([
      'sts:AssumeRole',
    ]);
  });

  it.each(['ec2:DeleteVpc', 'ec2:DescribeKeyPairs', 's3:GetBucketPolicy', 'rds:DescribeDBInstances ', 'x'])(
    'refuses %s',
    (call) => {
      expect(() => assertReadOnly(call)).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
    },
  );

  it('refuses a call that writes even where the table had it by mistake', () => {
    expect(() => assertReadOnly('ec2:DeleteVpc', new Set(['ec2:DeleteVpc']))).toThrow(/read-only call/);
  });
});

describe('a client', () => {
  it('sends a read, and refuses everything else before it is sent', async () => {
    const { client, close } = await openService(
      'ec2',
      async () => sampleKeys(SAMPLE.site.account),
      { region: SAMPLE.site.region, endpoint: endpoint.url },
      { dialer: loopbackDialer(), clock: SAMPLE_CLOCK, limits: AWS_LIMITS },
    );
    const abortSignal = AbortSignal.timeout(5_000);
    await client.send(new ec2.DescribeVpcsCommand({}), { abortSignal });
    expect(endpoint.calls().map(({ call }) => call)).toEqual(['ec2:DescribeVpcs']);

    const refused = [
      new ec2.DeleteVpcCommand({ VpcId: 'vpc-1' }),
      new ec2.CreateTagsCommand({ Resources: [], Tags: [] }),
      new ec2.GetConsoleOutputCommand({ InstanceId: 'i-1' }),
    ];
    for (const command of refused)
      await expect(client.send(command, { abortSignal })).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(endpoint.calls()).toHaveLength(1);
    close();
  });
});
