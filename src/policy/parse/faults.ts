import type {
  DocumentPart,
  DocumentPath,
  Fault,
  Json,
  JsonObject,
  LocatedDocument,
} from '../../core/index.ts';
import { isJsonArray, isJsonObject } from '../../core/index.ts';

/** A fault at a place of a document. */
export function faultAt(
  document: LocatedDocument,
  path: DocumentPath,
  message: string,
  extra: { readonly hint?: string; readonly part?: DocumentPart } = {},
): Fault {
  const at = document.at(path, extra.part);
  return extra.hint === undefined ? { message, at } : { message, at, hint: extra.hint };
}

/** A member that is an object, or an empty one: what has the wrong shape has its schema fault already. */
export function objectIn(value: Json | undefined, member: string): JsonObject {
  const found = isJsonObject(value) ? value[member] : undefined;
  return isJsonObject(found) ? found : {};
}

/** A member that is a list, or an empty one. */
export function listIn(value: Json | undefined, member: string): readonly Json[] {
  const found = isJsonObject(value) ? value[member] : undefined;
  return isJsonArray(found) ? found : [];
}

/** A member that is text. */
export function textIn(value: Json | undefined, member: string): string | undefined {
  const found = isJsonObject(value) ? value[member] : undefined;
  return typeof found === 'string' ? found : undefined;
}

/** Text of the operator's own file, where it is short enough to show. */
export function quoted(text: string): string {
  return text.length <= 60 ? JSON.stringify(text) : 'a longer text';
}
