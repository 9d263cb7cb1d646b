import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sampleKeys } from '../../../sim/aws-endpoint/accounts.ts';
import type { AwsEndpoint } from '../../../sim/aws-endpoint/endpoint.ts';
import { startAwsEndpoint } from '../../../sim/aws-endpoint/endpoint.ts';
import { sampleAccount } from '../../../sim/aws-endpoint/sample-account.ts';
import type { Sample } from '../../../sim/samples.ts';
import { SAMPLES } from '../../../sim/samples.ts';
import { commandOf, loadService, serviceOf } from '../../../src/collection/aws/clients.ts';
import { isRegionOf, regionsOf } from '../../../src/collection/aws/partition.ts';
import type { AwsAccess } from '../../../src/collection/index.ts';
import { AWS_LIMITS, collectAccount } from '../../../src/collection/index.ts';
import { createLimiter } from '../../../src/collection/limiter.ts';
import { loadAddressData, projectFile } from '../../../src/config/index.ts';
import type { EvidenceDraft, EvidenceKind } from '../../../src/evidence/index.ts';
import { KINDS } from '../../../src/evidence/index.ts';
import { createDialer } from '../../../src/net/index.ts';
import {
  accessTo,
  loopbackDialer,
  ONE_TRY,
  SAMPLE_CLOCK,
  startSampleEndpoint,
} from '../../support/live-sample.ts';
import { sampleDeployment } from '../../support/run-sample.ts';

const SAMPLE = SAMPLES[0] as Sample;
const DEPLOYMENT = sampleDeployment(SAMPLE);

let endpoint: AwsEndpoint;
beforeAll(async () => {
  endpoint = await startSampleEndpoint(SAMPLES);
});
afterEach(() => endpoint.reset());
afterAll(() => endpoint.close());

async function read(
  kinds: readonly EvidenceKind[],
  access: Partial<AwsAccess> = {},
  limits = ONE_TRY,
): Promise<readonly EvidenceDraft[]> {
  const drafts: EvidenceDraft[] = [];
  const reading = {
    access: { ...accessTo(DEPLOYMENT, endpoint), ...access },
    kinds,
    phase: 'start',
    limits,
  } as const;
  for await (const draft of collectAccount(reading, { dialer: loopbackDialer(), clock: SAMPLE_CLOCK }))
    drafts.push(draft);
  return drafts;
}

/** Call, status and reason of each item, once. */
function told(drafts: readonly EvidenceDraft[]): readonly string[] {
  return [...new Set(drafts.map(({ key, status, reason }) => `${key.call} ${status} ${reason}`.trim()))];
}

