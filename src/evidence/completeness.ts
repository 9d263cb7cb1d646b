import type { Json, Reason, ReasonCode } from '../core/index.ts';
import { isJsonObject, parseInstant, unreachable } from '../core/index.ts';
import { textsAt } from './answer-path.ts';
import type { EvidenceKind } from './evidence-kind.ts';
import type { CallSpec, FanOut, KindSpec, Projection } from './kind-spec.ts';
import { KINDS } from './kinds.ts';
import type { LoadedEvidence, LoadedItem } from './loaded.ts';
import { itemsOf } from './loaded-view.ts';
import type { EvidenceStatus } from './model.ts';
import type { Need } from './need.ts';
import { needName } from './need.ts';

/** When evidence is too old to speak for a window. */
export interface FreshnessLimits {
  /** RFC 3339. */
  readonly windowEnd: string;
  readonly maxAgeHours: number;
  /** When the run started (RFC 3339). Nothing can have been read long after it. */
  readonly startedAt?: string;
}

/** How much of a need was answered, and what stands in the way of the rest. */
export interface Completeness {
  readonly reasons: readonly Reason[];
  /** Calls that were answered, of calls that had to be made. */
  readonly examined: number;
  readonly expected: number;
}

/**
 * Whether a need was met: every call's listing is there, whole, readable and fresh, and so is every child
 * that a listing named. Whatever is not becomes a reason that names the call.
 */
export function completeness(need: Need, evidence: LoadedEvidence, limits: FreshnessLimits): Completeness {
  const spec = KINDS.get(need.kind);
  const items = itemsOf(evidence, need);
  const state = spec?.source === 'aws' || spec?.source === 'postgres';
  const faults = items.flatMap((item) => itemReasons(item, limits, state));
  const missing =
    spec?.source === 'aws' ? missingCalls(spec, need, items, evidence) : missingItem(need, items);
  return {
    reasons: [...faults, ...missing],
    examined: items.filter((item) => itemReasons(item, limits, state).length === 0).length,
    expected: items.length + missing.length,
  };
}

/** The one table from what became of a call to what a report says of it. `undefined`: nothing stands in the way. */
function reasonOfStatus(status: EvidenceStatus): ReasonCode | undefined {
  switch (status) {
    case 'complete':
      return undefined;
    case 'partial':
    case 'absent':
      return 'NOT_COLLECTED';
    case 'denied':
      return 'ACCESS_DENIED';
    case 'denied-by-scp':
      return 'SCP_DENIED';
    case 'unsupported':
      return 'UNSUPPORTED_CONSTRUCT';
    case 'not-in-partition':
      return 'NOT_IN_PARTITION';
    case 'throttled':
      return 'THROTTLED';
    case 'timeout':
      return 'TIMEOUT';
    case 'unreachable':
      return 'UNREACHABLE';
    case 'unreadable':
      return 'UNREADABLE';
    case 'cancelled':
      return 'CANCELLED';
    case 'failed':
      return 'FAILED';
    default:
      return unreachable(status);
  }
}

function itemReasons(loaded: LoadedItem, limits: FreshnessLimits, state: boolean): readonly Reason[] {
  const { item, problem } = loaded;
  const scope = scopeOf(item.key);
  const isAbsent = problem === undefined && isAbsentService(loaded);
  const code = problem ?? (isAbsent ? undefined : reasonOfStatus(item.status));
  if (code !== undefined) return [{ code, scope, detail: item.reason }];
  if (!isAbsent && !isWhole(loaded))
    return [
      { code: 'UNREADABLE', scope, detail: 'the answer lacks what it should hold, or has another shape' },
    ];
  const age = ageOf(item.time, limits, state);
  return age === undefined ? [] : [{ code: 'STALE', scope, detail: age }];
}

/**
 * A service that the partition is known not to have, shown by its endpoint that is not there, or a call that its regions
 * are known not to offer, shown by their saying so: there is none of it.
 */
export function isAbsentService({ item: { key, status } }: LoadedItem): boolean {
  const spec = KINDS.get(key.kind as EvidenceKind);
  return (
    (status === 'not-in-partition' && spec?.absentFrom?.includes(key.partition) === true) ||
    (status === 'unsupported' && spec?.notOfferedIn?.includes(key.partition) === true)
  );
}

/**
 * Whether a complete item has its answer in the shape that its call has. A list that is not there must not be
 * taken for an empty one.
 */
function isWhole({ item, body }: LoadedItem): boolean {
  if (body === undefined || body === null) return false;
  const call = KINDS.get(item.key.kind as EvidenceKind)?.calls.find((spec) => spec.call === item.key.call);
  if (call === undefined) return true;
  if (!isJsonObject(body)) return false;
  if (!Object.hasOwn(body, call.member)) return call.mayBeEmpty === true;
  const expected = memberRule(call);
  return hasShape(body[call.member], expected);
}

function memberRule({ projection, member }: CallSpec): Projection | undefined {
  if (projection === true || projection instanceof RegExp || Array.isArray(projection)) return undefined;
  return (projection as { readonly [member: string]: Projection })[member];
}

/** A null stands for "none" where a scalar was expected, never for a list or an object. */
function hasShape(value: Json | undefined, projection: Projection | undefined): boolean {
  if (projection === undefined || value === undefined) return false;
  if (projection === true || projection instanceof RegExp) return typeof value !== 'object' || value === null;
  if (!Array.isArray(projection)) return isJsonObject(value);
  const [entry] = projection as readonly [Projection];
  return (
    Array.isArray(value) &&
    value.every((one: Json) => (entry === true ? typeof one === 'string' : isJsonObject(one)))
  );
}

/** How long a run may take: what it reads itself is read after it started. */
const LONGEST_RUN_HOURS = 24;

