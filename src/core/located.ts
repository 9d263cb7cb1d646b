import type { Fault, SourcePosition } from './errors.ts';
import { DomicileError, formatFault } from './errors.ts';
import type { Json, JsonObject } from './json.ts';

/** The way to a value inside a document: member names and list indices from the root. */
export type DocumentPath = readonly (string | number)[];

/** Whether a fault is about a member's name or about its value. */
export type DocumentPart = 'key' | 'value';

/**
 * A file that was read and checked against its JSON Schema, with the place of every value. `faults` holds
 * what is wrong so far instead of throwing, so that a reader can add its own and tell them all at once;
 * where it is not empty, `value` may be any JSON, null for what could not be parsed at all.
 */
export interface LocatedDocument {
  readonly file: string;
  /** Of the exact bytes of the file. */
  readonly sha256: string;
  readonly value: Json;
  readonly faults: readonly Fault[];
  /** Where a value is; where there is none, the nearest value around it. */
  readonly at: (path: DocumentPath, part?: DocumentPart) => SourcePosition;
}

/** One violation of a JSON Schema, as `expected X, found Y`. */
export interface SchemaProblem {
  readonly path: DocumentPath;
  readonly part: DocumentPart;
  readonly message: string;
}

/** Checks a value against a JSON Schema. Returns a copy with the schema's defaults filled in, and every problem. */
export type ValidateSchema = (schema: JsonObject, value: Json) => CheckedValue;

export interface CheckedValue {
  readonly value: Json;
  readonly problems: readonly SchemaProblem[];
}

/** More faults than this are counted instead of listed: nobody reads ten thousand. */
const LISTED_FAULTS = 100;

/**
 * Ends the reading of files that have faults.
 *
 * @throws DomicileError `BAD_INPUT` with the faults in the order of file, line and column, the rest counted.
 */
export function assertNoFaults(faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  // What an alias repeats is one fault.
  const distinct = new Map(faults.map((fault) => [formatFault(fault), fault]));
  const ordered = [...distinct.values()].sort(byPosition);
  const rest = ordered.length - LISTED_FAULTS;
  const more: readonly Fault[] = rest > 0 ? [{ message: `and ${rest} more` }] : [];
  throw new DomicileError('BAD_INPUT', [...ordered.slice(0, LISTED_FAULTS), ...more]);
}

function byPosition(left: Fault, right: Fault): number {
  const [leftFile, rightFile] = [left.at?.file ?? '', right.at?.file ?? ''];
  if (leftFile !== rightFile) return leftFile < rightFile ? -1 : 1;
  return (left.at?.line ?? 0) - (right.at?.line ?? 0) || (left.at?.column ?? 0) - (right.at?.column ?? 0);
}
