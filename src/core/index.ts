export { byCodeUnit, canonicalBytes, canonicalJson } from './canonical-json.ts';
export type { Clock, Instant, TimeWindow } from './clock.ts';
export { parseInstant, toInstant } from './clock.ts';
export { digestOf, sha256Hex } from './digest.ts';
export type { ErrorCode, Fault, SourcePosition } from './errors.ts';
export { DomicileError, formatFault, unreachable } from './errors.ts';
export type { Json, JsonObject } from './json.ts';
export { isJsonObject } from './json.ts';
