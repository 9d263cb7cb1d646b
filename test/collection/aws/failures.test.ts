import { describe, expect, it } from 'vitest';
import type { Behaviour, BehaviourRule } from '../../../sim/aws-endpoint/behaviour.ts';
import { startAwsEndpoint } from '../../../sim/aws-endpoint/endpoint.ts';
import { sampleAccount } from '../../../sim/aws-endpoint/sample-account.ts';
import type { Sample } from '../../../sim/samples.ts';
import { SAMPLES } from '../../../sim/samples.ts';
import { evaluateEvidence } from '../../../src/audit/evaluate-evidence.ts';
import type { AwsLimits } from '../../../src/collection/index.ts';
import type { EvidenceDraft, EvidenceStatus } from '../../../src/evidence/index.ts';
import type { ControlResult } from '../../../src/policy/index.ts';
import { accountDrafts, logDrafts, ONE_TRY, SAMPLE_CLOCK } from '../../support/live-sample.ts';
import {
  instruments,
  loadedFrom,
  runDraft,
  sampleDeployment,
  sampleInputs,
} from '../../support/run-sample.ts';

const CLEAN: Sample = { ...(SAMPLES[0] as Sample), plants: [] };
const DEPLOYMENT = sampleDeployment(CLEAN);
const INPUTS = sampleInputs(DEPLOYMENT);
const ACCOUNT = sampleAccount(CLEAN);
const TOOLS = await instruments();

const NEEDS = INPUTS.policies.flatMap(({ controls }) =>
  controls.flatMap(({ check, parameters }) => TOOLS.checks.get(check)?.needs(parameters, DEPLOYMENT) ?? []),
);
// What matters only to a network that refers to it is no obstacle to this one.
const KINDS = [
  ...new Set(
    NEEDS.filter(({ account, ifReferred }) => account !== '' && ifReferred !== true).map(({ kind }) => kind),
  ),
];
const LOG_CALLS = ['s3:ListObjectsV2', 's3:GetObject'];

/** Long enough for whatever answers, short enough for a suite of hung calls. */
const IMPATIENT: AwsLimits = { ...ONE_TRY, attemptTime: 4000, callTime: 4000 };

/** Collects with one call broken; the part that does not make the call is taken from `whole`. Each has an endpoint of its own. */
async function collectWith(
  call: string,
  behaviour: Behaviour | undefined,
  limits: AwsLimits = ONE_TRY,
  page?: BehaviourRule['page'],
): Promise<readonly EvidenceDraft[]> {
  const endpoint = await startAwsEndpoint({ accounts: [ACCOUNT], clock: SAMPLE_CLOCK });
  if (behaviour !== undefined) endpoint.behave({ call, behaviour, ...(page === undefined ? {} : { page }) });
  const isLog = LOG_CALLS.includes(call);
  const isBoth = call === '' || call.startsWith('sts:');
  try {
    return [
      ...(isLog && !isBoth ? ACCOUNT_PART : await accountDrafts(DEPLOYMENT, endpoint, limits, KINDS)),
      ...(isLog || isBoth ? await logDrafts(DEPLOYMENT, endpoint, limits) : LOG_PART),
    ];
  } finally {
    await endpoint.close();
  }
}

/** Judges the controls that need one of the kinds; no other one is shown them, and so none can change. */
async function judge(
  drafts: readonly EvidenceDraft[],
  kinds: ReadonlySet<string> = new Set(drafts.map(({ key }) => key.kind)),
): Promise<readonly ControlResult[]> {
  const policies = INPUTS.policies.map((policy) => ({
    ...policy,
    controls: policy.controls.filter(({ check, parameters }) =>
      TOOLS.checks
        .get(check)
        ?.needs(parameters, DEPLOYMENT)
        .some(({ kind }) => kinds.has(kind)),
    ),
  }));
  const connections = runDraft('auditor.connections', { schemaVersion: 1, connections: [] });
  const inputs = { ...INPUTS, policies };
  return evaluateEvidence(await loadedFrom(inputs, [...drafts, connections]), TOOLS).controls;
}

const ACCOUNT_PART: EvidenceDraft[] = [];
const LOG_PART: EvidenceDraft[] = [];
for (const draft of await collectWith('', undefined))
  (draft.key.target === '' ? ACCOUNT_PART : LOG_PART).push(draft);
const WHOLE = await judge([...ACCOUNT_PART, ...LOG_PART]);

/** Every call that is made for this account, and the two for getting in. */
const CALLS = [
  ...new Set([...ACCOUNT_PART, ...LOG_PART].map(({ key }) => key.call)),
  'sts:AssumeRole',
  'sts:GetCallerIdentity',
];

/** The controls that rest on AWS evidence and pass while nothing is broken. */
function passing(controls: readonly ControlResult[]): readonly string[] {
  return controls.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id);
}

/** The items of a broken call, or those that say that it kept them from being asked for. */
function touchedBy(call: string, drafts: readonly EvidenceDraft[]): readonly EvidenceDraft[] {
  return drafts.filter(({ key, reason }) => key.call === call || reason.startsWith(call));
}

