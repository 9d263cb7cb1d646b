import type { Address, IpSet, JsonObject, Prefix } from '../../core/index.ts';
import { isJsonArray, isJsonObject, parseAddress, parsePrefix, setOfPrefixes } from '../../core/index.ts';

/** A text member, empty where there is none: AWS leaves out or nulls what does not apply. */
export function textOf(object: JsonObject, member: string): string {
  const value = object[member];
  return typeof value === 'string' ? value : '';
}

export function numberOf(object: JsonObject, member: string): number | null {
  const value = object[member];
  return typeof value === 'number' && Number.isInteger(value) ? value : null;
}

export function objectOf(object: JsonObject, member: string): JsonObject {
  const value = object[member];
  return isJsonObject(value) ? value : {};
}

export function objectsOf(object: JsonObject, member: string): readonly JsonObject[] {
  const value = object[member];
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}

/** Whether a list is there at all: one that is missing must not be taken for an empty one. */
export function hasList(object: JsonObject, member: string): boolean {
  const value = object[member];
  return isJsonArray(value) && value.every(isJsonObject);
}

export function textsOf(object: JsonObject, member: string): readonly string[] {
  const value = object[member];
  return isJsonArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

export function addressOf(object: JsonObject, member: string): Address | null {
  const text = textOf(object, member);
  return text === '' ? null : parseAddress(text);
}

/** The prefixes of an association list (`CidrBlockAssociationSet` and the like) that are in force. */
export function associatedPrefixes(
  object: JsonObject,
  list: string,
  member: string,
): readonly (Prefix | null)[] {
  return objectsOf(object, list)
    .filter((one) => {
      const state = textOf(objectOf(one, `${member}State`), 'State');
      // A block too many would make packets local that are not: anything but a plain "associated" does not count.
      return state === '' || state === 'associated';
    })
    .map((one) => parsePrefix(textOf(one, member)));
}

export function setOfParsed(prefixes: readonly (Prefix | null)[]): IpSet {
  return setOfPrefixes(prefixes.filter((prefix) => prefix !== null));
}
