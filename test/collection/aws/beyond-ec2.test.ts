import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Behaviour } from '../../../sim/aws-endpoint/behaviour.ts';
import type { AwsEndpoint } from '../../../sim/aws-endpoint/endpoint.ts';
import { startAwsEndpoint } from '../../../sim/aws-endpoint/endpoint.ts';
import { sampleAccount } from '../../../sim/aws-endpoint/sample-account.ts';
import { readAnswer } from '../../../src/collection/answer.ts';
import { AWS_LIMITS, collectAccount } from '../../../src/collection/index.ts';
import type { CallSpec, EvidenceDraft, EvidenceKind, EvidenceStatus } from '../../../src/evidence/index.ts';
import { KINDS as TABLE } from '../../../src/evidence/index.ts';
import { accessTo, loopbackDialer, ONE_TRY, SAMPLE_CLOCK } from '../../support/live-sample.ts';
import { sampleDeployment } from '../../support/run-sample.ts';
import { BEYOND_SAMPLE, OTHERS } from './beyond-answers.ts';

// Services beside EC2 that say something of a network: each in its own protocol, pages and errors included.
const DEPLOYMENT = sampleDeployment(BEYOND_SAMPLE);

const SPECS = [...TABLE.values()].flatMap(({ calls }) => calls);
const KINDS: readonly EvidenceKind[] = [
  'elbv2.load-balancers',
  'directconnect.gateways',
  'route53resolver.endpoints',
  'route53resolver.firewall',
  'route53profiles.associations',
  'network-firewall.firewalls',
  'vpc-lattice.targets',
  'lambda.functions',
];

let endpoint: AwsEndpoint;
beforeAll(async () => {
  const account = sampleAccount(BEYOND_SAMPLE);
  endpoint = await startAwsEndpoint({
    accounts: [{ ...account, stack: { ...account.stack, others: OTHERS } }],
    clock: SAMPLE_CLOCK,
  });
});
afterEach(() => endpoint.reset());
afterAll(() => endpoint.close());

async function read(kinds: readonly EvidenceKind[], limits = ONE_TRY): Promise<readonly EvidenceDraft[]> {
  const drafts: EvidenceDraft[] = [];
  const reading = { access: accessTo(DEPLOYMENT, endpoint), kinds, phase: 'start', limits } as const;
  for await (const draft of collectAccount(reading, { dialer: loopbackDialer(), clock: SAMPLE_CLOCK }))
    drafts.push(draft);
  return drafts;
}

describe('services beside EC2', () => {
  it('are read whole, over all their pages, with a call for each id that a listing named', async () => {
    const drafts = await read(KINDS);
    expect(drafts.filter(({ status }) => status !== 'complete')).toEqual([]);
    for (const { command, body } of OTHERS) {
      const [, cli = '', id] = /^(\S+ \S+)(?: --\S+ (\S+))?$/.exec(command) ?? [];
      const spec = SPECS.find((one) => one.cli === cli) as CallSpec;
      const told = drafts.filter(
        ({ key }) =>
          key.call === spec.call && (id === undefined || Object.values(key.parameters).includes(id)),
      );
      // As from the folder: what the command line prints, less what is not kept.
      expect(
        told.map((draft) => draft.body),
        command,
      ).toEqual([readAnswer(spec, body).body]);
    }
  });

  it('are not asked for more than is kept: no key of a virtual interface, no variable of a function', async () => {
    const text = JSON.stringify(await read(KINDS));
    expect(text).not.toContain('never-to-be-seen');
    expect(text).toContain('Functions[].Environment');
  });

  it('get through throttling that ends', async () => {
    for (const call of [
      'elasticloadbalancing:DescribeListeners',
      'lambda:ListFunctions',
      'route53resolver:ListResolverRules',
    ])
      endpoint.behave({ call, behaviour: { kind: 'throttle', times: 1 } });
    const drafts = await read(KINDS, AWS_LIMITS);
    expect(new Set(drafts.map(({ status }) => status))).toEqual(new Set(['complete']));
  });
});

/** One call of each service: query, JSON 1.1 and 1.0 over RPC, JSON over REST. */
const CALLS = [
  ['elasticloadbalancing:DescribeListeners', 'elbv2.load-balancers'],
  ['directconnect:DescribeDirectConnectGateways', 'directconnect.gateways'],
  ['route53resolver:ListResolverRules', 'route53resolver.endpoints'],
  ['route53profiles:ListProfileAssociations', 'route53profiles.associations'],
  ['network-firewall:ListFirewalls', 'network-firewall.firewalls'],
  ['vpc-lattice:ListTargets', 'vpc-lattice.targets'],
  ['lambda:ListFunctions', 'lambda.functions'],
] as const;

const BREAKS = [
  [{ kind: 'deny' }, 'denied', /AccessDenied/],
  [{ kind: 'deny-by-scp' }, 'denied-by-scp', /AccessDenied/],
  [{ kind: 'throttle' }, 'throttled', /Thrott|TooManyRequests/],
  [{ kind: 'expired-token' }, 'denied', /ExpiredToken/],
  [{ kind: 'skewed-clock' }, 'denied', /Signature/],
  [{ kind: 'unsupported' }, 'unsupported', /UnsupportedOperation/],
  [{ kind: 'error', code: 'InternalFailure', status: 500 }, 'failed', /InternalFailure/],
  [{ kind: 'cut' }, 'unreadable', /CutAnswer/],
  [{ kind: 'empty' }, 'unreadable', /./],
  [{ kind: 'html', status: 200 }, 'unreadable', /NotAws/],
  [{ kind: 'html', status: 403 }, 'unreadable', /NotAws/],
  [{ kind: 'reset' }, 'unreachable', /ECONNRESET/],
  [{ kind: 'reset-in-body' }, 'unreachable', /ECONNRESET/],
  [{ kind: 'hang' }, 'timeout', /Timeout/],
  [{ kind: 'hang-in-body' }, 'timeout', /Timeout/],
] as const satisfies readonly (readonly [Behaviour, EvidenceStatus, RegExp])[];

describe.each(CALLS)('%s', (call, kind) => {
  it.each(BREAKS)('that meets %j is %s', async (behaviour, status, reason) => {
    endpoint.behave({ call, behaviour });
    const touched = (await read([kind], { ...ONE_TRY, attemptTime: 1500, callTime: 1500 })).filter(
      ({ key }) => key.call === call,
    );
    expect(touched.length).toBeGreaterThan(0);
    for (const draft of touched) {
      expect(draft.status).toBe(status);
      expect(draft.reason).toMatch(reason);
    }
  });

  it('whose pages go round in a circle, or whose second one is refused, is not whole', async () => {
    endpoint.behave({ call, page: 'later', behaviour: { kind: 'deny' } });
    const refused = (await read([kind])).filter(({ key }) => key.call === call);
    expect(refused.map(({ status }) => status)).toContain('denied');
    endpoint.reset();
    endpoint.behave({ call, behaviour: { kind: 'endless' } });
    const endless = (await read([kind])).filter(({ key }) => key.call === call);
    expect(endless.map(({ reason }) => reason)).toContain('the same page again');
  });
});
