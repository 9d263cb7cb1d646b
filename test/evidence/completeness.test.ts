import { describe, expect, it } from 'vitest';
import type { EvidenceDraft, FreshnessLimits } from '../../src/evidence/index.ts';
import { awsNeed, completeness, sealDraft, targetNeed } from '../../src/evidence/index.ts';

const NEED = awsNeed('ec2.vpcs', '210987654321', 'cn-north-1');
const LIMITS: FreshnessLimits = {
  windowEnd: '2026-11-23T00:00:00Z',
  maxAgeHours: 24,
  startedAt: '2026-11-23T02:00:00Z',
};

function reasonsAt(time: string | null, limits: FreshnessLimits = LIMITS): readonly string[] {
  const draft: EvidenceDraft = {
    key: { ...NEED, partition: 'aws-cn', call: 'ec2:DescribeVpcs', parameters: {}, part: 0 },
    time,
    status: 'complete',
    reason: '',
    provenance: 'customer-supplied',
    dropped: [],
    body: { Vpcs: [] },
  };
  const { item } = sealDraft(draft);
  const { reasons } = completeness(NEED, [{ item, body: { Vpcs: [] } }], limits);
  return reasons.map(({ code, detail }) => `${code}: ${detail}`);
}

describe('the time that evidence was read', () => {
  it.each<[string | null, readonly string[]]>([
    ['2026-11-23T02:05:00Z', []],
    ['2026-11-22T00:00:00Z', []],
    ['2026-11-23T23:00:00Z', []],
    ['2026-11-21T23:00:00Z', ['STALE: read 25 hours before the end of the period']],
    ['1970-01-01T00:00:00Z', ['STALE: read 498720 hours before the end of the period']],
    ['2026-11-24T03:00:00Z', ['STALE: its time is after the run']],
    ['2099-01-01T00:00:00Z', ['STALE: its time is after the run']],
    [null, ['STALE: nobody said when this was read']],
  ])('%s', (time, expected) => {
    expect(reasonsAt(time)).toEqual(expected);
  });

  it('may not be long after the period, for a state: what stands now says nothing of what stood then', () => {
    const later = { ...LIMITS, startedAt: '2027-03-01T00:00:00Z' };
    expect(reasonsAt('2027-03-01T00:10:00Z', later)).toEqual([
      'STALE: read 2352 hours after the end of the period',
    ]);
    expect(reasonsAt('2027-03-03T00:00:00Z', later)).toEqual(['STALE: its time is after the run']);
  });

  it('may be long after the period, for logs: their records say when they were made', () => {
    const need = targetNeed('flow-logs.listing', 'flow-logs');
    const listing = { schemaVersion: 1, objects: [] };
    const { item } = sealDraft({
      key: { ...need, partition: 'aws-cn', call: 's3:ListObjectsV2', parameters: {}, part: 0 },
      time: '2027-03-01T00:10:00Z',
      status: 'complete',
      reason: '',
      provenance: 'live',
      dropped: [],
      body: listing,
    });
    const limits = { ...LIMITS, startedAt: '2027-03-01T00:00:00Z' };
    expect(completeness(need, [{ item, body: listing }], limits).reasons).toEqual([]);
  });
});
