import { describe, expect, it } from 'vitest';
import type { Stack } from '../../../sim/stack.ts';
import type { JsonObject } from '../../../src/core/index.ts';
import type { ControlResult } from '../../../src/policy/index.ts';
import { accountDrafts, DEPLOYMENT, judged } from '../../support/check-case.ts';
import { flowLine, INTERFACES, logObject, quietDay, START } from '../../support/flow-lines.ts';

/** In the United States, in China, and where many hosts all over the world answer. */
const [ABROAD, INSIDE, ANYCAST] = ['160.79.104.10', '47.92.1.18', '1.1.1.1'] as const;
const [ABROAD_6, INSIDE_6] = ['2607:6bc0::10', '2408:4003:1000::1'] as const;
const NAT = INTERFACES.find(({ nat }) => nat) ?? { id: '', address: '' };
const TASK = INTERFACES[0] ?? { id: '', address: '' };

async function flows(
  lines: readonly string[],
  given: JsonObject = {},
  change?: (stack: Stack) => Stack,
): Promise<ControlResult> {
  const logs = [...quietDay(), ...(lines.length > 0 ? [logObject(lines)] : [])];
  return judged({
    check: 'flows.egress',
    with: given,
    deployment: DEPLOYMENT,
    countries: ['CN'],
    drafts: await accountDrafts(change, logs),
  });
}

async function told(lines: readonly string[], given: JsonObject = {}, change?: (stack: Stack) => Stack) {
  const { verdict, findings, reasons } = await flows(lines, given, change);
  return [
    verdict,
    ...findings.map((finding) => `${finding.class} ${finding.resource}`),
    ...reasons.map(({ code, scope }) => `${code} ${scope}`),
  ];
}

