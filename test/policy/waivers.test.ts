import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { locateYaml, projectSchema } from '../../src/config/index.ts';
import { isWaivable } from '../../src/policy/catalogue.ts';
import { findingId } from '../../src/policy/finding.ts';
import type { ControlResult, Waiver } from '../../src/policy/index.ts';
import { applyWaivers, parseWaivers } from '../../src/policy/index.ts';
import { faultsOf, parse } from './parse-support.ts';

const POLICY = parse(`apiVersion: domicile/v1
kind: Policy
metadata: { id: china-stack, version: 1.0.0, title: { en: China, zh: 中国 } }
appliesTo: {}
controls:
  - { id: placed, title: { en: Placed, zh: 位置 }, severity: high, check: placement.resources, with: { services: [rds] } }
  - { id: covered, title: { en: Covered, zh: 覆盖 }, severity: high, check: flows.coverage }
  - { id: absent, title: { en: Absent, zh: 不存在 }, severity: high, check: content.absent }
  - { id: trail, title: { en: Trail, zh: 日志 }, severity: high, check: trail.integrity }
`);

const WAIVER = {
  id: 'archive-moves',
  deployment: 'acme-cn',
  control: 'china-stack/placed',
  finding: '0123456789abcdef01234567',
  requestedBy: 'Chen Jie',
  approvedBy: 'Tan Hui',
  reason: 'The archive bucket moves next month',
  granted: '2026-11-01',
  expires: '2027-01-15',
  renewals: 0,
};

function read(...waivers: readonly object[]): readonly Waiver[] {
  const bytes = new TextEncoder().encode(stringify({ apiVersion: 'domicile/v1', kind: 'Waivers', waivers }));
  return parseWaivers(locateYaml({ file: 'waivers.yaml', bytes }, projectSchema('waivers')), {
    deployments: new Set(['acme-cn']),
    policies: POLICY,
  });
}

describe('a file of waivers', () => {
  it('is read, the expired ones too', () => {
    expect(read(WAIVER, { ...WAIVER, id: 'old', granted: '2026-01-01', expires: '2026-02-01' })).toHaveLength(
      2,
    );
  });

  it.each<[string, object, string]>([
    ['approved by the requester', { approvedBy: 'Chen Jie' }, 'somebody else than the requester'],
    [
      'approved by the requester in other letters',
      { approvedBy: '  ｃｈｅｎ  JIE ' },
      'somebody else than the requester',
    ],
    ['approved by the requester with an invisible letter', { approvedBy: 'Chen\u200b Jie' }, 'somebody else'],
    ['approved by the requester, the other way round', { approvedBy: 'Jie, Chen' }, 'somebody else'],
    ['approved by the requester with an accent', { approvedBy: 'Chén Jié' }, 'somebody else'],
    ['approved by the requester in Cyrillic letters', { approvedBy: 'Сhеn Jiе' }, 'somebody else'],
    [
      'approved by the requester with an address',
      { approvedBy: 'Chen Jie <jie@example.com>' },
      'somebody else',
    ],
    [
      'approved by the address of the requester',
      { requestedBy: 'Chen Jie <Jie@example.com>', approvedBy: 'J. Chen (jie+ok@example.com)' },
      'somebody else',
    ],
    ['for 91 days', { expires: '2027-01-31' }, 'found one 91 days after'],
    ['for no day', { expires: '2026-11-01' }, 'found one 0 days after'],
    ['of an unknown control', { control: 'china-stack/other' }, 'a control as policyId/controlId'],
    ['of an unknown deployment', { deployment: 'acme-us' }, 'a deployment of the inventory'],
    ['of coverage', { control: 'china-stack/covered' }, 'flows.coverage, which no exception can cover'],
    ['of content', { control: 'china-stack/absent' }, 'content.absent, which no exception can cover'],
    ['of the trail', { control: 'china-stack/trail' }, 'trail.integrity, which no exception can cover'],
    ['with hardly a reason', { reason: 'because' }, 'expected at least 10 characters'],
    ['without a count of renewals', { renewals: undefined }, 'renewals'],
  ])('is refused with one %s', (_, change, message) => {
    const faults = faultsOf(() => read({ ...WAIVER, ...change }));
    expect(faults.join('\n')).toContain(message);
  });

  it('is accepted with one for 90 days', () => {
    expect(read({ ...WAIVER, expires: '2027-01-30' })).toHaveLength(1);
  });

  it('is refused with two of one finding for the same day, and tells everything at once', () => {
    const second = {
      ...WAIVER,
      id: 'again',
      granted: '2027-01-14',
      expires: '2027-02-01',
      approvedBy: 'chen jie',
    };
    expect(faultsOf(() => read(WAIVER, second))).toHaveLength(2);
    const next = { ...second, approvedBy: 'Tan Hui', granted: '2027-01-15' };
    expect(read(WAIVER, { ...next, renewals: 1 })).toHaveLength(2);
    expect(faultsOf(() => read({ ...next, renewals: 0 }, WAIVER)).join()).toContain('more renewals');
  });
});

