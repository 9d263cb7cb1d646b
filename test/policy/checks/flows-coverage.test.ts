import { describe, expect, it } from 'vitest';
import type { AwsObject, Stack } from '../../../sim/stack.ts';
import type { JsonObject } from '../../../src/core/index.ts';
import type { ControlResult } from '../../../src/policy/index.ts';
import { accountDrafts, CLEAN, DEPLOYMENT, judged } from '../../support/check-case.ts';
import { INTERFACES, idleLine, logObject, quietDay, START } from '../../support/flow-lines.ts';

const TASK = INTERFACES[0]?.id ?? '';
const HOUR = 3600;

async function coverage(
  logs = quietDay(),
  given: JsonObject = {},
  change?: (stack: Stack) => Stack,
  window = { start: '2026-11-21T18:00:00Z', end: '2026-11-22T18:00:00Z' },
): Promise<ControlResult> {
  const drafts = await accountDrafts(change, logs);
  return judged({ check: 'flows.coverage', with: given, deployment: DEPLOYMENT, drafts, window });
}

const gaps = ({ verdict, reasons }: ControlResult): readonly string[] => [
  verdict,
  ...reasons.map(({ code, scope }) => `${code} ${scope}`),
];

const withFlowLog =
  (change: AwsObject) =>
  (stack: Stack): Stack => ({ ...stack, flowLogs: stack.flowLogs.map((one) => ({ ...one, ...change })) });

/** The quiet day, but for what the task's own records say. */
function dayOf(spans: readonly (readonly [from: number, to: number])[]) {
  return [
    ...quietDay((id) => id === TASK),
    logObject(spans.map(([from, to]) => idleLine(TASK, START + from, START + to))),
  ];
}

