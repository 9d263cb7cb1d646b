import type { LogObject } from '../../sim/flow-objects.ts';
import type { Json } from '../../src/core/index.ts';
import { isJsonObject } from '../../src/core/index.ts';
import type { EvidenceStatus, FlowAggregate, LoadedEvidence, LoadedItem } from '../../src/evidence/index.ts';
import { mergeFlowAggregates } from '../../src/evidence/index.ts';
import { createFlowReducer, FLOW_LOG_LIMITS, readLogObject } from '../../src/scan/index.ts';

/** Evidence of which something was taken away, and the ids of the items that it was taken from. */
export interface Degraded {
  readonly name: string;
  readonly touched: readonly string[];
  readonly evidence: LoadedEvidence;
}

const STATUSES = [
  'partial',
  'absent',
  'denied',
  'denied-by-scp',
  'unsupported',
  'not-in-partition',
  'throttled',
  'timeout',
  'unreachable',
  'unreadable',
  'cancelled',
  'failed',
] as const satisfies readonly Exclude<EvidenceStatus, 'complete'>[];

const PROBLEMS = ['DIGEST_MISMATCH', 'UNREADABLE', 'NOT_COLLECTED'] as const;
const LONG_AGO = '2025-11-22T20:10:00Z';

/** Every way to take something away from one item. */
export function* degradedItems(evidence: LoadedEvidence): Generator<Degraded> {
  for (const [index, loaded] of evidence.entries()) {
    const { id } = loaded.item;
    const touched = [id];
    yield { name: `${id} removed`, touched, evidence: evidence.filter((_, at) => at !== index) };
    for (const [what, changed] of weakened(loaded)) {
      yield { name: `${id} ${what}`, touched, evidence: evidence.with(index, changed) };
    }
  }
}

function* weakened({ item, body }: LoadedItem): Generator<readonly [string, LoadedItem]> {
  for (const status of STATUSES) {
    yield [`${status}, nothing kept`, { item: { ...item, status, reason: 'Test' }, body: undefined }];
  }
  for (const [what, kept] of truncations(body)) {
    yield [
      `partial, ${what}`,
      { item: { ...item, status: 'partial', reason: 'more pages follow' }, body: kept },
    ];
  }
  for (const problem of PROBLEMS) yield [problem, { item, body: undefined, problem }];
  yield ['of an unknown time', { item: { ...item, time: null }, body }];
  yield ['a year old', { item: { ...item, time: LONG_AGO }, body }];
  yield ['without a body', { item, body: undefined }];
  if (item.reducedWith === undefined) return;
  const { reducedWith: _reduced, ...unreduced } = item;
  yield ['reduced by nobody knows what', { item: unreduced, body }];
  yield [
    'reduced by another kernel',
    { item: { ...item, reducedWith: { ...item.reducedWith, kernel: 'other/9' } }, body },
  ];
}

/** A page less: the whole body, its lists emptied, or one entry of a list gone. */
function* truncations(body: Json | undefined): Generator<readonly [string, Json]> {
  if (body === undefined) return;
  yield ['everything kept', body];
  if (!isJsonObject(body)) return;
  for (const [member, list] of Object.entries(body)) {
    if (!Array.isArray(list)) continue;
    yield [`${member} emptied`, { ...body, [member]: [] }];
    for (const index of list.slice(0, 5).keys()) {
      yield [`${member}[${index}] on another page`, { ...body, [member]: list.toSpliced(index, 1) }];
    }
  }
}

/** Every way to lose one log object while the listing still names it. */
export async function degradedLogs(
  evidence: LoadedEvidence,
  logs: readonly LogObject[],
): Promise<readonly Degraded[]> {
  const index = evidence.findIndex(({ item }) => item.key.kind === 'flow-logs.records');
  const records = evidence[index];
  if (records === undefined) return [];
  const touched = [records.item.id];
  const aggregates: FlowAggregate[] = [];
  for (const log of logs) aggregates.push(await aggregateOf(log));
  return aggregates.map((_, at) => {
    const rest: unknown = mergeFlowAggregates(aggregates.toSpliced(at, 1));
    return {
      name: `log object ${at} deleted`,
      touched,
      evidence: evidence.with(index, { item: records.item, body: rest as Json }),
    };
  });
}

async function aggregateOf(log: LogObject): Promise<FlowAggregate> {
  const reducer = createFlowReducer(FLOW_LOG_LIMITS.rows);
  await readLogObject(log, reducer, FLOW_LOG_LIMITS);
  return reducer.finish();
}
