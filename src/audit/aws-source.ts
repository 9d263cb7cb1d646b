import type { AwsAccess, AwsLimits } from '../collection/index.ts';
import { AWS_LIMITS, bucketHosts, collectAccount, collectLogs, endpointHost } from '../collection/index.ts';
import type { AwsIdentity } from '../config/index.ts';
import { DomicileError } from '../core/index.ts';
import type { Deployment, EvidenceKind, Need, Phase } from '../evidence/index.ts';
import { CUSTOM_ENDPOINT_RULE, KINDS, sharedCalls, withOrigins } from '../evidence/index.ts';
import type { DestinationRule } from '../net/index.ts';
import type { EvidenceSource } from './evidence-source.ts';

/** How to get in to AWS. */
export interface AwsSettings {
  /** The auditor's own identity; without one, every call is an item that says so. */
  readonly identity?: AwsIdentity;
  /** One endpoint for every service instead of AWS's own: its report is not for reliance. */
  readonly endpoint?: string;
  readonly limits?: AwsLimits;
}

/** What is read of one account, region and phase in one go. */
interface AccountNeeds {
  readonly account: string;
  readonly region: string;
  readonly phase: Phase;
  readonly kinds: readonly EvidenceKind[];
}

/**
 * The live sources of a deployment: one for each account and region that a check needs, one for each log bucket.
 * What is read a second time, at the end, stands last.
 */
export function awsSources(
  deployment: Deployment,
  needs: readonly Need[],
  settings: AwsSettings,
): readonly EvidenceSource[] {
  const wanted = accountNeeds(needs);
  const at = (phase: Phase): readonly EvidenceSource[] =>
    wanted.filter((one) => one.phase === phase).map((one) => accountSource(deployment, one, settings));
  const logs = deployment.logSources
    .filter(({ id }) => needs.some(({ kind, target }) => kind.startsWith('flow-logs.') && target === id))
    .map((source) => logSource(deployment, source, settings));
  return [...at('start'), ...logs, ...at('end')];
}

/** Groups AWS needs by where and when they are asked. */
function accountNeeds(needs: readonly Need[]): readonly AccountNeeds[] {
  const ofAws = needs.filter(({ kind }) => KINDS.get(kind)?.source === 'aws');
  const groups = Map.groupBy(ofAws, ({ account, region, phase }) => `${account}/${region}/${phase}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { account, region, phase } = first;
    return [{ account, region, phase, kinds: [...new Set(group.map(({ kind }) => kind))] }];
  });
}

function accountSource(
  deployment: Deployment,
  { account, region, phase, kinds }: AccountNeeds,
  settings: AwsSettings,
): EvidenceSource {
  const id = `aws/${account}/${region}${phase === 'end' ? '/end' : ''}`;
  const access = accessTo(deployment, account, region, settings);
  const services = sharedCalls(withOrigins(kinds)).map(({ call }) => serviceOf(call));
  return {
    id,
    allowed: awsRules(deployment, [...services, 'sts'], [region], settings),
    atEnd: phase === 'end',
    collect: ({ onProgress, window: _window, ...context }) =>
      collectAccount(
        { access, kinds, phase, limits: settings.limits ?? AWS_LIMITS },
        {
          ...context,
          onCall: (done, total) => onProgress?.({ source: id, step: 'calls', done, total }),
        },
      ),
  };
}

function logSource(
  deployment: Deployment,
  source: Deployment['logSources'][number],
  settings: AwsSettings,
): EvidenceSource {
  const id = `flow-logs/${source.id}`;
  const access = accessTo(deployment, source.account, deployment.region, settings);
  return {
    id,
    allowed: awsRules(deployment, ['s3', 'sts'], [deployment.region], settings),
    collect: ({ onProgress, window, ...context }) =>
      collectLogs(
        {
          access,
          source,
          limits: settings.limits ?? AWS_LIMITS,
          ...(window === undefined ? {} : { window }),
        },
        {
          ...context,
          onCall: (done, total) => onProgress?.({ source: id, step: 'objects', done, total }),
        },
      ),
  };
}

function accessTo(
  deployment: Deployment,
  account: string,
  region: string,
  { identity, endpoint }: AwsSettings,
): AwsAccess {
  const declared = deployment.accounts.find(({ id }) => id === account);
  const { role, externalId } = declared ?? {};
  return {
    partition: deployment.partition,
    account,
    region,
    base: identity ?? { kind: 'keys', read: noIdentity },
    ...(role === undefined
      ? {}
      : { role: { arn: role, ...(externalId === undefined ? {} : { externalId }) } }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

function noIdentity(): never {
  throw new DomicileError('NOT_FOUND', {
    message: 'expected AWS credentials, found none',
    hint: 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, or run with a container role',
  });
}

function serviceOf(call: string): string {
  return call.slice(0, call.indexOf(':'));
}

/** The closed list of hosts that are asked, in the countries of the jurisdiction or by a private endpoint. */
function awsRules(
  deployment: Deployment,
  services: readonly string[],
  regions: readonly string[],
  { endpoint, identity }: AwsSettings,
): readonly DestinationRule[] {
  const hosts =
    endpoint === undefined
      ? [...new Set(services)].flatMap((service) =>
          service === 's3'
            ? bucketHosts(deployment.partition)
            : regions.map((region) => endpointHost(service, deployment.partition, region)),
        )
      : [new URL(endpoint).hostname];
  const rule = { id: endpoint === undefined ? 'aws' : CUSTOM_ENDPOINT_RULE, hosts };
  return [
    { ...rule, to: { kind: 'private' } },
    { ...rule, to: { kind: 'countries', countries: deployment.jurisdiction } },
    ...(endpoint === undefined ? [] : [{ ...rule, to: { kind: 'loopback' } } as const]),
    ...containerRules(identity),
  ];
}

/** Where the container's own keys come from, if at the bottom of it all there is a container. */
function containerRules(identity: AwsIdentity | undefined): readonly DestinationRule[] {
  if (identity?.kind === 'role') return containerRules(identity.base);
  return identity?.kind === 'container' ? [containerRule(identity.url)] : [];
}

/** ECS answers on a link-local address, EKS too; both are this machine's own. */
function containerRule(url: string): DestinationRule {
  const { hostname } = new URL(url);
  return {
    id: 'aws:container-credentials',
    hosts: [hostname.replaceAll(/^\[|\]$/g, '')],
    to: {
      kind: 'prefixes',
      prefixes: ['169.254.170.2/32', '169.254.170.23/32', 'fd00:ec2::23/128', '127.0.0.0/8'],
    },
  };
}
