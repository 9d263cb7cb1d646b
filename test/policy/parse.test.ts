import { describe, expect, it } from 'vitest';
import { readPolicyFiles } from '../../src/config/index.ts';
import { sha256Hex } from '../../src/core/index.ts';
import { isCheckId } from '../../src/policy/catalogue.ts';
import { parsePolicies } from '../../src/policy/parse/policy-file.ts';
import { ENVIRONMENT, faultsOf, GOOD, parse } from './parse-support.ts';

const BUILT = [...ENVIRONMENT.checks.keys()];
const faultsWith = (from: string, to: string): readonly string[] => {
  if (!GOOD.includes(from)) throw new Error(`the policy has no ${from}`);
  return faultsOf(() => parse(GOOD.replace(from, to)));
};

describe('a policy', () => {
  it('becomes a value with defaults, digest of its bytes and the articles that it names', () => {
    expect(parse(GOOD)).toMatchObject([
      {
        id: 'china-stack',
        version: '1.0.0',
        file: '1.yaml',
        sha256: sha256Hex(GOOD),
        appliesTo: { regions: ['cn-north-1'], deployments: ['acme-cn'] },
        countries: ['CN'],
        controls: [
          {
            id: 'no-egress',
            severity: 'critical',
            check: 'flows.egress',
            parameters: { initiated: 'fail', reply: 'disclose' },
            legal: [{ law: 'PIPL', edition: '2021', article: '38' }],
          },
        ],
      },
    ]);
  });

  it('may name a check that is not built, without parameters', () => {
    const text = GOOD.replace('flows.egress', 'web.icp').replace('    with: { reply: disclose }\n', '');
    expect(parse(text)[0]?.controls[0]).toMatchObject({ check: 'web.icp', parameters: {} });
  });

  it.each([
    [
      'an unknown check',
      'check: flows.egress',
      'check: flows.egres',
      /^1.yaml:11:12 expected a check of the catalogue, found "flows.egres"$/,
    ],
    [
      'a member of every object as a check',
      'check: flows.egress',
      'check: constructor',
      /^1.yaml:11:12 expected a check/,
    ],
    [
      'an unknown parameter',
      'reply: disclose',
      'resolver: fail',
      /^1.yaml:12:13 flows.egress: expected only initiated, reply here, found "resolver"$/,
    ],
    [
      'an invalid parameter',
      'reply: disclose',
      'reply: ignore',
      /^1.yaml:12:20 flows.egress: expected one of fail, disclose; found|^1.yaml:12:20 flows.egress: expected one of fail, disclose, found "ignore"$/,
    ],
    [
      'parameters under which nothing could fail',
      'with: { reply',
      'with: { initiated: disclose, reply',
      /^1.yaml:12:11 expected parameters under which flows.egress could flag something/,
    ],
    [
      'parameters of a check that is not built',
      'check: flows.egress',
      'check: web.icp',
      /^1.yaml:12:5 expected no parameters/,
    ],
    [
      'an unknown region',
      'cn-north-1',
      'cn-north-9',
      /^1.yaml:4:24 expected a region of the region table, found "cn-north-9" \(known are .*cn-north-1/,
    ],
    [
      'an unknown deployment',
      'acme-cn',
      'acme-ch',
      /^1.yaml:4:51 expected a deployment of the inventory, found "acme-ch"/,
    ],
    [
      'an unknown country',
      '[CN]',
      '[UK]',
      /^1.yaml:5:29 expected an ISO 3166-1 alpha-2 country code, found "UK"$/,
    ],
    [
      'an unknown law',
      'law: PIPL',
      'law: PIPPL',
      /^1.yaml:9:13 expected one of the laws .*, found "PIPPL 38"$/,
    ],
    [
      'an unknown article',
      '"38"',
      '"381"',
      /^1.yaml:9:13 expected one of the articles .* of PIPL 2021, found "PIPL 381"$/,
    ],
    [
      'an unknown edition',
      '"38" }',
      '"38", edition: "1999" }',
      /expected one of the editions 2021, found "PIPL 1999 38"$/,
    ],
    [
      'an article that was renumbered',
      'PIPL, article: "38"',
      'CSL, article: "37"',
      /\(what was article 37 in an earlier edition is article 39 in edition 2025\)$/,
    ],
    [
      'an article without quotes',
      '"38"',
      '38',
      /^1.yaml:9:35 expected text, found the number 38: put it in quotes$/,
    ],
    [
      'an unknown severity',
      'critical',
      'urgent',
      /^1.yaml:10:15 expected one of low, medium, high, critical, found "urgent"$/,
    ],
    ['a version that is none', 'version: 1.0.0', 'version: v1', /^1.yaml:3:39 expected text that matches/],
    ['a title in one language', ', zh: 中国 }', ' }', /^1.yaml:3:53 expected the member zh, found none$/],
    [
      'an unknown member',
      'kind: Policy',
      'kind: Policy\nnotAssessed: []',
      /^1.yaml:3:1 expected only .* here, found "notAssessed"$/,
    ],
    ['an empty scope list', '[cn-north-1]', '[]', /^1.yaml:4:23 expected at least 1 entry, found 0$/],
  ])('is refused for %s', (_what, from, to, fault) => {
    const faults = faultsWith(from, to);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(fault);
  });

  it('is refused for an empty list of controls', () => {
    const text = `${GOOD.slice(0, GOOD.indexOf('controls:'))}controls: []\n`;
    expect(faultsOf(() => parse(text))).toEqual(['1.yaml:6:11 expected at least 1 entry, found 0']);
  });

  it('is refused for ids that are there twice, in a file and among files', () => {
    const control = GOOD.slice(GOOD.indexOf('  - id:'));
    expect(faultsOf(() => parse(GOOD + control, GOOD))).toEqual([
      '1.yaml:13:9 expected each control id once, found "no-egress" again',
      '2.yaml:3:17 expected each policy id once, found "china-stack" again (the other one is 1.yaml)',
    ]);
  });

  it('tells the faults of every kind and file at once, in their order', () => {
    const one = GOOD.replace('critical', 'urgent')
      .replace('flows.egress', 'flows.nothing')
      .replace('[CN]', '[ZZ]');
    expect(
      faultsOf(() => parse(one, 'a: [', GOOD.replace('china-stack', 'other').replace('38', '0'))),
    ).toMatchObject([
      expect.stringMatching(/^1.yaml:5:29 .*"ZZ"/),
      expect.stringMatching(/^1.yaml:10:15 .*"urgent"/),
      expect.stringMatching(/^1.yaml:11:12 .*"flows.nothing"/),
      expect.stringMatching(/^2.yaml:1:5 expected /),
      expect.stringMatching(/^3.yaml:9:13 .*"PIPL 0"/),
    ]);
  });

  it('with ten thousand faults lists a hundred and counts the rest', () => {
    const head = GOOD.slice(0, GOOD.indexOf('  - id:'));
    const control = (index: number): string =>
      `  - { id: c${index}, title: { en: a, zh: b }, severity: low, check: nothing }\n`;
    const faults = faultsOf(() =>
      parse(head + Array.from({ length: 10_000 }, (_, index) => control(index)).join('')),
    );
    expect(faults).toHaveLength(101);
    expect(faults.at(-1)).toBe('and 9900 more');
  });

  it('of any shape is refused or read, and never crashes the reader', () => {
    for (const text of [
      '',
      '[]',
      'controls: 1',
      'controls: [1, null, {}]',
      'controls: [{ check: flows.egress, with: 1, basis: [1] }]',
      'appliesTo: { regions: [1] }',
    ]) {
      expect(faultsOf(() => parse(text)).length).toBeGreaterThan(0);
    }
  });
});

describe("the project's policies", () => {
  const policies = parsePolicies(readPolicyFiles(), ENVIRONMENT);

  it('are accepted, in both languages', () => {
    expect(policies.map(({ id }) => id)).toEqual([
      'china-stack',
      'data-handling',
      'global-placement',
      'region-table',
    ]);
    for (const { title, controls } of policies) {
      for (const text of [title, ...controls.map((control) => control.title)])
        expect(text.zh).toMatch(/\p{Script=Han}/u);
    }
  });

  it('name only checks that are built', () => {
    const named = policies.flatMap(({ controls }) => controls.map(({ check }) => check));
    expect(named.filter((check) => !BUILT.includes(check))).toEqual([]);
    expect(isCheckId('flows.nothing')).toBe(false);
  });

  it('judge no deployment twice by one check', () => {
    const sets = [
      ['region-table', 'data-handling', 'china-stack'],
      ['region-table', 'data-handling', 'global-placement'],
    ];
    for (const set of sets) {
      const checks = policies
        .filter(({ id }) => set.includes(id))
        .flatMap(({ controls }) => controls.map(({ check }) => check));
      expect(new Set(checks).size).toBe(checks.length);
    }
  });

  it('say that counsel has not reviewed the legal texts', () => {
    expect(ENVIRONMENT.legalTexts.review.en).toContain('not yet reviewed');
    for (const { articles } of ENVIRONMENT.legalTexts.laws) {
      for (const { text } of articles) expect(text.zh).toMatch(/\p{Script=Han}/u);
    }
  });
});
