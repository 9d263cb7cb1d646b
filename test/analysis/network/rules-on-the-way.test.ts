import { beforeAll, describe, expect, it } from 'vitest';
import { answerAll, outsideGoal, solveBuilt } from '../../../src/analysis/index.ts';
import type { JsonObject } from '../../../src/core/index.ts';
import type { Locator } from '../../../src/geo/index.ts';
import { asking } from '../../support/ask-network.ts';
import { instruments } from '../../support/run-sample.ts';
import type { Answers } from '../../support/small-network.ts';
import { acl, networkWith } from '../../support/small-network.ts';

let locator: Locator;

beforeAll(async () => {
  ({ locator } = await instruments());
});

const ask = await asking({ from: 'eni-public' });

function withEntries(...entries: readonly JsonObject[]): Answers {
  return { 'ec2:DescribeNetworkAcls': [acl('acl-1', ['subnet-public', 'subnet-private'], entries)] };
}

const entry = (RuleNumber: number, Egress: boolean, RuleAction: string, CidrBlock: string): JsonObject => ({
  RuleNumber,
  Egress,
  Protocol: '6',
  RuleAction,
  CidrBlock,
  PortRange: { From: 0, To: 65_535 },
});

/** A person who checks a path by hand needs the rule at each filter, not only its list. */
describe('the rule at each filter on the way', () => {
  it('is the entry of the network ACL and the rule of the group that let the packet through', () => {
    const change = withEntries(entry(5, true, 'deny', '9.0.0.0/8'), entry(7, true, 'allow', '8.8.0.0/16'));
    const { hops } = ask({}, change);
    expect(hops).toContainEqual({
      kind: 'network-acl',
      id: 'acl-1',
      by: 'outbound entry 7 (tcp, 8.8.0.0/16)',
    });
    expect(hops).toContainEqual({
      kind: 'security-group',
      id: 'sg-open',
      by: 'outbound to 0.0.0.0/0 (all traffic)',
    });
  });

  it('is another one for another packet', () => {
    const change = withEntries(entry(7, true, 'allow', '8.8.0.0/16'));
    expect(ask({ to: '1.1.1.1' }, change).hops).toContainEqual({
      kind: 'network-acl',
      id: 'acl-1',
      by: 'outbound entry 100 (all traffic, 0.0.0.0/0)',
    });
  });

  it('is looked up by the source for a packet that comes in', () => {
    const change = withEntries(entry(7, false, 'allow', '8.8.0.0/16'));
    const { hops } = ask({ from: 'internet', fromIp: '8.8.4.4', to: 'eni-public' }, change);
    expect(hops.filter(({ kind }) => kind === 'network-acl')).toEqual([
      { kind: 'network-acl', id: 'acl-1', by: 'inbound entry 7 (tcp, 8.8.0.0/16)' },
    ]);
    expect(hops).toContainEqual({
      kind: 'security-group',
      id: 'sg-open',
      by: 'inbound from 0.0.0.0/0 (all traffic)',
    });
  });

  it.each([
    ['one entry', [entry(5, true, 'deny', '8.0.0.0/8')], 'outbound entry 5: deny'],
    ['none but the default', [], 'outbound entry * (default): deny'],
  ])('is the denying one where %s stops it', (_, entries, rule) => {
    const shut = entries.length > 0 ? [] : [entry(32_767, true, 'deny', '0.0.0.0/0')];
    const list = acl('acl-1', ['subnet-public', 'subnet-private'], [...entries, ...shut]);
    const kept = (list['Entries'] as readonly JsonObject[]).filter(
      (one) => entries.length > 0 || one['RuleNumber'] !== 100,
    );
    const answer = ask({}, { 'ec2:DescribeNetworkAcls': [{ ...list, Entries: kept }] });
    expect(answer).toMatchObject({
      disposition: 'denied',
      blockedBy: { kind: 'network-acl', id: 'acl-1', rule },
    });
  });

  it('stands in the cut of an interface that cannot leave', () => {
    const change = withEntries(entry(5, true, 'deny', '0.0.0.0/0'), {
      RuleNumber: 6,
      Egress: true,
      Protocol: '-1',
      RuleAction: 'deny',
      CidrBlock: '0.0.0.0/0',
    });
    const network = networkWith({ ...change, 'ec2:DescribeInternetGateways': [] });
    const answers = answerAll(solveBuilt(network), outsideGoal(network, 'internet', locator));
    const sealed = answers.find((one) => one.interface === 'eni-private');
    expect(sealed?.cut.join(' ')).toContain('network-acl acl-1: outbound entries 5, 6: deny');
  });
});
