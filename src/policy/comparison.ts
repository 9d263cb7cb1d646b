import type { Json } from '../core/index.ts';
import { byCodeUnit, canonicalJson, isJsonObject } from '../core/index.ts';
import type { Policy, PolicyControl } from './model.ts';
import type { BilingualText } from './result.ts';

/** What a policy set demands less, more, or otherwise than the one before; each entry names its control. */
export interface PolicyComparison {
  readonly loosened: BilingualText[];
  readonly tightened: BilingualText[];
  /** Changes of which this version cannot say whether they demand more or less. */
  readonly changed: BilingualText[];
}

type Direction = 'loosened' | 'tightened' | 'changed';
interface Change {
  readonly direction: Direction;
  readonly text: BilingualText;
}

/**
 * Compares the policies of two reports, by policy id and control id. Only directions from a closed list are
 * called looser or tighter; everything else is `changed`, so that nothing loosens unseen.
 */
export function comparePolicies(previous: readonly Policy[], current: readonly Policy[]): PolicyComparison {
  const changes = byName(previous, current).flatMap(([id, before, after]) =>
    policyChanges(id, before, after),
  );
  const of = (wanted: Direction): BilingualText[] =>
    changes.filter(({ direction }) => direction === wanted).map(({ text }) => text);
  return { loosened: of('loosened'), tightened: of('tightened'), changed: of('changed') };
}

function policyChanges(id: string, before: Policy | undefined, after: Policy | undefined): readonly Change[] {
  if (before === undefined) return [{ direction: 'tightened', text: told(id, 'policy added', '新增策略') }];
  if (after === undefined) return [{ direction: 'loosened', text: told(id, 'policy removed', '移除策略') }];
  const appliesTo = differs(before.appliesTo, after.appliesTo);
  return [
    ...(appliesTo
      ? [
          {
            direction: 'changed',
            text: told(id, 'applies to other deployments', '适用的部署有变化'),
          } as const,
        ]
      : []),
    ...countryChanges(id, before, after),
    ...byName(before.controls, after.controls).flatMap(([control, left, right]) =>
      controlChanges(`${id}/${control}`, left, right),
    ),
  ];
}

/** More allowed countries demand less. Without its own list a policy follows the deployment: neither more nor less. */
function countryChanges(id: string, before: Policy, after: Policy): readonly Change[] {
  if (!differs(before.countries, after.countries)) return [];
  if (before.countries === undefined || after.countries === undefined) {
    return [
      {
        direction: 'changed',
        text: told(id, ...replaced('countries', '国家或地区', before.countries, after.countries)),
      },
    ];
  }
  return listChanges(
    { id, en: 'countries', zh: '国家或地区' },
    before.countries,
    after.countries,
    'loosened',
  );
}

function controlChanges(
  id: string,
  before: PolicyControl | undefined,
  after: PolicyControl | undefined,
): readonly Change[] {
  if (before === undefined)
    return [{ direction: 'tightened', text: told(id, 'control added', '新增控制项') }];
  if (after === undefined)
    return [{ direction: 'loosened', text: told(id, 'control removed', '移除控制项') }];
  if (before.check !== after.check) {
    return [
      { direction: 'changed', text: told(id, ...replaced('check', '检查', before.check, after.check)) },
    ];
  }
  const names = [...new Set([...Object.keys(before.parameters), ...Object.keys(after.parameters)])].sort(
    byCodeUnit,
  );
  return [
    ...severityChanges(id, before, after),
    ...names.flatMap((name) => {
      const [left, right] = [before.parameters[name], after.parameters[name]];
      return differs(left, right) ? parameterChanges(before.check, id, name, left, right) : [];
    }),
  ];
}

const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;

function severityChanges(id: string, before: PolicyControl, after: PolicyControl): readonly Change[] {
  const [left, right] = [SEVERITIES.indexOf(before.severity), SEVERITIES.indexOf(after.severity)];
  if (left === right) return [];
  const text = told(id, ...replaced('severity', '严重程度', before.severity, after.severity));
  return [{ direction: right < left ? 'loosened' : 'tightened', text }];
}

/** For a list, what more entries mean; for a closed scale, its values from the loosest to the strictest. */
type ParameterDirection =
  | { readonly kind: 'list'; readonly added: 'loosened' | 'tightened' }
  | { readonly kind: 'scale'; readonly values: readonly string[] };

