import { describe, expect, it } from 'vitest';
import { startAwsEndpoint } from '../../../sim/aws-endpoint/endpoint.ts';
import { sampleAccount } from '../../../sim/aws-endpoint/sample-account.ts';
import { SAMPLES } from '../../../sim/samples.ts';
import type { Deployment, Need } from '../../../src/evidence/index.ts';
import {
  accountsOf,
  exportScriptOf,
  iamPolicyOf,
  KINDS,
  planOf,
  sharedCalls,
  textsAt,
  withOrigins,
} from '../../../src/evidence/index.ts';
import { accountDrafts, logDrafts, ONE_TRY, SAMPLE_CLOCK } from '../../support/live-sample.ts';
import { instruments, sampleDeployment, sampleInputs } from '../../support/run-sample.ts';

const TOOLS = await instruments();

/** How a call is printed and granted: the table of kinds, and what is asked besides it. */
const NAMES = new Map<string, { readonly cli: string; readonly iam: readonly string[] }>([
  ...[...KINDS.values()].flatMap(({ calls }) => calls.map((spec) => [spec.call, spec] as const)),
  ['sts:GetCallerIdentity', { cli: 'sts get-caller-identity', iam: ['sts:GetCallerIdentity'] }],
  ['s3:ListObjectsV2', { cli: 's3api list-objects-v2', iam: ['s3:ListBucket'] }],
  ['s3:GetObject', { cli: 's3api get-object', iam: ['s3:GetObject', 'kms:Decrypt'] }],
]);

function needsOf(deployment: Deployment): readonly Need[] {
  return sampleInputs(deployment).policies.flatMap(({ controls }) =>
    controls.flatMap(({ check, parameters }) => TOOLS.checks.get(check)?.needs(parameters, deployment) ?? []),
  );
}

/** The commands that a script runs, as `ec2 describe-vpcs`. */
function commandsIn(script: string): ReadonlySet<string> {
  const commands = [...script.matchAll(/\baws ((?:s3api|sts) [a-z0-9-]+)|\bcall ([a-z0-9-]+ [a-z0-9-]+)/g)];
  return new Set(commands.map(([, direct, called]) => direct ?? called ?? ''));
}

describe.each(SAMPLES.map((sample) => ({ ...sample, omissions: {} })))('$deployment', (sample) => {
  const deployment = sampleDeployment(sample);
  const needs = needsOf(deployment);
  const [{ id: account }] = deployment.accounts;
  const kinds = accountsOf(needs).flatMap((place) => place.kinds);

  it('is asked by calls, granted by actions and exported by commands that are the same set', async () => {
    const endpoint = await startAwsEndpoint({ accounts: [sampleAccount(sample)], clock: SAMPLE_CLOCK });
    try {
      const drafts = await accountDrafts(deployment, endpoint, ONE_TRY, kinds);
      await logDrafts(deployment, endpoint, ONE_TRY);
      const made = new Set(
        endpoint
          .calls()
          .filter((one) => one.account === account)
          .map(({ call }) => call),
      );
      // Children of a listing that is empty in this account are granted and printed, and have nothing to ask.
      const idle = sharedCalls(withOrigins(kinds)).filter(
        ({ forEach }) =>
          forEach.length > 0 &&
          forEach.every(({ from, ids }) =>
            drafts.every(({ key, body }) => key.call !== from || textsAt(body as never, ids).length === 0),
          ),
      );
      const asked = [...new Set([...made, ...idle.map(({ call }) => call)])].toSorted();

      const granted = iamPolicyOf(deployment, needs, account).Statement.flatMap(({ Action }) => Action);
      expect([...new Set(granted)].toSorted()).toEqual(
        [...new Set(asked.flatMap((call) => NAMES.get(call)?.iam ?? [`? ${call}`]))].toSorted(),
      );
      expect([...commandsIn(exportScriptOf(deployment, needs))].toSorted()).toEqual(
        asked.map((call) => NAMES.get(call)?.cli ?? `? ${call}`).toSorted(),
      );
      const planned = planOf(needs);
      expect(new Set([...planned.calls.map(({ call }) => call), 's3:ListObjectsV2', 's3:GetObject'])).toEqual(
        new Set(asked),
      );
      expect(planned.iamActions).toEqual([...new Set(granted)].toSorted());
    } finally {
      await endpoint.close();
    }
  });

  it('grants nothing that writes, and no object but the flow logs', () => {
    const { Statement } = iamPolicyOf(deployment, needs, account);
    const actions = Statement.flatMap(({ Action }) => Action);
    expect(
      actions.filter((action) => !/:(?:Describe|Get|List|Search|Decrypt)[A-Za-z]*$/.test(action)),
    ).toEqual([]);
    const objects = Statement.filter(({ Action }) => Action.some((action) => /Object|Decrypt/.test(action)));
    expect(objects.every(({ Resource }) => Resource !== '*')).toBe(true);
    expect(JSON.stringify(Statement)).not.toContain(
      deployment.partition === 'aws-cn' ? 'arn:aws:' : 'arn:aws-cn:',
    );
  });
});