describe('a reading', () => {
  it('makes a call once that several kinds share, and gives each its item with request id and time', async () => {
    const drafts = await read(['ecs.services', 'ecs.tasks', 'ecs.clusters']);
    const lists = drafts.filter(({ key }) => key.call === 'ecs:ListClusters');
    expect(lists.map(({ key }) => key.kind).toSorted()).toEqual([
      'ecs.clusters',
      'ecs.services',
      'ecs.tasks',
    ]);
    expect(new Set(lists.map(({ requestId }) => requestId)).size).toBe(1);
    expect(lists[0]).toMatchObject({
      provenance: 'live',
      time: '2026-11-22T20:10:00Z',
      requestId: /^sample-/,
    });
    expect(endpoint.calls().filter(({ call }) => call === 'ecs:ListClusters')).toHaveLength(1);
  });

  it('reads what lists the ids of a kind, though nobody asked for it', async () => {
    const kinds = new Set((await read(['ecs.task-definitions'])).map(({ key }) => key.kind));
    expect(kinds).toEqual(new Set(['ecs.task-definitions', 'ecs.services', 'ecs.tasks']));
  });

  it('keeps neither the values of environment variables nor anything else that no check reads', async () => {
    const drafts = await read(['ecs.task-definitions']);
    const [definition] = drafts.filter(({ key }) => key.call === 'ecs:DescribeTaskDefinition');
    expect(JSON.stringify(drafts)).not.toContain('LOG_LEVEL');
    expect(definition?.dropped.map(({ path }) => path)).toContain(
      'taskDefinition.containerDefinitions[].environment',
    );
  });

  it('keeps no word of an error: neither who asked nor what', async () => {
    for (const kind of ['deny', 'deny-by-scp', 'throttle', 'expired-token', 'unsupported'] as const) {
      endpoint.behave({ call: 'ec2:DescribeVpcs', behaviour: { kind } });
      const text = JSON.stringify(await read(['ec2.vpcs']));
      expect(text).not.toMatch(
        /is not authorized|assumed-role|DomicileAudit|identity-based|Rate|security token|not supported/,
      );
      endpoint.reset();
    }
  });

  it('takes "not configured" for the answer that it is', async () => {
    const code = 'ServerSideEncryptionConfigurationNotFoundError';
    endpoint.behave({ call: 's3:GetBucketEncryption', behaviour: { kind: 'error', code, status: 404 } });
    const drafts = await read(['s3.buckets']);
    expect(told(drafts)).toContain('s3:GetBucketEncryption complete');
    expect(drafts.find(({ key }) => key.call === 's3:GetBucketEncryption')?.body).toEqual({});
  });

  it('keeps the pages that came before one that did not, and says that they are not all', async () => {
    endpoint.behave({ call: 'ec2:DescribeNetworkInterfaces', page: 'later', behaviour: { kind: 'deny' } });
    const [draft] = await read(['ec2.network-interfaces']);
    expect(draft).toMatchObject({ status: 'denied', reason: 'UnauthorizedOperation' });
    expect(draft?.body).toMatchObject({ NetworkInterfaces: [{}, {}] });
  });

  it('ends a listing whose pages go round in a circle', async () => {
    endpoint.behave({ call: 'rds:DescribeDBInstances', behaviour: { kind: 'endless' } });
    endpoint.behave({ call: 'ec2:DescribeNetworkInterfaces', behaviour: { kind: 'endless' } });
    expect(told(await read(['ec2.network-interfaces']))).toEqual([
      'ec2:DescribeNetworkInterfaces partial the same page again',
    ]);
  });

  it('gets through throttling that ends', async () => {
    endpoint.behave({ call: 'ec2:DescribeVpcs', behaviour: { kind: 'throttle', times: 2 } });
    endpoint.behave({ call: 'kms:ListKeys', behaviour: { kind: 'throttle', times: 1 } });
    const drafts = await read(['ec2.vpcs', 'kms.keys'], {}, AWS_LIMITS);
    expect(new Set(drafts.map(({ status }) => status))).toEqual(new Set(['complete']));
  });

  it('has a client, a command and its parameters for every call of the table', async () => {
    for (const { calls } of KINDS.values())
      for (const { call, forEach, fixed } of calls) {
        const { module } = await loadService(serviceOf(call));
        const asked = Object.fromEntries((forEach ?? []).map(({ parameter }) => [parameter, 'id']));
        expect(() => commandOf(module, call, { ...asked, ...fixed?.input }), call).not.toThrow();
      }
  });

  it('is cancelled at once, and says so of what it did not read', async () => {
    endpoint.behave({ call: 'ec2:DescribeVpcs', behaviour: { kind: 'hang' } });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 300);
    const drafts: EvidenceDraft[] = [];
    const reading = {
      access: accessTo(DEPLOYMENT, endpoint),
      kinds: ['ec2.vpcs', 'ec2.subnets'],
      phase: 'end',
    } as const;
    const context = { dialer: loopbackDialer(), clock: SAMPLE_CLOCK, signal: controller.signal };
    const started = performance.now();
    for await (const draft of collectAccount(reading, context)) drafts.push(draft);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(drafts.find(({ key }) => key.call === 'ec2:DescribeVpcs')).toMatchObject({
      status: 'cancelled',
      key: { phase: 'end' },
    });
  });
});