/** @param state whether what was read is how things stood when it was read; logs carry their own times instead. */
function ageOf(time: string | null, limits: FreshnessLimits, state: boolean): string | undefined {
  if (time === null) return 'nobody said when this was read';
  const hours = hoursBetween(time, limits.windowEnd);
  if (hours > limits.maxAgeHours) return `read ${Math.floor(hours)} hours before the end of the period`;
  // A clock that was wrong, or a time that somebody made up: either way nobody knows when it was.
  const ahead = limits.startedAt === undefined ? 0 : hoursBetween(limits.startedAt, time);
  if (ahead > LONGEST_RUN_HOURS) return 'its time is after the run';
  // A state that was read long after a period says as little of it as one that was read long before.
  const late = state && -hours > limits.maxAgeHours;
  return late ? `read ${Math.floor(-hours)} hours after the end of the period` : undefined;
}

function hoursBetween(from: string, to: string): number {
  return (parseInstant(to) - parseInstant(from)) / 3_600_000;
}

/** A call with its parameters, account and region, as a person would name it. */
function scopeOf(key: LoadedItem['item']['key']): string {
  const parameters = Object.values(key.parameters);
  const place = [key.account, key.region, key.target].filter((part) => part !== '');
  return [key.call, ...parameters, ...(place.length > 0 ? [`(${place.join('/')})`] : [])].join(' ');
}

function missingItem(need: Need, items: readonly LoadedItem[]): readonly Reason[] {
  if (items.length > 0) return [];
  return [{ code: 'NOT_COLLECTED', scope: needName(need), detail: 'nothing was collected' }];
}

function missingCalls(
  spec: KindSpec,
  need: Need,
  items: readonly LoadedItem[],
  evidence: LoadedEvidence,
): readonly Reason[] {
  return spec.calls.flatMap((call) =>
    call.forEach === undefined
      ? missingListing(call, need, items)
      : call.forEach.flatMap((fanOut) => missingChildren(call, fanOut, need, items, evidence)),
  );
}

function missingListing(call: CallSpec, need: Need, items: readonly LoadedItem[]): readonly Reason[] {
  if (items.some(({ item }) => item.key.call === call.call)) return [];
  return [notCollected(call, need, 'the call was not made')];
}

/** Ids that a listing named and no child answered for. Without the listing, nobody knows which children there are. */
function missingChildren(
  call: CallSpec,
  fanOut: FanOut,
  need: Need,
  items: readonly LoadedItem[],
  evidence: LoadedEvidence,
): readonly Reason[] {
  const parents = parentItems(fanOut.from, need, evidence);
  if (parents.length === 0 && isListedByNothing(fanOut.from, need, evidence)) return [];
  if (parents.length === 0 && listsNothing(fanOut.from, need, evidence)) return [];
  if (parents.length === 0)
    return [notCollected(call, need, `nothing lists its ids: ${fanOut.from} was not collected`)];
  const children = items.filter(({ item }) => item.key.call === call.call);
  const answered = new Set(children.flatMap((child) => answeredIds(child, fanOut)));
  const listed = new Set(parents.flatMap(({ body }) => textsAt(body, fanOut.ids)));
  return [...listed]
    .filter((id) => !answered.has(id))
    .map(
      (id): Reason => ({
        code: 'NOT_COLLECTED',
        scope: `${call.call} ${id} (${need.account}/${need.region})`,
        detail: 'listed, but not read',
      }),
    );
}

/** Whether what would list the ids is of a service that is not there. */
function isListedByNothing(call: string, need: Need, evidence: LoadedEvidence): boolean {
  const asked = evidence.filter((loaded) => isOfCall(loaded, call, need));
  return asked.length > 0 && asked.every(isAbsentService);
}

/** Whether a call had to be made for nothing: without a cluster nobody lists its services, and there are none. */
function listsNothing(call: string, need: Need, evidence: LoadedEvidence): boolean {
  const origins = SPECS_BY_CALL.get(call)?.forEach ?? [];
  return (
    origins.length > 0 &&
    origins.every(({ from, ids }) => {
      const parents = parentItems(from, need, evidence).filter(({ item }) => item.status === 'complete');
      if (parents.length === 0) return listsNothing(from, need, evidence);
      return parents.every(({ body }) => textsAt(body, ids).length === 0);
    })
  );
}

const SPECS_BY_CALL: ReadonlyMap<string, CallSpec> = new Map(
  [...KINDS.values()].flatMap(({ calls }) => calls.map((spec) => [spec.call, spec] as const)),
);

function parentItems(call: string, need: Need, evidence: LoadedEvidence): readonly LoadedItem[] {
  return evidence.filter(
    (loaded) => isOfCall(loaded, call, need) && loaded.body !== undefined && loaded.body !== null,
  );
}

function isOfCall({ item: { key } }: LoadedItem, call: string, need: Need): boolean {
  return (
    key.call === call &&
    key.account === need.account &&
    key.region === need.region &&
    key.phase === need.phase
  );
}

/** The ids that a child speaks for. A failed child names its id too: its own status tells what happened. */
function answeredIds(
  { item, body }: LoadedItem,
  { parameter, answered, mayBeNone }: FanOut,
): readonly string[] {
  const named = item.key.parameters[parameter];
  const inside = answered === undefined ? [] : textsAt(body, answered);
  return named === undefined
    ? inside
    : [
        ...inside,
        ...named.split(' ').filter(() => item.status !== 'complete'),
        ...(answered === undefined || mayBeNone === true ? [named] : []),
      ];
}

function notCollected(call: CallSpec, need: Need, detail: string): Reason {
  return { code: 'NOT_COLLECTED', scope: `${call.call} (${need.account}/${need.region})`, detail };
}
