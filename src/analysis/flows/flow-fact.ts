import type { Json, Reason } from '../../core/index.ts';
import { isJsonArray, isJsonObject } from '../../core/index.ts';
import type {
  Deployment,
  EvidenceAnswer,
  EvidenceView,
  Fact,
  FlowAggregate,
  ListedLogObject,
  LogObjectRead,
  Need,
} from '../../evidence/index.ts';
import { EMPTY_FLOWS, isLogObjectOf, mergeFlowAggregates, targetNeed } from '../../evidence/index.ts';
import { parseFlows } from './parse-flows.ts';

/** The kernel whose aggregates this code understands; another one's count as not collected. */
const KERNEL = 'flow-log/2';

/** All flow logs of a deployment, and what is missing from them. */
export interface FlowLogs {
  readonly aggregate: FlowAggregate;
  /** Log objects that were listed for the window. */
  readonly listed: number;
  /** Listed objects that were read whole. */
  readonly read: number;
  /** Why the records are not all there: gaps, unreadable objects, no listing, lost records. */
  readonly reasons: readonly Reason[];
}

export function flowLogNeeds(deployment: Deployment): readonly Need[] {
  return deployment.logSources.flatMap(({ id }) => [
    targetNeed('flow-logs.listing', id),
    targetNeed('flow-logs.records', id),
  ]);
}

/** The flow logs of every log source, held against their listings. */
export const flowLogsFact: Fact<FlowLogs> = {
  id: 'flow-logs',
  needs: flowLogNeeds,
  compute: (view) => {
    if (view.deployment.logSources.length === 0) {
      const none: Reason = {
        code: 'NOT_COLLECTED',
        scope: 'flow logs',
        detail: 'the inventory names no log source',
      };
      return { aggregate: EMPTY_FLOWS, listed: 0, read: 0, reasons: [none] };
    }
    const sources = view.deployment.logSources.map(({ id }) => sourceLogs(view, id));
    return {
      aggregate: mergeFlowAggregates(sources.map(({ aggregate }) => aggregate)),
      listed: sum(sources.map(({ listed }) => listed)),
      read: sum(sources.map(({ read }) => read)),
      reasons: sources.flatMap(({ reasons }) => reasons),
    };
  },
};

function sourceLogs(view: EvidenceView, source: string): FlowLogs {
  const records = view.answers(targetNeed('flow-logs.records', source));
  const listings = view.answers(targetNeed('flow-logs.listing', source));
  const { usable, reasons: foreign } = usableAggregates(records, source);
  const aggregate = mergeFlowAggregates(usable);
  const listing = listedObjects(listings)?.filter(({ key }) => isLogObjectOf(view.window, key));
  const lost = aggregate.interfaces.filter(({ skipdata }) => skipdata > 0).map(lostRecords);
  const damaged = aggregate.objects.flatMap(damageOf);
  if (listing === undefined) {
    const unverified: Reason = {
      code: 'LOG_UNVERIFIED',
      scope: source,
      detail: 'no listing says which log objects there should be',
    };
    return { aggregate, listed: 0, read: 0, reasons: [unverified, ...foreign, ...lost, ...damaged] };
  }
  const read = new Set(aggregate.objects.filter(({ status }) => status === 'complete').map(({ key }) => key));
  const known = new Set(aggregate.objects.map(({ key }) => key));
  const listed = new Set(listing.map(({ key }) => key));
  const gaps = listing
    .filter(({ key }) => !known.has(key))
    .map(({ key }): Reason => ({ code: 'LOG_GAP', scope: key, detail: 'listed, but not there' }));
  const unlisted = aggregate.objects
    .filter(({ key }) => !listed.has(key) && isLogObjectOf(view.window, key))
    .map(({ key }): Reason => ({ code: 'LOG_UNVERIFIED', scope: key, detail: 'there, but not listed' }));
  return {
    aggregate,
    listed: listing.length,
    read: listing.filter(({ key }) => read.has(key)).length,
    reasons: [...gaps, ...unlisted, ...foreign, ...lost, ...damaged],
  };
}

function usableAggregates(
  answers: readonly EvidenceAnswer[],
  source: string,
): { readonly usable: readonly FlowAggregate[]; readonly reasons: readonly Reason[] } {
  const own = answers.filter(({ item }) => item.reducedWith?.kernel === KERNEL);
  const foreign = answers
    .filter(({ item }) => item.status === 'complete' && item.reducedWith?.kernel !== KERNEL)
    .map(
      (): Reason => ({
        code: 'NOT_COLLECTED',
        scope: source,
        detail: `reduced by another kernel than ${KERNEL}`,
      }),
    );
  const parsed = own
    .filter(({ body }) => body !== undefined && body !== null)
    .map(({ body }) => parseFlows(body));
  const unreadable: Reason = {
    code: 'UNREADABLE',
    scope: source,
    detail: 'the aggregate of flows has another shape',
  };
  return {
    usable: parsed.filter((aggregate) => aggregate !== undefined),
    reasons: parsed.includes(undefined) ? [...foreign, unreadable] : foreign,
  };
}

function listedObjects(answers: readonly EvidenceAnswer[]): readonly ListedLogObject[] | undefined {
  const lists = answers.map(({ body }) => (isJsonObject(body) ? body['objects'] : undefined));
  const objects = lists.filter(isJsonArray).flat().map(listedObject);
  // An entry that cannot be read may be an object that is missing: then the listing proves nothing.
  if (lists.length === 0 || !lists.every(isJsonArray) || objects.includes(undefined)) return undefined;
  return objects.filter((object) => object !== undefined);
}

function listedObject(entry: Json): ListedLogObject | undefined {
  if (!isJsonObject(entry)) return undefined;
  const { key, size, etag } = entry;
  if (typeof key !== 'string' || typeof size !== 'number') return undefined;
  return { key, size, etag: typeof etag === 'string' ? etag : '' };
}

function lostRecords({ interface: name, skipdata }: FlowAggregate['interfaces'][number]): Reason {
  return { code: 'LOG_SKIPDATA', scope: name, detail: `AWS skipped records in ${skipdata} intervals` };
}

function damageOf({ key, status, malformed }: LogObjectRead): readonly Reason[] {
  const whole: readonly Reason[] =
    status === 'complete' ? [] : [{ code: 'UNREADABLE', scope: key, detail: `the log object is ${status}` }];
  const lines = Object.entries(malformed).map(
    ([why, count]): Reason => ({
      code: 'UNREADABLE',
      scope: key,
      detail: `${count} lines could not be read: ${why}`,
    }),
  );
  return [...whole, ...lines];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