const JUDGED: ParameterDirection = { kind: 'scale', values: ['disclose', 'fail'] };

/** Parameters whose direction is known, by check; the closed list that the docstring above speaks of. */
const DIRECTIONS: Readonly<Record<string, ParameterDirection>> = {
  'region.offered offers': { kind: 'list', added: 'loosened' },
  'placement.resources services': { kind: 'list', added: 'tightened' },
  'placement.resources encrypted': JUDGED,
  'network.egress initiated': JUDGED,
  'network.egress reply': JUDGED,
  'network.egress resolver': JUDGED,
  'flows.egress initiated': JUDGED,
  'flows.egress reply': JUDGED,
  'flows.coverage quiet': { kind: 'scale', values: ['tell', 'inconclusive'] },
};

function parameterChanges(
  check: string,
  id: string,
  name: string,
  before: Json | undefined,
  after: Json | undefined,
): readonly Change[] {
  const direction = DIRECTIONS[`${check} ${name}`];
  const text = told(id, ...replaced(name, name, before, after));
  if (direction?.kind === 'list' && Array.isArray(before) && Array.isArray(after)) {
    return listChanges({ id, en: name, zh: name }, before, after, direction.added);
  }
  if (direction?.kind === 'scale' && typeof before === 'string' && typeof after === 'string') {
    const [left, right] = [direction.values.indexOf(before), direction.values.indexOf(after)];
    if (left >= 0 && right >= 0) return [{ direction: right < left ? 'loosened' : 'tightened', text }];
  }
  return [{ direction: 'changed', text }];
}

/** Whose list it is, and what it is called. */
interface ListSubject {
  readonly id: string;
  readonly en: string;
  readonly zh: string;
}

function listChanges(
  { id, en, zh }: ListSubject,
  before: readonly Json[],
  after: readonly Json[],
  whenAdded: 'loosened' | 'tightened',
): readonly Change[] {
  const [left, right] = [new Set(before.map(canonicalJson)), new Set(after.map(canonicalJson))];
  const added = after.filter((entry) => !left.has(canonicalJson(entry)));
  const removed = before.filter((entry) => !right.has(canonicalJson(entry)));
  if (added.length === 0 && removed.length === 0)
    return [{ direction: 'changed', text: told(id, `${en} in another order`, `${zh} 顺序变化`) }];
  const whenRemoved = whenAdded === 'loosened' ? 'tightened' : 'loosened';
  const entries = (sign: string, list: readonly Json[], direction: Direction): readonly Change[] =>
    list.map((entry) => ({
      direction,
      text: told(id, `${en} ${sign} ${shown(entry)}`, `${zh} ${sign} ${shown(entry)}`),
    }));
  return [...entries('+', added, whenAdded), ...entries('-', removed, whenRemoved)];
}

/** A change as one line: whose, a colon, what. */
function told(id: string, en: string, zh: string): BilingualText {
  return { en: `${id}: ${en}`, zh: `${id}：${zh}` };
}

function replaced(en: string, zh: string, before: unknown, after: unknown): readonly [string, string] {
  return [`${en} ${shown(before)} -> ${shown(after)}`, `${zh} ${shown(before)} -> ${shown(after)}`];
}

/** Pairs two lists by id, in the order of the ids. */
function byName<T extends { readonly id: string }>(
  before: readonly T[],
  after: readonly T[],
): readonly (readonly [string, T | undefined, T | undefined])[] {
  const [left, right] = [
    new Map(before.map((one) => [one.id, one])),
    new Map(after.map((one) => [one.id, one])),
  ];
  const ids = [...new Set([...left.keys(), ...right.keys()])].sort(byCodeUnit);
  return ids.map((id) => [id, left.get(id), right.get(id)]);
}

function differs(before: unknown, after: unknown): boolean {
  return canonicalJson(before ?? null) !== canonicalJson(after ?? null);
}

const LONGEST_SHOWN = 120;

function shown(value: unknown): string {
  if (value === undefined) return '-';
  if (typeof value === 'string') return value;
  const entry = isJsonObject(value) && typeof value['region'] === 'string' ? value : undefined;
  const text =
    entry === undefined
      ? canonicalJson(value)
      : `${String(entry['region'])} ${canonicalJson(entry['tenancies'] ?? null)}`;
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}...`;
}
