import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../../src/evidence/index.ts';
import { DEPLOYMENT, judged } from '../../support/check-case.ts';

const OFFERS = {
  offers: [
    { region: 'cn-north-1', tenancies: ['single-tenant'] },
    { region: 'ap-southeast-1', tenancies: ['cloud', 'private'] },
    { region: 'xx-moon-1', tenancies: ['cloud'] },
  ],
};

const SINGAPORE = { region: 'ap-southeast-1', partition: 'aws', jurisdiction: ['SG'] } as const;

async function offered(change: Partial<Deployment>): Promise<readonly string[]> {
  const { verdict, findings, reasons } = await judged({
    check: 'region.offered',
    with: OFFERS,
    deployment: { ...DEPLOYMENT, ...change },
    drafts: [],
  });
  return [verdict, ...findings.map((finding) => finding.class), ...reasons.map(({ code }) => code)];
}

describe('region.offered', () => {
  it.each<[string, Partial<Deployment>]>([
    ['a single tenant on the enterprise plan', {}],
    ['a shared stack on any plan', { ...SINGAPORE, tenancy: 'cloud', plan: 'standard' }],
    ['a private one without an order form', { ...SINGAPORE, tenancy: 'private' }],
  ])('passes %s', async (_, change) => expect(await offered(change)).toEqual(['pass']));

  it.each<[string, Partial<Deployment>, readonly string[]]>([
    ['a tenancy that the region is not offered to', { tenancy: 'cloud' }, ['REGION_NOT_OFFERED']],
    ['a region outside the table', { region: 'cn-northwest-1' }, ['REGION_NOT_OFFERED']],
    ['a plan that allows no choice', { plan: 'standard' }, ['PLAN_FORBIDS_CHOICE']],
    ['a region outside the jurisdiction', { jurisdiction: ['HK'] }, ['JURISDICTION_MISMATCH']],
  ])('fails %s', async (_, change, findings) => expect(await offered(change)).toEqual(['fail', ...findings]));

  it('cannot tell of a plan that no order form shows', async () => {
    const { orderForm: _, ...unsigned } = DEPLOYMENT;
    const { verdict, reasons } = await judged({
      check: 'region.offered',
      with: OFFERS,
      deployment: unsigned,
      drafts: [],
    });
    expect({ verdict, codes: reasons.map(({ code }) => code) }).toEqual({
      verdict: 'inconclusive',
      codes: ['NOT_COLLECTED'],
    });
  });

  it('cannot tell of a region that the address data does not know', async () => {
    expect(await offered({ region: 'xx-moon-1', tenancy: 'cloud' })).toEqual([
      'inconclusive',
      'UNKNOWN_VALUE',
    ]);
  });
});
