import { describe, expect, it } from 'vitest';
import { commandOf } from '../../../src/collection/aws/clients.ts';
import { openService } from '../../../src/collection/aws/open-service.ts';
import { endpointHost } from '../../../src/collection/aws/partition.ts';
import { AWS_LIMITS } from '../../../src/collection/index.ts';
import { createDialer } from '../../../src/net/index.ts';
import { SAMPLE_CLOCK } from '../../support/live-sample.ts';

/** A call of each service that has a client. */
const CALLS = [
  ['ec2:DescribeVpcs', {}],
  ['rds:DescribeDBInstances', {}],
  ['ecs:ListClusters', {}],
  ['ecr:DescribePullThroughCacheRules', {}],
  ['kms:ListKeys', {}],
  ['s3:ListBuckets', {}],
  ['s3:GetBucketLocation', { bucket: 'a.bucket.with.dots' }],
  ['sts:GetCallerIdentity', {}],
  ['elasticloadbalancing:DescribeLoadBalancers', {}],
  ['directconnect:DescribeDirectConnectGateways', {}],
  ['route53resolver:ListResolverRules', {}],
  ['vpc-lattice:ListServiceNetworkVpcAssociations', {}],
  ['lambda:ListFunctions', {}],
] as const;

const PLACES = [
  ['aws', 'us-east-1'],
  ['aws', 'ap-southeast-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-cn', 'cn-northwest-1'],
] as const;

describe.each(PLACES)('in %s, %s', (partition, region) => {
  it.each(CALLS)(
    '%s is asked at the one host that the destinations allow, by TLS',
    async (call, parameters) => {
      const service = call.slice(0, call.indexOf(':'));
      // Nothing is dialled: the address is one that no rule allows.
      const dialer = createDialer({ allowed: [], clock: SAMPLE_CLOCK, resolve: async () => ['192.0.2.1'] });
      const keys = async () => ({ accessKeyId: 'AKIASAMPLE', secretAccessKey: 'none' });
      const tools = { dialer, clock: SAMPLE_CLOCK, limits: { ...AWS_LIMITS, attempts: 1 } };
      const opened = await openService(service, keys, { region }, tools);
      const sent = opened.client.send(commandOf(opened.service.module, call, parameters), {
        abortSignal: AbortSignal.timeout(5_000),
      });
      await expect(sent).rejects.toMatchObject({ code: 'EGRESS_REFUSED' });
      expect(dialer.log().connections.map(({ host, port }) => `${host}:${port}`)).toEqual([
        `${endpointHost(service, partition, region)}:443`,
      ]);
      opened.close();
    },
  );
});