describe('a call that is', () => {
  it('answered lets the account pass: the control of this suite', () => {
    const drafts = [...ACCOUNT_PART, ...LOG_PART];
    // VPC Lattice is in no region of China: that its endpoint is not there is its answer.
    const unanswered = drafts.filter(({ status }) => status !== 'complete');
    expect(unanswered.map(({ key, status }) => [key.kind, status])).toEqual([
      ['vpc-lattice.associations', 'not-in-partition'],
    ]);
    expect(passing(WHOLE).length).toBeGreaterThan(4);
  });

  it.concurrent.each(CALLS)('denied leaves nothing to pass that rests on it: %s', async (call) => {
    await expectNoPass(call, await collectWith(call, { kind: 'deny' }), 'denied');
  });

  // Half a log object is known by its size and digest; the next test is about it.
  it.concurrent.each(CALLS.filter((call) => call !== 's3:GetObject'))(
    'cut leaves nothing to pass that rests on it: %s',
    async (call) => {
      await expectNoPass(call, await collectWith(call, { kind: 'cut' }), 'unreadable');
    },
  );

  it.concurrent.each([
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSecurityGroups',
    'ecs:ListTasks',
    's3:ListObjectsV2',
  ])('whose second page is cut leaves nothing to pass that rests on it: %s', async (call) => {
    await expectNoPass(call, await collectWith(call, { kind: 'cut' }, ONE_TRY, 'later'), 'unreadable');
  });

  it('half a log object is told as another object than the one listed', async () => {
    const controls = await judge(await collectWith('s3:GetObject', { kind: 'cut' }));
    const coverage = controls.find(({ check }) => check === 'flows.coverage');
    expect(coverage?.verdict).toBe('inconclusive');
    expect(coverage?.reasons.map(({ detail }) => detail)).toContain('the log object is mismatch');
  });

  it('hung leaves nothing to pass that rests on it, whichever it is', { timeout: 120_000 }, async () => {
    // A dozen at once: they do nothing but wait.
    for (let from = 0; from < CALLS.length; from += 12) {
      const hung = CALLS.slice(from, from + 12).map(async (call) => {
        await expectNoPass(call, await collectWith(call, { kind: 'hang' }, IMPATIENT), 'timeout');
      });
      await Promise.all(hung);
    }
  });
});

function sameKey(left: EvidenceDraft['key'], right: EvidenceDraft['key']): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** Every control that stops passing says which call it misses, and none starts to. */
async function expectNoPass(
  call: string,
  drafts: readonly EvidenceDraft[],
  status: EvidenceStatus,
): Promise<void> {
  const touched = touchedBy(call, drafts);
  expect(new Set(touched.map((draft) => draft.status)), call).toEqual(new Set([status]));
  // What was listed by the broken call is missing too.
  const affected = new Set(touched.map(({ key }) => key.kind));
  const missing = [...ACCOUNT_PART, ...LOG_PART].filter(
    ({ key }) => !drafts.some((one) => sameKey(one.key, key)),
  );
  for (const { key } of missing) affected.add(key.kind);
  const broken = await judge(drafts, affected);
  const lost = broken.filter(({ id, verdict }) => verdict !== 'pass' && passing(WHOLE).includes(id));
  expect(lost.length, call).toBeGreaterThan(0);
  expect(passing(broken).filter((id) => !passing(WHOLE).includes(id))).toEqual([]);
  for (const { verdict, reasons } of lost) {
    expect(verdict, call).toBe('inconclusive');
    expect(reasons.map(({ scope, detail }) => `${scope} ${detail}`).join('\n')).toContain(call);
  }
}

/** One call of each protocol, a child call, both calls for logs, and both for getting in. */
const ONE_OF_EACH = [
  'ec2:DescribeRouteTables',
  'rds:DescribeDBInstances',
  'ecs:ListTasks',
  'ecs:DescribeTaskDefinition',
  's3:GetBucketLocation',
  's3:ListObjectsV2',
  'sts:AssumeRole',
];

const OTHER_BREAKS = [
  [{ kind: 'deny-by-scp' }, 'denied-by-scp'],
  [{ kind: 'throttle' }, 'throttled'],
  [{ kind: 'hang-in-body' }, 'timeout'],
  [{ kind: 'reset' }, 'unreachable'],
  [{ kind: 'reset-in-body' }, 'unreachable'],
  [{ kind: 'empty' }, 'unreadable'],
  [{ kind: 'html', status: 200 }, 'unreadable'],
  [{ kind: 'html', status: 403 }, 'unreadable'],
  [{ kind: 'html', status: 502 }, 'unreadable'],
  [{ kind: 'expired-token' }, 'denied'],
  [{ kind: 'skewed-clock' }, 'denied'],
  [{ kind: 'unsupported' }, 'unsupported'],
] as const satisfies readonly (readonly [Behaviour, EvidenceStatus])[];

describe('what stood in the way is told apart', () => {
  for (const [behaviour, status] of OTHER_BREAKS) {
    it.concurrent.each(ONE_OF_EACH)(`${JSON.stringify(behaviour)} at %s`, async (call) => {
      const limits = behaviour.kind === 'hang-in-body' ? IMPATIENT : ONE_TRY;
      const touched = touchedBy(call, await collectWith(call, behaviour, limits));
      expect(new Set(touched.map((draft) => draft.status))).toEqual(new Set([status]));
    });
  }
});
