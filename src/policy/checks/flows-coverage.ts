import type { InterfaceHour } from '../../analysis/index.ts';
import {
  accountsWithoutInterfaces,
  flowLogNeeds,
  flowLogsFact,
  hourCoverage,
  interfaceNeeds,
  knownInterfaces,
} from '../../analysis/index.ts';
import type { JsonObject, Reason, TimeWindow } from '../../core/index.ts';
import { parseInstant } from '../../core/index.ts';
import type { Deployment, EvidenceView, FlowAggregate, Need } from '../../evidence/index.ts';
import { awsNeed, flowLogRoot } from '../../evidence/index.ts';
import type { Check, CheckWords, Observation } from '../check.ts';

/** What a quiet interface means: no record in some of the hours in which others have some. */
export interface FlowsCoverageParameters {
  readonly quiet: 'tell' | 'inconclusive';
}

type LogSource = Deployment['logSources'][number];

/** Seconds that start and end of a record may be off, both together (VPC user guide). */
const IMPRECISION_SECONDS = 120;
const DEFAULT_INTERVAL_SECONDS = 600;

const WORDS: CheckWords = {
  claim: {
    en: 'The flow logs are complete for the period: every network interface, every hour',
    zh: '本期间的流日志完整：覆盖每个网络接口的每一小时',
  },
  findings: {},
  disclosures: {
    UNLISTED: {
      en: '{count} {count#interface has|interfaces have} records and {count#is|are} not listed any more: whether theirs are complete is not known',
      zh: '有 {count} 个接口存在记录但已不在清单内，其记录是否完整无法得知',
    },
    QUIET: {
      en: '{resource} has no record in {hours} of the hours observed: it was idle, or its records are missing',
      zh: '{resource} 在已观测的 {hours} 个小时内无记录：可能空闲，也可能记录缺失',
    },
  },
  positive: {
    LOGGED: {
      en: 'Flow logs of type ALL were active and delivered for {interfaces} {interfaces#interface|interfaces} in {vpcs} {vpcs#network|networks}',
      zh: '{vpcs} 个网络中 {interfaces} 个接口的全量流日志处于启用状态且投递成功',
    },
  },
  coverage: {
    HOURS: { en: 'Hours observed', zh: '已观测小时数' },
    INTERFACE_HOURS: { en: 'Interface-hours with records', zh: '有记录的接口小时数' },
    OBJECTS: { en: 'Listed log objects read', zh: '已读取的清单内日志对象' },
  },
  limitations: {
    alwaysInstant: {
      en: 'Interfaces are those of one snapshot; one that came and went within the period is known only by its records.',
      zh: '接口清单取自单一时点；期间内创建又删除的接口仅能由其记录得知。',
    },
    alwaysBestEffort: {
      en: 'AWS delivers flow logs as best effort and does not sign them.',
      zh: 'AWS 以尽力而为方式投递流日志，且不予签名。',
    },
  },
};