describe('flows.egress', () => {
  it('passes where everything went to the allowed countries', async () => {
    const control = await flows([
      flowLine({ dstaddr: INSIDE }),
      flowLine({ dstaddr: INTERFACES[4]?.address ?? '' }),
    ]);
    expect(control.verdict).toBe('pass');
    expect(control.positive).toHaveLength(1);
    expect(control.coverage).toMatchObject([{}, { examined: 1, expected: 1 }]);
  });

  it.each<[string, Record<string, string | number>]>([
    ['a call from inside', {}],
    ['a call of which nothing says who opened it', { 'tcp-flags': '-' }],
    ['a datagram', { protocol: 17, 'tcp-flags': '-' }],
    ['a packet without a byte count', { bytes: '-' }],
    ['a packet of an unknown account', { 'account-id': 'unknown' }],
    [
      'a packet of an interface that is gone',
      { 'interface-id': 'eni-00000000000000abc', srcaddr: '10.40.16.99' },
    ],
    ['a packet of a format without a direction', { 'flow-direction': '-' }],
    ['a datagram whose flags are those of an answer', { protocol: 17, srcport: 443, 'tcp-flags': 18 }],
    [
      'a packet that enters a box which is gone, on its way out',
      {
        'interface-id': 'eni-00000000000000abc',
        srcaddr: '10.40.16.99',
        'tcp-flags': 0,
        'flow-direction': 'ingress',
      },
    ],
    ['a packet through a middle hop', { dstaddr: NAT.address, 'pkt-dstaddr': ABROAD }],
  ])('fails for %s', async (_, change) => {
    expect(await told([flowLine({ dstaddr: ABROAD, ...change })])).toEqual([
      'fail',
      `FLOW_INITIATED ${ABROAD}`,
    ]);
  });

  it('fails for IPv6 as for IPv4', async () => {
    expect(await told([flowLine({ srcaddr: '2406:da14::1', dstaddr: ABROAD_6 })])).toEqual([
      'fail',
      `FLOW_INITIATED ${ABROAD_6}`,
    ]);
    expect(await told([flowLine({ srcaddr: '2406:da14::1', dstaddr: INSIDE_6 })])).toEqual(['pass']);
  });

  it('tells answers to callers from calls', async () => {
    const answer = flowLine({ dstaddr: ABROAD, srcport: 443, dstport: 40_000, 'tcp-flags': 18 });
    expect(await told([answer])).toEqual(['fail', `FLOW_REPLY ${ABROAD}`]);
    const control = await flows([answer], { reply: 'disclose' });
    expect(control).toMatchObject({ verdict: 'pass', disclosed: [{ class: 'FLOW_REPLY', resource: 'US' }] });
    expect(control.disclosed[0]?.text.en).toContain('180 bytes');
  });

  it.each([
    ['high ports', 50_000, 51_000],
    ['the port of a server', 443, 443],
  ])('takes no call of before the period for an answer, with a caller to %s', async (_, dstport, srcport) => {
    const earlier = flowLine({ dstaddr: ABROAD, srcport: 40_001, dstport, 'tcp-flags': 0 });
    const caller = flowLine({
      srcaddr: ABROAD,
      dstaddr: TASK.address,
      srcport,
      dstport: 45_000,
      'flow-direction': 'ingress',
    });
    expect(await told([earlier, caller], { reply: 'disclose' })).toEqual([
      'fail',
      `FLOW_INITIATED ${ABROAD}`,
    ]);
  });

  it('takes the answer to a call for the call, where its own record is missing', async () => {
    const answer = {
      srcaddr: ABROAD,
      dstaddr: TASK.address,
      srcport: 443,
      dstport: 40_000,
      'tcp-flags': 18,
      'flow-direction': 'ingress',
    };
    expect(await told([flowLine(answer)], { reply: 'disclose' })).toEqual([
      'fail',
      `FLOW_INITIATED ${ABROAD}`,
    ]);
  });

  it('takes no flow that was rejected, and none that only came in', async () => {
    const caller = { srcaddr: ABROAD, dstaddr: TASK.address, 'flow-direction': 'ingress' };
    expect(await told([flowLine({ dstaddr: ABROAD, action: 'REJECT' }), flowLine(caller)])).toEqual(['pass']);
  });

  it('counts the bytes of a call through a NAT gateway once', async () => {
    const { findings } = await flows([
      flowLine({ dstaddr: ABROAD, bytes: 1000 }),
      flowLine({ 'interface-id': NAT.id, srcaddr: NAT.address, dstaddr: ABROAD, bytes: 1000 }),
      flowLine({
        'interface-id': NAT.id,
        srcaddr: TASK.address,
        dstaddr: NAT.address,
        'pkt-dstaddr': ABROAD,
        'flow-direction': 'ingress',
        bytes: 1000,
      }),
    ]);
    expect(findings.map(({ text }) => text.en)).toEqual([
      `Data went to ${ABROAD} in US, opened from inside: 1000 bytes`,
    ]);
  });

  it.each<[string, string]>([
    ['many places answer under', ANYCAST],
    ['stands for another one', '64:ff9b::a04f:680a'],
    ['is private, but not of this network', '10.99.0.5'],
    ['is shared by carriers', '100.64.3.3'],
    ['is reserved', '240.0.0.1'],
  ])('cannot tell of an address that %s', async (_, address) => {
    const [verdict, ...rest] = await told([flowLine({ dstaddr: address })]);
    expect({ verdict, rest }).toEqual({ verdict: 'inconclusive', rest: [`LOCATION_DISPUTED ${address}`] });
  });

  it('cannot tell whose private address it is where two networks are ours', async () => {
    const second = (stack: Stack): Stack => ({
      ...stack,
      vpcs: [
        ...stack.vpcs,
        {
          ...stack.vpcs[0],
          VpcId: 'vpc-0123456789abcdef0',
          CidrBlock: '10.99.0.0/16',
          CidrBlockAssociationSet: [{ CidrBlock: '10.99.0.0/16', CidrBlockState: { State: 'associated' } }],
        },
      ],
    });
    expect((await told([flowLine({ dstaddr: '10.99.0.5' })], {}, second))[0]).toBe('inconclusive');
    expect(await told([flowLine({ dstaddr: '10.40.99.5' })], {}, second)).toEqual(['pass']);
  });

  it('claims nothing of hours of which there is no record', async () => {
    const logs = quietDay((_, hour) => hour === 5);
    const control = await judged({
      check: 'flows.egress',
      deployment: DEPLOYMENT,
      countries: ['CN'],
      drafts: await accountDrafts(undefined, logs),
    });
    expect(control.verdict).toBe('inconclusive');
    expect(control.reasons.map(({ code, scope }) => `${code} ${scope}`)).toEqual([
      'LOG_GAP 2026-11-21T23:00:00Z',
    ]);
  });

  it('says that AWS lost records', async () => {
    const [verdict, ...rest] = await told([
      flowLine({ 'log-status': 'SKIPDATA', dstaddr: '-', srcaddr: '-', action: '-' }),
    ]);
    expect({ verdict, rest }).toEqual({ verdict: 'inconclusive', rest: [`LOG_SKIPDATA ${TASK.id}`] });
  });

  it('says that a line cannot be read', async () => {
    const [verdict, ...rest] = await told([flowLine({ dstaddr: 'example.com' })]);
    expect(verdict).toBe('inconclusive');
    expect(rest.map((reason) => reason.split(' ')[0])).toEqual(['UNREADABLE']);
  });

  it('reads the default format without a header', async () => {
    const line = `2 287312045561 ${TASK.id} ${TASK.address} ${ABROAD} 40000 443 6 3 180 ${START + 60} ${START + 120} ACCEPT OK`;
    const drafts = await accountDrafts(undefined, [...quietDay(), logObject([line], START, '')]);
    const { verdict, findings } = await judged({
      check: 'flows.egress',
      deployment: DEPLOYMENT,
      countries: ['CN'],
      drafts,
    });
    expect({ verdict, found: findings.map(({ resource }) => resource) }).toEqual({
      verdict: 'fail',
      found: [ABROAD],
    });
  });

  it('reads what a regional NAT gateway says, which has no interface', async () => {
    const fields =
      'interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status resource-id';
    const line = `- 52.80.14.21 ${ABROAD} 40000 443 6 3 180 ${START + 60} ${START + 120} ACCEPT OK nat-1a2b3c4d5e6f7a8b9`;
    const drafts = await accountDrafts(undefined, [...quietDay(), logObject([line], START, fields)]);
    const { findings } = await judged({
      check: 'flows.egress',
      deployment: DEPLOYMENT,
      countries: ['CN'],
      drafts,
    });
    expect(findings.map(({ resource }) => resource)).toContain(ABROAD);
  });

  it('judges what a late object says of the period', async () => {
    const late = logObject([flowLine({ dstaddr: ABROAD })], START + 40 * 3600);
    const drafts = await accountDrafts(undefined, [...quietDay(), late]);
    const { verdict } = await judged({
      check: 'flows.egress',
      deployment: DEPLOYMENT,
      countries: ['CN'],
      drafts,
    });
    expect(verdict).toBe('fail');
  });

  it('leaves out what lies before the period', async () => {
    const before = logObject(
      [flowLine({ dstaddr: ABROAD, start: START - 7200, end: START - 7100 })],
      START - 7200,
    );
    const drafts = await accountDrafts(undefined, [...quietDay(), before]);
    const { findings } = await judged({
      check: 'flows.egress',
      deployment: DEPLOYMENT,
      countries: ['CN'],
      drafts,
    });
    expect(findings).toEqual([]);
  });

  it('refuses parameters under which nothing could fail', async () => {
    const { CHECKS } = await import('../../../src/policy/index.ts');
    expect(
      CHECKS.get('flows.egress')?.flagsNothing?.({ initiated: 'disclose', reply: 'disclose' }),
    ).toBeDefined();
    expect(
      CHECKS.get('flows.egress')?.flagsNothing?.({ initiated: 'fail', reply: 'disclose' }),
    ).toBeUndefined();
  });
});
