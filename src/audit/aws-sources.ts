import type { AwsAccess, BaseCredentials } from '../collection/index.ts';
import { collectAccount, collectLogs, endpointHosts, servicesOf } from '../collection/index.ts';
import type { Environment } from '../config/index.ts';
import type { Deployment, EvidenceKind, Need } from '../evidence/index.ts';
import { CUSTOM_ENDPOINT_RULE, KINDS } from '../evidence/index.ts';
import type { DestinationRule } from '../net/index.ts';
import type { EvidenceSource } from './evidence-source.ts';

/** What live sources need of the process: its own keys, and where AWS is asked. */
export type AwsEnvironment = Pick<Environment, 'awsCredentials' | 'awsEndpoint'>;

/** One source for each account, region and phase that is needed, and one for each log source. */
export function awsSources(
  deployment: Deployment,
  needs: readonly Need[],
  environment: AwsEnvironment,
): readonly EvidenceSource[] {
  const settings: Settings = {
    deployment,
    base: environment.awsCredentials(),
    endpoint: environment.awsEndpoint,
  };
  const places = Map.groupBy(
    needs.filter(({ kind }) => KINDS.get(kind)?.source === 'aws'),
    ({ account, region, phase }) => `${account}/${region}/${phase}`,
  );
  const wanted = new Set(needs.map(({ target, kind }) => (kind.startsWith('flow-logs.') ? target : '')));
  return [
    ...[...places.values()].map((own) => accountSource(own, settings)),
    ...deployment.logSources.filter(({ id }) => wanted.has(id)).map((source) => logSource(source, settings)),
  ];
}

interface Settings {
  readonly deployment: Deployment;
  readonly base: BaseCredentials;
  readonly endpoint: string | undefined;
}

function accountSource(needs: readonly Need[], settings: Settings): EvidenceSource {
  const [{ account, region, phase }] = needs as readonly [Need, ...Need[]];
  const kinds: readonly EvidenceKind[] = [...new Set(needs.map(({ kind }) => kind))];
  const access = accessTo(account, region, settings);
  const id = `aws/${account}/${region}${phase === 'start' ? '' : `/${phase}`}`;
  return {
    id,
    allowed: destinations(servicesOf(kinds), region, settings),
    collect: ({ dialer, clock, signal, onProgress }) =>
      collectAccount(
        { access, kinds, phase },
        {
          dialer,
          clock,
          ...(signal === undefined ? {} : { signal }),
          onCall: (done, total) => onProgress?.({ source: id, step: 'calls', done, total }),
        },
      ),
  };
}

function logSource(source: Deployment['logSources'][number], settings: Settings): EvidenceSource {
  const { region } = settings.deployment;
  const access = accessTo(source.account, region, settings);
  const id = `logs/${source.id}`;
  return {
    id,
    allowed: destinations(['s3'], region, settings),
    collect: ({ dialer, clock, signal, onProgress, window }) =>
      collectLogs(
        { access, source, ...(window === undefined ? {} : { window }) },
        {
          dialer,
          clock,
          ...(signal === undefined ? {} : { signal }),
          onCall: (done, total) => onProgress?.({ source: id, step: 'log objects', done, total }),
        },
      ),
  };
}

function accessTo(account: string, region: string, { deployment, base, endpoint }: Settings): AwsAccess {
  const declared = deployment.accounts.find(({ id }) => id === account);
  const externalId = declared?.externalId;
  return {
    partition: deployment.partition,
    account,
    region,
    base,
    ...(declared?.role === undefined
      ? {}
      : { role: { arn: declared.role, ...(externalId === undefined ? {} : { externalId }) } }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

/** The services' own hosts by TLS, inside the network or in the countries of the jurisdiction; nothing else. */
function destinations(
  services: readonly string[],
  region: string,
  { deployment, base, endpoint }: Settings,
): readonly DestinationRule[] {
  if (endpoint !== undefined) {
    const { hostname, port, protocol } = new URL(endpoint);
    const ports = [Number(port || (protocol === 'https:' ? 443 : 80))];
    const rule = { id: CUSTOM_ENDPOINT_RULE, hosts: [hostname.replace(/^\[|\]$/g, '')], ports };
    return [...reachable(rule, deployment), ...containerRules(base)];
  }
  const hosts = endpointHosts(services, deployment.partition, region);
  return [...reachable({ id: 'aws', hosts, ports: [443] }, deployment), ...containerRules(base)];
}

function reachable(rule: Omit<DestinationRule, 'to'>, deployment: Deployment): readonly DestinationRule[] {
  return [
    { ...rule, to: { kind: 'loopback' } },
    // Interface endpoints of the auditor's own network.
    { ...rule, to: { kind: 'private' } },
    { ...rule, to: { kind: 'countries', countries: deployment.jurisdiction } },
  ];
}

/** The agent that hands out the container's keys lies on this machine. */
function containerRules(base: BaseCredentials): readonly DestinationRule[] {
  if (base.kind === 'role') return containerRules(base.base);
  if (base.kind !== 'container') return [];
  const { hostname, port } = new URL(base.url);
  const rule = { id: 'aws:container-credentials', hosts: [hostname], ports: [Number(port || 80)] };
  return [
    { ...rule, to: { kind: 'prefixes', prefixes: ['169.254.170.2/32', '169.254.170.23/32'] } },
    { ...rule, to: { kind: 'loopback' } },
  ];
}
