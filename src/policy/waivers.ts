import type { Fault, Instant, Json, LocatedDocument } from '../core/index.ts';
import { assertNoFaults, byCodeUnit, isJsonObject, parseInstant } from '../core/index.ts';
import { isWaivable } from './catalogue.ts';
import type { Waiver } from './generated/waivers.ts';
import type { Policy } from './model.ts';
import type { AppliedWaiver, ControlResult } from './result.ts';

const DAY = 86_400_000;
/** A waiver holds for at most this many days; then somebody must decide again. */
const LONGEST_DAYS = 90;

/** What a waivers file may name. */
export interface WaiverEnvironment {
  readonly deployments: ReadonlySet<string>;
  readonly policies: readonly Policy[];
}

/**
 * The waivers of a located `waivers.yaml`, the expired ones included.
 *
 * Refused: an unknown deployment or control, a control whose check cannot be waived, an approver who is the
 * requester, a period over 90 days, two waivers of one finding that overlap.
 *
 * @throws DomicileError `BAD_INPUT` with every fault.
 */
export function parseWaivers(document: LocatedDocument, environment: WaiverEnvironment): readonly Waiver[] {
  const entries = entriesOf(document.value);
  assertNoFaults([
    ...document.faults,
    ...entries.flatMap((entry, index) => entryFaults(document, environment, entry, index)),
    ...repeatedFaults(document, entries),
  ]);
  // No faults: the document has the shape of its schema, from which the type is generated.
  return entries as unknown as readonly Waiver[];
}

/** The waivers of one deployment. */
export function waiversFor(deployment: string, waivers: readonly Waiver[]): readonly Waiver[] {
  return waivers.filter((waiver) => waiver.deployment === deployment);
}

/** Why a waiver did nothing in a run. */
export type WaiverIdleness = 'expired' | 'not-yet-granted' | 'no-such-finding' | 'not-waivable';

/** The controls with their waived findings marked, the waivers that marked them, and those that did nothing. */
export interface WaivedControls {
  readonly controls: readonly ControlResult[];
  readonly waivers: AppliedWaiver[];
  readonly idle: readonly { readonly waiver: Waiver; readonly why: WaiverIdleness }[];
}

/**
 * Marks the findings that a waiver covers at `instant`. The verdict stays `fail`; `waived` becomes true
 * where every finding of a failed control is covered. What could not be seen is never covered: reasons stay.
 *
 * `waivers` are those of the deployment that the controls are about.
 */
export function applyWaivers(
  controls: readonly ControlResult[],
  waivers: readonly Waiver[],
  instant: Instant,
): WaivedControls {
  const now = parseInstant(instant);
  const judged = waivers.map((waiver) => ({ waiver, why: idleness(waiver, controls, now) }));
  const active = judged.filter(({ why }) => why === undefined).map(({ waiver }) => waiver);
  return {
    controls: controls.map((control) => withWaivedFindings(control, active)),
    waivers: active.map(toApplied).sort((left, right) => byCodeUnit(left.id, right.id)),
    idle: judged.flatMap(({ waiver, why }) => (why === undefined ? [] : [{ waiver, why }])),
  };
}

function idleness(
  waiver: Waiver,
  controls: readonly ControlResult[],
  now: number,
): WaiverIdleness | undefined {
  if (now < startOfDay(waiver.granted)) return 'not-yet-granted';
  if (now >= startOfDay(waiver.expires)) return 'expired';
  const control = controls.find(({ id }) => id === waiver.control);
  if (!control?.findings.some(({ id }) => id === waiver.finding)) return 'no-such-finding';
  return control.waivable ? undefined : 'not-waivable';
}

function withWaivedFindings(control: ControlResult, active: readonly Waiver[]): ControlResult {
  const covered = new Set(
    active.filter((waiver) => waiver.control === control.id).map(({ finding }) => finding),
  );
  if (covered.size === 0) return control;
  const findings = control.findings.map((finding) => ({ ...finding, waived: covered.has(finding.id) }));
  return {
    ...control,
    findings,
    waived: control.verdict === 'fail' && findings.every(({ waived }) => waived),
  };
}

