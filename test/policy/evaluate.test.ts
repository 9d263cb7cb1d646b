import { describe, expect, it } from 'vitest';
import { runNeed } from '../../src/evidence/index.ts';
import type { Check, CheckId, Outcome } from '../../src/policy/index.ts';
import { CATALOGUE, CHECKS } from '../../src/policy/index.ts';
import { DEPLOYMENT, judged } from '../support/check-case.ts';

const NOTHING: Outcome = { findings: [], reasons: [], disclosed: [], coverage: [], positive: [] };
const GOOD: Outcome = { ...NOTHING, positive: [{ text: 'fine', values: {}, witness: [] }] };

/** A check that says what the test wants it to say. */
function checkWith(change: Partial<Check>): Check {
  const words = {
    claim: { en: 'It is {region}', zh: '{region}' },
    findings: {},
    disclosures: {},
    positive: {},
    coverage: {},
    limitations: {},
  };
  return {
    id: 'region.offered',
    parameters: { type: 'object' },
    words,
    needs: () => [runNeed('run.inventory')],
    evaluate: () => GOOD,
    canary: () => [{ id: 'bird', caught: true }],
    ...change,
  };
}

async function control(change: Partial<Check>) {
  const { verdict, reasons, claim, findings } = await judged({
    check: 'region.offered',
    with: { offers: [{ region: 'cn-north-1', tenancies: ['single-tenant'] }] },
    deployment: DEPLOYMENT,
    drafts: [],
    checks: new Map([['region.offered', checkWith(change)]]),
  });
  return {
    verdict,
    reasons: reasons.map(({ code, scope }) => `${code} ${scope}`),
    claim: claim.en,
    findings,
  };
}

describe('the runner', () => {
  it('passes a check that was shown everything and has something to say for it', async () => {
    expect(await control({})).toMatchObject({ verdict: 'pass', reasons: [], claim: 'It is cn-north-1' });
  });

  it.each<[string, Partial<Check>, string]>([
    [
      'asks for evidence that is not there',
      { needs: () => [runNeed('run.ledger')] },
      'NOT_COLLECTED run.ledger/-/-/-/start',
    ],
    ['asks for nothing', { needs: () => [] }, 'NOT_COLLECTED region.offered'],
    ['says nothing', { evaluate: () => NOTHING }, 'NOT_COLLECTED region.offered'],
    [
      'throws',
      {
        evaluate: () => {
          throw new Error('a value of the database');
        },
      },
      'FAILED region.offered evaluation',
    ],
    [
      'looks at what it did not ask for',
      {
        evaluate: (view) => {
          view.answers(runNeed('run.ledger'));
          return GOOD;
        },
      },
      'FAILED region.offered evaluation',
    ],
    ['misses its canary', { canary: () => [{ id: 'bird', caught: false }] }, 'CANARY_MISSED bird'],
    ['has no canary', { canary: () => [] }, 'CANARY_MISSED canary'],
    [
      'whose canary throws',
      {
        canary: () => {
          throw new Error('x');
        },
      },
      'FAILED region.offered canary',
    ],
    [
      'is not sure itself',
      { evaluate: () => ({ ...GOOD, reasons: [{ code: 'UNKNOWN_VALUE', scope: 'x', detail: '' }] }) },
      'UNKNOWN_VALUE x',
    ],
  ])('is inconclusive for one that %s', async (_, change, reason) => {
    const { verdict, reasons } = await control(change);
    expect(verdict).toBe('inconclusive');
    expect(reasons).toContain(reason);
  });

  it('tells nothing of what a check threw but that it did', async () => {
    const thrown = await control({
      evaluate: () => {
        throw new Error('4111 1111 1111 1111');
      },
    });
    expect(JSON.stringify(thrown)).not.toContain('4111');
  });

  it('keeps a finding with its reasons: what was seen stands', async () => {
    const finding = { class: 'BAD', resource: 'x', values: {}, witness: [] };
    const found = await control({
      needs: () => [runNeed('run.ledger')],
      evaluate: () => ({ ...NOTHING, findings: [finding, finding] }),
    });
    expect(found.verdict).toBe('fail');
    expect(found.reasons).toEqual(['NOT_COLLECTED run.ledger/-/-/-/start']);
    expect(found.findings).toHaveLength(1);
  });

  it('lets the inventory alone exempt a control', async () => {
    const exempt = await control({
      notApplicable: () => ({ en: 'no memory', zh: '无记忆' }),
      needs: () => [runNeed('run.ledger')],
    });
    expect(exempt).toMatchObject({ verdict: 'not-applicable', reasons: [] });
  });
});

describe('the catalogue', () => {
  const unbuilt = (Object.keys(CATALOGUE) as CheckId[]).filter((id) => !CHECKS.has(id));

  it.each(unbuilt)('knows %s, which is not built yet', async (check) => {
    const { verdict, reasons } = await judged({ check, deployment: DEPLOYMENT, drafts: [] });
    expect({ verdict, codes: reasons.map(({ code }) => code) }).toEqual({
      verdict: 'inconclusive',
      codes: ['NOT_IMPLEMENTED'],
    });
  });

  it.each([...CHECKS])(
    '%s: has its words in both languages, and a canary that is caught',
    async (id, check) => {
      const texts = [
        check.words.claim,
        ...[
          check.words.findings,
          check.words.disclosures,
          check.words.positive,
          check.words.coverage,
          check.words.limitations,
        ].flatMap((words) => Object.values(words)),
      ];
      expect(texts.filter(({ en, zh }) => en.trim() === '' || !/\p{Script=Han}/u.test(zh))).toEqual([]);
      const given =
        id === 'region.offered'
          ? { offers: [{ region: 'cn-north-1', tenancies: ['single-tenant'] }] }
          : id === 'placement.resources'
            ? { services: ['rds'] }
            : {};
      const { canaries } = await judged({
        check: id,
        with: given,
        deployment: DEPLOYMENT,
        countries: ['CN'],
        drafts: [],
      });
      expect(canaries.length).toBeGreaterThan(0);
      expect(canaries.filter(({ caught }) => !caught)).toEqual([]);
    },
  );
});
