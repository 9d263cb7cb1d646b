import { describe, expect, it } from 'vitest';
import { comparePolicies } from '../../src/policy/comparison.ts';
import type { Policy } from '../../src/policy/model.ts';
import type { PolicySubject } from '../../src/policy/selection.ts';
import { policiesFor } from '../../src/policy/selection.ts';
import { GOOD, parse } from './parse-support.ts';

const DEPLOYMENT: PolicySubject = {
  id: 'acme-cn',
  region: 'cn-north-1',
  tenancy: 'single-tenant',
  partition: 'aws-cn',
  jurisdiction: ['CN'],
  policies: ['china-stack'],
};

const [china] = parse(GOOD);
if (china === undefined) throw new Error('expected a policy');

const messages = (deployment: PolicySubject, policies: readonly Policy[]): readonly string[] =>
  policiesFor(deployment, policies).faults.map(({ message }) => message);

describe('the policies of a deployment', () => {
  it('are those that it names and that apply (control)', () => {
    expect(policiesFor(DEPLOYMENT, [china])).toEqual({ applied: [china], faults: [] });
  });

  it.each([
    ['names one that does not exist', { policies: ['china-stack', 'nothing'] }, /names, found none$/],
    ['names one of another region', { region: 'ap-southeast-1' }, /does not list region ap-southeast-1$/],
    ['names one of another deployment', { id: 'other' }, /does not list deployment other$/],
    [
      'does not name one that applies',
      { policies: ['other'] },
      /expected the deployment to name policy china-stack/,
    ],
    ['may not be in a country that one allows', { jurisdiction: ['SG'] }, /jurisdiction SG, found CN$/],
  ] as const)('are a fault where it %s', (_what, change, fault) => {
    const deployment = { ...DEPLOYMENT, ...change } as PolicySubject;
    expect(messages(deployment, [china, { ...china, id: 'other', appliesTo: {} }]).join('\n')).toMatch(
      new RegExp(fault.source, 'm'),
    );
  });
});

describe('two policy sets compared', () => {
  const withControl = (change: object): Policy => ({
    ...china,
    controls: china.controls.map((control) => ({ ...control, ...change })),
  });
  const withServices = (services: readonly string[]): Policy =>
    withControl({ check: 'placement.resources', parameters: { services } });

  it('are equal to themselves', () => {
    expect(comparePolicies([china], [china])).toEqual({ loosened: [], tightened: [], changed: [] });
  });

  it.each([
    ['a policy removed', [china], []],
    ['a control removed', [china], [{ ...china, controls: [] }]],
    ['a country added', [china], [{ ...china, countries: ['CN', 'HK'] }]],
    ['a severity lowered', [china], [withControl({ severity: 'low' })]],
    [
      'fail made disclose',
      [china],
      [withControl({ parameters: { initiated: 'disclose', reply: 'disclose' } })],
    ],
    ['a service removed', [withServices(['rds', 's3'])], [withServices(['rds'])]],
  ])('are looser for %s, and tighter the other way round', (_what, before, after) => {
    const there = comparePolicies(before, after);
    const back = comparePolicies(after, before);
    expect([there.loosened.length, there.tightened.length, there.changed.length]).toEqual([1, 0, 0]);
    expect([back.loosened.length, back.tightened.length, back.changed.length]).toEqual([0, 1, 0]);
  });

  it.each([
    [
      'an unknown parameter',
      withControl({ parameters: { initiated: 'fail', reply: 'disclose', sample: 3 } }),
    ],
    ['an unknown value of a scale', withControl({ parameters: { initiated: 'fail', reply: 'maybe' } })],
    ['another check', withControl({ check: 'flows.coverage' })],
    ['another scope', { ...china, appliesTo: {} }],
  ])('are changed, neither looser nor tighter, for %s', (_what, after) => {
    const { loosened, tightened, changed } = comparePolicies([china], [after]);
    expect([loosened.length, tightened.length, changed.length]).toEqual([0, 0, 1]);
  });
});