describe('getting in', () => {
  it('refuses keys of another account, since their evidence would bear a wrong name', async () => {
    const { role: _role, ...access } = accessTo(DEPLOYMENT, endpoint);
    const other = { ...access, base: { kind: 'keys', read: () => sampleKeys('111122223333') } } as const;
    const drafts: EvidenceDraft[] = [];
    const reading = { access: other, kinds: ['ec2.vpcs'], phase: 'start', limits: ONE_TRY } as const;
    for await (const draft of collectAccount(reading, { dialer: loopbackDialer(), clock: SAMPLE_CLOCK }))
      drafts.push(draft);
    expect(told(drafts)).toEqual(['ec2:DescribeVpcs failed KeysOfAnotherAccount']);
    expect(endpoint.calls().map(({ call }) => call)).toEqual(['sts:GetCallerIdentity']);
  });

  it('gives the external id, and says where it is not the right one', async () => {
    const role = accessTo(DEPLOYMENT, endpoint).role?.arn ?? '';
    expect(told(await read(['ec2.vpcs'], { role: { arn: role, externalId: 'guessed' } }))).toEqual([
      'ec2:DescribeVpcs denied sts:AssumeRole AccessDenied',
    ]);
  });

  it('takes on the role of a profile before the one of the inventory', async () => {
    const partner = sampleAccount(SAMPLES[1] as Sample).role;
    const base = {
      kind: 'role',
      role: { arn: partner?.arn ?? '', externalId: partner?.externalId ?? '' },
      base: { kind: 'keys', read: () => sampleKeys('111122223333') },
    } as const;
    const drafts = await read(['ec2.vpcs'], { base });
    expect(told(drafts)).toEqual(['ec2:DescribeVpcs complete']);
    expect(endpoint.calls().filter(({ call }) => call === 'sts:AssumeRole')).toHaveLength(2);
  });

  it('says that there are no keys, and nothing of where they were looked for', async () => {
    const read_ = (): never => {
      throw new Error('no profile secret-customer in the credentials file');
    };
    const drafts = await read(['ec2.vpcs'], { base: { kind: 'keys', read: read_ } });
    expect(told(drafts)).toEqual(['ec2:DescribeVpcs denied credentials NotConfigured']);
  });

  it('asks no region of another partition, nor one that is not on the list', async () => {
    for (const region of ['us-east-1', 'cn-south-1'])
      expect(told(await read(['ec2.vpcs'], { region }))).toEqual([
        'ec2:DescribeVpcs not-in-partition RegionOfAnotherPartition',
      ]);
    expect(endpoint.calls()).toEqual([]);
  });

  it('says which call an expired session ended, and keeps what came before', async () => {
    endpoint.behave({ call: 'ec2:DescribeVpcs', behaviour: { kind: 'latency', milliseconds: 200 } });
    endpoint.behave({ call: 'ecs:ListClusters', behaviour: { kind: 'latency', milliseconds: 400 } });
    setTimeout(endpoint.expireSessions, 350);
    const drafts = await read(['ec2.vpcs', 'ecs.clusters']);
    expect(told(drafts)).toContain('ecs:DescribeClusters denied ExpiredTokenException');
    expect(told(drafts)).toContain('ec2:DescribeVpcs complete');
  });

  it('tells a clock that disagrees with AWS', async () => {
    const behind = await startAwsEndpoint({
      accounts: SAMPLES.map(sampleAccount),
      clock: { now: () => SAMPLE_CLOCK.now() + 20 * 60_000 },
    });
    const drafts = await read(['ec2.vpcs'], { endpoint: behind.url });
    expect(told(drafts)).toEqual(['ec2:DescribeVpcs failed sts:AssumeRole ClockSkew']);
    await behind.close();
  });

  it('tells a server that breaks TLS by the code of the failure', async () => {
    const [draft] = await read(['ec2.vpcs'], { endpoint: endpoint.url.replace('http:', 'https:') });
    expect(draft?.status).toBe('unreachable');
    expect(draft?.reason).toMatch(/^sts:AssumeRole (?:EPROTO|ERR_SSL_[A-Z_]+)$/);
  });

  it('takes no endpoint from the environment', async () => {
    process.env['AWS_ENDPOINT_URL'] = 'http://127.0.0.1:1';
    process.env['AWS_ENDPOINT_URL_EC2'] = 'http://127.0.0.1:1';
    try {
      const { endpoint: _endpoint, ...access } = accessTo(DEPLOYMENT, endpoint);
      const dialer = createDialer({
        allowed: [{ id: 'loopback', to: { kind: 'loopback' } }],
        clock: SAMPLE_CLOCK,
        resolve: async () => ['192.0.2.1'],
      });
      const reading = { access, kinds: ['ec2.vpcs'], phase: 'start', limits: ONE_TRY } as const;
      for await (const _ of collectAccount(reading, { dialer, clock: SAMPLE_CLOCK }));
      expect(dialer.log().connections).toMatchObject([
        { host: 'sts.cn-north-1.amazonaws.com.cn', port: 443, decision: 'refused' },
      ]);
    } finally {
      delete process.env['AWS_ENDPOINT_URL'];
      delete process.env['AWS_ENDPOINT_URL_EC2'];
    }
  });
});

