/** Any JSON value. Arrays and objects are read-only: nobody edits a value that was digested. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** A list inside a JSON value. `Array.isArray` would let its entries pass as `any`. */
export function isJsonArray(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
