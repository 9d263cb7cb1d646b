import type { Json, JsonObject } from '../../core/index.ts';
import { isJsonObject } from '../../core/index.ts';
import type { DataClass, JsonType } from '../../evidence/index.ts';
import type { Hits } from './content-classes.ts';
import { hitOf, NO_HITS } from './content-classes.ts';
import type { Membership, ScalarClass } from './data-class.ts';
import { mayHoldWords, membershipOf } from './data-class.ts';
import { CHAT_STRUCTURE } from './detectors/chat-structure.ts';
import { isKeyName, isNamedKey } from './detectors/named-key.ts';
import { FEWEST_PIECES } from './pieces.ts';
import type { RowText, Tally } from './tally.ts';
import { countHits, countValue, countViolation, createTally } from './tally.ts';
import { detectJson, detectPieces, detectText } from './unwrap.ts';

/** A column, or a place inside its JSON, with what was counted there. Mirrors the declared data class. */
export interface Place {
  readonly path: string;
  /** `undefined` where nothing was declared. */
  readonly holds: DataClass | undefined;
  /** The name, where it says that what is kept under it is secret. */
  readonly keyName: string | undefined;
  readonly tally: Tally;
  /** Declared keys. Looked up by own name only: a document can hold `__proto__`. */
  readonly members: ReadonlyMap<string, Place>;
  /** Elements of an array, or values of a map. */
  readonly inner: Place | undefined;
  /** Everything below undeclared keys. */
  readonly undeclared: Tally;
}

/** @param name of the column, or of the member of its JSON. */
export function createPlace(holds: DataClass | undefined, name: string, path = ''): Place {
  return {
    path,
    holds,
    keyName: isKeyName(name) ? name : undefined,
    tally: createTally(),
    members: membersOf(holds, path),
    inner: innerOf(holds, name, path),
    undeclared: createTally(),
  };
}

function membersOf(holds: DataClass | undefined, path: string): ReadonlyMap<string, Place> {
  if (holds?.class !== 'json') return new Map();
  return new Map(
    Object.entries(holds.keys).map(([key, inner]) => [key, createPlace(inner, key, `${path}.${key}`)]),
  );
}

function innerOf(holds: DataClass | undefined, name: string, path: string): Place | undefined {
  if (holds?.class === 'array') return createPlace(holds.items, name, `${path}[]`);
  return holds?.class === 'map' ? createPlace(holds.values, '', `${path}{}`) : undefined;
}

/** All places with their tallies, the given one first. */
export function talliesOf(place: Place): readonly { readonly path: string; readonly tally: Tally }[] {
  const below = [...place.members.values(), ...(place.inner === undefined ? [] : [place.inner])].flatMap(
    talliesOf,
  );
  const undeclared = { path: `${place.path}.*`, tally: place.undeclared };
  return [{ path: place.path, tally: place.tally }, ...below, undeclared];
}

/** Counts one single value: what it is to its class, and what the detectors say of it. */
export function examineScalar(place: Place, holds: ScalarClass, text: string, row: RowText): Membership {
  const membership = membershipOf(text, holds);
  if (membership === 'sealed') return membership;
  if (membership !== 'allowed') countViolation(place.tally, membership, text.length, row);
  countHits(place.tally, detectAt(place, text), text.length, row);
  return membership;
}

/** What the detectors say of a text where it stands: a name can tell a key that has no form of its own. */
export function detectAt({ keyName }: Place, text: string): Hits {
  const named = keyName !== undefined && isNamedKey(keyName, text) ? hitOf('secret-key') : NO_HITS;
  return detectText(text) | named;
}

/** Counts a JSON value against what is declared for its place. */
export function examineJson(place: Place, value: Json, row: RowText): void {
  const { holds, tally } = place;
  if (value === null) {
    tally.nulls++;
    return;
  }
  countValue(tally, jsonTypeOf(value));
  if (holds === undefined) {
    countHits(tally, detectJson(value), lengthOf(value), row);
    return;
  }
  switch (holds.class) {
    case 'json':
      return isJsonObject(value) ? examineMembers(place, value, row) : examineMisfit(place, value, row);
    case 'map':
      return isJsonObject(value)
        ? examineEntries(place, holds.keys, value, row)
        : examineMisfit(place, value, row);
    case 'array':
      return Array.isArray(value) ? examineElements(place, value, row) : examineMisfit(place, value, row);
    default:
      return examineLeaf(place, holds, value, row);
  }
}

function examineMembers(place: Place, members: JsonObject, row: RowText): void {
  if (CHAT_STRUCTURE.test({ kind: 'object', members })) {
    countHits(place.tally, hitOf('chat-structure'), lengthOf(members), row);
  }
  for (const key of Object.keys(members)) {
    const member = members[key];
    if (member === undefined) continue;
    const declared = place.members.get(key);
    if (declared !== undefined) examineJson(declared, member, row);
    else examineUndeclared(place.undeclared, key, member, row);
  }
}

/** An undeclared key is itself looked at: in a hostile or careless document the key can be the prompt. */
function examineUndeclared(tally: Tally, key: string, member: Json, row: RowText): void {
  const length = key.length + lengthOf(member);
  if (member === null) tally.nulls++;
  else countValue(tally, jsonTypeOf(member));
  countViolation(tally, 'undeclared-key', length, row);
  countHits(tally, detectJson({ [key]: member }), length, row);
}

function examineEntries(place: Place, keys: DataClass, members: JsonObject, row: RowText): void {
  for (const [key, member] of Object.entries(members)) {
    if (keys.class !== 'json' && keys.class !== 'array' && keys.class !== 'map')
      examineScalar(place, keys, key, row);
    if (place.inner !== undefined) examineJson(place.inner, member, row);
  }
}

function examineElements(place: Place, elements: readonly Json[], row: RowText): void {
  if (place.inner === undefined) return;
  for (const element of elements) examineJson(place.inner, element, row);
  if (elements.length >= FEWEST_PIECES && place.inner.holds !== undefined && mayHoldWords(place.inner.holds))
    countHits(place.tally, detectPieces(elements), lengthOf(elements), row);
}

function examineLeaf(place: Place, holds: ScalarClass, value: Json, row: RowText): void {
  if (typeof value !== 'object' || value === null) {
    examineScalar(place, holds, String(value), row);
    return;
  }
  if (holds.class === 'empty' && Object.keys(value).length === 0) return;
  if (holds.class === 'embedding' && Array.isArray(value) && value.every(isVectorElement)) return;
  examineMisfit(place, value, row);
}

/** Postgres writes the elements of an array of numbers as texts. */
function isVectorElement(element: Json): boolean {
  if (typeof element === 'number') return true;
  return typeof element === 'string' && membershipOf(element, { class: 'decimal' }) === 'sealed';
}

function examineMisfit(place: Place, value: Json, row: RowText): void {
  countViolation(place.tally, 'not-in-class', lengthOf(value), row);
  countHits(place.tally, detectJson(value) | NO_HITS, lengthOf(value), row);
}

function jsonTypeOf(value: NonNullable<Json>): JsonType {
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'object';
}

/** Characters of a value's text: for a bucket only, so that documents are measured by their JSON. */
function lengthOf(value: Json): number {
  return typeof value === 'string' ? value.length : JSON.stringify(value).length;
}
