import { afterEach, describe, expect, it } from 'vitest';
import { sampleKeys } from '../../../sim/aws-endpoint/accounts.ts';
import type { Behaviour } from '../../../sim/aws-endpoint/behaviour.ts';
import type { AwsEndpoint } from '../../../sim/aws-endpoint/endpoint.ts';
import { startAwsEndpoint } from '../../../sim/aws-endpoint/endpoint.ts';
import type { LogObject } from '../../../sim/flow-objects.ts';
import { makeSample } from '../../../sim/make-sample.ts';
import type { Sample } from '../../../sim/samples.ts';
import { SAMPLE_SEED, SAMPLES } from '../../../sim/samples.ts';
import { collectLogs } from '../../../src/collection/index.ts';
import type { EvidenceDraft, FlowAggregate, LogListing } from '../../../src/evidence/index.ts';
import { loopbackDialer, ONE_TRY, SAMPLE_CLOCK } from '../../support/live-sample.ts';

const { named } = makeSample({ ...(SAMPLES[0] as Sample), plants: [] }, SAMPLE_SEED);
const { account: ACCOUNT, region: REGION, partition } = named.stack;
const BUCKET = `gateway-flow-logs-${ACCOUNT}`;
const WINDOW = { start: '2026-11-21T18:00:00Z', end: '2026-11-22T18:00:00Z' };
const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const RECORD = `2 ${ACCOUNT} eni-0a1b2c3d4e5f60718 10.0.0.9 10.0.1.9 40000 5432 6 1 60 1763769600 1763769660 ACCEPT OK`;

function logKey(day: string, root = '', layout: 'plain' | 'hive' = 'plain', type = 'log'): string {
  const [year = '', month = '', date = ''] = day.split('-');
  const folder =
    layout === 'plain'
      ? `AWSLogs/${ACCOUNT}/vpcflowlogs/${REGION}/${year}/${month}/${date}`
      : `AWSLogs/aws-account-id=${ACCOUNT}/aws-service=vpcflowlogs/aws-region=${REGION}/year=${year}/month=${month}/day=${date}`;
  return `${root}${folder}/${ACCOUNT}_vpcflowlogs_${REGION}_fl-0a1b2c3d_${year}${month}${date}T0000Z_0a1b2c3d.${type}`;
}

function logObject(key: string, records = 1): LogObject {
  return { key, bytes: Buffer.from(`${HEADER}\n${`${RECORD}\n`.repeat(records)}`) };
}

let endpoint: AwsEndpoint | undefined;
afterEach(async () => endpoint?.close());

async function read(
  objects: readonly LogObject[],
  source: { readonly bucket?: string; readonly prefix?: string } = { bucket: BUCKET },
  behaviour?: Behaviour,
): Promise<readonly EvidenceDraft[]> {
  endpoint = await startAwsEndpoint({
    accounts: [{ stack: named.stack, objects: { [BUCKET]: objects } }],
    clock: SAMPLE_CLOCK,
  });
  if (behaviour !== undefined) endpoint.behave({ call: 's3:GetObject', behaviour });
  const base = { kind: 'keys', read: () => sampleKeys(ACCOUNT) } as const;
  const access = { partition, account: ACCOUNT, region: REGION, base, endpoint: endpoint.url };
  const reading = { access, source: { id: 'flow-logs', ...source }, window: WINDOW, limits: ONE_TRY };
  const drafts: EvidenceDraft[] = [];
  for await (const draft of collectLogs(reading, { dialer: loopbackDialer(), clock: SAMPLE_CLOCK }))
    drafts.push(draft);
  return drafts;
}

function keysOf([listing]: readonly EvidenceDraft[]): readonly string[] {
  const body: unknown = listing?.body;
  return (body as LogListing).objects.map(({ key }) => key);
}

function aggregateOf([, records]: readonly EvidenceDraft[]): FlowAggregate {
  return records?.body as FlowAggregate;
}

function told(drafts: readonly EvidenceDraft[]): readonly string[] {
  return drafts.map(({ key, status, reason }) => `${key.call} ${status} ${reason}`.trim());
}

describe('the logs of a bucket', () => {
  it('are those of the days that can hold records of the period', async () => {
    const days = ['2026-11-19', '2026-11-20', '2026-11-22', '2026-11-23', '2026-11-25'];
    const drafts = await read(days.map((day) => logObject(logKey(day))));
    expect(keysOf(drafts)).toEqual(['2026-11-22', '2026-11-23'].map((day) => logKey(day)));
    expect(told(drafts)).toEqual(['s3:ListObjectsV2 complete', 's3:GetObject complete']);
  });

  it.each([
    ['AWSLogs/', ''],
    ['audit', 'audit/'],
    ['audit/AWSLogs/', 'audit/'],
    [undefined, ''],
  ])('lie under the prefix %s, plain or in Hive partitions', async (prefix, root) => {
    const objects = [
      logObject(logKey('2026-11-22', root)),
      { ...logObject(logKey('2026-11-22', root, 'hive')) },
      logObject(logKey('2026-11-22', 'elsewhere/')),
    ];
    const drafts = await read(objects, { bucket: BUCKET, ...(prefix === undefined ? {} : { prefix }) });
    expect(keysOf(drafts)).toEqual(
      [logKey('2026-11-22', root), logKey('2026-11-22', root, 'hive')].toSorted(),
    );
    expect(aggregateOf(drafts).rows).toMatchObject([{ flows: 2, bytes: 120 }]);
  });

  it('are reduced in pieces where they are large, to the same totals', async () => {
    const records = 170_000;
    const large = logObject(logKey('2026-11-22'), records);
    expect(large.bytes.length).toBeGreaterThan(16 * 1024 * 1024);
    const drafts = await read([large]);
    expect(aggregateOf(drafts).rows).toMatchObject([{ flows: records, bytes: records * 60 }]);
    expect(aggregateOf(drafts).objects).toMatchObject([{ status: 'complete', records }]);
  });

  it('count as missing where nobody can read them: in another format, denied, or gone', async () => {
    const parquet = { key: logKey('2026-11-22', '', 'plain', 'log.parquet'), bytes: Buffer.from('PAR1') };
    const drafts = await read([parquet]);
    expect(keysOf(drafts)).toEqual([parquet.key]);
    expect(aggregateOf(drafts).objects).toMatchObject([{ status: 'unreadable' }]);
  });

  it('say what is missing where there are none, or where the inventory names no bucket', async () => {
    expect(told(await read([]))[0]).toBe('s3:ListObjectsV2 absent NoLogObjects');
    expect(told(await read([], {}))).toEqual([
      's3:ListObjectsV2 absent NoBucketInInventory',
      's3:GetObject absent NoBucketInInventory',
    ]);
    expect(told(await read([], { bucket: 'somebody-elses' }))[0]).toBe(
      's3:ListObjectsV2 absent NoSuchBucket',
    );
  });

  it('are damage where the object was changed after it was listed', async () => {
    const changed = { kind: 'error', code: 'PreconditionFailed', status: 412 } as const;
    const drafts = await read([logObject(logKey('2026-11-22'))], { bucket: BUCKET }, changed);
    expect(aggregateOf(drafts).objects.map(({ status }) => status)).toEqual(['mismatch']);
    expect(told(drafts)[1]).toBe('s3:GetObject failed PreconditionFailed');
  });
});