export const flowsCoverage: Check<FlowsCoverageParameters> = {
  id: 'flows.coverage',
  words: WORDS,
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: { quiet: { enum: ['tell', 'inconclusive'], default: 'tell' } },
  },
  needs: (_parameters, deployment) => [
    ...flowLogNeeds(deployment),
    ...interfaceNeeds(deployment),
    ...flowLogConfigNeeds(deployment),
  ],
  evaluate: (view, { deployment, parameters, window }) => {
    const logs = view.fact(flowLogsFact);
    const interfaces = knownInterfaces(view);
    const configurations = flowLogConfigurations(view);
    const hours = hourCoverage(
      logs.aggregate,
      interfaces.map(({ id }) => id),
      window,
      toleranceOf(configurations),
    );
    const silent = silentInterfaces(hours);
    const quiet = quietInterfaces(hours.filter((one) => !silent.has(one.interface)));
    const uncovered = interfaces.filter(
      ({ id, subnet, vpc }) =>
        !isLogged([id, subnet, vpc], configurations, deployment.logSources, window.start),
    );
    const vpcs = new Set(interfaces.map(({ vpc }) => vpc)).size;
    return {
      findings: [],
      reasons: [
        ...logs.reasons,
        ...accountsWithoutInterfaces(view),
        ...hourReasons(hours),
        ...[...silent].map(silentReason),
        ...(interfaces.some(({ id }) => id === '') ? [NAMELESS] : []),
        ...uncovered.map(
          ({ id }): Reason => ({
            code: 'LOG_GAP',
            scope: id,
            detail: 'no flow log of type ALL delivered to a declared log source all through the period',
          }),
        ),
        ...(parameters.quiet === 'inconclusive' ? quiet.map(quietReason) : []),
      ],
      disclosed: [
        ...(parameters.quiet === 'tell' ? quiet : []),
        ...unlisted(logs.aggregate, new Set(interfaces.map(({ id }) => id)), window),
      ],
      coverage: [
        { what: 'HOURS', unit: 'hours', ...observedHours(hours) },
        {
          what: 'INTERFACE_HOURS',
          examined: hours.filter(({ state }) => state === 'covered').length,
          expected: hours.length,
        },
        { what: 'OBJECTS', examined: logs.read, expected: logs.listed },
      ],
      positive: [
        {
          text: 'LOGGED',
          values: { interfaces: interfaces.length - uncovered.length, vpcs },
          witness: configurations.slice(0, 5).map(configurationWitness),
        },
      ],
    };
  },
  canary: ({ window }) => {
    const hole = hourCoverage(
      canaryLogs(parseInstant(window.start) / 1000),
      ['eni-0', 'eni-1'],
      window,
      DEFAULT_INTERVAL_SECONDS,
    );
    return [{ id: 'hole-in-the-logs', caught: hourReasons(hole).length > 0 }];
  },
};

function flowLogConfigNeeds(deployment: Deployment): readonly Need[] {
  return deployment.accounts
    .filter(({ purpose }) => purpose === 'workload')
    .map(({ id }) => awsNeed('ec2.flow-logs', id, deployment.region));
}

function flowLogConfigurations(view: EvidenceView): readonly JsonObject[] {
  return flowLogConfigNeeds(view.deployment).flatMap((need) => view.list(need, 'ec2:DescribeFlowLogs') ?? []);
}

/**
 * An interface is logged by a flow log on itself, its subnet or its network that was there before the period,
 * and that delivers to a log source of the inventory: what goes elsewhere was not read.
 */
function isLogged(
  resources: readonly string[],
  configurations: readonly JsonObject[],
  sources: readonly LogSource[],
  since: string,
): boolean {
  return configurations.some((one) => {
    const created = one['CreationTime'];
    return (
      typeof one['ResourceId'] === 'string' &&
      one['ResourceId'] !== '' &&
      resources.includes(one['ResourceId']) &&
      one['TrafficType'] === 'ALL' &&
      one['FlowLogStatus'] === 'ACTIVE' &&
      one['DeliverLogsStatus'] === 'SUCCESS' &&
      typeof created === 'string' &&
      Date.parse(created) <= parseInstant(since) &&
      sources.some((source) => deliversTo(one, source))
    );
  });
}

const BUCKET_ARN = /^arn:aws[a-z-]*:s3:::([^/]+)(?:\/(.*))?$/;

/** Flow logs of several networks can share a bucket, each under a prefix of its own: only that of the source was read. */
function deliversTo(
  { LogDestinationType, LogDestination }: JsonObject,
  { bucket, prefix }: LogSource,
): boolean {
  if (LogDestinationType !== 's3' || typeof LogDestination !== 'string') return false;
  const [, found, folder] = BUCKET_ARN.exec(LogDestination) ?? [];
  if (found === undefined || flowLogRoot(folder) !== flowLogRoot(prefix)) return false;
  return bucket === undefined || found === bucket;
}

/** The longest aggregation interval in use, and how far times may be off. */
function toleranceOf(configurations: readonly JsonObject[]): number {
  const intervals = configurations
    .map((one) => one['MaxAggregationInterval'])
    .filter((value) => value === 60 || value === 600);
  return (intervals.length === 0 ? DEFAULT_INTERVAL_SECONDS : Math.max(...intervals)) + IMPRECISION_SECONDS;
}