function toApplied({
  id,
  control,
  finding,
  requestedBy,
  approvedBy,
  reason,
  expires,
  renewals,
}: Waiver): AppliedWaiver {
  return { id, control, finding, requestedBy, approvedBy, reason, expires, renewals };
}

/** Milliseconds since the epoch at 00:00 UTC of a date as 2026-11-24. */
function startOfDay(date: string): number {
  return Date.parse(`${date}T00:00:00Z`);
}

type Entry = Readonly<Record<string, Json | undefined>>;

function entriesOf(value: Json): readonly Entry[] {
  const entries = isJsonObject(value) ? value['waivers'] : undefined;
  // An entry that is no mapping has its schema fault already; here it names nothing.
  return Array.isArray(entries) ? entries.map((entry) => (isJsonObject(entry) ? entry : {})) : [];
}

function entryFaults(
  document: LocatedDocument,
  environment: WaiverEnvironment,
  entry: Entry,
  index: number,
): readonly Fault[] {
  const fault = (member: string, message: string, hint?: string): Fault => {
    const at = document.at(['waivers', index, member]);
    return hint === undefined ? { message, at } : { message, at, hint };
  };
  const faults: Fault[] = [];
  const { deployment, requestedBy, approvedBy, granted, expires } = entry;
  if (typeof deployment === 'string' && !environment.deployments.has(deployment)) {
    faults.push(fault('deployment', `expected a deployment of the inventory, found ${quoted(deployment)}`));
  }
  const control = controlFault(environment, entry['control']);
  if (control !== undefined) faults.push(fault('control', control));
  if (samePerson(requestedBy, approvedBy)) {
    faults.push(fault('approvedBy', 'expected somebody else than the requester, found the same person'));
  }
  const days = daysBetween(granted, expires);
  if (days !== undefined && (days <= 0 || days > LONGEST_DAYS)) {
    const message = `expected a day 1 to ${LONGEST_DAYS} days after granted, found one ${days} days after`;
    faults.push(fault('expires', message, 'grant it again and count the renewal instead'));
  }
  return faults;
}

function controlFault(environment: WaiverEnvironment, name: Json | undefined): string | undefined {
  if (typeof name !== 'string') return undefined;
  const [policyId, controlId] = name.split('/');
  const policy = environment.policies.find(({ id }) => id === policyId);
  const control = policy?.controls.find(({ id }) => id === controlId);
  if (control === undefined) return `expected a control as policyId/controlId, found ${quoted(name)}`;
  if (isWaivable(control.check)) return undefined;
  return `expected a control that can be waived, found one of ${control.check}, which no exception can cover`;
}

function samePerson(requester: Json | undefined, approver: Json | undefined): boolean {
  if (typeof requester !== 'string' || typeof approver !== 'string') return false;
  const names = namesOf(requester);
  return [...namesOf(approver)].some((name) => names.has(name));
}

const MAIL = /[^\s<>()]+@[^\s<>()]+/gu;

/** What a person goes by in a text: a name, and each mail address. One in common is enough. */
function namesOf(text: string): ReadonlySet<string> {
  const plain = text.normalize('NFKC').replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '');
  const mails = (plain.match(MAIL) ?? []).map((mail) => mail.toLowerCase().replace(/\+[^@]*/, ''));
  const name = wordsOf(plain.replaceAll(MAIL, ' '));
  return new Set([...mails, ...(name === '' ? [] : [name])]);
}

/**
 * The words of a name in one form: width, case, accents, order, punctuation and invisible characters make no other
 * person of it, nor do Greek and Cyrillic letters that look like Latin ones.
 */