const FINDINGS = ['a', 'b'].map((resource) => ({
  id: findingId('china-stack/placed', resource, 'NOT_ENCRYPTED'),
  class: 'NOT_ENCRYPTED',
  resource,
  text: { en: resource, zh: resource },
  witness: [],
  waived: false,
}));
const [FIRST, SECOND] = FINDINGS.map(({ id }) => id) as [string, string];

const CONTROL: ControlResult = {
  id: 'china-stack/placed',
  policy: 'china-stack',
  control: 'placed',
  check: 'placement.resources',
  title: { en: 'Placed', zh: '位置' },
  claim: { en: 'Placed', zh: '位置' },
  severity: 'high',
  verdict: 'fail',
  waived: false,
  basis: null,
  parameters: {},
  reasons: [],
  findings: FINDINGS,
  disclosed: [],
  coverage: [],
  positive: [],
  limitations: [],
  canaries: [],
  evidence: [],
  legal: [],
  waivable: true,
};
const of = (finding: string, change: Partial<Waiver> = {}): Waiver => ({
  ...WAIVER,
  id: finding,
  finding,
  ...change,
});
const NOW = '2026-11-22T20:10:00Z';

describe('an exception', () => {
  it('leaves the verdict fail, and waives the control once every finding is covered', () => {
    const [half] = applyWaivers([CONTROL], [of(FIRST)], NOW).controls;
    expect(half).toMatchObject({
      verdict: 'fail',
      waived: false,
      findings: [{ waived: true }, { waived: false }],
    });
    const whole = applyWaivers([CONTROL], [of(FIRST), of(SECOND)], NOW);
    expect(whole.controls[0]).toMatchObject({ verdict: 'fail', waived: true });
    expect(whole.waivers.map(({ renewals, expires }) => [renewals, expires])).toEqual([
      [0, '2027-01-15'],
      [0, '2027-01-15'],
    ]);
  });

  it.each<[string, Waiver, string]>([
    ['before it is granted', of(FIRST, { granted: '2026-11-23' }), 'not-yet-granted'],
    ['on the day that it expires', of(FIRST, { expires: '2026-11-22' }), 'expired'],
    ['for another finding', of('f'.repeat(24)), 'no-such-finding'],
    ['for another control', of(FIRST, { control: 'china-stack/covered' }), 'no-such-finding'],
  ])('does nothing %s', (_, waiver, why) => {
    const { controls, waivers, idle } = applyWaivers([CONTROL], [waiver, of(SECOND)], NOW);
    expect(controls[0]).toMatchObject({ waived: false });
    expect(waivers).toHaveLength(1);
    expect(idle).toEqual([{ waiver, why }]);
  });

  it('does nothing where no exception is allowed', () => {
    const { controls, idle } = applyWaivers([{ ...CONTROL, waivable: false }], [of(FIRST), of(SECOND)], NOW);
    expect(controls[0]).toMatchObject({ waived: false });
    expect(idle.map(({ why }) => why)).toEqual(['not-waivable', 'not-waivable']);
  });

  it('does not cover what was not seen', () => {
    const unseen: ControlResult = {
      ...CONTROL,
      verdict: 'inconclusive',
      findings: [],
      reasons: [{ code: 'LOG_GAP', scope: 'x', detail: '' }],
    };
    expect(applyWaivers([unseen], [of(FIRST)], NOW).controls).toEqual([unseen]);
  });

  it('cannot be granted for gaps, trails and content, and for everything else', () => {
    expect(
      ['flows.coverage', 'trail.integrity', 'content.absent'].map((check) =>
        isWaivable(check as 'content.absent'),
      ),
    ).toEqual([false, false, false]);
    expect(isWaivable('placement.resources')).toBe(true);
  });
});

describe('the id of a finding', () => {
  it('follows from control, resource and class, and from nothing else', () => {
    expect(FIRST).toBe(findingId('china-stack/placed', 'a', 'NOT_ENCRYPTED'));
    const others = [
      findingId('china-stack/other', 'a', 'NOT_ENCRYPTED'),
      findingId('china-stack/placed', 'b', 'NOT_ENCRYPTED'),
      findingId('china-stack/placed', 'a', 'OTHER'),
    ];
    expect(new Set([FIRST, ...others]).size).toBe(4);
    expect(FIRST).toMatch(/^[0-9a-f]{24}$/);
  });
});