describe('a bucket of another region', () => {
  it('is known by where S3 sends us, without dialling that region', async () => {
    endpoint.behave({
      call: 's3:GetBucketLocation',
      behaviour: { kind: 'redirect', region: 'cn-northwest-1' },
    });
    const drafts = await read(['s3.buckets']);
    const located = drafts.filter(({ key }) => key.call === 's3:GetBucketLocation');
    expect(located.map(({ body }) => body)).toEqual(
      located.map(() => ({ LocationConstraint: 'cn-northwest-1' })),
    );
    expect(
      endpoint
        .calls()
        .filter(({ call, region }) => call === 's3:GetBucketLocation' && region !== 'cn-north-1'),
    ).toEqual([]);
  });

  it('is asked there for the rest, within the partition', async () => {
    const drafts = await read(['s3.buckets']);
    const abroad = drafts.find(
      ({ key, body }) =>
        key.call === 's3:GetBucketLocation' && JSON.stringify(body) !== '{"LocationConstraint":"cn-north-1"}',
    );
    const asked = endpoint
      .calls()
      .filter(
        ({ call, input }) =>
          call === 's3:GetBucketEncryption' && input['Bucket'] === abroad?.key.parameters['bucket'],
      );
    expect(asked.map(({ region }) => region)).toEqual(['cn-north-1', 'cn-northwest-1']);
  });

  it('is not followed out of the partition', async () => {
    endpoint.behave({ call: 's3:GetBucketEncryption', behaviour: { kind: 'redirect', region: 'us-east-1' } });
    const drafts = await read(['s3.buckets']);
    expect(told(drafts)).toContain('s3:GetBucketEncryption failed PermanentRedirect');
  });
});

describe('the small parts', () => {
  it('know the same regions as the address data', async () => {
    const { awsRegions } = await loadAddressData(projectFile('data', 'addresses'));
    for (const partition of ['aws', 'aws-cn'] as const) {
      const known = [...awsRegions.regions]
        .filter(([, place]) => place.partition === partition)
        .map(([name]) => name);
      expect(regionsOf(partition).toSorted()).toEqual(known.toSorted());
    }
    expect(isRegionOf('aws', 'us-gov-west-1')).toBe(false);
  });

  it('let no more run than the limit, and a large task alone', async () => {
    const limiter = createLimiter(3);
    let running = 0;
    let most = 0;
    const task = (units: number) => async (): Promise<void> => {
      running += units;
      most = Math.max(most, running);
      await new Promise((done) => setTimeout(done, 5));
      running -= units;
    };
    await Promise.all([1, 1, 1, 1, 2, 1, 1].map(async (units) => limiter.run(task(units), units)));
    await limiter.run(task(1), 9);
    expect(most).toBe(3);
  });
});