function wordsOf(name: string): string {
  const bare = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toUpperCase().toLowerCase();
  const latin = bare.replaceAll(/\p{L}/gu, (letter) => LOOKALIKES.get(letter) ?? letter);
  return (latin.match(/[\p{L}\p{N}]+/gu) ?? []).sort(byCodeUnit).join(' ');
}

/** Letters that nobody can tell from Latin ones (Unicode Technical Standard 39, confusables), in pairs. */
const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  [
    'аa',
    'вb',
    'еe',
    'кk',
    'мm',
    'нh',
    'оo',
    'рp',
    'сc',
    'тt',
    'уy',
    'хx',
    'іi',
    'јj',
    'ѕs',
    'ԁd',
    'һh',
    'ԛq',
    'ԝw',
  ]
    .concat(['αa', 'βb', 'εe', 'ηn', 'ιi', 'κk', 'νv', 'οo', 'ρp', 'τt', 'υu', 'χx', 'ıi', 'ɡg', 'ɑa'])
    .map(([letter = '', latin = '']) => [letter, latin]),
);

function daysBetween(from: Json | undefined, to: Json | undefined): number | undefined {
  if (typeof from !== 'string' || typeof to !== 'string') return undefined;
  const days = (startOfDay(to) - startOfDay(from)) / DAY;
  return Number.isNaN(days) ? undefined : days;
}

/** Ids are unique, and one finding has one exception at a time: two would hide which of them counts. */
function repeatedFaults(document: LocatedDocument, entries: readonly Entry[]): readonly Fault[] {
  const faults: Fault[] = [];
  const ids = new Set<string>();
  const periods = new Map<string, Entry[]>();
  for (const [index, entry] of entries.entries()) {
    const { id, deployment, control, finding } = entry;
    if (typeof id === 'string') {
      if (ids.has(id)) {
        faults.push({
          message: `expected each id once, found ${quoted(id)} again`,
          at: document.at(['waivers', index, 'id']),
        });
      }
      ids.add(id);
    }
    if (typeof finding !== 'string') continue;
    const subject = [deployment, control, finding].join('\n');
    const earlier = periods.get(subject) ?? [];
    if (earlier.some((other) => overlap(other, entry))) {
      const message = 'expected one exception of a finding at a time, found a second for the same days';
      faults.push({ message, at: document.at(['waivers', index, 'granted']) });
    }
    if (earlier.some((other) => isUncounted(other, entry))) {
      const message = 'expected the later exception of a finding to count more renewals, found no more';
      faults.push({ message, at: document.at(['waivers', index, 'renewals']) });
    }
    periods.set(subject, [...earlier, entry]);
  }
  return faults;
}

/** Days within which an exception that follows another of the same finding goes on with it. */
const CONTINUED_DAYS = 31;

/** Whether an exception goes on with one before it, and counts no more renewals: it would look like a first one. */
function isUncounted(one: Entry, other: Entry): boolean {
  const [first, second] = [one, other].sort((left, right) =>
    byCodeUnit(String(left['granted']), String(right['granted'])),
  );
  const days = daysBetween(first?.['expires'], second?.['granted']);
  const counts = [first?.['renewals'], second?.['renewals']];
  if (days === undefined || days < 0 || days > CONTINUED_DAYS) return false;
  return counts.every(Number.isInteger) && Number(counts[1]) <= Number(counts[0]);
}

function overlap(left: Entry, right: Entry): boolean {
  const [leftStart, leftEnd, rightStart, rightEnd] = [
    left['granted'],
    left['expires'],
    right['granted'],
    right['expires'],
  ];
  if (typeof leftStart !== 'string' || typeof leftEnd !== 'string') return false;
  if (typeof rightStart !== 'string' || typeof rightEnd !== 'string') return false;
  return leftStart < rightEnd && rightStart < leftEnd;
}

/** Text of the operator's own file, short enough to show. */
function quoted(text: string): string {
  return text.length <= 60 ? JSON.stringify(text) : 'a longer text';
}