/** Holes by interface; an hour without any record at all is told once. */
function hourReasons(hours: readonly InterfaceHour[]): readonly Reason[] {
  const dark = [...new Set(hours.filter(({ state }) => state === 'dark').map(({ hour }) => hour))];
  const gaps = Map.groupBy(
    hours.filter(({ state }) => state === 'gap'),
    (one) => one.interface,
  );
  return [
    ...dark.map(
      (hour): Reason => ({
        code: 'LOG_GAP',
        scope: hour,
        detail: 'no interface has any record in this hour',
      }),
    ),
    ...[...gaps].map(
      ([name, own]): Reason => ({
        code: 'LOG_GAP',
        scope: name,
        detail: `holes in ${own.length} hours, first in ${own[0]?.hour ?? ''}`,
      }),
    ),
  ];
}

/**
 * Interfaces without a single record of the period, not even that there was no traffic, while others have some. AWS
 * does not say that it writes NODATA for every idle interface, but neither that it does not: nobody knows then.
 */
function silentInterfaces(hours: readonly InterfaceHour[]): ReadonlySet<string> {
  const byInterface = Map.groupBy(hours, (one) => one.interface);
  return new Set(
    [...byInterface]
      .filter(
        ([, own]) =>
          own.every(({ state }) => state === 'quiet' || state === 'dark') &&
          own.some(({ state }) => state === 'quiet'),
      )
      .map(([name]) => name),
  );
}

/** Interfaces that the logs know in the period and the snapshot does not: they went, or the listing lacks them. */
function unlisted(
  { interfaces }: FlowAggregate,
  listed: ReadonlySet<string>,
  { start }: TimeWindow,
): readonly Observation[] {
  const since = parseInstant(start) / 1000;
  const names = interfaces
    .filter((log) => log.interface.startsWith('eni-') && !listed.has(log.interface))
    .filter(({ observed }) => observed.some(([, last]) => last >= since))
    .map((log) => log.interface);
  if (names.length === 0) return [];
  return [
    {
      class: 'UNLISTED',
      resource: 'network interfaces',
      values: { count: names.length },
      witness: names.slice(0, 10).map((name) => ({ label: 'interface', value: name })),
    },
  ];
}

function silentReason(name: string): Reason {
  return {
    code: 'LOG_GAP',
    scope: name,
    detail: 'no record in the whole period, not even one that says that there was no traffic',
  };
}

/** Records name interfaces: of one without an id none can be found. */
const NAMELESS: Reason = {
  code: 'UNKNOWN_VALUE',
  scope: 'ec2:DescribeNetworkInterfaces',
  detail: 'an interface without its id',
};

function quietInterfaces(hours: readonly InterfaceHour[]): readonly Observation[] {
  const quiet = Map.groupBy(
    hours.filter(({ state }) => state === 'quiet'),
    (one) => one.interface,
  );
  return [...quiet].map(([name, own]) => ({
    class: 'QUIET',
    resource: name,
    values: { hours: own.length },
    witness: [{ label: 'first hour', value: own[0]?.hour ?? '' }],
  }));
}

function quietReason({ resource, values }: Observation): Reason {
  return { code: 'LOG_GAP', scope: resource, detail: `no record in ${values['hours'] ?? 0} hours` };
}

/** An hour is observed where no interface has a hole in it. */
function observedHours(hours: readonly InterfaceHour[]): {
  readonly examined: number;
  readonly expected: number;
} {
  const byHour = [...Map.groupBy(hours, ({ hour }) => hour).values()];
  const whole = byHour.filter((own) => own.every(({ state }) => state === 'covered' || state === 'quiet'));
  return { examined: whole.length, expected: byHour.length };
}

function configurationWitness(one: JsonObject): { readonly label: string; readonly value: string } {
  return {
    label: String(one['FlowLogId']),
    value: `${String(one['ResourceId'])} ${String(one['TrafficType'])} ${String(one['FlowLogStatus'])}`,
  };
}

/** Two interfaces, one of which falls silent for half an hour in the first hour. */
function canaryLogs(start: number): FlowAggregate {
  const log = (
    name: string,
    observed: readonly (readonly [number, number])[],
  ): FlowAggregate['interfaces'][number] => ({
    account: '000000000000',
    interface: name,
    observed,
    skipped: [],
    ok: 1,
    nodata: 0,
    skipdata: 0,
  });
  return {
    schemaVersion: 1,
    rows: [],
    interfaces: [
      log('eni-0', [[start, start + 3600]]),
      log('eni-1', [
        [start, start + 900],
        [start + 2700, start + 3600],
      ]),
    ],
    objects: [],
  };
}