describe('flows.coverage', () => {
  it('passes where every interface has records in every hour', async () => {
    const control = await coverage();
    expect(control.verdict).toBe('pass');
    expect(control.coverage).toMatchObject([
      { examined: 24, expected: 24, unit: 'hours' },
      { examined: 24 * INTERFACES.length, expected: 24 * INTERFACES.length },
      { examined: 24, expected: 24 },
    ]);
  });

  it('speaks of periods that start in the middle of an hour', async () => {
    const window = { start: '2026-11-21T18:17:30Z', end: '2026-11-22T17:42:10Z' };
    expect(gaps(await coverage(quietDay(), {}, undefined, window))).toEqual(['pass']);
  });

  it('is inconclusive for an hour without any record', async () => {
    expect(gaps(await coverage(quietDay((_, hour) => hour === 3)))).toEqual([
      'inconclusive',
      'LOG_GAP 2026-11-21T21:00:00Z',
    ]);
  });

  it.each<[string, readonly (readonly [number, number])[]]>([
    [
      'in the middle of an hour',
      [
        [0, HOUR + 600],
        [2 * HOUR, 24 * HOUR],
      ],
    ],
    [
      'across the border of two hours, less than the tolerance in each',
      [
        [0, HOUR - 660],
        [HOUR + 660, 24 * HOUR],
      ],
    ],
    ['at the start of the period', [[1200, 24 * HOUR]]],
    ['at its end', [[0, 24 * HOUR - 1200]]],
  ])('is inconclusive for a hole %s', async (_, spans) => {
    expect(gaps(await coverage(dayOf(spans)))).toEqual(['inconclusive', `LOG_GAP ${TASK}`]);
  });

  it('takes holes that imprecision explains for none', async () => {
    expect(
      gaps(
        await coverage(
          dayOf([
            [50, HOUR - 650],
            [HOUR + 60, 24 * HOUR - 60],
          ]),
        ),
      ),
    ).toEqual(['pass']);
  });

  it('tells of a quiet interface, or is inconclusive for it, as the policy says', async () => {
    const silent = quietDay((id, hour) => id === TASK && hour > 20);
    const control = await coverage(silent);
    expect(control).toMatchObject({ verdict: 'pass', disclosed: [{ class: 'QUIET', resource: TASK }] });
    expect(gaps(await coverage(silent, { quiet: 'inconclusive' }))).toEqual([
      'inconclusive',
      `LOG_GAP ${TASK}`,
    ]);
  });

  it('is inconclusive for an interface without a single record, whatever the policy says', async () => {
    const silent = quietDay((id) => id === TASK);
    expect(gaps(await coverage(silent))).toEqual(['inconclusive', `LOG_GAP ${TASK}`]);
    const firstHour = logObject([idleLine(TASK, START, START + HOUR - 1)]);
    expect(gaps(await coverage([...silent, firstHour]))).toEqual(['pass']);
  });

  it('is inconclusive for a record of no traffic that names who sent some', async () => {
    const lie = idleLine(TASK, START, START + HOUR - 1).replace(
      ' - - - - - - - ',
      ' 10.0.0.1 8.8.8.8 4 443 6 9 9 ',
    );
    const control = await coverage([...quietDay((id, at) => id === TASK && at === 0), logObject([lie])]);
    expect(control.verdict).toBe('inconclusive');
    expect(control.reasons.map(({ code }) => code)).toContain('UNREADABLE');
  });

  it('tells of interfaces that have records and are not listed', async () => {
    const fewer = (stack: Stack): Stack => ({
      ...stack,
      networkInterfaces: stack.networkInterfaces.slice(1),
    });
    const { verdict, disclosed } = await coverage(quietDay(), {}, fewer);
    expect({ verdict, told: disclosed.map((one) => one.class) }).toEqual({
      verdict: 'pass',
      told: ['UNLISTED'],
    });
    expect(disclosed[0]?.witness).toEqual([{ label: 'interface', value: TASK }]);
    expect((await coverage()).disclosed).toEqual([]);
  });

  it('is inconclusive for an interface without its id', async () => {
    const nameless = (stack: Stack): Stack => ({
      ...stack,
      networkInterfaces: stack.networkInterfaces.map((one, index) =>
        index === 0 ? { ...one, NetworkInterfaceId: '' } : one,
      ),
    });
    const control = await coverage(quietDay(), {}, nameless);
    expect(gaps(control)).toContain('UNKNOWN_VALUE ec2:DescribeNetworkInterfaces');
  });

  it.each<[string, AwsObject]>([
    ['accepted traffic only', { TrafficType: 'ACCEPT' }],
    ['made during the period', { CreationTime: '2026-11-22T02:00:00Z' }],
    ['of which nobody says since when', { CreationTime: null }],
    ['that fails to deliver', { DeliverLogsStatus: 'FAILED' }],
    ['of which nobody says whether it delivers', { DeliverLogsStatus: null }],
    ['that is not active', { FlowLogStatus: 'INACTIVE' }],
    ['that goes to a bucket which was not read', { LogDestination: 'arn:aws-cn:s3:::another-bucket' }],
    [
      'that goes to another folder of the bucket',
      { LogDestination: `arn:aws-cn:s3:::gateway-flow-logs-${CLEAN.stack.account}/other/` },
    ],
    ['that goes to CloudWatch', { LogDestinationType: 'cloud-watch-logs', LogDestination: null }],
    ['of another network', { ResourceId: 'vpc-0fedcba9876543210' }],
  ])('is inconclusive under a flow log %s', async (_, change) => {
    const [verdict, ...told] = gaps(await coverage(quietDay(), {}, withFlowLog(change)));
    expect({ verdict, told: told.toSorted() }).toEqual({
      verdict: 'inconclusive',
      told: INTERFACES.map(({ id }) => `LOG_GAP ${id}`).toSorted(),
    });
  });

  it('accepts a flow log on the interface or its subnet', async () => {
    const perSubnet = (stack: Stack): Stack => ({
      ...stack,
      flowLogs: stack.subnets.map((subnet, index) => ({
        ...stack.flowLogs[0],
        FlowLogId: `fl-0${index}`,
        ResourceId: String(subnet['SubnetId']),
      })),
    });
    expect(gaps(await coverage(quietDay(), {}, perSubnet))).toEqual(['pass']);
  });

  it('claims nothing where no interface is listed', async () => {
    const [verdict, ...told] = gaps(
      await coverage(quietDay(), {}, (stack) => ({ ...stack, networkInterfaces: [] })),
    );
    expect({ verdict, told }).toEqual({
      verdict: 'inconclusive',
      told: [`NOT_COLLECTED network interfaces (${CLEAN.stack.account}/cn-north-1)`],
    });
  });

  it('names a listed object that is not there, and one that is not listed', async () => {
    const logs = quietDay();
    const drafts = await accountDrafts(undefined, logs);
    const listed = (change: (objects: readonly JsonObject[]) => readonly JsonObject[]) =>
      drafts.map((draft) => {
        if (draft.key.kind !== 'flow-logs.listing') return draft;
        const { objects } = draft.body as { readonly objects: readonly JsonObject[] };
        return { ...draft, body: { schemaVersion: 1, objects: change(objects) } };
      });
    const of = async (change: Parameters<typeof listed>[0]): Promise<readonly string[]> =>
      gaps(await judged({ check: 'flows.coverage', deployment: DEPLOYMENT, drafts: listed(change) }));
    const more = `${logs[0]?.key.replace('.log.gz', '')}0.log.gz`;
    expect(await of((objects) => [...objects, { key: more, size: 1, etag: '' }])).toEqual([
      'inconclusive',
      `LOG_GAP ${more}`,
    ]);
    expect(await of((objects) => objects.slice(1))).toEqual([
      'inconclusive',
      `LOG_UNVERIFIED ${logs[0]?.key}`,
    ]);
    expect(await of((objects) => [...objects, { size: 1 }])).toEqual([
      'inconclusive',
      'LOG_UNVERIFIED flow-logs',
    ]);
    const parquet = more.replace('.log.gz', '.log.parquet');
    expect(await of((objects) => [...objects, { key: parquet, size: 1, etag: '' }])).toEqual([
      'inconclusive',
      `LOG_GAP ${parquet}`,
    ]);
  });

  it('never fails: what is not there is no finding', () => {
    expect(CLEAN.stack.flowLogs).toHaveLength(1);
  });
});
