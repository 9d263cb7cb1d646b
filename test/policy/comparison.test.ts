import { describe, expect, it } from 'vitest';
import type { Policy } from '../../src/policy/index.ts';
import { comparePolicies } from '../../src/policy/index.ts';
import { parse } from './parse-support.ts';

const policies = (change: (text: string) => string = (text) => text) =>
  parse(
    change(`apiVersion: domicile/v1
kind: Policy
metadata: { id: china, version: 1.0.0, title: { en: China, zh: 中国 } }
appliesTo: {}
jurisdiction: { countries: [CN] }
controls:
  - { id: egress, title: { en: Egress, zh: 出境 }, severity: high, check: flows.egress, with: { reply: fail } }
  - { id: placed, title: { en: Placed, zh: 位置 }, severity: high, check: placement.resources, with: { services: [rds, s3] } }
  - { id: covered, title: { en: Covered, zh: 覆盖 }, severity: high, check: flows.coverage, with: { quiet: inconclusive } }
`),
  );

const BEFORE = policies();

/** The comparison in English. */
function compared(before: readonly Policy[], after: readonly Policy[]) {
  const { loosened, tightened, changed } = comparePolicies(before, after);
  const english = (texts: readonly { readonly en: string }[]): readonly string[] => texts.map(({ en }) => en);
  return { loosened: english(loosened), tightened: english(tightened), changed: english(changed) };
}

/** Each change with its direction; the way back must have the other one. */
const CHANGES: readonly (readonly [string, (text: string) => string, 'loosened' | 'tightened', string])[] = [
  [
    'a class that is only told',
    (text) => text.replace('reply: fail', 'reply: disclose'),
    'loosened',
    'china/egress: reply fail -> disclose',
  ],
  ['a country more', (text) => text.replace('[CN]', '[CN, HK]'), 'loosened', 'china: countries + HK'],
  ['a service less', (text) => text.replace('[rds, s3]', '[rds]'), 'loosened', 'china/placed: services - s3'],
  [
    'a lower severity',
    (text) => text.replace('severity: high, check: flows.egress', 'severity: low, check: flows.egress'),
    'loosened',
    'china/egress: severity high -> low',
  ],
  [
    'silence that is only told',
    (text) => text.replace('quiet: inconclusive', 'quiet: tell'),
    'loosened',
    'china/covered: quiet inconclusive -> tell',
  ],
  [
    'a control less',
    (text) => text.replace(/\n {2}- \{ id: placed.*\n/, '\n'),
    'loosened',
    'china/placed: control removed',
  ],
];

describe('two versions of a policy', () => {
  it.each(CHANGES)('with %s', (_, change, direction, text) => {
    const after = policies(change);
    expect(compared(BEFORE, after)).toEqual({
      loosened: [],
      tightened: [],
      changed: [],
      [direction]: [text],
    });
    const back = compared(after, BEFORE);
    expect({ loosened: back.loosened, tightened: back.tightened.length }).toEqual({
      loosened: [],
      tightened: 1,
    });
  });

  it('of which nobody can say whether they ask more or less are called changed', () => {
    const other = policies((text) =>
      text.replace('check: flows.egress, with: { reply: fail }', 'check: content.absent'),
    );
    expect(compared(BEFORE, other)).toEqual({
      loosened: [],
      tightened: [],
      changed: ['china/egress: check flows.egress -> content.absent'],
    });
    const everywhere = policies((text) => text.replace('jurisdiction: { countries: [CN] }\n', ''));
    expect(compared(BEFORE, everywhere).changed).toHaveLength(1);
  });

  it('that are the same differ in nothing', () => {
    expect(compared(BEFORE, policies())).toEqual({ loosened: [], tightened: [], changed: [] });
  });

  it('of which one is gone, or new', () => {
    expect(compared(BEFORE, []).loosened).toEqual(['china: policy removed']);
    expect(compared([], BEFORE).tightened).toEqual(['china: policy added']);
  });
});
